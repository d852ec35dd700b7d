"""The email that asks a contact to correct a return; it quotes no answer."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from surveyapp.answering.models import REOPENING_REASONS, Return
from surveyapp.foundation.mail.outbox import Email, MailKind
from surveyapp.foundation.store.db import session
from surveyapp.issuing.links import link_for
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.issuing.queries import lock_grant


def _lock_grant_of_return(return_id: int) -> Grant | None:
    of_return = select(AuditRequest.grant_id).join(Return, Return.request_id == AuditRequest.id)
    return lock_grant(session.scalar(of_return.where(Return.id == return_id)) or 0)


def _word_return_reopened(return_id: int, to: str) -> Email | None:
    """Write the email; None once it was returned again or taken back, or if the address has changed."""
    audit_return = session.get(Return, return_id, options=[joinedload(Return.audit_request)])
    if audit_return is None or not audit_return.waits_for_correction:
        return None
    audit_request = audit_return.audit_request
    grant = audit_request.grant
    if not audit_request.is_asked_at(to):
        return None
    words = {
        "audit": audit_request.audit,
        "audit_request": audit_request,
        "reason": REOPENING_REASONS[audit_return.reopening_reason],
        "has_note": bool(audit_return.reopening_note),
        "link": link_for(grant),
    }
    return Email("return_reopened", to, words, to_name=grant.contact.name)


RETURN_REOPENED = MailKind(
    "return_reopened", on_doubt="resend", lock=_lock_grant_of_return, word=_word_return_reopened
)
