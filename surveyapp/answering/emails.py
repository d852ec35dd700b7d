"""The receipt: it names the request and holds no answer."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from surveyapp.answering.models import Return
from surveyapp.answering.queries import outstanding
from surveyapp.foundation.db import session
from surveyapp.foundation.outbox import Email, MailKind
from surveyapp.issuing.links import link_for
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.issuing.queries import lock_grant


def _lock(return_id: int) -> Grant | None:
    of_return = select(AuditRequest.grant_id).join(Return, Return.request_id == AuditRequest.id)
    return lock_grant(session.scalar(of_return.where(Return.id == return_id)) or 0)


def _word_receipt(return_id: int, to: str) -> Email | None:
    """Say that a return has come in; nothing to an old address, or when it was taken back since."""
    kept = session.get(Return, return_id, options=[joinedload(Return.audit_request)])
    if kept is None or kept.returned_at is None:
        return None
    grant = kept.audit_request.grant
    if grant.revoked_at is not None or grant.contact.email != to:
        return None
    words = {
        "audit": kept.audit_request.audit,
        "audit_request": kept.audit_request,
        "audit_return": kept,
        "outstanding": len(outstanding(grant)),
        "nil": bool(kept.nil_reason),
        "link": link_for(grant),
    }
    return Email("receipt", to, words)


RECEIPT = MailKind("receipt", on_doubt="resend", lock=_lock, word=_word_receipt)
MAIL_KINDS = (RECEIPT,)
