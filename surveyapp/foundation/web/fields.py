"""Form fields and validators that several steps use: address, day, number, length of text."""

from typing import Any

from wtforms import DateField, Field, StringField, ValidationError
from wtforms.validators import StopValidation

from surveyapp.foundation.words.clean_text import has_letter_or_digit
from surveyapp.foundation.words.email_addresses import address_problem, clean_address, is_address
from surveyapp.foundation.words.person_names import person_name_problem
from surveyapp.foundation.words.typed_dates import NotADate, read_date

FIRST_YEAR, LAST_YEAR = 2000, 2100
# Nine digits fit into an integer column of both databases.
MOST_DIGITS = 9


def posted_number(value: object, *, otherwise: int = 0) -> int:
    """The whole number in a posted value; `otherwise` if it is none, since our own fields post only numbers.

    No row has the number 0, so looking up its row refuses it.
    """
    digits = str(value or "")
    fits = digits.isascii() and digits.isdecimal() and len(digits) <= MOST_DIGITS
    return int(digits) if fits else otherwise


class MaxCharacters:
    """A validator that refuses a text of more than `most` characters."""

    def __init__(self, most: int) -> None:
        """Keep the limit."""
        self.most = most

    def __call__(self, form: object, field: Field) -> None:  # noqa: ARG002 — WTForms’ own
        """Raise StopValidation for a longer text."""
        length = len(field.data or "")
        if length > self.most:
            label = field.label.text.removesuffix(" (optional)").rstrip("?")
            raise StopValidation(f"{label}: use {self.most:,} characters or fewer, not {length:,}")


class RequiredText:
    """A validator that refuses a text without a letter or digit; WTForms’ own accept invisible characters."""

    def __init__(self, sentence: str) -> None:
        """Keep the error message."""
        self.sentence = sentence

    def __call__(self, form: object, field: Field) -> None:  # noqa: ARG002 — WTForms’ own
        """Raise StopValidation for a text without a letter or digit."""
        if not has_letter_or_digit(field.data or ""):
            raise StopValidation(self.sentence)


class PersonName:
    """A validator that refuses a name of which emails would make a link."""

    def __call__(self, form: object, field: Field) -> None:  # noqa: ARG002 — WTForms’ own
        """Raise StopValidation with what to leave out."""
        problem = person_name_problem(field.data or "")
        if problem:
            raise StopValidation(problem)


class AddressField(StringField):
    """One email address, without the spaces and invisible characters that come with pasting."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the first value as an address."""
        self.data = clean_address(valuelist[0]) if valuelist else self.data

    def pre_validate(self, form: object) -> None:  # noqa: ARG002 — WTForms’ own
        """Raise ValidationError for a text that has not the form of one email address."""
        if not is_address(self.data or ""):
            raise ValidationError(address_problem(self.data or ""))


class DayField(DateField):
    """A day in three boxes, with the month in figures or as a word; None when all three are empty."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the three boxes. Raises ValueError, in a sentence that names the field, for an invalid day."""
        self.data = None
        if not any(part.strip() for part in valuelist):
            return
        label = self.label.text.removesuffix(" (optional)").rstrip("?")
        try:
            day = read_date(" ".join(valuelist))
        except NotADate as error:
            raise ValueError(f"{label}: {error}") from None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValueError(f"{label}: check the year, {day.year}; it is from {FIRST_YEAR} to {LAST_YEAR}")
        self.data = day
