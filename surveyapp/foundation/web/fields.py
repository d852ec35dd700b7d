"""The fields that several steps ask for, and what they refuse: an address, a day, a number, a long text."""

from datetime import date
from typing import Any

from wtforms import DateField, Field, StringField, ValidationError
from wtforms.validators import StopValidation

from surveyapp.foundation.words.clean_text import (
    address_problem,
    clean_address,
    has_letter_or_digit,
    is_address,
)

FIRST_YEAR, LAST_YEAR = 2000, 2100
# Every database's integer holds nine digits.
MOST_DIGITS = 9


def posted_number(said: object, *, otherwise: int = 0) -> int:
    """The whole number that a page's own field sent; `otherwise` for what somebody made up.

    Zero is the number of no row, so a choice of it is refused where its row is looked for.
    """
    digits = str(said or "")
    fits = digits.isascii() and digits.isdecimal() and len(digits) <= MOST_DIGITS
    return int(digits) if fits else otherwise


class MaxCharacters:
    """Refuse a text longer than so many characters, naming its field and saying how long it is."""

    def __init__(self, most: int) -> None:
        """Take the most there may be."""
        self.most = most

    def __call__(self, form: object, field: Field) -> None:  # noqa: ARG002 — WTForms’ own
        """Raise StopValidation for a longer text."""
        has = len(field.data or "")
        if has > self.most:
            called = field.label.text.removesuffix(" (optional)").rstrip("?")
            raise StopValidation(f"{called}: use {self.most:,} characters or fewer, not {has:,}")


class RequiredText:
    """Refuse a text without a letter or a figure, in the given sentence; WTForms’ own take invisible ones."""

    def __init__(self, sentence: str) -> None:
        """Take what to say."""
        self.sentence = sentence

    def __call__(self, form: object, field: Field) -> None:  # noqa: ARG002 — WTForms’ own
        """Raise StopValidation for a text that says nothing."""
        if not has_letter_or_digit(field.data or ""):
            raise StopValidation(self.sentence)


class AddressField(StringField):
    """One email address, without the spaces and invisible characters that come with pasting."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the first value as an address."""
        self.data = clean_address(valuelist[0]) if valuelist else self.data

    def pre_validate(self, form: object) -> None:  # noqa: ARG002 — WTForms’ own
        """Refuse what has not the shape of one email address."""
        if not is_address(self.data or ""):
            raise ValidationError(address_problem(self.data or ""))


class DayField(DateField):
    """A day in three boxes; all three empty is no day."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the three boxes; refuse what no calendar has, in a sentence that names the field."""
        self.data = None
        parts = [part.strip() for part in valuelist]
        if not any(parts):
            return
        try:
            day, month, year = (int(part) for part in parts)
            self.data = date(year, month, day)
        except (ValueError, OverflowError):
            raise ValueError(f"{self.label.text.rstrip('?')}: enter a real day, like 1 12 2026") from None
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValueError(f"{self.label.text.rstrip('?')}: enter the year in four figures, like 2026")
