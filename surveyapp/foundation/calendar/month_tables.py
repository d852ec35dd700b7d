"""Months as small tables of weeks, with what falls on each day: the calendars on pages."""

from calendar import Calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from surveyapp.foundation.calendar.working_days import WorkingCalendar

# The first day of a week is Monday.
_WEEKS = Calendar(firstweekday=0)


@dataclass(frozen=True)
class DayMark:
    """What falls on a day: a word or two for the table, the same in full, and where it leads."""

    short: str
    words: str
    href: str = ""


@dataclass(frozen=True)
class CalendarDay:
    """One day of a month's table. `is_working`: neither a weekend nor a bank holiday nor a closed day."""

    day: date
    is_working: bool
    marks: tuple[DayMark, ...]


@dataclass(frozen=True)
class MonthTable:
    """One month: its name with the year, and its weeks from Monday. None is a day of another month."""

    name: str
    weeks: tuple[tuple[CalendarDay | None, ...], ...]


def month_tables(
    first: date, last: date, days: WorkingCalendar, marks: Mapping[date, Sequence[DayMark]]
) -> tuple[MonthTable, ...]:
    """The months from that of `first` to that of `last`, in which a mark stands; at most 24 of them.

    A month without a mark between two others is left out, so that a re-audit a year on stays near.
    """
    marked = {(day.year, day.month) for day in marks if first <= day <= last}
    months = sorted(marked | {(first.year, first.month)})[:24]
    return tuple(_month(year, month, days, marks) for year, month in months)


def _month(
    year: int, month: int, days: WorkingCalendar, marks: Mapping[date, Sequence[DayMark]]
) -> MonthTable:
    weeks = _WEEKS.monthdatescalendar(year, month)
    return MonthTable(
        f"{date(year, month, 1):%B %Y}",
        tuple(
            tuple(
                CalendarDay(day, days.is_working_day(day), tuple(marks.get(day, ())))
                if day.month == month
                else None
                for day in week
            )
            for week in weeks
        ),
    )
