"""Answers as people read them: on the check page, in a copy, beside another version."""

from collections.abc import Iterable
from dataclasses import dataclass

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
from surveyapp.defining.form_sections import form_sections
from surveyapp.defining.kinds.contact_kind import CONTACT_PARTS
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.defining.shown_questions import answers_by_question, chosen_values, shown_question_ids
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.foundation.words.typed_dates import stored_date


@dataclass(frozen=True)
class AnsweredQuestion:
    """One question, its answer, a line for each part, and the comment on it; blank if it has neither.

    `question` is None for the box for a current practice concern.
    """

    question: Question | None
    answer: tuple[str, ...]
    comment: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The answer, then the comment as one line that says what it is; none if it is blank."""
        return (*self.answer, f"{self.comment_label}: {self.comment}") if self.comment else self.answer

    @property
    def comment_label(self) -> str:
        """What the comment is called on the form."""
        return (self.question.comment if self.question else None) or "Comment"

    @property
    def wording(self) -> str:
        """The question as it is asked; empty where the heading says it already."""
        return self.question.ask if self.question and self.question.ask != self.question.name else ""

    @property
    def heading(self) -> str:
        """The heading of the answer: the question’s number and name."""
        question = self.question
        return f"{question.number}. {question.name}" if question else "Current practice concern"

    @property
    def what(self) -> str:
        """The question as its Change link names it: “question 13”."""
        return f"question {self.question.number}" if self.question else "current practice concern"

    @property
    def place(self) -> str:
        """The id of its element on the form page."""
        return f"question-{self.question.number}" if self.question else CURRENT_CONCERN


def answers_in_words(
    definition: AuditForm, agency_kind: str, answers: Iterable[GivenAnswer]
) -> list[AnsweredQuestion]:
    """The questions that these answers cause to be shown, in the form's order, each with its answer.

    An answer about a current practice concern, if there is one, comes last.
    """
    answers = tuple(answers)
    questions, by_question = definition.questions_for(agency_kind), answers_by_question(answers)
    shown_ids = shown_question_ids(questions, answers)
    answered = [
        _answered(question, by_question.get(question.id, ()))
        for question in questions
        if question.id in shown_ids
    ]
    concern = _concern_lines(by_question.get(CURRENT_CONCERN, ()))
    return [*answered, AnsweredQuestion(None, concern)] if concern else answered


def _concern_lines(answers: tuple[GivenAnswer, ...]) -> tuple[str, ...]:
    if not answers:
        return ()
    whom, when = told_whom_and_when(answers)
    lines = (
        CONCERN_LABEL if is_ticked(answers) else "The box is not ticked",
        f"{WHOM_LABEL} {whom}" if whom else "",
        f"{WHEN_LABEL} {when}" if when else "",
    )
    return tuple(line for line in lines if line)


def by_section(answers: Iterable[AnsweredQuestion]) -> list[tuple[str, list[AnsweredQuestion]]]:
    """The answers in the sections of the form: each one's heading and its answers, in the form's order.

    The first heading is empty if the form has no sections or begins before the first of them. An answer about
    a current practice concern stands by itself at the end.
    """
    answers = list(answers)
    by_id = {answer.question.id: answer for answer in answers if answer.question}
    sections = form_sections(answer.question for answer in answers if answer.question)
    parts = [(section.name, [by_id[question.id] for question in section.questions]) for section in sections]
    concern = [answer for answer in answers if answer.question is None]
    return [*parts, ("", concern)] if concern else parts


def nil_in_words(answers: Iterable[GivenAnswer]) -> tuple[str, str]:
    """Why an agency had nothing to audit and who holds the file now; both empty if it is no nil return."""
    nil_answers = answers_by_question(answers).get(NIL_RETURN_QUESTION, ())
    reason = next((answer.option for answer in nil_answers if answer.item == "reason"), "")
    where = next((answer.text or "" for answer in nil_answers if answer.item == "whereabouts"), "")
    return NIL_REASONS.get(reason, ""), where


def differences(
    mine: list[AnsweredQuestion], theirs: list[AnsweredQuestion]
) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """The questions that two versions answer differently: heading, the lines of one and of the other."""
    my_lines = {question.heading: question.lines for question in mine}
    their_lines = {question.heading: question.lines for question in theirs}
    headings = dict.fromkeys((*my_lines, *their_lines))
    pairs = ((heading, my_lines.get(heading, ()), their_lines.get(heading, ())) for heading in headings)
    return [pair for pair in pairs if pair[1] != pair[2]]


def _answered(question: Question, answers: tuple[GivenAnswer, ...]) -> AnsweredQuestion:
    without_comment = [answer for answer in answers if answer.item != COMMENT]
    lines = _answer_lines(question, without_comment) if without_comment else []
    comment = next((answer.text for answer in answers if answer.item == COMMENT and answer.text), "")
    return AnsweredQuestion(question, tuple(lines), comment)


def _answer_lines(question: Question, answers: list[GivenAnswer]) -> list[str]:
    if question.choice_values:
        chosen = chosen_values(answers)
        labels = {option.value: option.label for option in question.answers}
        labels |= {item.id: item.label for item in question.items}
        return [
            labels.get(value, question.none_of_these or value)
            for value in question.choice_values
            if value in chosen
        ]
    if question.kind == "contact":
        return [
            f"{CONTACT_PARTS[answer.item]}: {answer.text}"
            for answer in answers
            if answer.item in CONTACT_PARTS
        ]
    text = answers[0].text or ""
    if question.kind == "date":
        day = stored_date(text)
        return [day_in_words(day) if day else text]
    return [text]
