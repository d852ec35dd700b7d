"""The clock: the only module that reads it, and the only one that turns UTC into UK time."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """The current time in UTC; views, commands and the worker read it and pass it to operations."""
    return datetime.now(UTC)  # noqa: TID251 — the only place that may read it


def local_time(moment: datetime) -> datetime:
    """An aware moment in UK time, as pages, emails and exports print it."""
    return moment.astimezone(LONDON)


def local_timestamp(moment: datetime) -> str:
    """An aware moment as exports write it: ISO 8601 in UK time with its offset, to the second."""
    return local_time(moment).isoformat(timespec="seconds")


def local_day(moment: datetime) -> date:
    """The UK day on which an aware moment falls."""
    return local_time(moment).date()


def utc_moment(day: date, hour: time) -> datetime:
    """The UTC moment at which UK clocks show `hour` on `day`.

    An hour that occurs twice gives its first occurrence; one that is skipped, the moment clocks go forward.
    """
    return datetime.combine(day, hour, tzinfo=LONDON).astimezone(UTC)
