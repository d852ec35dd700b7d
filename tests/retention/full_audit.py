"""An audit with a row in every table that a purge empties, and a word that marks its texts.

It is the demonstration, as an audit of the partnership’s own, with what the demonstration does not have.
"""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Table, func, select

from surveyapp.agencies.models import Contact
from surveyapp.answering.models import Code, Concern, Enquiry, Return
from surveyapp.brief.brief import BriefText
from surveyapp.brief.models import BriefKeptFlag, SavedBrief
from surveyapp.brief.stored_json import texts_as_json
from surveyapp.calling.models import Call
from surveyapp.chasing.models import ChasedSlot, ChaserChoice
from surveyapp.checks.proposals.models import ReleaseProposal
from surveyapp.commands.demonstration.audit import load_demonstration
from surveyapp.foundation.bounces.models import Bounce
from surveyapp.foundation.mail.outbox import queue_email
from surveyapp.foundation.store.db import Base, session, transaction
from surveyapp.foundation.store.models import Outbox
from surveyapp.involvement.models import CheckedAgency
from surveyapp.issuing.models import AuditRequest, Delegation, Grant
from surveyapp.planning.approval.models import Approval
from surveyapp.planning.models import Audit, Case, InvolvementAnswer
from surveyapp.report.release.models import ReportKeptFlag, ReportRelease
from surveyapp.retention.schedule import RETURNS, SCHEDULE
from surveyapp.sampling.models import Sampling, SamplingChild

# In every text about a child, and in nothing that is kept.
CANARY = "Canarybird"
# The name of a child, in clear in the database, which nothing that is kept holds either.
PSEUDONYM = "Canarychild"
COLLEAGUE = "canary.colleague@agency.example"


def load_full_audit(now: datetime) -> Audit:
    """Load it, issued and with returns open until 8 January 2027; every change is committed."""
    load_demonstration(now=now)
    audit = session.scalars(select(Audit)).one()
    with transaction():
        audit.is_example = False
        audit.key_message = f"The key is in the message of {CANARY}."
        audit.reopened_reason = f"{CANARY} asked."
        case = session.scalars(select(Case).order_by(Case.id).limit(1)).one()
        case.pseudonym = PSEUDONYM
        case.involvements[0].own_reference = f"{CANARY} 77"
        first, second = session.scalars(select(Grant).order_by(Grant.id).limit(2)).all()
        requests = session.scalars(select(AuditRequest).order_by(AuditRequest.id).limit(2)).all()
        _add_talking(first, requests, now)
        _add_colleague(audit, requests[0], first, now)
        _add_planning(audit, case, second, now)
        _add_release(audit, now)
        session.flush()
        _add_emails(first, now)
    return audit


def _add_talking(grant: Grant, requests: Any, now: datetime) -> None:
    one, other = requests
    said = {"text": CANARY, "asked_at": now, "grant_id": grant.id}
    asked = Enquiry(request_id=one.id, submission_id="e1", kind="question", **said)
    session.add(asked)
    session.flush()
    # The question of another case that was asked in the same press.
    session.add_all(
        (
            Enquiry(
                request_id=other.id,
                submission_id="e2",
                kind="question",
                asked_with_id=asked.id,
                answer=CANARY,
                answered_at=now,
                **said,
            ),
            Call(grant_id=grant.id, press_id="c1", said=CANARY, noted_by="Manager", noted_at=now),
            Concern(request_id=one.id, raised_at=now, told_whom=CANARY, outcome=CANARY, outcome_at=now),
            Code(grant_id=grant.id, random_id="r" * 24, browser_id="b", created_at=now),
            ChaserChoice(grant_id=grant.id, slot_key="due+0", line=CANARY, chosen_at=now),
        )
    )


def _add_colleague(audit: Audit, audit_request: AuditRequest, grant: Grant, now: datetime) -> None:
    colleague = Contact(
        agency_id=grant.contact.agency_id, name=f"{CANARY} Colleague", email=COLLEAGUE, role="colleague"
    )
    theirs = Grant(audit=audit, contact=colleague, public_id="c" * 24, issued_at=now)
    session.add_all((colleague, theirs))
    session.flush()
    session.add(
        Delegation(
            request_id=audit_request.id,
            from_grant_id=grant.id,
            to_grant_id=theirs.id,
            sends_back=True,
            passed_at=now,
            taken_back_at=now,
        )
    )


def _add_planning(audit: Audit, case: Case, grant: Grant, now: datetime) -> None:
    agency_id = grant.contact.agency_id
    sampling = Sampling(
        audit_id=audit.id,
        listed_on=date(2026, 11, 1),
        file_digest="0",
        heads={"age": f"Age at {CANARY}"},
        left_out=[],
        read_by="Manager",
        read_at=now,
        criteria={},
        size=1,
        seed=1,
    )
    session.add(sampling)
    session.flush()
    session.add_all(
        (
            SamplingChild(
                sampling_id=sampling.id, number=1, gender="female", left_out_reason=CANARY, case_id=case.id
            ),
            ChasedSlot(
                audit_id=audit.id,
                due_on=date(2026, 12, 18),
                working_days=0,
                day=date(2026, 12, 18),
                planned_at=now,
            ),
            CheckedAgency(audit_id=audit.id, agency_id=agency_id, grant_id=grant.id, asked_at=now),
            InvolvementAnswer(case_id=case.id, agency_id=agency_id, answer="known", answered_at=now),
            Approval(
                audit_id=audit.id,
                subject="sample",
                content={"Chosen": f"No 1: {CANARY}"},
                approved_by="Executive",
                approved_at=now,
            ),
        )
    )


def _add_release(audit: Audit, now: datetime) -> None:
    brief = SavedBrief(audit_id=audit.id, saved_at=now, texts=texts_as_json(BriefText(worries=(CANARY,))))
    session.add(brief)
    session.flush()
    flag = {"reason": CANARY, "approver": "Executive", "kept_at": now}
    session.add_all(
        (
            BriefKeptFlag(brief_id=brief.id, mark="1", **flag),
            ReportKeptFlag(audit_id=audit.id, mark="1", **flag),
            ReleaseProposal(
                audit_id=audit.id,
                document="report",
                content="0",
                proposed_by="Manager",
                proposed_at=now,
                outcome="sent_back",
                settled_by="Executive",
                settled_at=now,
                reason=CANARY,
            ),
        )
    )


def release_report(audit: Audit, at: datetime) -> None:
    """Release a report of the audit at a moment (UTC), as a public file that is kept."""
    with transaction():
        session.add(
            ReportRelease(
                audit_id=audit.id,
                approver="Executive",
                released_at=at,
                content="0",
                pdf=b"%PDF-1.7 The report",
            )
        )


def _add_emails(grant: Grant, now: datetime) -> None:
    queue_email("chaser", grant.id, to="canary.bird@agency.example", key="canary", now=now)
    mail = session.scalars(select(Outbox).where(Outbox.dedupe_key == "canary")).one()
    session.add(Bounce(mail_id=mail.id, kind="away", said=CANARY, read_at=now))


def emptied_tables() -> list[Table]:
    """The tables whose rows about an audit go with its returns."""
    return [table for table in Base.metadata.sorted_tables if SCHEDULE[table.name].data_class is RETURNS]


def rows_of(table: Table) -> int:
    """How many rows a table has."""
    return session.scalar(select(func.count()).select_from(table)) or 0


def drafts_of(audit: Audit) -> int:
    """How many drafts of an audit were never returned."""
    drafts = select(func.count()).select_from(Return).join(Return.audit_request)
    return session.scalar(drafts.where(AuditRequest.audit_id == audit.id, Return.returned_at.is_(None))) or 0


def later(moment: datetime, **span: float) -> datetime:
    """A moment, some time later."""
    return moment + timedelta(**span)
