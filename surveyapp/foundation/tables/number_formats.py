"""What the number format of a cell says: whether its number is a day, and how many noughts it shows."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta

# The formats that every workbook has (ECMA-376, 18.8.30; 27 to 36 and 50 to 58 are East Asian dates).
_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)})
# What of a format shows itself: quoted text, a colour or a locale in brackets, one character after “\”.
_SHOWN_AS_IT_IS = re.compile(r'"[^"]*"|\[(?!hh?\]|mm?\]|ss?\])[^\]]*\]|[\\_*].', re.IGNORECASE)
_PART_OF_A_DATE = re.compile(r"[dmyhs]", re.IGNORECASE)
# A number format of noughts and fixed text only, such as 00000, 00000\ 000000 or "OCC/"0000.
_FORMAT_PART = re.compile(r'0|\\(.)|"([^"]*)"|([ ()/.,+-])')
# Excel takes 1900 for a leap year, so that the days before its 29 February are one too few.
_EPOCH, _LEAP_DAY = datetime(1899, 12, 30), 60  # noqa: DTZ001 — a day, in no time zone
_EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001 — likewise
_DAY = timedelta(days=1)


def is_date_format(number: int, formats: Mapping[int, str]) -> bool:
    """Whether a format shows a day or a time, by its number and the formats that a workbook adds."""
    own = formats.get(number)
    if own is None:
        return number in _DATE_FORMATS
    return _PART_OF_A_DATE.search(_SHOWN_AS_IT_IS.sub("", own.split(";")[0])) is not None


def day_or_time(serial: float, *, from_1904: bool) -> date | str:
    """The day of a number of days, or the time of a part of a day, such as 09:30:00.

    Raises OverflowError and ValueError for a number that is no day from the year 1 to 9999.
    """
    since = timedelta(milliseconds=round(serial * 86_400_000))
    if timedelta() <= since < _DAY:
        return (_EPOCH + since).time().isoformat(timespec="seconds")
    if from_1904:
        return (_EPOCH_1904 + since).date()
    return (_EPOCH + since + (_DAY if timedelta() < since < _LEAP_DAY * _DAY else timedelta())).date()


def day_of_iso(text: str) -> date | str:
    """The day of a text such as 2026-12-18T00:00:00; a time without a day stays a text."""
    return date.fromisoformat(text[:10]) if text[:4].isdecimal() else text.lstrip("T")


def number_as_shown(value: float, number_format: str) -> str:
    """A number as its format shows it, if that only adds noughts and fixed text; else in plain digits."""
    whole = int(value) if isinstance(value, int) or value.is_integer() else None
    if whole is None:
        return str(value)
    parts = list(_FORMAT_PART.finditer(number_format))
    noughts = sum(part[0] == "0" for part in parts)
    if whole < 0 or noughts == 0 or sum(len(part[0]) for part in parts) < len(number_format):
        return str(whole)
    digits = str(whole).zfill(noughts)
    # The first nought stands for all digits that are too many.
    groups = iter([digits[: len(digits) - noughts + 1], *digits[len(digits) - noughts + 1 :]])
    return "".join(next(groups) if part[0] == "0" else part[1] or part[2] or part[3] or "" for part in parts)
