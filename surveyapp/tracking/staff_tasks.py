"""Tasks that wait for staff, in one audit and in all of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, func, or_, select

from surveyapp.answering.concerns.queries import waits_for_outcome
from surveyapp.answering.models import Concern, Enquiry, Return, Revision
from surveyapp.answering.returns.outstanding_queries import is_undecided_late_text, not_returned
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.delegation_queries import passes_outside_work
from surveyapp.issuing.models import AuditRequest, Delegation
from surveyapp.issuing.queries import is_refused, last_link_emails
from surveyapp.planning.models import Audit
from surveyapp.planning.queries import open_audits


@dataclass(frozen=True)
class StaffTasks:
    """Tasks that wait for staff in all audits: counts, and audits as (id, title, number of requests)."""

    refused: int
    doubtful: int
    # Audits with undecided texts that were saved after returns had closed.
    late_texts: tuple[tuple[int, str, int], ...]
    # Audits with concerns that have no outcome.
    concerns: tuple[tuple[int, str, int], ...]
    # Open audits with unanswered questions or requests for more time.
    enquiries: tuple[tuple[int, str, int], ...]
    # Cases of open audits with colleagues whose addresses do not look like their agency's, and why.
    outside_work: tuple[tuple[Delegation, str], ...] = ()

    @property
    def any(self) -> bool:
        """Whether anything waits."""
        waiting = (self.late_texts, self.concerns, self.enquiries, self.outside_work)
        return bool(self.refused or self.doubtful or any(waiting))


@dataclass(frozen=True)
class AuditTasks:
    """How many concerns of an audit have no outcome, and how many enquiries no answer."""

    concerns: int
    enquiries: int


def concerns_waiting(audit_id: int) -> ScalarSelect[int]:
    """SQL: how many concerns of an audit have no outcome."""
    concerns = select(func.count()).select_from(Concern).join(Concern.audit_request)
    return concerns.where(AuditRequest.audit_id == audit_id, waits_for_outcome()).scalar_subquery()


def enquiries_waiting(audit_id: int) -> ScalarSelect[int]:
    """SQL: how many questions and requests for more time of an audit have no answer."""
    enquiries = select(func.count()).select_from(Enquiry).join(Enquiry.audit_request)
    unanswered = Enquiry.answered_at.is_(None), Enquiry.asked_with_id.is_(None)
    return enquiries.where(AuditRequest.audit_id == audit_id, *unanswered).scalar_subquery()


def audit_tasks(audit: Audit) -> AuditTasks:
    """Count what waits for staff in one audit, in one statement."""
    counts = session.execute(select(concerns_waiting(audit.id), enquiries_waiting(audit.id))).one()
    return AuditTasks(counts[0], counts[1])


def _waiting_by_audit() -> list[tuple[int, str, int, int]]:
    """Audits with unanswered concerns or enquiries: id, title and both counts, in one statement."""
    by_audit = AuditRequest.audit_id
    concerns = (
        select(by_audit, func.count().label("waiting"))
        .join(Concern, Concern.request_id == AuditRequest.id)
        .where(waits_for_outcome())
        .group_by(by_audit)
        .subquery()
    )
    enquiries = (
        select(by_audit, func.count().label("waiting"))
        .join(Enquiry, Enquiry.request_id == AuditRequest.id)
        .where(Enquiry.answered_at.is_(None), Enquiry.asked_with_id.is_(None))
        .group_by(by_audit)
        .subquery()
    )
    rows = session.execute(
        select(
            Audit.id,
            Audit.title,
            func.coalesce(concerns.c.waiting, 0),
            func.coalesce(enquiries.c.waiting, 0),
        )
        .outerjoin(concerns, concerns.c.audit_id == Audit.id)
        .outerjoin(enquiries, enquiries.c.audit_id == Audit.id)
        .where(or_(concerns.c.waiting.is_not(None), enquiries.c.waiting.is_not(None)))
        .order_by(Audit.id)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def staff_tasks_today(*, now: datetime) -> StaffTasks:
    """Count what waits for staff in all audits; refused addresses and enquiries only of open ones.

    `now` is UTC.
    """
    audits = open_audits(now=now)
    open_ids = {audit.id for audit in audits}
    last_emails = last_link_emails([audit.id for audit in audits])
    refused = (
        select(func.count(func.distinct(AuditRequest.grant_id)))
        .join(last_emails, last_emails.c.grant_id == AuditRequest.grant_id)
        .where(is_refused(last_emails), not_returned())
    )
    doubtful = select(func.count()).where(Outbox.state == "doubtful")
    emails = session.execute(select(refused.scalar_subquery(), doubtful.scalar_subquery())).one()
    waiting = _waiting_by_audit()
    return StaffTasks(
        refused=emails[0],
        doubtful=emails[1],
        late_texts=_late_texts_by_audit(),
        concerns=tuple((id_, title, concerns) for id_, title, concerns, _ in waiting if concerns),
        enquiries=tuple(
            (id_, title, enquiries) for id_, title, _, enquiries in waiting if enquiries and id_ in open_ids
        ),
        outside_work=tuple(passes_outside_work(open_ids)),
    )


def _late_texts_by_audit() -> tuple[tuple[int, str, int], ...]:
    rows = session.execute(
        select(Audit.id, Audit.title, func.count(func.distinct(Revision.return_id)))
        .join(AuditRequest, AuditRequest.audit_id == Audit.id)
        .join(Return, Return.request_id == AuditRequest.id)
        .join(Revision, Revision.return_id == Return.id)
        .where(is_undecided_late_text())
        .group_by(Audit.id, Audit.title)
        .order_by(Audit.id)
    )
    return tuple((row[0], row[1], row[2]) for row in rows)
