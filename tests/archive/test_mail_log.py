"""The mail log of an archive."""

from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from surveyapp.answering.models import Code, Concern, Enquiry
from surveyapp.archive.mail_log import mail_log_csv
from surveyapp.concluding.models import Action
from surveyapp.foundation.mail.outbox import TEST_KIND, mail_kinds, queue_email
from surveyapp.issuing.models import Delegation
from surveyapp.mailing.subjects import ABOUT_NO_AUDIT, KIND_WORDS, SUBJECTS
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.exports.opened_files import csv_rows
from tests.row_maker import Maker


def mail(audit: Audit) -> list[dict[str, str]]:
    return csv_rows(mail_log_csv(audit))


def test_every_kind_of_email_has_a_subject_and_words(app: Flask) -> None:  # noqa: ARG001 — it knows the kinds
    told = [kind for subject in SUBJECTS for kind in subject.kinds]
    assert len(told) == len(set(told))
    forgotten = set(mail_kinds()) - {TEST_KIND.name, *ABOUT_NO_AUDIT} - set(told)
    assert not forgotten, f"Add {sorted(forgotten)} to SUBJECTS in mailing/subjects.py."
    assert set(told) <= set(KIND_WORDS), "Add words for it to KIND_WORDS in mailing/subjects.py."


def subjects(make: Maker, session: Session, audit: Audit) -> dict[str, int]:
    """For each kind of email, the id of a subject of this audit."""
    audit_request, grant = make.requests(audit)[0], make.grants(audit)[0]
    kept = make.returned(audit_request)
    asked: dict[str, Any] = {"request_id": audit_request.id}
    rows: dict[str, Any] = {
        "concern": Concern(**asked, raised_at=MONDAY_MORNING),
        "enquiry": Enquiry(
            **asked,
            submission_id=f"s{audit.id}",
            grant_id=grant.id,
            kind="question",
            text="Secret",
            asked_at=MONDAY_MORNING,
        ),
        "sent_back": Delegation(
            **asked,
            from_grant_id=grant.id,
            to_grant_id=make.grants(audit)[1].id,
            sends_back=True,
            passed_at=MONDAY_MORNING,
        ),
        "code": Code(grant_id=grant.id, random_id=f"r{audit.id}", browser_id="b", created_at=MONDAY_MORNING),
    }
    session.add_all(rows.values())
    session.flush()
    found = {name: row.id for name, row in rows.items()} | {"enquiry_answered": rows["enquiry"].id}
    found |= dict.fromkeys(("request", "passed_on", "chaser", "escalation"), grant.id)
    return found | {"receipt": kept.id, "test_copy": audit.id}


def test_each_email_about_this_audit_is_listed_with_case_and_agency(make: Maker, session: Session) -> None:
    # A second audit, so that ids of different tables do not agree by chance.
    other, audit = make.audit(cases=1, agencies=3), make.audit(cases=1, agencies=2)
    for logged_audit in (other, audit):
        for kind, subject_id in subjects(make, session, logged_audit).items():
            queue_email(
                kind,
                subject_id,
                to="secret@agency.example",
                key=f"{kind}:{logged_audit.id}",
                now=MONDAY_MORNING,
            )
    queue_email(TEST_KIND.name, 0, to="secret@agency.example", key="test", now=MONDAY_MORNING)
    session.commit()
    audit_request = make.requests(audit)[0]
    agency, whole = audit_request.agency.name, (audit_request.agency.name, "Child 1", audit_request.reference)
    found = {row["kind"]: (row["to"], row["agency"], row["case"], row["request"]) for row in mail(audit)}
    assert found == {
        "request": ("contact", agency, "", ""),
        "passed_on": ("contact", agency, "", ""),
        "chaser": ("contact", agency, "", ""),
        "escalation": ("escalation contact", agency, "", ""),
        "code": ("contact", agency, "", ""),
        "receipt": ("contact", *whole),
        "concern": ("partnership", *whole),
        "enquiry": ("partnership", *whole),
        "enquiry_answered": ("contact", *whole),
        "sent_back": ("contact", *whole),
        "test_copy": ("staff", "", "", ""),
    }
    assert len(mail(audit)) == len(found)
    assert all(
        (row["queued_at"], row["sent_at"], row["words"])
        == ("2026-11-30T09:00:00+00:00", "", "Waiting to be sent")
        for row in mail(audit)
    )
    assert b"secret" not in mail_log_csv(audit).lower()


def test_emails_about_actions_are_listed(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1)
    action = Action(
        audit_id=audit.id, what="Secret", measure="Secret", owner="Ann", due_on=MONDAY_MORNING.date()
    )
    session.add(action)
    session.commit()
    made = next(subject for subject in SUBJECTS if "action_due" in subject.kinds)
    assert session.execute(made.rows_of(audit.id)).all() == [(action.id, None, None)]
