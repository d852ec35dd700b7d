"""Answers as exports word them: which column each stands in, and what stands there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from surveyapp.defining.definition import COMMENT, AuditForm, Question
from surveyapp.defining.question_kinds import GivenAnswer

YES_NO = {"yes": "Yes", "no": "No"}
NOT_ASKED = "not asked"
# A person's name, telephone number and address have no place among figures and comments (stories IL1).
CONTACT_GIVEN = "given, not exported"

# Question and line; an answer to the question itself has no line.
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
    """A column for all that may be answered, in the form's order."""
    found: list[AnswerColumn] = []
    for each in definition.questions:
        if each.items:
            found += [
                AnswerColumn((each.id, line.id), f"{each.number}. {each.name}: {line.name}")
                for line in each.items
            ]
        else:
            found.append(AnswerColumn((each.id, ""), f"{each.number}. {each.name}"))
        if each.comment:
            found.append(AnswerColumn((each.id, COMMENT), f"{each.number}. {each.comment}", is_comment=True))
    return tuple(found)


@lru_cache(maxsize=64)
def _questions(definition: AuditForm) -> Mapping[str, tuple[Question, Mapping[str, str]]]:
    """Each question by its id, with the names of its options."""
    return {
        each.id: (each, {option.value: option.name for option in each.answers})
        for each in definition.questions
    }


def answer_cells(definition: AuditForm, given: Iterable[GivenAnswer]) -> dict[AnswerPlace, Value]:
    """What stands in each place for one return; what was left blank is not there."""
    known = _questions(definition)
    found: dict[AnswerPlace, Value] = {}
    for each in given:
        question, options = known[each.question]
        if each.item == COMMENT:
            found[each.question, COMMENT] = each.text or ""
        elif question.kind == "contact":
            found[each.question, ""] = CONTACT_GIVEN
        elif question.items:
            found[each.question, each.item] = YES_NO.get(each.option, each.option)
        elif each.option:
            before = found.get((each.question, ""))
            name = options.get(each.option, each.option)
            found[each.question, ""] = f"{before}; {name}" if before else name
        else:
            found[each.question, ""] = typed_value(question, each.text or "")
    return found


def typed_value(question: Question, text: str) -> Value:
    """A number as a number and a day as a day; whatever else was written as it was written."""
    try:
        if question.kind == "number":
            return int(text)
        if question.kind == "date":
            return date.fromisoformat(text)
    except ValueError:
        return text
    return text


@dataclass(frozen=True)
class ExportedAnswer:
    """One answer as the CSV and JSON files give it; `text` is what was written, or nothing."""

    question: Question
    item: str
    item_label: str
    option: str
    label: str
    counts_as: str
    text: str


def exported_answers(definition: AuditForm, given: Iterable[GivenAnswer]) -> list[ExportedAnswer]:
    """Each answer of one return with the form's own words; a contact's details are left out."""
    known = _questions(definition)
    found: list[ExportedAnswer] = []
    contacts: set[str] = set()
    for each in given:
        question, _options = known[each.question]
        if question.kind == "contact" and each.item != COMMENT:
            if each.question not in contacts:
                contacts.add(each.question)
                found.append(ExportedAnswer(question, "", "", "given", CONTACT_GIVEN, "", ""))
            continue
        line, option = question.statement(each.item), question.option(each.option)
        found.append(
            ExportedAnswer(
                question=question,
                item=each.item,
                item_label=line.label if line else (question.comment or "") if each.item == COMMENT else "",
                option=each.option,
                label=option.label if option else YES_NO.get(each.option, each.option),
                counts_as=(option.counts_as or "") if option else "",
                text=each.text or "",
            )
        )
    return found
