"""Finds dates of birth in a text: full dates beside a word for birth or age, or after a name."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

# The start and end of a passage in a text.
Span = tuple[int, int]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_GAP = r"[ \u00a0]{1,2}"
_DATE = re.compile(
    rf"(?<![0-9])(?<![0-9][./-])(?:(?P<day>[0-9]{{1,2}})(?P<mark>[./ -])(?P<month>[0-9]{{1,2}})(?P=mark)"
    rf"(?P<year>(?:19|20)?[0-9]{{2}})"
    rf"|(?P<iso>(?:19|20)[0-9]{{2}}-[0-9]{{2}}-[0-9]{{2}})"
    rf"|(?P<day_2>[0-9]{{1,2}})(?:st|nd|rd|th)?[ -]?(?:{_GAP}of{_GAP})?[ -]?"
    rf"(?P<month_2>{_MONTH}),?[ -]{{1,2}}"
    rf"(?P<year_2>(?:19|20)?[0-9]{{2}}))(?![0-9])(?![./-][0-9])"
    rf"|\b(?P<month_3>{_MONTH}){_GAP}(?P<day_3>[0-9]{{1,2}})(?:st|nd|rd|th)?,?{_GAP}"
    r"(?P<year_3>(?:19|20)[0-9]{2})(?![0-9])",
    re.IGNORECASE,
)
_BIRTH_BEFORE = re.compile(
    r"\b(?:d\.?o\.?b|d/o/b|dates? of birth|birth ?dates?|birthdays?|born|birth|b\.|edd"
    r"|expected date of delivery|turn(?:s|ed|ing) [0-9]{1,2}|aged?)(?![a-z])"
    r"(?P<between>[^\n]{0,50}|[ .:\n-]{0,5})\Z",
    re.IGNORECASE,
)
_BIRTH_AFTER = re.compile(
    r"[ ,(–-]{0,3}(?:(?:is|was|being|as) )?(?:(?:his|her|their|the|date of) ){0,2}"
    r"(?:d\.?o\.?b|birth|birthday)\b",
    re.IGNORECASE,
)
# Words between "born" or "aged" and a date that give the date to another event or sentence.
_ANOTHER_EVENT = re.compile(
    r"\b(?:meet|conferenc|visit|review|plan|strateg|refer|court|order|section|assess|discharg|seen\b|saw\b"
    r"|attend|mov|plac|clos|open|group|when\b|at the time)|[.!?;] +(?-i:[A-Z])|[0-9][./-][0-9]",
    re.IGNORECASE,
)
_NUMBERED_CHILD = re.compile(
    r"\b(?:child|sibling|case|person|baby|twin) (?:[A-Z]|[0-9]{1,2}) ?\(\Z", re.IGNORECASE
)


def date_of_birth_spans(text: str, names: Sequence[Span]) -> Iterator[Span]:
    """The start and end of full dates beside a word for birth or age, or in brackets after a name.

    `names` are the spans of names in the text; numbered pseudonyms count too.

    Other dates are left: nearly all in an audit are of meetings and visits.
    """
    name_ends = {end for _, end in names}
    for full_date in _DATE.finditer(text):
        if _is_valid_date(full_date) and _is_of_birth(text, full_date.start(), full_date.end(), name_ends):
            yield full_date.span()


def _is_of_birth(text: str, start: int, end: int, name_ends: set[int]) -> bool:
    before = text[max(0, start - 80) : start]
    cue = _BIRTH_BEFORE.search(before)
    if cue and not _ANOTHER_EVENT.search(cue["between"]):
        return True
    if _BIRTH_AFTER.match(text, end):
        return True
    bracketed = before.endswith("(") and text.startswith(")", end)
    end_before_bracket = start - len(before) + len(before[:-1].rstrip())
    return bracketed and (end_before_bracket in name_ends or bool(_NUMBERED_CHILD.search(before)))


def _is_valid_date(match: re.Match[str]) -> bool:
    if match["iso"]:
        year, month, day = (int(part) for part in match["iso"].split("-"))
    else:
        day = int(match["day"] or match["day_2"] or match["day_3"])
        month_name = match["month_2"] or match["month_3"]
        month = _MONTHS.index(month_name[:3].lower()) + 1 if month_name else int(match["month"])
        year = int(match["year"] or match["year_2"] or match["year_3"])
    try:
        # The century of a two-digit year matters only for 29 February; 2000 onwards is near enough.
        date(year if year > 99 else 2000 + year, month, day)  # noqa: PLR2004 — a year of two digits
    except ValueError:
        return False
    return True
