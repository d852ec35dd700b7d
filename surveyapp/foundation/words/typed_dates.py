"""Reads a date as people write it: 9 3 2026, 9/3/2026, 9 March 2026, 9th Mar 2026 or 2026-03-09."""

import re
from datetime import date

# In English, whatever the locale of the machine.
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# The fewest letters of a shortened month or weekday: Mar, Sept, Mon.
_FEWEST_LETTERS = 3
_SEPARATORS = re.compile(r"[\s/.,–-]+")
_FILLERS = frozenset({"of", "the"})
_DAY = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?")
_YEAR = re.compile(r"[1-9][0-9]{3}")
_STORED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Spreadsheets, which read our exports, have no day before 1900.
_FIRST_STORED_YEAR = 1900


class NotADate(ValueError):
    """A text that is no day of the calendar; its words say how to write one."""

    def __init__(self, words: str = "enter a real day, like 1 12 2026 or 1 December 2026") -> None:
        """Keep the words, which follow the name of a field and a colon."""
        super().__init__(words)


class YearNotInFull(NotADate):
    """A day whose year is not written in four figures: 9 3 26, or 9 3 0026."""

    def __init__(self) -> None:
        """Ask for the year."""
        super().__init__("enter the year in four figures, like 2026")


def read_date(text: str) -> date:
    """The day that a text names, the day before the month as the British write it.

    The month is a number, a name or at least three letters of one, in any case; a weekday, “of”, “the” and
    the ending of “9th” change nothing. A text that begins with a year is read as 2026-03-09, and one that
    begins with the name of a month as March 9 2026. Raises NotADate, or YearNotInFull.
    """
    words = [word for word in _SEPARATORS.split(text.casefold()) if word and word not in _FILLERS]
    if words and _position(words[0], _WEEKDAYS) is not None:
        words = words[1:]
    if len(words) != 3:  # noqa: PLR2004 — day, month and year
        raise NotADate
    if len(words[0]) == 4 and words[0].isdecimal():  # noqa: PLR2004 — a year
        words.reverse()
    elif _position(words[0], MONTHS) is not None:
        words[:2] = words[1], words[0]
    day, month = _DAY.fullmatch(words[0]), _month(words[1])
    if day is None or month is None or not re.fullmatch(r"[0-9]+", words[2]):
        raise NotADate
    if not _YEAR.fullmatch(words[2]):
        raise YearNotInFull
    try:
        return date(int(words[2]), month, int(day[1]))
    except ValueError:
        raise NotADate from None


def stored_date(text: str) -> date | None:
    """The day of a stored answer, such as 2026-03-09; None for a text that is no day, or one before 1900."""
    if not _STORED.fullmatch(text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year >= _FIRST_STORED_YEAR else None


def _month(word: str) -> int | None:
    """The number of a month, from 1, by its number or name; None for any other word."""
    if re.fullmatch(r"[0-9]{1,2}", word):
        return int(word)
    position = _position(word, MONTHS)
    return None if position is None else position + 1


def _position(word: str, names: tuple[str, ...]) -> int | None:
    """The place of the name that a word is, or begins with at least three letters; None if it is none."""
    if len(word) < _FEWEST_LETTERS:
        return None
    return next((place for place, name in enumerate(names) if name.startswith(word)), None)
