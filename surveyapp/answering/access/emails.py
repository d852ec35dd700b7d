"""The email with a code."""

from sqlalchemy import select

from surveyapp.answering.access.codes import CODE_LIFETIME, MOST_TRIES, code_digits
from surveyapp.answering.models import Code
from surveyapp.foundation.mail.outbox import Email, MailKind
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.keys import keys
from surveyapp.issuing.models import Grant
from surveyapp.issuing.queries import lock_grant


def _lock_code(code_id: int) -> Grant | None:
    return lock_grant(session.scalar(select(Code.grant_id).where(Code.id == code_id)) or 0)


def _word_code(code_id: int, to: str) -> Email | None:
    """Write the email with a code; None if the address changed, the link ended or the code is used up."""
    code = session.get(Code, code_id)
    if code is None or code.used_at is not None or code.attempts >= MOST_TRIES:
        return None
    grant = session.get_one(Grant, code.grant_id)
    contact = grant.contact
    if contact.left_at is not None or not grant.is_reached_at(to):
        return None
    words = {
        "audit": grant.audit,
        "digits": code_digits(code.random_id, keys().link[0]),
        "ends_at": code.created_at + CODE_LIFETIME,
    }
    return Email("code", to, words, to_name=contact.name)


CODE = MailKind(
    "code", on_doubt="resend", lock=_lock_code, word=_word_code, lifetime=CODE_LIFETIME, is_urgent=True
)
