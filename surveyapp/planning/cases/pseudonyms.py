"""Pseudonyms of children: a check for identifiers, and numbered ranges (stories 4.5)."""

import re

from surveyapp.foundation.personal_details.nhs_numbers import is_nhs_number
from surveyapp.foundation.words.clean_text import name_key

LONGEST_PSEUDONYM = 60
MOST_AT_ONCE = 60
_NHS = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")
_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DAY = re.compile(
    rf"(?<!\d)(?:\d{{1,2}}[./ -]\d{{1,2}}[./ -](?:19|20)?\d{{2}}|(?:19|20)\d{{2}}[./-]\d{{1,2}}[./-]\d{{1,2}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)? (?:{_MONTH})[a-z]* (?:19|20)?\d{{2}})(?!\d)",
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b", re.IGNORECASE)
_NUMBERED = re.compile(r"(?P<stem>.*?)(?P<number>\d{1,3})")


def identifier_kind(text: str) -> str:
    """The kind of identifier that a text appears to contain, in words; empty if none."""
    if any(is_nhs_number(digits) for digits in _NHS.findall(text)):
        return "an NHS number"
    if _DAY.search(text):
        return "a date of birth"
    return "a postcode" if _POSTCODE.search(text) else ""


def _has_nought(numbered: re.Match[str]) -> bool:
    return numbered["number"].startswith("0")


def pseudonym_range(first: str, last: str) -> list[str]:
    """The pseudonyms from "Child 1" to "Child 15", or from "Child 01" to "Child 15", in order.

    Noughts in front are kept. Raises ValueError with a sentence if the two differ in more than their number,
    if only one of them has noughts in front, and for more than 60.
    """
    begin, end = _NUMBERED.fullmatch(first), _NUMBERED.fullmatch(last)
    if begin is None or end is None or name_key(begin["stem"]) != name_key(end["stem"]):
        raise ValueError("Give the first and the last alike but for the number, such as Child 1 and Child 15")
    start, stop = int(begin["number"]), int(end["number"])
    if stop < start:
        raise ValueError(f"{last} comes before {first}: swap them")
    if stop - start >= MOST_AT_ONCE:
        raise ValueError(f"That is {stop - start + 1} cases: add at most {MOST_AT_ONCE} at once")
    places = len(begin["number"]) if _has_nought(begin) or _has_nought(end) else 0
    if places and (len(end["number"]) < places or (_has_nought(end) and len(end["number"]) > places)):
        alike = f"{first} and {begin['stem']}{stop:0{places}}"
        raise ValueError(f"Write both numbers with as many figures, such as {alike}")
    return [f"{begin['stem']}{number:0{places}}" for number in range(start, stop + 1)]
