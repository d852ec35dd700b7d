"""Emails about an enquiry and its answer; they quote neither."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from surveyapp.answering.models import Enquiry
from surveyapp.foundation.mail.outbox import Email, MailKind
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session
from surveyapp.issuing.links import absolute_url, link_for
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.issuing.queries import lock_grant


def _lock_enquiry(enquiry_id: int) -> Grant | None:
    of_enquiry = select(AuditRequest.grant_id).join(Enquiry, Enquiry.request_id == AuditRequest.id)
    return lock_grant(session.scalar(of_enquiry.where(Enquiry.id == enquiry_id)) or 0)


def _enquiry(enquiry_id: int) -> Enquiry | None:
    return session.get(Enquiry, enquiry_id, options=[joinedload(Enquiry.audit_request)])


def _word_enquiry(enquiry_id: int, to: str) -> Email | None:
    """Write the email that tells the partnership of an enquiry, without its text, which may be personal.

    None once it is answered, or to an address that is no longer the partnership's.
    """
    enquiry = _enquiry(enquiry_id)
    if enquiry is None or enquiry.answered_at is not None or to != settings().contact_email:
        return None
    audit_request = enquiry.audit_request
    words = {
        "audit": audit_request.audit,
        "audit_request": audit_request,
        "cases": enquiry.cases,
        "more_time": enquiry.kind == "more_time",
        "wanted_on": enquiry.wanted_on,
        "due": audit_request.due_day,
        "link": absolute_url(f"/audits/{audit_request.audit_id}/enquiries"),
    }
    return Email("enquiry", to, words)


def _word_enquiry_answered(enquiry_id: int, to: str) -> Email | None:
    """Write the email that an enquiry is answered, without the answer; None if the address has changed."""
    enquiry = _enquiry(enquiry_id)
    if enquiry is None or enquiry.answered_at is None:
        return None
    audit_request = enquiry.audit_request
    grant = audit_request.grant
    if not audit_request.is_asked_at(to):
        return None
    words = {
        "audit": audit_request.audit,
        "audit_request": audit_request,
        "cases": enquiry.cases,
        "more_time": enquiry.kind == "more_time",
        "given": enquiry.due_on is not None,
        "was_asked": enquiry.kind != "given",
        "due": audit_request.due_day,
        "link": link_for(grant),
    }
    return Email("enquiry_answered", to, words, to_name=grant.contact.name)


ENQUIRY = MailKind("enquiry", on_doubt="resend", lock=_lock_enquiry, word=_word_enquiry)


ENQUIRY_ANSWERED = MailKind(
    "enquiry_answered", on_doubt="resend", lock=_lock_enquiry, word=_word_enquiry_answered
)
