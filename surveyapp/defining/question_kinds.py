"""The base class of the kinds of question, and the answers that a kind reads from a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import ClassVar

from surveyapp.defining.definition import Question

LONGEST_LINE = 500
# The value of a field of the page: one text, or the several that were ticked or typed.
FieldValue = str | tuple[str, ...]


@dataclass(frozen=True)
class GivenAnswer:
    """One answer, as a page posts it and a row stores it: the option chosen, or the text written."""

    question: str
    item: str = ""
    option: str = ""
    text: str | None = None


class QuestionKind:
    """One kind of question: how it is asked, on a page and on paper, and how answers are read and checked."""

    # The WTForms field; its `control` says how the page draws it.
    field: ClassVar[type]
    # For several fields: the label of each, by the ending of its name.
    parts: ClassVar[Mapping[str, str]] = MappingProxyType({})
    # The key of a form file that lists the choices: "answers", "items", or "" for a kind without choices.
    offers: ClassVar[str] = ""
    # Whether a form file may give `lowest` and `highest`, and whether the steps between them are the answers.
    takes_bounds: ClassVar[bool] = False
    bounds_give_answers: ClassVar[bool] = False
    # Whether a form file may give `earliest` and `latest`.
    takes_days: ClassVar[bool] = False
    takes_comment: ClassVar[bool] = True
    # Whether one return may give several answers, so that rows add up to more than all.
    gives_several_answers: ClassVar[bool] = False
    # Whether the answer is prose that staff read, as they read comments.
    is_prose: ClassVar[bool] = False
    # Longest answer, in characters, for kinds that are typed.
    longest: ClassVar[int] = LONGEST_LINE
    # How to choose, on the page and on the blank form; and the lines to write on there.
    page_hint: ClassVar[str] = ""
    paper_hint: ClassVar[str] = ""
    paper_lines: ClassVar[int] = 2

    def given(self, question: Question, value: FieldValue) -> tuple[GivenAnswer, ...]:
        """Turn a value from the page into answers; none if it answers nothing."""
        raise NotImplementedError

    def value(self, question: Question, given: tuple[GivenAnswer, ...]) -> FieldValue:
        """Turn stored answers into a value for the page: the reverse of `given`."""
        raise NotImplementedError

    def problem(self, question: Question, value: FieldValue, *, returned_on: date | None) -> str | None:
        """The first problem of a value, as a sentence; see `problems`."""
        return next(filter(None, self.problems(question, value, returned_on=returned_on)), None)

    def problems(
        self, question: Question, value: FieldValue, *, returned_on: date | None
    ) -> list[str | None]:
        """The problem of each field of the question, as a sentence; None for a field without one.

        `returned_on` is the UK day on which the answer would be returned; None for a draft, which may be
        unfinished.
        """
        raise NotImplementedError

    def wanted(self, question: Question) -> str:
        """The error for a required question that is left blank."""
        return f"Answer question {question.number}"


def length_problem(text: str, longest: int, what: str) -> str | None:
    """The error for a text of more than `longest` characters; None if it fits."""
    over = len(text) - longest
    if over <= 0:
        return None
    return f"Your {what} has {len(text):,} characters and the limit is {longest:,}: shorten it by {over:,}"
