"""The one place that reads the clock, and the one that turns UTC into the time people read."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """Say what time it is, in UTC; views, commands and the worker ask, and pass the answer on."""
    return datetime.now(UTC)  # noqa: TID251 — this is the one place


def local_time(moment: datetime) -> datetime:
    """Give an aware moment as UK time, as pages, emails and exports print it."""
    return moment.astimezone(LONDON)


def local_day(moment: datetime) -> date:
    """Give the UK day on which an aware moment falls."""
    return local_time(moment).date()


def utc_moment(day: date, hour: time) -> datetime:
    """Give the UTC moment at which UK clocks show `hour` on `day`.

    An hour that comes twice is its first coming; one that is skipped is the moment the clocks go forward.
    """
    return datetime.combine(day, hour, tzinfo=LONDON).astimezone(UTC)
