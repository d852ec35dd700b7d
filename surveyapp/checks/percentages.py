"""Checks that percentages agree with the count and total beside them, and are of returns."""

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from surveyapp.checks.flags import Flag, Sentence
from surveyapp.foundation.words.late_pattern import LatePattern
from surveyapp.foundation.words.number_words import NUMBER, parse_number
from surveyapp.foundation.words.shares import Share

_PER_CENT = re.compile(r"(?<![\d.,])(?P<per_cent>\d{1,3}(?:\.\d{1,2})?)\s?(?:%|per\s?cent\b)", re.IGNORECASE)
_SHARE = LatePattern(
    rf"(?P<count>{NUMBER}|(?<![\d.,])\d{{1,6}})\s*(?:/|\s(?:out\s+)?of(?:\s+the)?\s|\sin\s)\s*"
    rf"(?P<of>{NUMBER}|\d{{1,6}}(?![\d%]|[.,]\d))",
)
# An average over several places has no single count and total.
_AVERAGE = re.compile(r"\b(?:mean|average|median)\s+(?:of|is|was)\s+$", re.IGNORECASE)


def percentage_flags(sentence: Sentence) -> Iterator[Flag]:
    """Flag percentages that differ from the count and total beside them, or have none (stories IL3).

    A plan may give a percentage alone: “90% of visits by June” is a target.
    """
    shares = [
        Share(parse_number(match["count"]), parse_number(match["of"]))
        for match in _SHARE.finditer(sentence.text)
    ]
    for match in _PER_CENT.finditer(sentence.text):
        percent = Decimal(match["per_cent"])
        if not shares and (sentence.kind == "plan" or _AVERAGE.search(sentence.text[: match.start()])):
            continue
        if not shares:
            says = "A per cent says what it is out of: write it like 58 of 70 returns (82.9%)."
            yield sentence.flag("consistency", match[0], says)
        elif not any(_agrees(percent, share) for share in shares):
            share = min(shares, key=lambda share: _distance(percent, share))
            says = f"{share.count:,} of {share.of:,} is {share.percent}%, not {match['per_cent']}%."
            if share.percent is None or share.count > share.of:
                says = f"{share.count:,} cannot be out of {share.of:,}."
            yield sentence.flag("consistency", match[0], says)


def _agrees(percent: Decimal, share: Share) -> bool:
    """Whether a percentage is that of a share, to one decimal or rounded to a whole number."""
    exact = share.percent
    if exact is None or share.count > share.of:
        return False
    whole = (Decimal(100) * share.count / share.of).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return percent in {exact, whole}


def _distance(percent: Decimal, share: Share) -> Decimal:
    return abs(percent - share.percent) if share.percent is not None else Decimal(1000)


_PER_CENT_OF_CASES = re.compile(
    r"\d(?:\s?%|\s+per\s?cent)\s+of\s+(?:the\s+|all\s+)?(?:cases|children)\b"
    r"|\bof\s+\d{1,6}\s+(?:cases|children)\s+\(\d{1,3}(?:\.\d)?\s?%\)",
    re.IGNORECASE,
)


def percentages_of_cases(sentence: Sentence) -> Iterator[Flag]:
    """Flag percentages of “cases” or “children” (stories F5, oddity 6): an audit's are of returns."""
    for match in _PER_CENT_OF_CASES.finditer(sentence.text):
        says = "The figures of an audit are shares of returns, not of cases or children: write returns."
        yield sentence.flag("consistency", match[0], says)
