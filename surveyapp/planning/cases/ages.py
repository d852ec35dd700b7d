"""A child's age as the partnership writes it: "3 years", "3 years 2 months", "6 weeks", "unborn"."""

import re
from dataclasses import dataclass

from surveyapp.foundation.words.clean_text import clean_line
from surveyapp.foundation.words.shares import counted

# A care leaver's audit may reach to 25 (stories B14); the table's own rule is the same.
OLDEST_MONTHS = 300
_AND = r"(?:,| and)? ?"
_PATTERN = re.compile(
    r"(?:(?P<years>\d{1,3}) ?(?P<half>½|\.5)? ?(?:years?|yrs?|y))?"
    rf"{_AND}(?:(?P<months>\d{{1,3}}) ?(?:months?|mths?|m))?"
    rf"{_AND}(?:(?P<weeks>\d{{1,3}}) ?(?:weeks?|wks?|w))?"
    rf"{_AND}(?:(?P<days>\d{{1,3}}) ?(?:days?|d))?(?: old| of age)?",
    re.IGNORECASE,
)
_UNBORN = frozenset({"unborn", "unborn child", "unborn baby", "not yet born", "not born yet"})
_NEWBORN = frozenset({"newborn", "newborn baby", "new born", "new-born"})
# 365.25 days in twelve months.
_DAYS_OF_A_MONTH = 30.4375
HOW_TO_WRITE = "3 years, 6 months, 3 years 2 months, 6 weeks, newborn or unborn"


@dataclass(frozen=True, slots=True)
class Age:
    """An age in whole months, 0 to 300; None for an unborn child and for an age not known."""

    months: int | None = None
    unborn: bool = False

    def __str__(self) -> str:
        """This age in words that `read_age` reads back; empty if it is not known."""
        if self.unborn:
            return "unborn"
        if self.months is None:
            return ""
        years, months = divmod(self.months, 12)
        words = [counted(years, "year")] if years else []
        return " ".join([*words, counted(months, "month")] if months or not years else words)


AGE_NOT_KNOWN = Age()


def has_no_unit(text: str) -> bool:
    """Whether an age is a number alone, such as 5, 5.5 or 5½, which `read_age` takes as years."""
    return re.fullmatch(r"[0-9]{1,3}(?:\.5|½)?", clean_line(text)) is not None


def read_age(text: str) -> Age:
    """Read an age; empty text is an age not known. Raises ValueError with a sentence for any other text.

    A number without a unit is years, as offices write it. Weeks and days count as the months that they
    complete: 6 weeks are 1 month, 10 days and a newborn 0 months.
    """
    line = clean_line(text)
    if not line:
        return AGE_NOT_KNOWN
    if line.casefold() in _UNBORN:
        return Age(unborn=True)
    if line.casefold() in _NEWBORN:
        return Age(0)
    if has_no_unit(line):
        line = f"{line} years"
    match = _PATTERN.fullmatch(line)
    if match is None or not any(match.groups()):
        raise ValueError(f"“{line}” is not an age: write it like {HOW_TO_WRITE}")
    years, months, weeks, days = (int(match[part] or 0) for part in ("years", "months", "weeks", "days"))
    if match["years"] and months >= 12:  # noqa: PLR2004 — months of a year
        raise ValueError(f"“{line}” has 12 months or more beside its years: count them as years")
    months += years * 12 + (6 if match["half"] else 0) + int((weeks * 7 + days) / _DAYS_OF_A_MONTH)
    if months > OLDEST_MONTHS:
        raise ValueError(f"“{line}” is over {OLDEST_MONTHS // 12} years: check it, and its unit")
    return Age(months)


# From two years on, an age is given in years.
_AGE_IN_MONTHS_BELOW = 24


def age_in_words(months: int) -> str:
    """An age for a published text: in months under two years, in whole years from then on."""
    if months == 0:
        return "under 1 month"
    return counted(months, "month") if months < _AGE_IN_MONTHS_BELOW else str(Age(months - months % 12))
