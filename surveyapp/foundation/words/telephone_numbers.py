"""Telephone numbers as people write them, and as a telephone dials them."""

import re

# The first number in the text: digits with the marks that people put between them.
_NUMBER = re.compile(r"\+?\d[\d\s().\-–/]*\d")
_TRUNK_NOUGHT = re.compile(r"\(0\)")
_FEWEST_DIGITS = 3


def dialled(telephone: str) -> str:
    """The first telephone number in a text as a telephone dials it; empty if it has none of three digits.

    “+44 (0)1234 500100 ext 2” is +441234500100.
    """
    number = _NUMBER.search(telephone)
    if number is None:
        return ""
    written = number[0]
    if written.startswith("+"):
        written = _TRUNK_NOUGHT.sub("", written)
    digits = re.sub(r"\D", "", written)
    if len(digits) < _FEWEST_DIGITS:
        return ""
    return f"+{digits}" if written.startswith("+") else digits
