"""The chaser, a digest of what a contact has outstanding, and the copy for their agency."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from surveyapp.agencies.models import Agency, Contact
from surveyapp.chasing.outstanding_requests import requests_to_list
from surveyapp.chasing.queries import line_for
from surveyapp.chasing.slots import day_in_key, escalates
from surveyapp.foundation import clock
from surveyapp.foundation.calendar.working_days import WorkingCalendar, working_calendar
from surveyapp.foundation.documents.emphasis import without_marks
from surveyapp.foundation.mail.outbox import Email, MailKind
from surveyapp.foundation.store.db import session
from surveyapp.issuing.due_days import by_due_day, due_in_words
from surveyapp.issuing.links import link_for, test_link
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.issuing.queries import lock_grant


def chaser_email(grant: Grant, requests: list[AuditRequest], *, line: str, link: str) -> Email:
    """Ask one contact for all requests they still have to return; `line` is staff's own, or empty."""
    words = {
        "audit": grant.audit,
        "cases": [audit_request.case.pseudonym for audit_request in requests],
        "due": due_in_words(requests),
        "minutes": grant.audit.form.minutes_for(grant.contact.agency.kind),
        "line": without_marks(line),
        "link": link,
    }
    return Email("chaser", grant.contact.email, words, to_name=grant.contact.name)


def escalation_email(grant: Grant, requests: list[AuditRequest], *, contact: Contact) -> Email:
    """Tell an agency how many of its returns are outstanding; it names no child and no one else."""
    words = {
        "audit": grant.audit,
        "agency": grant.contact.agency,
        "outstanding": len(requests),
        "due": list(by_due_day(requests)),
    }
    return Email("escalation", contact.email, words, to_name=contact.name)


def _open_grant(grant_id: int) -> Grant | None:
    """The grant, if it is in force and returns are not closed; after the closing hour the email expires."""
    contact = joinedload(Grant.contact).joinedload(Contact.agency).selectinload(Agency.contacts)
    grant = session.scalar(
        select(Grant).where(Grant.id == grant_id).options(joinedload(Grant.audit), contact)
    )
    if grant is None or grant.revoked_at is not None or grant.audit.closed_at is not None:
        return None
    return grant


def _requests_to_list(grant: Grant) -> list[AuditRequest]:
    """The requests to list today, since an email may be sent after the day for which it was queued."""
    return requests_to_list(grant, working_calendar(), on=clock.local_day(clock.now()))


def chaser_preview(grant: Grant, days: WorkingCalendar, *, on: date, line: str) -> Email | None:
    """The chaser that a contact would get on a UK day, worded as it will be; its link opens nothing.

    None if a chaser of that day would list nothing.
    """
    requests = requests_to_list(grant, days, on=on)
    return chaser_email(grant, requests, line=line, link=test_link()) if requests else None


def _word_chaser(grant_id: int, to: str, key: str = "") -> Email | None:
    """Write a chaser; None after the close, if nothing is outstanding, or if the address has changed."""
    grant = _open_grant(grant_id)
    if grant is None or grant.contact.email != to or grant.contact.left_at is not None:
        return None
    requests = _requests_to_list(grant)
    if not requests:
        return None
    line = line_for(grant, day_in_key(key)) if key else ""
    return chaser_email(grant, requests, line=line, link=link_for(grant))


def _word_escalation(grant_id: int, to: str) -> Email | None:
    """Write the agency's copy as it is sent; None once nothing is outstanding or another contact gets it."""
    grant = _open_grant(grant_id)
    escalation_contact = grant.contact.agency.escalation_contact if grant else None
    if grant is None or escalation_contact is None or escalation_contact.email != to:
        return None
    today, days = clock.local_day(clock.now()), working_calendar()
    requests = [
        audit_request
        for audit_request in _requests_to_list(grant)
        if not audit_request.has_more_time
        or escalates(grant.audit, today, days, due_on=audit_request.due_day)
    ]
    return escalation_email(grant, requests, contact=escalation_contact) if requests else None


CHASER = MailKind("chaser", on_doubt="hold", lock=lock_grant, word=_word_chaser, word_with_key=_word_chaser)
ESCALATION = MailKind("escalation", on_doubt="hold", lock=lock_grant, word=_word_escalation)
MAIL_KINDS = (CHASER, ESCALATION)
