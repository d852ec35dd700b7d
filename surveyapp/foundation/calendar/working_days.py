"""Which days are worked: weekdays without bank holidays, and without the closed days of one's own."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from sqlalchemy import select

from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import ClosedDay

ONE_DAY = timedelta(days=1)
SATURDAY = 5


@cache
def bank_holidays(nation: str, year: int) -> frozenset[date]:
    """The bank holidays of a nation of the UK (ENG, WLS, SCT, NIR) in one year, from the package, offline."""
    # Imported here: it reads as many countries as there are, and only chasing and this calendar need it.
    from holidays import country_holidays  # noqa: PLC0415 — as said above

    return frozenset(country_holidays("GB", subdiv=nation, years=year))


@dataclass(frozen=True)
class WorkingCalendar:
    """The working days of one nation, less the days on which the partnership is closed."""

    nation: str = "ENG"
    closed_days: frozenset[date] = field(default_factory=frozenset)

    def is_working_day(self, day: date) -> bool:
        """Whether people are at work on this day: no weekend, no bank holiday, no closed day."""
        return (
            day.weekday() < SATURDAY
            and day not in self.closed_days
            and day not in bank_holidays(self.nation, day.year)
        )

    def next_working_day(self, day: date) -> date:
        """The first working day after this one."""
        return self.add_working_days(day, 1)

    def add_working_days(self, day: date, days: int) -> date:
        """Count working days from `day`, which itself is not counted: forwards, or backwards when negative.

        Nought gives the day itself, or the next working day where it is none: always a working day.
        """
        if days == 0:
            return day if self.is_working_day(day) else self.next_working_day(day)
        step = ONE_DAY if days > 0 else -ONE_DAY
        left = abs(days)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day


def working_calendar() -> WorkingCalendar:
    """The calendar as it stands now: the nation of the settings, and every closed day."""
    return WorkingCalendar(settings().nation, frozenset(session.scalars(select(ClosedDay.day))))


def add_working_days(day: date, days: int) -> date:
    """Count working days from `day`: forwards, or backwards when negative."""
    return working_calendar().add_working_days(day, days)
