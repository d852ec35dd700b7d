"""Whole numbers in words, as a brief prints them and as the checks read them."""

import re

_UNDER_TWENTY = """
    no one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen
    """
_ONES = _UNDER_TWENTY.split()
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_HUNDRED = 100


def number_in_words(number: int) -> str:
    """Say a whole number from 0 up: ten, forty-two; from a hundred on in figures, and nought is “no”."""
    if number >= _HUNDRED:
        return f"{number:,}"
    if number < len(_ONES):
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return f"{_TENS[tens - 2]}-{_ONES[ones]}" if ones else _TENS[tens - 2]


def capitalised(words: str) -> str:
    """The same words as a sentence begins with them."""
    return words[:1].upper() + words[1:]


_READ = {number_in_words(number): number for number in range(1, _HUNDRED)}
_READ |= {words.replace("-", " "): number for words, number in _READ.items()}
# The longest first, so that “twenty-one” is not read as “twenty”.
_WORDS = "|".join(sorted(map(re.escape, _READ), key=len, reverse=True))
# A number of a text in figures or in words; what is part of a longer figure, a date or a share is none.
NUMBER = (
    r"(?:(?<![\d.,/-])\d{1,6}(?![\d/%]|-\d|[.,]\d)"
    rf"|\b(?:{_WORDS})\b(?!-(?!year|month|week)))"
)


def parse_number(words: str) -> int:
    """Read a number that NUMBER matched, of any case."""
    return int(words) if words.isdecimal() else _READ[words.lower()]


_AMOUNTS = {"half a dozen": 6, "half-a-dozen": 6, "a dozen": 12, "a couple": 2, "a pair": 2}
# What people write for a number of children: also “a couple of children” and “3-4 children”.
AMOUNT = rf"(?:\b(?:{'|'.join(_AMOUNTS)})\b|(?<![\d.,/-])\d{{1,2}}[-–]\d{{1,2}}(?![\d/%–-])|{NUMBER})"
# A number after one of these is a label: Year 6 pupils, section 47, level 3.
NOT_A_LABEL = (
    "".join(
        f"(?<!{word} )"
        for word in ("year", "years", "section", "level", "tier", "stage", "phase", "step", "age", "aged")
    )
    + "(?<!-)"
)


def parse_amount(words: str) -> int:
    """Read an amount that AMOUNT matched, of any case; of “3-4” the smaller number."""
    return _AMOUNTS.get(words.lower()) or parse_number(re.split("[-–](?=\\d)", words)[0])
