"""The kind of question that asks for a person to speak to."""

from datetime import date
from types import MappingProxyType

from surveyapp.defining.definition import Question
from surveyapp.defining.fields import TextField
from surveyapp.defining.question_kinds import (
    LONGEST_LINE,
    FieldValue,
    GivenAnswer,
    QuestionKind,
    length_problem,
)
from surveyapp.foundation.words.email_addresses import address_problem, clean_address, is_address

CONTACT_PARTS = {"name": "Name", "telephone": "Telephone number", "email": "Email address"}


class ContactDetails(QuestionKind):
    """A person at the agency to speak to: name, telephone number, email address."""

    field = TextField
    parts = MappingProxyType(CONTACT_PARTS)
    takes_comment = False
    gives_several_answers = True
    paper_lines = 1

    def given(self, question: Question, value: FieldValue) -> tuple[GivenAnswer, ...]:
        """One answer for each part that was filled in."""
        parts = zip(CONTACT_PARTS, value, strict=False)
        return tuple(
            GivenAnswer(question.id, item=part, text=text.strip()) for part, text in parts if text.strip()
        )

    def value(self, question: Question, given: tuple[GivenAnswer, ...]) -> FieldValue:  # noqa: ARG002 — as all kinds
        """The text of each part, in order."""
        texts = {answer.item: answer.text or "" for answer in given}
        return tuple(texts.get(part, "") for part in CONTACT_PARTS)

    def problems(
        self, question: Question, value: FieldValue, *, returned_on: date | None
    ) -> list[str | None]:
        """Refuse a part that is too long, and on return a text that is no email address."""
        texts = dict(zip(CONTACT_PARTS, value, strict=True))
        problems = {
            part: length_problem(text, LONGEST_LINE, f"{label.lower()} in question {question.number}")
            for (part, label), text in zip(CONTACT_PARTS.items(), value, strict=True)
        }
        address = clean_address(texts["email"])
        if returned_on and texts["email"].strip() and not is_address(address):
            problems["email"] = (
                f"Check the email address in question {question.number}: {address_problem(address)}"
            )
        return list(problems.values())

    def wanted(self, question: Question) -> str:
        """Ask for a person."""
        return f"Say whom we can speak to in question {question.number}"
