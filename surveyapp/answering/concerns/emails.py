"""The emails that tell the partnership of a current practice concern, and that it was taken back.

They do not quote the concern.
"""

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
    """Write the email that a concern was raised, with a link to it; None once it has been taken back."""
    concern = _concern(concern_id)
    return Email("concern", to, _words(concern)) if concern is not None and concern.is_open else None


def _word_concern_taken_back(concern_id: int, to: str) -> Email | None:
    """Write the email that a concern was taken back, with a link to it; None if it has been raised again."""
    concern = _concern(concern_id)
    if concern is None or concern.is_open:
        return None
    return Email("concern_taken_back", to, {**_words(concern), "taken_back_at": concern.taken_back_at})


def _concern(concern_id: int) -> Concern | None:
    return session.get(Concern, concern_id, options=[joinedload(Concern.audit_request)])


def _words(concern: Concern) -> dict[str, object]:
    audit_request = concern.audit_request
    return {
        "audit": audit_request.audit,
        "reference": audit_request.reference,
        "raised_at": concern.raised_at,
        "link": absolute_url(f"/audits/{audit_request.audit_id}/concerns"),
    }


# Better sent twice than not at all: somebody has to act on it today.
CONCERN = MailKind("concern", on_doubt="resend", lock=_lock_concern, word=_word_concern)
CONCERN_TAKEN_BACK = MailKind(
    "concern_taken_back", on_doubt="resend", lock=_lock_concern, word=_word_concern_taken_back
)
