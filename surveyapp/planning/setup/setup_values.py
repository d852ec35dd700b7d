"""Types that clean the values of a set-up file for storage: texts, days, ages, addresses and choices."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from surveyapp.foundation.tables.cells import NumberCell
from surveyapp.foundation.words.clean_text import clean_line, clean_text, name_key
from surveyapp.foundation.words.email_addresses import address_problem, clean_address, is_address
from surveyapp.foundation.words.person_names import person_name_problem
from surveyapp.foundation.words.typed_dates import NotADate, YearNotInFull, read_date
from surveyapp.planning.cases.ages import Age, read_age
from surveyapp.planning.cases.pseudonyms import LONGEST_PSEUDONYM
from surveyapp.planning.references.operations import LONGEST_REFERENCE


def as_text(value: object) -> object:
    """Text of several lines, cleaned as for storage; a number or a day becomes its text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | date):
        return str(value)
    return clean_text(value).strip() if isinstance(value, str) else value


def as_line(value: object) -> object:
    """One line of text, cleaned as for storage."""
    text = as_text(value)
    return clean_line(text) if isinstance(text, str) else text


def as_day(value: object) -> object:
    """A day, from a date cell or as people write it. Raises ValueError with a sentence for anything else."""
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    text = str(value).strip()
    if not text:
        return None
    try:
        return read_date(text)
    except YearNotInFull as error:
        raise ValueError(f"“{text}”: {error}") from None
    except NotADate:
        kind = "a number" if isinstance(value, int | float | NumberCell) else "not a day"
        raise ValueError(f"“{text}” is {kind}: write a day like 2026-12-01 or 1 December 2026") from None


def _as_age(value: object) -> object:
    return value if isinstance(value, Age) else read_age(str(as_line(value) or ""))


def _as_address(value: object) -> str:
    text = clean_address(str(value or ""))
    if not is_address(text):
        raise ValueError(address_problem(text))
    return text


def _checked_person_name(name: str) -> str:
    problem = person_name_problem(name)
    if problem:
        raise ValueError(problem)
    return name


def _choice_validator(words: dict[str, str], what: str, offered: Iterable[str]) -> BeforeValidator:
    def read(value: object) -> str:
        text = str(as_line(value) or "")
        choice = _choice_named(text, words)
        if choice is None:
            raise ValueError(f"“{text}” is no {what}; there are {', '.join(offered)}")
        return choice

    return BeforeValidator(read)


def _choice_named(text: str, words: dict[str, str]) -> str | None:
    """The id of a choice, given as its id or as its label, however it is typed."""
    return next(
        (
            name
            for name, label in words.items()
            if name_key(text) in {name_key(name), name_key(name.replace("_", " ")), name_key(label)}
        ),
        None,
    )


def _or_none(value: object) -> object:
    return None if value == "" else value


Name = Annotated[str, BeforeValidator(as_line), StringConstraints(min_length=1, max_length=200)]


PersonName = Annotated[Name, AfterValidator(_checked_person_name)]


LongLine = Annotated[str, BeforeValidator(as_line), StringConstraints(max_length=200)]


ShortLine = Annotated[str, BeforeValidator(as_line), StringConstraints(max_length=40)]


Phrase = Annotated[str, BeforeValidator(as_line), StringConstraints(max_length=80)]


Text = Annotated[str, BeforeValidator(as_text), StringConstraints(max_length=20_000)]


Pseudonym = Annotated[
    str, BeforeValidator(as_line), StringConstraints(min_length=1, max_length=LONGEST_PSEUDONYM)
]


Reference = Annotated[
    str, BeforeValidator(as_line), StringConstraints(min_length=1, max_length=LONGEST_REFERENCE)
]


Day = Annotated[date | None, BeforeValidator(as_day)]


WholeNumber = Annotated[int, Field(strict=True)]
