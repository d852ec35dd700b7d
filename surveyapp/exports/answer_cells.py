"""The answers of a return as cells of a table and as rows of a data file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from surveyapp.defining.definition import COMMENT, AuditForm, Question
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.words.typed_dates import stored_date

YES_NO = {"yes": "Yes", "no": "No"}
NOT_ASKED = "not asked"
# Replaces the details of a contact, which no export contains (stories IL1).
CONTACT_GIVEN = "given, not exported"

# The ids of the question and of the line; the line is empty for an answer to the question itself.
AnswerPlace = tuple[str, str]
Value = str | int | date


@dataclass(frozen=True)
class AnswerColumn:
    """One column of the returns: a question, a line of a checklist, or a comment."""

    place: AnswerPlace
    heading: str
    is_comment: bool = False


@lru_cache(maxsize=64)
def answer_columns(definition: AuditForm) -> tuple[AnswerColumn, ...]:
    """The columns of a form: its questions, lines and comments, in the form's order."""
    columns: list[AnswerColumn] = []
    for question in definition.questions:
        heading = f"{question.number}. {question.name}"
        if question.items:
            columns += [
                AnswerColumn((question.id, line.id), f"{heading}: {line.name}") for line in question.items
            ]
        else:
            columns.append(AnswerColumn((question.id, ""), heading))
        if question.comment:
            comment_heading = f"{question.number}. {question.comment}"
            columns.append(AnswerColumn((question.id, COMMENT), comment_heading, is_comment=True))
    return tuple(columns)


@lru_cache(maxsize=64)
def _questions(definition: AuditForm) -> Mapping[str, tuple[Question, Mapping[str, str]]]:
    """The questions by id, each with the names of its options by value."""
    return {
        question.id: (question, {option.value: option.name for option in question.answers})
        for question in definition.questions
    }


def answer_cells(definition: AuditForm, given_answers: Iterable[GivenAnswer]) -> dict[AnswerPlace, Value]:
    """The cells of one return by place; blanks are left out, and several options share one cell."""
    questions = _questions(definition)
    cells: dict[AnswerPlace, Value] = {}
    for answer in given_answers:
        question, options = questions[answer.question]
        if answer.item == COMMENT:
            cells[answer.question, COMMENT] = answer.text or ""
        elif question.kind == "contact":
            cells[answer.question, ""] = CONTACT_GIVEN
        elif question.items:
            cells[answer.question, answer.item] = YES_NO.get(answer.option, answer.option)
        elif answer.option:
            earlier = cells.get((answer.question, ""))
            name = options.get(answer.option, answer.option)
            cells[answer.question, ""] = f"{earlier}; {name}" if earlier else name
        else:
            cells[answer.question, ""] = typed_value(question, answer.text or "")
    return cells


def typed_value(question: Question, text: str) -> Value:
    """The text of a number question as int and of a date question as date; other texts unchanged."""
    if question.kind == "date":
        return stored_date(text) or text
    try:
        return int(text) if question.kind == "number" else text
    except ValueError:
        return text


@dataclass(frozen=True)
class ExportedAnswer:
    """One answer as the CSV and JSON files give it; `text` is empty where nothing was typed."""

    question: Question
    item: str
    item_label: str
    option: str
    label: str
    counts_as: str
    text: str


def exported_answers(definition: AuditForm, given_answers: Iterable[GivenAnswer]) -> list[ExportedAnswer]:
    """The answers of one return with the wording of the form; the details of contacts are left out."""
    questions = _questions(definition)
    exported: list[ExportedAnswer] = []
    contacts: set[str] = set()
    for answer in given_answers:
        question, _options = questions[answer.question]
        if question.kind == "contact" and answer.item != COMMENT:
            if answer.question not in contacts:
                contacts.add(answer.question)
                exported.append(ExportedAnswer(question, "", "", "given", CONTACT_GIVEN, "", ""))
            continue
        line, option = question.statement(answer.item), question.option(answer.option)
        comment_label = (question.comment or "") if answer.item == COMMENT else ""
        exported.append(
            ExportedAnswer(
                question=question,
                item=answer.item,
                item_label=line.label if line else comment_label,
                option=answer.option,
                label=option.label if option else YES_NO.get(answer.option, answer.option),
                counts_as=(option.counts_as or "") if option else "",
                text=answer.text or "",
            )
        )
    return exported
