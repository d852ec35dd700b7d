"""Making and withdrawing the private address of a calendar."""

from datetime import datetime

from surveyapp.diary.models import CalendarFeed
from surveyapp.diary.queries import feed_of
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.issuing.links import draw_public_id


def make_feed(*, actor: str, now: datetime) -> None:
    """Make a private address for a member of staff, unless they have one."""
    if feed_of(actor) is None:
        session.add(CalendarFeed(public_id=draw_public_id(), owner=actor, created_at=now))
        record_event(actor, "made_calendar_address", "calendar", now=now)


def withdraw_feed(*, actor: str, now: datetime) -> None:
    """Withdraw the private address of a member of staff: it is not found from now on."""
    feed = feed_of(actor)
    if feed is not None:
        feed.revoked_at = now
        record_event(actor, "withdrew_calendar_address", "calendar", now=now)
