"""Which returns were asked a question, in SQL: `defining.asking.shown` over the answers stored."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, or_, select

from surveyapp.answering.models import Answer, Return
from surveyapp.defining.definition import COMMENT, NONE_OF_THESE, AuditForm, Question


def was_shown(definition: AuditForm, question: Question) -> ColumnElement[bool]:
    """Whether a return was asked this question: its gate was asked, and answered so that the rule holds.

    As `defining.asking.shown` has it, an answer given although the gate is blank keeps its question.
    """
    rule = question.show_if
    if rule is None:
        return and_(True)
    gate = definition.question(rule.question)
    answered = _has_answer(gate.id)
    holds = _has_answer(gate.id, rule.options, kind=gate.kind)
    kept = and_(answered, ~holds) if rule.is_not is not None else holds
    return and_(was_shown(definition, gate), or_(kept, and_(~answered, _has_answer(question.id))))


def kinds_asked(definition: AuditForm, kinds: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """For each question those of these kinds of agency that it is put to."""
    asked = {kind: {each.id for each in definition.questions_for(kind)} for kind in kinds}
    return {
        each.id: tuple(kind for kind, names in asked.items() if each.id in names)
        for each in definition.questions
    }


def _has_answer(name: str, choices: Iterable[str] | None = None, *, kind: str = "") -> ColumnElement[bool]:
    """Whether a return has an answer to a question; with `choices`, one of these."""
    mine = and_(
        Answer.revision_id == Return.current_revision_id, Answer.question == name, Answer.item != COMMENT
    )
    wanted = list(choices or ())
    if choices is not None and kind == "checklist":
        ticked = and_(Answer.item.in_(wanted), Answer.option == "yes")
        if NONE_OF_THESE not in wanted:
            return select(Answer.id).where(mine, ticked).correlate(Return).exists()
        any_tick = select(Answer.id).where(mine, Answer.option == "yes").correlate(Return).exists()
        answered = select(Answer.id).where(mine).correlate(Return).exists()
        return or_(
            select(Answer.id).where(mine, ticked).correlate(Return).exists(), and_(answered, ~any_tick)
        )
    if choices is not None:
        mine = and_(mine, Answer.option.in_(wanted))
    return select(Answer.id).where(mine).correlate(Return).exists()
