"""What would be lost with the old keys of a ring: counts of what they still open."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, or_, select

from surveyapp.commands.keys.stored_texts import texts_elsewhere
from surveyapp.commands.keys.text_rotation import texts_under_old_keys
from surveyapp.diary.models import CalendarFeed
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import Base, read_transaction, session
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.keys import keys
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.foundation.words.shares import counted
from surveyapp.issuing.models import Grant
from surveyapp.planning.models import Audit

# The event that new keys record; its detail names their rings.
_ROTATED = "rotated_keys"


class TextsNeedKeys(Refused):
    """Old data keys cannot be dropped, because texts are encrypted with them."""

    def __init__(self, counts: dict[str, int]) -> None:
        """Count the texts, and say what encrypts them again."""
        super().__init__(
            f"{counted(sum(counts.values()), 'text')} are encrypted with an old data key "
            f"({', '.join(f'{place}: {count:,}' for place, count in counts.items())}). Nothing was dropped.",
            way_on="Run “flask --app wsgi survey rotate-keys data”, which encrypts them again.",
        )


def check_data_keys() -> None:
    """Raise TextsNeedKeys if a text needs an old data key, and Refused for texts of an unknown column."""
    counts = texts_under_old_keys()
    if counts:
        raise TextsNeedKeys(counts)
    unknown = texts_elsewhere(keys().texts.prefixes)
    if unknown:
        raise Refused(
            f"There are encrypted texts in {', '.join(unknown)}, which this program does not know. "
            "Nothing was dropped.",
            way_on="Run the command of the program that uses this database.",
        )


def losses_with_old_keys(ring: str, *, now: datetime) -> list[str]:
    """A sentence for each thing that ends when the old keys of a ring are dropped."""
    if ring == "secret":
        return ["Anybody who has not opened a page since the new key came signs in, or presses Start, again."]
    if ring == "data":
        return ["No text needs an old data key. Backups made under one need a copy of it."]
    with read_transaction():
        return list(_lost_with_link_keys(now))


def _lost_with_link_keys(now: datetime) -> Iterator[str]:
    since = _newest_link_key_since()
    live = select(func.count()).select_from(Grant).where(Grant.revoked_at.is_(None))
    is_open = Audit.closed_at.is_(None) & or_(Audit.closes_at.is_(None), Audit.closes_at > now)
    feeds = select(func.count()).select_from(CalendarFeed).where(CalendarFeed.revoked_at.is_(None))
    if since is not None:
        live, feeds = live.where(Grant.issued_at <= since), feeds.where(CalendarFeed.created_at <= since)
    links = session.scalar(live) or 0
    of_open = session.scalar(live.join(Grant.audit).where(is_open)) or 0
    before = f" that went out until {day_in_words(local_day(since))}" if since else ""
    yield (
        f"{counted(links, 'link')} of contacts{before} stop working, {of_open:,} of them in open audits. "
        "Emails sent since the new key came hold links that go on working."
    )
    yield f"{counted(session.scalar(feeds) or 0, 'calendar address', 'calendar addresses')} stop working."
    codes = Base.metadata.tables.get("survey_recovery_code")
    if codes is not None:
        unused = session.scalar(select(func.count()).select_from(codes).where(codes.c.used_at.is_(None))) or 0
        yield f"Of {counted(unused, 'unused recovery code')}, those made before the new key stop working."
    yield "What staff answered to flags before a release, and what contacts kept in a text, is asked again."


def _newest_link_key_since() -> datetime | None:
    """When the newest link key came into use, if the log knows."""
    rotated = select(func.max(Event.at)).where(Event.action == _ROTATED, Event.detail.contains("link"))
    return session.scalar(rotated)
