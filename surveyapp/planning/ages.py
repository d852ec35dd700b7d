"""A child's age as the partnership writes it: "3 years", "6 months", "3 years 2 months", "unborn"."""

import re
from dataclasses import dataclass

from surveyapp.foundation.words.clean_text import clean_line
from surveyapp.foundation.words.shares import counted

# A care leaver's audit may reach to 25 (stories B14); the table's own rule is the same.
OLDEST_MONTHS = 300
_PATTERN = re.compile(
    r"(?:(\d{1,3}) ?(?:years?|yrs?|y))?(?:,| and)? ?(?:(\d{1,3}) ?(?:months?|mths?|m))?", re.IGNORECASE
)


@dataclass(frozen=True)
class Age:
    """An age in whole months, 0 to 300; none for a child not yet born, or not known."""

    months: int | None = None
    unborn: bool = False

    def __str__(self) -> str:
        """This age in words, which read_age reads again; nothing where it is not known."""
        if self.unborn:
            return "unborn"
        if self.months is None:
            return ""
        years, months = divmod(self.months, 12)
        words = [counted(years, "year")] if years else []
        return " ".join([*words, counted(months, "month")] if months or not years else words)


AGE_NOT_KNOWN = Age()


def read_age(text: str) -> Age:
    """Read an age; empty text is an age not known. Raises ValueError, in a sentence, for what is none."""
    said = clean_line(text)
    if not said:
        return AGE_NOT_KNOWN
    if said.casefold() == "unborn":
        return Age(unborn=True)
    if said.isdigit():
        raise ValueError(f"“{said}” has no unit: write {said} years or {said} months")
    found = _PATTERN.fullmatch(said)
    if found is None or not any(found.groups()):
        raise ValueError(
            f"“{said}” is not an age: write it like 3 years, 6 months, 3 years 2 months or unborn"
        )
    years, months = (int(part or 0) for part in found.groups())
    if found[1] and months >= 12:  # noqa: PLR2004 — months in a year
        raise ValueError(f"“{said}” has 12 months or more beside its years: count them as years")
    if years * 12 + months > OLDEST_MONTHS:
        raise ValueError(f"“{said}” is over {OLDEST_MONTHS // 12} years: check it")
    return Age(years * 12 + months)


# From two years on an age is said in years.
_AGE_IN_MONTHS_BELOW = 24


def age_in_words(months: int) -> str:
    """An age as the public reads it: in months under two years, in whole years from then on."""
    if months == 0:
        return "under 1 month"
    return counted(months, "month") if months < _AGE_IN_MONTHS_BELOW else str(Age(months - months % 12))
