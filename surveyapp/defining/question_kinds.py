"""The kinds of question: what an answer of each kind is, when it is one, and what to say when it is not."""

import re
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from surveyapp.defining.definition import NONE_OF_THESE, Question
from surveyapp.foundation.words.clean_text import LONGEST_COMMENT, clean_address, is_address

LONGEST_LINE = 500
CONTACT_PARTS = {"name": "Name", "telephone": "Telephone number", "email": "Email address"}
# What a field of the page holds: one text, or the several that were ticked or typed.
FieldValue = str | tuple[str, ...]


@dataclass(frozen=True)
class GivenAnswer:
    """One answer as it travels between page and rows: what was chosen, or what was written."""

    question: str
    item: str = ""
    option: str = ""
    text: str | None = None


class QuestionKind:
    """One kind of question."""

    offers: ClassVar[str] = ""
    takes_comment: ClassVar[bool] = True

    def given(self, question: Question, value: FieldValue) -> tuple[GivenAnswer, ...]:
        """The answers a page's value stands for; none when nothing was answered."""
        raise NotImplementedError

    def value(self, question: Question, given: tuple[GivenAnswer, ...]) -> FieldValue:  # noqa: ARG002 — the kinds' common shape
        """The page's value for answers given before: the way back from `given`."""
        raise NotImplementedError

    def problem(self, question: Question, value: FieldValue, *, returning: bool) -> str | None:  # noqa: ARG002
        """What is wrong with a value, as a sentence to act on; a draft may be unfinished."""
        raise NotImplementedError

    def wanted(self, question: Question) -> str:
        """What to say when a required question is left blank."""
        return f"Answer question {question.number}"


class SingleChoice(QuestionKind):
    """One of the options: a choice, or a step of a scale."""

    offers = "answers"

    def given(self, question: Question, value: FieldValue) -> tuple[GivenAnswer, ...]:
        """The option chosen; what is not offered is nobody's answer."""
        return (GivenAnswer(question.id, option=str(value)),) if question.option(str(value)) else ()

    def value(self, question: Question, given: tuple[GivenAnswer, ...]) -> FieldValue:  # noqa: ARG002
        """The option's value, or nothing."""
        return next((each.option for each in given if not each.item), "")

    def problem(self, question: Question, value: FieldValue, *, returning: bool) -> str | None:  # noqa: ARG002
        """Refuse what is not offered."""
        return self.wanted(question) if value and question.option(str(value)) is None else None

    def wanted(self, question: Question) -> str:
        """Name the options where they are few and short."""
        return _choose_one(tuple(option.name for option in question.answers), question.number)


class MultipleChoice(QuestionKind):
    """Any number of the options."""

    offers = "answers"

    def given(self, question: Question, value: FieldValue) -> tuple[GivenAnswer, ...]:
        """One answer for each option chosen, in the form's order."""
        return tuple(
            GivenAnswer(question.id, option=each.value) for each in question.answers if each.value in value
        )

    def value(self, question: Question, given: tuple[GivenAnswer, ...]) -> FieldValue:  # noqa: ARG002
        """The options chosen."""
        return tuple(each.option for each in given if not each.item)

    def problem(self, question: Question, value: FieldValue, *, returning: bool) -> str | None:  # noqa: ARG002
        """Refuse what is not offered."""
        return self.wanted(question) if set(value) - set(question.choice_values) else None

    def wanted(self, question: Question) -> str:
        """Ask for one at least."""
        return f"Choose at least one answer to question {question.number}"


class Checklist(QuestionKind):
    """Tick all that apply, with an explicit “None of these”: who ticked anything has answered every line."""

    offers = "items"

    def given(self, question: Question, value: FieldValue) -> tuple[GivenAnswer, ...]:
        """Yes or no for each line; nothing when nothing was ticked."""
        if not set(value) & set(question.choice_values):
            return ()
        return tuple(
            GivenAnswer(question.id, item=each.id, option="yes" if each.id in value else "no")
            for each in question.items
        )

    def value(self, question: Question, given: tuple[GivenAnswer, ...]) -> FieldValue:  # noqa: ARG002
        """The lines ticked, or “None of these”."""
        lines = [each for each in given if each.option]
        ticked = tuple(each.item for each in lines if each.option == "yes")
        return ticked or ((NONE_OF_THESE,) if lines and question.none_of_these else ())

    def problem(self, question: Question, value: FieldValue, *, returning: bool) -> str | None:
        """Refuse a line that is not there, and on return “None of these” beside another."""
        if set(value) - set(question.choice_values):
            return self.wanted(question)
        if returning and NONE_OF_THESE in value and len(value) > 1:
            return f"Untick “{question.none_of_these}”, or the others, in question {question.number}"
        return None

    def wanted(self, question: Question) -> str:
        """Ask for a tick, and say what to tick when nothing applies."""
        none = f", or “{question.none_of_these}”" if question.none_of_these else ""
        return f"Tick what applies in question {question.number}{none}"


class FreeText(QuestionKind):
    """Text in one line or in several."""

    takes_comment = False

    def __init__(self, longest: int) -> None:
        """Take at most `longest` characters."""
        self.longest = longest

    def given(self, question: Question, value: FieldValue) -> tuple[GivenAnswer, ...]:
        """The text, but for blanks at its ends."""
        text = str(value).strip()
        return (GivenAnswer(question.id, text=text),) if text else ()

    def value(self, question: Question, given: tuple[GivenAnswer, ...]) -> FieldValue:
        """The text as it was given."""
        return next((each.text or "" for each in given if not each.item), "")

    def problem(self, question: Question, value: FieldValue, *, returning: bool) -> str | None:
        """Refuse too long a text, and say by how much."""
        return length_problem(str(value), self.longest, f"answer to question {question.number}")


class WholeNumber(FreeText):
    """A whole number, between bounds where the form gives them."""

    takes_comment = True

    def problem(self, question: Question, value: FieldValue, *, returning: bool) -> str | None:
        """On return, refuse what is no whole number between the bounds."""
        text = str(value).strip()
        if not returning or not text:
            return super().problem(question, value, returning=returning)
        if not re.fullmatch(r"-?[0-9]{1,9}", text):
            example = question.lowest or 3
            return f"Write the answer to question {question.number} as a whole number, such as {example}"
        if not _between(int(text), question):
            return f"Give a number {_bounds(question)} in question {question.number}"
        return None


class DateAnswer(FreeText):
    """A date, typed as day, month and year."""

    takes_comment = True

    def given(self, question: Question, value: FieldValue) -> tuple[GivenAnswer, ...]:
        """The day as 2026-03-09; what is no day yet is kept as it was typed."""
        text = str(value).strip()
        found = _day(text)
        return (GivenAnswer(question.id, text=found.isoformat() if found else text),) if text else ()

    def problem(self, question: Question, value: FieldValue, *, returning: bool) -> str | None:
        """On return, refuse what is no day of the calendar."""
        text = str(value).strip()
        if returning and text and _day(text) is None:
            return f"Give the date in question {question.number} as day, month and year, such as 9 3 2026"
        return super().problem(question, value, returning=returning)


class ContactDetails(QuestionKind):
    """A person at the agency to speak to: name, telephone number, email address."""

    takes_comment = False

    def given(self, question: Question, value: FieldValue) -> tuple[GivenAnswer, ...]:
        """One answer for each part that was filled in."""
        parts = zip(CONTACT_PARTS, value, strict=False)
        return tuple(
            GivenAnswer(question.id, item=part, text=text.strip()) for part, text in parts if text.strip()
        )

    def value(self, question: Question, given: tuple[GivenAnswer, ...]) -> FieldValue:
        """The parts in their order."""
        texts = {each.item: each.text or "" for each in given}
        return tuple(texts.get(part, "") for part in CONTACT_PARTS)

    def problem(self, question: Question, value: FieldValue, *, returning: bool) -> str | None:
        """Refuse too long a part, and on return an address that is none."""
        for part, text in zip(CONTACT_PARTS, value, strict=False):
            found = self.problem_of(question, part, text, returning=returning)
            if found:
                return found
        return None

    def problem_of(self, question: Question, part: str, text: str, *, returning: bool) -> str | None:
        """What is wrong with one part."""
        if returning and part == "email" and text.strip() and not is_address(clean_address(text)):
            return (
                f"Check the email address in question {question.number}: it has the shape name@agency.example"
            )
        return length_problem(
            text, LONGEST_LINE, f"{CONTACT_PARTS[part].lower()} in question {question.number}"
        )

    def wanted(self, question: Question) -> str:
        """Ask for a person."""
        return f"Say whom we can speak to in question {question.number}"


QUESTION_KINDS: dict[str, QuestionKind] = {
    "choice": SingleChoice(),
    "choices": MultipleChoice(),
    "checklist": Checklist(),
    "scale": SingleChoice(),
    "text": FreeText(LONGEST_LINE),
    "long_text": FreeText(LONGEST_COMMENT),
    "number": WholeNumber(LONGEST_LINE),
    "date": DateAnswer(LONGEST_LINE),
    "contact": ContactDetails(),
}


def length_problem(text: str, longest: int, what: str) -> str | None:
    """What to say of text over `longest` characters; None when it fits."""
    over = len(text) - longest
    if over <= 0:
        return None
    return f"Your {what} has {len(text):,} characters and the limit is {longest:,}: shorten it by {over:,}"


def _choose_one(names: tuple[str, ...], number: int) -> str:
    few, short = 4, 30
    if len(names) > few or any(len(name) > short for name in names):
        return f"Choose one of the answers to question {number}"
    lowered = [name if name[1:2].isupper() else name[:1].lower() + name[1:] for name in names]
    return f"Choose {', '.join(lowered[:-1])} or {lowered[-1]} for question {number}"


def _between(number: int, question: Question) -> bool:
    lowest, highest = question.lowest, question.highest
    return (lowest is None or number >= lowest) and (highest is None or number <= highest)


def _bounds(question: Question) -> str:
    if question.lowest is None:
        return f"of at most {question.highest}"
    return (
        f"from {question.lowest} to {question.highest}"
        if question.highest is not None
        else f"from {question.lowest} up"
    )


def _day(text: str) -> date | None:
    """The day that 2026-03-09, or 9 3 2026 typed in three boxes, stands for."""
    is_stored = re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text)
    parts = text.split("-") if is_stored else text.split()[::-1]
    if len(parts) != 3 or not all(re.fullmatch(r"[0-9]{1,4}", part) for part in parts) or len(parts[0]) != 4:  # noqa: PLR2004
        return None
    try:
        return date(*(int(part) for part in parts))
    except ValueError:
        return None
