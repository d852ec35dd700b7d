"""Kinds of question with a written answer: text, whole number and date."""

import re
from datetime import date

from surveyapp.defining.definition import Question
from surveyapp.defining.fields import DayAnswerField, LongTextField, TextField, WholeNumberField
from surveyapp.defining.question_kinds import FieldValue, GivenAnswer, QuestionKind, length_problem
from surveyapp.foundation.words.clean_text import LONGEST_COMMENT


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

    def problems(self, question: Question, value: FieldValue, *, returning: bool) -> list[str | None]:  # noqa: ARG002 — likewise
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

    def problems(self, question: Question, value: FieldValue, *, returning: bool) -> list[str | None]:
        """On return, refuse a text that is no whole number between the bounds."""
        text = str(value).strip()
        if not returning or not text:
            return super().problems(question, value, returning=returning)
        if not re.fullmatch(r"-?[0-9]{1,9}", text):
            example = question.lowest or 3
            return [f"Write the answer to question {question.number} as a whole number, such as {example}"]
        if not _between(int(text), question):
            return [f"Give a number {_bounds_in_words(question)} in question {question.number}"]
        return [None]


class DateAnswer(WrittenKind):
    """A date, typed as day, month and year."""

    field = DayAnswerField
    paper_lines = 1

    def given(self, question: Question, value: FieldValue) -> tuple[GivenAnswer, ...]:
        """The day in ISO form, such as 2026-03-09; a text that is no day yet stays as typed."""
        text = str(value).strip()
        day = _day(text)
        return (GivenAnswer(question.id, text=day.isoformat() if day else text),) if text else ()

    def problems(self, question: Question, value: FieldValue, *, returning: bool) -> list[str | None]:
        """On return, refuse a text that is no day of the calendar."""
        text = str(value).strip()
        if returning and text and _day(text) is None:
            return [f"Give the date in question {question.number} as day, month and year, such as 9 3 2026"]
        return super().problems(question, value, returning=returning)


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


def _day(text: str) -> date | None:
    """The day of a stored 2026-03-09, or of 9 3 2026 typed in three boxes; None if it is no day."""
    is_stored = re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text)
    parts = text.split("-") if is_stored else text.split()[::-1]
    if len(parts) != 3 or not all(re.fullmatch(r"[0-9]{1,4}", part) for part in parts) or len(parts[0]) != 4:  # noqa: PLR2004 — day, month, and a year of four digits
        return None
    try:
        return date(*(int(part) for part in parts))
    except ValueError:
        return None
