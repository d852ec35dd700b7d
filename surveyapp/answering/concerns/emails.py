"""The email to the partnership that a current practice concern was raised; it does not quote the concern."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from surveyapp.answering.models import Concern
from surveyapp.foundation.mail.outbox import Email, MailKind
from surveyapp.foundation.store.db import session
from surveyapp.issuing.links import absolute_url
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.issuing.queries import lock_grant


def _lock_concern(concern_id: int) -> Grant | None:
    of_concern = select(AuditRequest.grant_id).join(Concern, Concern.request_id == AuditRequest.id)
    return lock_grant(session.scalar(of_concern.where(Concern.id == concern_id)) or 0)


def _word_concern(concern_id: int, to: str) -> Email | None:
    """Say that a concern was raised and where it is read; nothing once it has been taken back."""
    concern = session.get(Concern, concern_id, options=[joinedload(Concern.audit_request)])
    if concern is None or concern.taken_back_at is not None:
        return None
    audit_request = concern.audit_request
    words = {
        "audit": audit_request.audit,
        "reference": audit_request.reference,
        "raised_at": concern.raised_at,
        "link": absolute_url(f"/audits/{audit_request.audit_id}/concerns"),
    }
    return Email("concern", to, words)


# Rather twice than never: somebody is to act on it today.
CONCERN = MailKind("concern", on_doubt="resend", lock=_lock_concern, word=_word_concern)
