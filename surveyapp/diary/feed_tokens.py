"""The token in the address of a calendar: derived as a contact's link is, with a label of its own."""

import hmac
import re
from base64 import b32encode
from hashlib import sha256

from sqlalchemy import select

from surveyapp.diary.models import CalendarFeed
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.keys import keys
from surveyapp.issuing.links import ID_LENGTH, TOKEN_LENGTH, absolute_url

_LABEL = b"surveyapp/calendar/v1\0"
_MARK_BYTES = 16
_TOKEN = re.compile(rf"[a-z2-7]{{{TOKEN_LENGTH}}}")


def feed_address(feed: CalendarFeed) -> str:
    """The whole address for a calendar program. Its host comes from the settings, never from a request."""
    return absolute_url(f"/calendar/{_token(feed.public_id, keys().link[0])}")


def feed_for_token(token: str) -> CalendarFeed:
    """The calendar whose token this is. Raises NotFound for any other, and after it was withdrawn."""
    if not _TOKEN.fullmatch(token):
        raise NotFound
    feed = session.scalar(select(CalendarFeed).where(CalendarFeed.public_id == token[:ID_LENGTH]))
    # A token is derived for an unknown id too, so that the time taken reveals nothing.
    public_id = feed.public_id if feed else "a" * ID_LENGTH
    matches = [hmac.compare_digest(_token(public_id, key), token) for key in keys().link]
    if feed is None or feed.revoked_at is not None or not any(matches):
        raise NotFound
    return feed


def _token(public_id: str, key: bytes) -> str:
    mark = hmac.new(key, _LABEL + public_id.encode(), sha256).digest()[:_MARK_BYTES]
    return public_id + b32encode(mark).decode().rstrip("=").lower()
