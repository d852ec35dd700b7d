"""Reads the time between two plans: “2 years 3 months”, “27 months”, or 27 in a column of months."""

import re
from datetime import date

from surveyapp.foundation.words.clean_text import clean_line
from surveyapp.planning.cases.ages import Age

_UNITS = {"months": ("month", "mth"), "years": ("year", "yr")}
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,2})?")
_WRITTEN = re.compile(
    r"(?:(?P<years>\d{1,2}(?:\.\d{1,2})?) ?(?:years?|yrs?|y))?[, ]*(?:and )?"
    r"(?:(?P<months>\d{1,3}) ?(?:months?|mths?|m))?",
    re.IGNORECASE,
)
MONTHS_OF_A_YEAR = 12


def unit_of(head: str) -> str:
    """The unit that the head of a column names, “months” or “years”; empty if it names none."""
    words = head.casefold()
    return next((unit for unit, signs in _UNITS.items() if any(sign in words for sign in signs)), "")


def read_months(text: str, unit: str = "") -> int:
    """The whole months of a written time; a bare number counts in `unit`, “months” or “years”.

    Raises ValueError with a sentence for any other text, and for a bare number without a unit.
    """
    line = clean_line(text)
    if _NUMBER.fullmatch(line):
        if not unit:
            raise ValueError(
                f"“{line}” has no unit: write {line} months, or put (months) or (years) into the head"
            )
        return int(float(line) * (MONTHS_OF_A_YEAR if unit == "years" else 1))
    match = _WRITTEN.fullmatch(line)
    if match is None or not any(match.groups()):
        raise ValueError(f"“{line}” is not a time: write it like 27 months, or 2 years 3 months")
    return int(float(match["years"] or 0) * MONTHS_OF_A_YEAR) + int(match["months"] or 0)


def months_between(first: date, last: date) -> int:
    """The whole months from one day to a later one; negative if it is earlier."""
    return (last.year - first.year) * MONTHS_OF_A_YEAR + last.month - first.month - (last.day < first.day)


def months_in_words(months: int) -> str:
    """Months as the report prints them: 6 months, 10 years, 2 years 3 months."""
    return str(Age(months))
