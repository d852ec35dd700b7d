"""Kinds of question with a written answer: text, whole number and date."""

import re
from contextlib import suppress
from datetime import date

from surveyapp.defining.definition import Question
from surveyapp.defining.fields import DayAnswerField, LongTextField, TextField, WholeNumberField
from surveyapp.defining.question_kinds import FieldValue, GivenAnswer, QuestionKind, length_problem
from surveyapp.defining.question_parts import TODAY
from surveyapp.foundation.words.clean_text import LONGEST_COMMENT
from surveyapp.foundation.words.dates_and_lists import document_day
from surveyapp.foundation.words.typed_dates import NotADate, YearNotInFull, read_date

# The years within which a date lies whose question gives no limit.
YEARS_BACK, YEARS_AHEAD = 30, 5


class WrittenKind(QuestionKind):
    """An answer in writing of at most `longest` characters."""

    field = TextField

    def given(self, question: Question, value: FieldValue) -> tuple[GivenAnswer, ...]:
        """The text without spaces at its ends."""
        text = str(value).strip()
        return (GivenAnswer(question.id, text=text),) if text else ()

    def value(self, question: Question, given: tuple[GivenAnswer, ...]) -> FieldValue:  # noqa: ARG002 — as all kinds
        """The stored text."""
        return next((answer.text or "" for answer in given if not answer.item), "")

    def problems(
        self,
        question: Question,
        value: FieldValue,
        *,
        returned_on: date | None,  # noqa: ARG002 — likewise
    ) -> list[str | None]:
        """Refuse a text that is too long."""
        return [length_problem(str(value), self.longest, f"answer to question {question.number}")]


class ShortText(WrittenKind):
    """A text in one line."""

    takes_comment = False
    is_prose = True


class LongText(WrittenKind):
    """A text in several lines."""

    field = LongTextField
    takes_comment = False
    is_prose = True
    longest = LONGEST_COMMENT
    paper_lines = 8


class WholeNumber(WrittenKind):
    """A whole number, between bounds if the form gives them."""

    field = WholeNumberField
    takes_bounds = True
    paper_lines = 1

    def problems(
        self, question: Question, value: FieldValue, *, returned_on: date | None
    ) -> list[str | None]:
        """On return, refuse a text that is no whole number between the bounds."""
        text = str(value).strip()
        if not returned_on or not text:
            return super().problems(question, value, returned_on=returned_on)
        if not re.fullmatch(r"-?[0-9]{1,9}", text):
            example = question.lowest or 3
            return [f"Write the answer to question {question.number} as a whole number, such as {example}"]
        if not _between(int(text), question):
            return [f"Give a number {_bounds_in_words(question)} in question {question.number}"]
        return [None]


class DateAnswer(WrittenKind):
    """A date, typed as day, month and year, within the days that the form allows."""

    field = DayAnswerField
    takes_days = True
    paper_lines = 1

    def given(self, question: Question, value: FieldValue) -> tuple[GivenAnswer, ...]:
        """The day in ISO form, such as 2026-03-09; a text that is no day yet stays as typed."""
        text = str(value).strip()
        with suppress(NotADate):
            text = read_date(text).isoformat()
        return (GivenAnswer(question.id, text=text),) if text else ()

    def problems(
        self, question: Question, value: FieldValue, *, returned_on: date | None
    ) -> list[str | None]:
        """On return, refuse a text that is no day of the calendar, and a day that cannot be meant."""
        text = str(value).strip()
        if not returned_on or not text:
            return super().problems(question, value, returned_on=returned_on)
        number = question.number
        try:
            day = read_date(text)
        except YearNotInFull:
            return [f"Give the year in question {number} in four figures, like 2026"]
        except NotADate:
            example = "such as 9 3 2026 or 9 March 2026"
            return [f"Give the date in question {number} as day, month and year, {example}"]
        return [_day_problem(question, day, returned_on)]


def _between(number: int, question: Question) -> bool:
    lowest, highest = question.lowest, question.highest
    return (lowest is None or number >= lowest) and (highest is None or number <= highest)


def _bounds_in_words(question: Question) -> str:
    if question.lowest is None:
        return f"of at most {question.highest}"
    return (
        f"from {question.lowest} to {question.highest}"
        if question.highest is not None
        else f"from {question.lowest} up"
    )


def _day_problem(question: Question, day: date, today: date) -> str | None:
    """Why a day cannot be meant: the form does not allow it, or its year is a slip of the finger.

    Without a limit of the form, a day is at most YEARS_BACK years ago or YEARS_AHEAD years ahead: a case is
    about a child, and 2206 or 1026 is a mistyped 2026.
    """
    check = f"Check the date in question {question.number}: {document_day(day)} is"
    earliest, latest = (_bound(bound, today) for bound in (question.earliest, question.latest))
    if latest and day > latest:
        last = f"after {document_day(latest)}, the last day that it can be"
        return f"{check} {'still to come' if question.latest == TODAY else last}"
    if earliest and day < earliest:
        first = f"before {document_day(earliest)}, the first day that it can be"
        return f"{check} {'past already' if question.earliest == TODAY else first}"
    if not latest and day.year > today.year + YEARS_AHEAD:
        return f"{check} more than {YEARS_AHEAD} years ahead"
    if not earliest and day.year < today.year - YEARS_BACK:
        return f"{check} more than {YEARS_BACK} years ago"
    return None


def _bound(bound: str | None, today: date) -> date | None:
    return today if bound == TODAY else date.fromisoformat(bound) if bound else None
