"""Rules for the days of an audit: their order, how far ahead they may be, and notes on days off."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from surveyapp.foundation.calendar.working_days import WorkingCalendar
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.errors import FieldRefused, SurveyError
from surveyapp.foundation.words.dates_and_lists import day_in_words

# No day of an audit may be further ahead than this.
PLANNING_HORIZON = timedelta(days=5 * 366)


class DatesOutOfOrder(SurveyError):
    """The days of an audit are not in order: issue, due, close."""


class DateTooFar(DatesOutOfOrder):
    """A day is so far ahead that its year must be a typing mistake."""


def date_problems(
    issue_on: date | None, due_on: date | None, close_on: date | None
) -> Iterator[tuple[str, str]]:
    """Days that come before a day they should follow: the field name of the later one, and a sentence."""
    if issue_on and due_on and due_on < issue_on:
        yield "due_on", f"Returns cannot be due before {day_in_words(issue_on)}, when the audit is issued"
    if due_on and close_on and close_on < due_on:
        yield "close_on", f"Returns cannot close before {day_in_words(due_on)}, when they are due"
    if issue_on and close_on and not due_on and close_on < issue_on:
        yield "close_on", f"Returns cannot close before {day_in_words(issue_on)}, when the audit is issued"


def check_date_order(issue_on: date | None, due_on: date | None, close_on: date | None) -> None:
    """Raise DatesOutOfOrder with the first of the `date_problems`, if there is one."""
    for _name, sentence in date_problems(issue_on, due_on, close_on):
        raise DatesOutOfOrder(f"{sentence}.")


def check_horizon(*days: date | None, now: datetime) -> None:
    """Raise DateTooFar for a day beyond the horizon, since working days are counted up to each day."""
    horizon = local_day(now) + PLANNING_HORIZON
    for day in days:
        if day is not None and day > horizon:
            raise DateTooFar(f"{day_in_words(day)} is more than five years ahead. Check the year.")


def check_has_come(field: str, day: date | None, *, now: datetime) -> None:
    """Raise FieldRefused for the day of something that has happened, if it is still to come on the UK day."""
    if day is not None and day > local_day(now):
        raise FieldRefused(field, f"{day_in_words(day)} is still to come: check the day and the year")


def notes_on_days_off(
    days: WorkingCalendar,
    *,
    issue_on: date | None = None,
    due_on: date | None = None,
    close_on: date | None = None,
) -> tuple[tuple[str, str], ...]:
    """Dates that are not working days: the field name and a sentence. Such a date is noted, never refused."""
    dates = (
        ("issue_on", issue_on, "The audit is issued on"),
        ("due_on", due_on, "Returns are asked for by"),
        ("close_on", close_on, "Returns close on"),
    )
    return tuple(
        (name, f"{words} {day_in_words(day)}, which is not a working day.")
        for name, day, words in dates
        if day is not None and not days.is_working_day(day)
    )
