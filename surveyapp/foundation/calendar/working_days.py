"""Working days: weekdays that are neither bank holidays nor closed days of the partnership."""

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
    """The bank holidays of one year in a UK nation (ENG, WLS, SCT, NIR), from the `holidays` package."""
    from holidays import country_holidays

    return frozenset(country_holidays("GB", subdiv=nation, years=year))


@dataclass(frozen=True)
class WorkingCalendar:
    """The working days of one nation, without the days on which the partnership is closed."""

    nation: str = "ENG"
    closed_days: frozenset[date] = field(default_factory=frozenset)

    def is_working_day(self, day: date) -> bool:
        """Whether this day is not a weekend, bank holiday or closed day."""
        return (
            day.weekday() < SATURDAY
            and day not in self.closed_days
            and day not in bank_holidays(self.nation, day.year)
        )

    def next_working_day(self, day: date) -> date:
        """The first working day after this one."""
        return self.add_working_days(day, 1)

    def add_working_days(self, day: date, days: int) -> date:
        """The working day that is `days` working days after `day`, or before it when negative.

        `day` itself is not counted. 0 gives `day`, or the next working day if it is not one.
        """
        if days == 0:
            return day if self.is_working_day(day) else self.next_working_day(day)
        step = ONE_DAY if days > 0 else -ONE_DAY
        remaining = abs(days)
        while remaining:
            day += step
            remaining -= self.is_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days follow `start` up to and with `end`; 0 if `end` is not later."""
        count, day = 0, start
        while day < end:
            day += ONE_DAY
            count += self.is_working_day(day)
        return count


def working_calendar() -> WorkingCalendar:
    """The current calendar: the nation of the settings, and every closed day."""
    return WorkingCalendar(settings().nation, frozenset(session.scalars(select(ClosedDay.day))))


def add_working_days(day: date, days: int) -> date:
    """WorkingCalendar.add_working_days() in the current calendar."""
    return working_calendar().add_working_days(day, days)
