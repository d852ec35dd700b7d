"""Whole calendar months, by which the days of purges are counted (promises T6)."""

from calendar import monthrange
from datetime import date

MONTHS_IN_YEAR = 12


def add_months(day: date, months: int) -> date:
    """The same day of the month, whole months later; the last day of a month that is too short for it.

    12 months from 29 February 2028 is 28 February 2029. With fewer than 0 months, an earlier day.
    """
    years, month = divmod(day.month - 1 + months, MONTHS_IN_YEAR)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
