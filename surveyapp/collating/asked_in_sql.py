"""SQL conditions for which returns were asked a question, by the rule of `defining.shown_questions`."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, or_, select

from surveyapp.answering.models import Answer, Return
from surveyapp.defining.definition import COMMENT, NONE_OF_THESE, AuditForm, Question


def was_shown(definition: AuditForm, question: Question) -> ColumnElement[bool]:
    """SQL condition: the return was asked this question, by the rule of `defining.shown_questions`.

    Its gate question was asked and answered so that the rule holds. A question that was answered while its
    gate is blank counts as asked.
    """
    rule = question.show_if
    if rule is None:
        return and_(True)
    gate = definition.question(rule.question)
    gate_is_answered = _has_answer(gate.id)
    holds = _has_answer(gate.id, rule.options, kind=gate.kind)
    opened = and_(gate_is_answered, ~holds) if rule.is_not is not None else holds
    return and_(was_shown(definition, gate), or_(opened, and_(~gate_is_answered, _has_answer(question.id))))


def kinds_asked(definition: AuditForm, kinds: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The kinds of agency, out of `kinds`, that each question is put to, by the id of the question."""
    question_ids_by_kind = {
        kind: {question.id for question in definition.questions_for(kind)} for kind in kinds
    }
    return {
        question.id: tuple(
            kind for kind, question_ids in question_ids_by_kind.items() if question.id in question_ids
        )
        for question in definition.questions
    }


def _has_answer(name: str, choices: Iterable[str] | None = None, *, kind: str = "") -> ColumnElement[bool]:
    """SQL condition: the return has an answer to a question; with `choices`, one of these answers."""
    to_question = and_(
        Answer.revision_id == Return.current_revision_id, Answer.question == name, Answer.item != COMMENT
    )
    choices_wanted = list(choices or ())
    if choices is not None and kind == "checklist":
        ticked = and_(Answer.item.in_(choices_wanted), Answer.option == "yes")
        if NONE_OF_THESE not in choices_wanted:
            return _exists(to_question, ticked)
        none_ticked = and_(_exists(to_question), ~_exists(to_question, Answer.option == "yes"))
        return or_(_exists(to_question, ticked), none_ticked)
    if choices is not None:
        return _exists(to_question, Answer.option.in_(choices_wanted))
    return _exists(to_question)


def _exists(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(Answer.id).where(*conditions).correlate(Return).exists()
