"""Calculates the days on which an audit's chasers are sent, from its dates and the working-day calendar."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from surveyapp.foundation.calendar.working_days import ONE_DAY, WorkingCalendar
from surveyapp.foundation.clock import utc_moment
from surveyapp.foundation.settings import settings
from surveyapp.planning.models import Audit


@dataclass(frozen=True)
class ChaserDay:
    """A day on which chasers are sent; `offset` is in working days from the due date, negative before it."""

    day: date
    offset: int


def sending_begins_at(day: date) -> datetime:
    """The moment (UTC) from which the chasers of a UK day are sent."""
    return utc_moment(day, settings().chase_from)


def chaser_days(audit: Audit, days: WorkingCalendar, *, due_on: date | None = None) -> tuple[ChaserDay, ...]:
    """The chaser days of an audit, or of its requests due on `due_on`; earliest first, each day once.

    Always working days: after the day of issue, when every contact has just been asked, and before the close.
    They depend on the due date and on the closed days, so a change of either moves them.
    """
    due_on = due_on or audit.due_on
    if due_on is None:
        return ()
    offsets = {
        days.add_working_days(due_on, offset): offset for offset in sorted(audit.chasers, reverse=True)
    }
    asked_on = audit.asked_on
    return tuple(
        ChaserDay(day, offset)
        for day, offset in sorted(offsets.items())
        if (asked_on is None or day > asked_on)
        and (audit.closes_at is None or sending_begins_at(day) < audit.closes_at)
    )


def first_chased_on(audit: Audit, days: WorkingCalendar, *, due_on: date, given_on: date | None) -> date:
    """The day from which a request with its own due date is chased: its first chaser day after `given_on`.

    `given_on` is the UK day on which it got that date. If no chaser day is left, the day after the due date.
    """
    own_days = (chaser.day for chaser in chaser_days(audit, days, due_on=due_on))
    return next((day for day in own_days if given_on is None or day > given_on), due_on + ONE_DAY)


def next_chaser_day(
    audit: Audit,
    days: WorkingCalendar,
    *,
    now: datetime,
    used: Collection[tuple[date, int]] = (),
    due_days: Iterable[date] = (),
) -> date | None:
    """The next day on which chasers are to be sent; None after the last, and once returns are closed.

    `used`: those sent by hand before their hour, or skipped, each a due date and an offset from it.
    `due_days`: the due dates of outstanding requests, if known; otherwise the due date of the audit counts.
    `now` is UTC.
    """
    if not audit.is_issued or audit.is_closed(now):
        return None
    due: set[date | None] = {*due_days} or {audit.due_on}
    planned = {
        chaser.day
        for due_on in due
        for chaser in chaser_days(audit, days, due_on=due_on)
        if (due_on or audit.due_on, chaser.offset) not in used
    }
    return min((day for day in planned if sending_begins_at(day) > now), default=None)
