"""Answers as people read them: on the check page, in one's own copy, beside what somebody else saved."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from surveyapp.answering.models import NIL_REASONS
from surveyapp.answering.queries import NIL
from surveyapp.defining.asking import by_question, chosen, shown
from surveyapp.defining.definition import COMMENT, AuditForm, Question
from surveyapp.defining.kinds import CONTACT_PARTS, Given
from surveyapp.foundation.wording import day_in_words


@dataclass(frozen=True)
class Said:
    """One question and what was answered to it, a line for each part; no lines when it was left blank."""

    question: Question
    lines: tuple[str, ...]


def said(definition: AuditForm, agency_kind: str, given: Iterable[Given]) -> list[Said]:
    """What was answered, in the form's order, to each question these answers let be asked."""
    given = tuple(given)
    questions, answers = definition.questions_for(agency_kind), by_question(given)
    asked = shown(questions, given)
    return [Said(each, _lines(each, answers.get(each.id, ()))) for each in questions if each.id in asked]


def nil_in_words(given: Iterable[Given]) -> tuple[str, str]:
    """Why an agency had nothing to audit, and where the child is now, as it was said."""
    said_nil = by_question(given).get(NIL, ())
    reason = next((each.option for each in said_nil if each.item == "reason"), "")
    where = next((each.text or "" for each in said_nil if each.item == "whereabouts"), "")
    return NIL_REASONS.get(reason, ""), where


def differences(
    mine: list[Said], theirs: list[Said]
) -> list[tuple[Question, tuple[str, ...], tuple[str, ...]]]:
    """The questions to which two people answered differently, with the one's answer and the other's."""
    others = {each.question.id: each for each in theirs}
    questions = {each.question.id: each for each in mine}
    found = []
    for name in dict.fromkeys((*questions, *others)):
        one, other = questions.get(name), others.get(name)
        lines = one.lines if one else (), other.lines if other else ()
        question = (one or other or mine[0]).question
        if lines[0] != lines[1]:
            found.append((question, *lines))
    return found


def _lines(question: Question, given: tuple[Given, ...]) -> tuple[str, ...]:
    answers = [each for each in given if each.item != COMMENT]
    lines = _answer(question, answers) if answers else []
    lines += [
        f"{question.comment or 'Comment'}: {each.text}"
        for each in given
        if each.item == COMMENT and each.text
    ]
    return tuple(lines)


def _answer(question: Question, given: list[Given]) -> list[str]:
    if question.choosable:
        picked = chosen(given)
        labels = {each.value: each.label for each in question.answers}
        labels |= {each.id: each.label for each in question.items}
        return [
            labels.get(each, question.none_of_these or each) for each in question.choosable if each in picked
        ]
    if question.kind == "contact":
        return [f"{CONTACT_PARTS[each.item]}: {each.text}" for each in given if each.item in CONTACT_PARTS]
    text = given[0].text or ""
    if question.kind == "date":
        try:
            return [day_in_words(date.fromisoformat(text))]
        except ValueError:
            return [text]
    return [text]
