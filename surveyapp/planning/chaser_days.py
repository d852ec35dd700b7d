"""The days on which an audit's chasers leave, worked out from its dates; each step shows or sends by them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from surveyapp.foundation.calendar.working_days import ONE_DAY, WorkingCalendar
from surveyapp.foundation.clock import local_day, utc_moment
from surveyapp.foundation.settings import settings
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.planning.models import Audit


@dataclass(frozen=True)
class ChaserDay:
    """One planned day; `offset` is in working days from the due date, before it when negative."""

    day: date
    offset: int


def notes_on_days_off(
    days: WorkingCalendar,
    *,
    issue_on: date | None = None,
    due_on: date | None = None,
    close_on: date | None = None,
) -> tuple[tuple[str, str], ...]:
    """The dates on which nobody works, each by its name and with a sentence; worth knowing, never refused."""
    said = (
        ("issue_on", issue_on, "The audit is issued on"),
        ("due_on", due_on, "Returns are asked for by"),
        ("close_on", close_on, "Returns close on"),
    )
    return tuple(
        (name, f"{words} {day_in_words(day)}, which is not a working day.")
        for name, day, words in said
        if day is not None and not days.is_working_day(day)
    )


def sending_begins_at(day: date) -> datetime:
    """The moment, in UTC, from which the chasers of a UK day leave."""
    return utc_moment(day, settings().chase_from)


def chaser_days(audit: Audit, days: WorkingCalendar, *, due_on: date | None = None) -> tuple[ChaserDay, ...]:
    """The planned days of an audit, or of its requests due on `due_on`, earliest first, each once.

    Always working days. None falls on or before the day of issue, when everybody has just been asked, and
    none at or after the close. They follow the due date, so that extending moves them, and the closed days.
    """
    due_on = due_on or audit.due_on
    if due_on is None:
        return ()
    found = {days.add_working_days(due_on, offset): offset for offset in sorted(audit.chasers, reverse=True)}
    asked_on = local_day(audit.issued_at) if audit.issued_at else audit.issue_on
    return tuple(
        ChaserDay(day, offset)
        for day, offset in sorted(found.items())
        if (asked_on is None or day > asked_on)
        and (audit.closes_at is None or sending_begins_at(day) < audit.closes_at)
    )


def first_chased_on(audit: Audit, days: WorkingCalendar, *, due_on: date, given_on: date | None) -> date:
    """From which day a request that was given a due day of its own is chased: its own first day after that.

    `given_on` is the UK day on which it was given. Where no such day is left, it is the day after it is due.
    """
    own = (each.day for each in chaser_days(audit, days, due_on=due_on))
    return next((day for day in own if given_on is None or day > given_on), due_on + ONE_DAY)


def next_chaser_day(
    audit: Audit,
    days: WorkingCalendar,
    *,
    now: datetime,
    chased_today: bool = False,
    due_days: Iterable[date] = (),
) -> date | None:
    """The next day on which chasers are still to leave; None after the last, and once returns are closed.

    `chased_today` says that today's were sent by hand before their hour; `due_days` are those of what is
    outstanding, where they are known: else it is the audit's.
    """
    if not audit.is_issued or audit.is_closed(now):
        return None
    due: set[date | None] = {*due_days} or {audit.due_on}
    planned = {each.day for due_on in due for each in chaser_days(audit, days, due_on=due_on)}
    ahead = sorted(day for day in planned if sending_begins_at(day) > now)
    return next((day for day in ahead if not (chased_today and day == local_day(now))), None)
