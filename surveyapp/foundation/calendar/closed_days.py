"""Days on which the partnership is closed and no chasers are sent (promises T7)."""

from datetime import date, datetime

from sqlalchemy import select

from surveyapp.foundation.errors import NotFound, Refused
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.models import ClosedDay
from surveyapp.foundation.words.dates_and_lists import day_in_words


def closed_days() -> list[ClosedDay]:
    """Every closed day, earliest first."""
    return list(session.scalars(select(ClosedDay).order_by(ClosedDay.day)))


def close_day(day: date, reason: str, *, actor: str, now: datetime) -> None:
    """Add a closed day: its chasers move to the next working day. Raises Refused if it is closed already."""
    if session.get(ClosedDay, day) is not None:
        raise Refused(f"{day_in_words(day)} is closed already.", way_on="It is in the list.")
    session.add(ClosedDay(day=day, reason=reason))
    record_event(actor, "closed_day", f"day {day}", now=now)


def open_day(day: date, *, actor: str, now: datetime) -> None:
    """Remove a closed day. Raises NotFound if the day is not closed."""
    closed = session.get(ClosedDay, day)
    if closed is None:
        raise NotFound
    session.delete(closed)
    record_event(actor, "opened_day", f"day {day}", now=now)
