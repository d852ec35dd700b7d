"""Emails to staff about their accounts: an invitation, a link to a new password, the notice of one."""

from sqlalchemy import select

from surveyapp.foundation import clock
from surveyapp.foundation.mail.outbox import Email, MailKind
from surveyapp.foundation.store.db import session
from surveyapp.standalone.links.staff_links import JOIN, LIFETIMES, NEW_PASSWORD, address_of, works
from surveyapp.standalone.models import Staff, StaffLink


def _lock_link(link_id: int) -> StaffLink | None:
    return session.scalar(select(StaffLink).where(StaffLink.id == link_id).with_for_update())


def _word_link(link_id: int, to: str) -> Email | None:
    """Word the email with a link; None once the link does not work any more."""
    link = session.get(StaffLink, link_id)
    if link is None or link.staff.email != to or not works(link, now=clock.now()):
        return None
    words = {"link": address_of(link), "ends_at": link.expires_at}
    return Email(f"staff_{link.purpose}", to, words, to_name=link.staff.name)


def _word_notice(staff_id: int, to: str) -> Email | None:
    staff = session.get(Staff, staff_id)
    return Email("staff_password_changed", to, {}, to_name=staff.name) if staff else None


INVITATION = MailKind(
    "staff_join", on_doubt="resend", lock=_lock_link, word=_word_link, lifetime=LIFETIMES[JOIN]
)
PASSWORD_LINK = MailKind(
    "staff_new_password",
    on_doubt="resend",
    lock=_lock_link,
    word=_word_link,
    lifetime=LIFETIMES[NEW_PASSWORD],
    is_urgent=True,
)
PASSWORD_CHANGED = MailKind(
    "staff_password_changed", on_doubt="resend", lock=lambda _staff: None, word=_word_notice
)
MAIL_KINDS = (INVITATION, PASSWORD_LINK, PASSWORD_CHANGED)
