"""Answers as people read them: on the check page, in one's own copy, beside what somebody else saved."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from surveyapp.answering.models import NIL_REASONS
from surveyapp.answering.returns.queries import NIL_RETURN_QUESTION
from surveyapp.defining.concern import (
    CONCERN_LABEL,
    CURRENT_CONCERN,
    WHEN_LABEL,
    WHOM_LABEL,
    is_ticked,
    told_whom_and_when,
)
from surveyapp.defining.definition import COMMENT, AuditForm, Question
from surveyapp.defining.kinds.contact_kind import CONTACT_PARTS
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.defining.shown_questions import answers_by_question, chosen_values, shown_question_ids
from surveyapp.foundation.words.dates_and_lists import day_in_words


@dataclass(frozen=True)
class AnsweredQuestion:
    """One question and what was answered to it, a line for each part; no lines when it was left blank.

    Without a question it is our own box for a current practice concern.
    """

    question: Question | None
    lines: tuple[str, ...]

    @property
    def heading(self) -> str:
        """What stands before the answer: the question’s number and name."""
        question = self.question
        return f"{question.number}. {question.name}" if question else "Current practice concern"

    @property
    def what(self) -> str:
        """What is changed by a link to it: “question 13”."""
        return f"question {self.question.number}" if self.question else "current practice concern"

    @property
    def place(self) -> str:
        """The id of its place on the form’s page."""
        return f"question-{self.question.number}" if self.question else CURRENT_CONCERN


def answers_in_words(
    definition: AuditForm, agency_kind: str, given: Iterable[GivenAnswer]
) -> list[AnsweredQuestion]:
    """What was answered, in the form's order, to each question these answers let be asked.

    What was said of a current practice concern stands last, where anything was.
    """
    given = tuple(given)
    questions, answers = definition.questions_for(agency_kind), answers_by_question(given)
    asked = shown_question_ids(questions, given)
    found = [
        AnsweredQuestion(each, _lines(each, answers.get(each.id, ())))
        for each in questions
        if each.id in asked
    ]
    concern = _concern(answers.get(CURRENT_CONCERN, ()))
    return [*found, AnsweredQuestion(None, concern)] if concern else found


def _concern(given: tuple[GivenAnswer, ...]) -> tuple[str, ...]:
    if not given:
        return ()
    whom, when = told_whom_and_when(given)
    lines = (
        CONCERN_LABEL if is_ticked(given) else "The box is not ticked",
        f"{WHOM_LABEL} {whom}" if whom else "",
        f"{WHEN_LABEL} {when}" if when else "",
    )
    return tuple(line for line in lines if line)


def nil_in_words(given: Iterable[GivenAnswer]) -> tuple[str, str]:
    """Why an agency had nothing to audit, and where the child is now, as it was said."""
    said_nil = answers_by_question(given).get(NIL_RETURN_QUESTION, ())
    reason = next((each.option for each in said_nil if each.item == "reason"), "")
    where = next((each.text or "" for each in said_nil if each.item == "whereabouts"), "")
    return NIL_REASONS.get(reason, ""), where


def differences(
    mine: list[AnsweredQuestion], theirs: list[AnsweredQuestion]
) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """What two people answered differently: its heading, the one's answer and the other's."""
    ours = {each.heading: each.lines for each in mine}
    others = {each.heading: each.lines for each in theirs}
    pairs = ((each, ours.get(each, ()), others.get(each, ())) for each in dict.fromkeys((*ours, *others)))
    return [pair for pair in pairs if pair[1] != pair[2]]


def _lines(question: Question, given: tuple[GivenAnswer, ...]) -> tuple[str, ...]:
    answers = [each for each in given if each.item != COMMENT]
    lines = _answer(question, answers) if answers else []
    lines += [
        f"{question.comment or 'Comment'}: {each.text}"
        for each in given
        if each.item == COMMENT and each.text
    ]
    return tuple(lines)


def _answer(question: Question, given: list[GivenAnswer]) -> list[str]:
    if question.choice_values:
        picked = chosen_values(given)
        labels = {each.value: each.label for each in question.answers}
        labels |= {each.id: each.label for each in question.items}
        return [
            labels.get(each, question.none_of_these or each)
            for each in question.choice_values
            if each in picked
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
