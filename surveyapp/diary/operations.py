"""Making and withdrawing the private address of a calendar."""

from datetime import datetime

from sqlalchemy import select

from surveyapp.diary.models import CalendarFeed
from surveyapp.diary.queries import feed_of
from surveyapp.foundation.store.db import after_commit_once, read_transaction, session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.lasting_record import RecordedLink, lasting_record, record_links
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
        after_commit_once(record_withdrawn_feeds)
        record_event(actor, "withdrew_calendar_address", "calendar", now=now)


def record_withdrawn_feeds(_now: datetime | None = None) -> int:
    """Record addresses that were withdrawn, so that no restored backup opens one; returns how many are new.

    Raises LastingRecordUnusable.
    """
    with read_transaction():
        withdrawn = list(
            session.scalars(select(CalendarFeed.public_id).where(CalendarFeed.revoked_at.is_not(None)))
        )
    return record_links([RecordedLink(public_id, 1, is_withdrawn=True) for public_id in withdrawn])


def withdraw_feeds_again(now: datetime) -> int:
    """Withdraw, in a restored database, the addresses withdrawn after its backup; returns how many.

    Raises LastingRecordUnusable.
    """
    recorded = lasting_record().links
    feeds = select(CalendarFeed).where(CalendarFeed.revoked_at.is_(None)).order_by(CalendarFeed.id)
    withdrawn = [feed for feed in session.scalars(feeds).all() if feed.public_id in recorded]
    for feed in withdrawn:
        feed.revoked_at = now
    return len(withdrawn)
