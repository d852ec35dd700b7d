"""The link that is emailed to a member of staff: made from its row, and found again (promises 3.5)."""

import hmac
from base64 import b32encode
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import session, update_rows
from surveyapp.foundation.store.keys import keys
from surveyapp.issuing.links import ID_LENGTH, absolute_url, draw_public_id
from surveyapp.standalone.models import Staff, StaffLink

JOIN, NEW_PASSWORD = "join", "new_password"
LIFETIMES = {JOIN: timedelta(days=3), NEW_PASSWORD: timedelta(hours=1)}
_PATHS = {JOIN: "/join", NEW_PASSWORD: "/new-password"}
_LABEL = b"surveyapp/staff-link/v1\0"
_MARK_BYTES = 16


class StaffLinkUnknown(NotFound):
    """The link is mistyped, used, replaced or too old: the answer is the same."""

    def __init__(self) -> None:
        """Set the message."""
        super().__init__(
            "This link does not work.",
            way_on="It works once, for a limited time, and a newer one replaces it. "
            "Ask for a new password, or ask whoever invited you to send the invitation again.",
        )


def make_link(staff: Staff, purpose: str, *, now: datetime) -> StaffLink:
    """Make a link for an account; its earlier ones of the same purpose stop working."""
    earlier = (StaffLink.staff_id == staff.id, StaffLink.purpose == purpose, StaffLink.used_at.is_(None))
    update_rows(update(StaffLink).where(*earlier).values(used_at=now))
    link = StaffLink(
        public_id=draw_public_id(),
        staff_id=staff.id,
        purpose=purpose,
        session_epoch=staff.session_epoch,
        expires_at=now + LIFETIMES[purpose],
    )
    session.add(link)
    session.flush()
    return link


def address_of(link: StaffLink) -> str:
    """The address for the email. Its host comes from the settings, never from a request."""
    return absolute_url(f"{_PATHS[link.purpose]}/{_token(link, keys().link[0])}")


def _token(link: StaffLink, key: bytes) -> str:
    text = f"{link.purpose}\0{link.public_id}".encode()
    mark = hmac.new(key, _LABEL + text, sha256).digest()[:_MARK_BYTES]
    return link.public_id + b32encode(mark).decode().rstrip("=").lower()


def link_with_token(token: str, purpose: str, *, now: datetime) -> StaffLink:
    """The link of this purpose that still works. Raises StaffLinkUnknown for anything else."""
    found = select(StaffLink).where(StaffLink.public_id == token[:ID_LENGTH], StaffLink.purpose == purpose)
    link = session.scalar(found.options(joinedload(StaffLink.staff)))
    if (
        link is None
        or not any(hmac.compare_digest(_token(link, key).encode(), token.encode()) for key in keys().link)
        or not works(link, now=now)
    ):
        raise StaffLinkUnknown
    return link


def works(link: StaffLink, *, now: datetime) -> bool:
    """Whether a link can still be used."""
    staff = link.staff
    is_open = link.used_at is None and now < link.expires_at and link.session_epoch == staff.session_epoch
    return is_open and staff.suspended_at is None and (link.purpose != JOIN or staff.joined_at is None)


def use_link(link: StaffLink, *, now: datetime) -> None:
    """Use a link up. Raises StaffLinkUnknown if somebody else has at the same moment."""
    unused = update(StaffLink).where(StaffLink.id == link.id, StaffLink.used_at.is_(None))
    if update_rows(unused.values(used_at=now)) != 1:
        raise StaffLinkUnknown
