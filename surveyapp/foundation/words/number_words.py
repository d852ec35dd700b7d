"""Whole numbers in words: written for a brief, and read by the checks of texts."""

import re

_UNDER_TWENTY = """
    no one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen
    """
_ONES = _UNDER_TWENTY.split()
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_HUNDRED = 100


def number_in_words(number: int) -> str:
    """A whole number, 0 or more, in words: no, ten, forty-two; in figures from a hundred."""
    if number >= _HUNDRED:
        return f"{number:,}"
    if number < len(_ONES):
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return f"{_TENS[tens - 2]}-{_ONES[ones]}" if ones else _TENS[tens - 2]


def capitalised(words: str) -> str:
    """The words with a capital first letter, as at the start of a sentence."""
    return words[:1].upper() + words[1:]


_READ = {number_in_words(number): number for number in range(1, _HUNDRED)}
_READ |= {words.replace("-", " "): number for words, number in _READ.items()}
# The longest first, so that “twenty-one” is not read as “twenty”.
_WORDS = "|".join(sorted(map(re.escape, _READ), key=len, reverse=True))
# Matches a number in figures or words, but no part of a longer figure, a date or a percentage.
NUMBER = (
    r"(?:(?<![\d.,/-])\d{1,6}(?![\d/%]|-\d|[.,]\d)"
    rf"|\b(?:{_WORDS})\b(?!-(?!year|month|week)))"
)


def parse_number(words: str) -> int:
    """The value of a number that NUMBER matched, in any case."""
    return int(words) if words.isdecimal() else _READ[words.lower()]


_AMOUNTS = {"half a dozen": 6, "half-a-dozen": 6, "a dozen": 12, "a couple": 2, "a pair": 2}
# As NUMBER, and also the amounts in “a couple of children” and “3-4 children”.
AMOUNT = rf"(?:\b(?:{'|'.join(_AMOUNTS)})\b|(?<![\d.,/-])\d{{1,2}}[-–]\d{{1,2}}(?![\d/%–-])|{NUMBER})"
# Lookbehinds for words after which a number is a label: Year 6 pupils, section 47, level 3.
NOT_A_LABEL = (
    "".join(
        f"(?<!{word} )"
        for word in ("year", "years", "section", "level", "tier", "stage", "phase", "step", "age", "aged")
    )
    + "(?<!-)"
)


def parse_amount(words: str) -> int:
    """The value of an amount that AMOUNT matched, in any case; of “3-4” the smaller number."""
    return _AMOUNTS.get(words.lower()) or parse_number(re.split("[-–](?=\\d)", words)[0])
