"""The figures of one question for each kind of agency."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from surveyapp.agencies.models import Agency
from surveyapp.answering.models import Answer, Return
from surveyapp.collating.answer_counts import multiple_answer_counts, returns_answering
from surveyapp.collating.asked_in_sql import kinds_asked, was_shown
from surveyapp.collating.counted_returns import counted_returns_by_kind, join_counted_returns
from surveyapp.collating.figures import MULTIPLE_ANSWER_KINDS, DenominatorRule, QuestionFigures
from surveyapp.collating.filters import Filters
from surveyapp.collating.summaries import SUMMARIES, AnswerCounts
from surveyapp.defining.definition import COMMENT, AuditForm, Question
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.foundation.store.db import session
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit


@dataclass(frozen=True)
class AgencyKindFigures:
    """The figures of one question for one kind of agency."""

    kind: str
    figures: QuestionFigures

    @property
    def name(self) -> str:
        """The name of the kind of agency, as pages print it."""
        return AGENCY_KINDS.get(self.kind, self.kind)


def figures_by_kind(
    audit: Audit, question: Question, *, filters: Filters, rule: DenominatorRule
) -> tuple[AgencyKindFigures, ...]:
    """The figures of a question for each kind of agency with a return; their counts add up to the question's.

    Two statements; one more for a question with several answers, and one more for a question with a show_if.
    """
    definition = form_of(audit)
    returns = counted_returns_by_kind(audit, filters)
    asked = _asked_by_kind(audit, definition, question, filters, returns)
    chosen, return_counts = _answers_by_kind(audit, definition, question, filters, rule)
    figures = []
    for kind, count in returns.items():
        is_asked = kind in asked
        answers = chosen[kind] if is_asked else {}
        answered, returns_counted = return_counts.get(kind, (0, 0)) if is_asked else (0, 0)
        counts = AnswerCounts(
            asked=asked.get(kind, 0),
            not_asked=count - asked.get(kind, 0),
            answered=returns_answering(question, answers, answered),
            chosen=answers,
            returns_counted=returns_counted if question.kind in MULTIPLE_ANSWER_KINDS else None,
        )
        figures.append(AgencyKindFigures(kind, SUMMARIES[question.kind](question, counts, rule)))
    order = [*AGENCY_KINDS, *sorted(returns.keys() - AGENCY_KINDS.keys())]
    return tuple(sorted(figures, key=lambda kind_figures: order.index(kind_figures.kind)))


def _asked_by_kind(
    audit: Audit, definition: AuditForm, question: Question, filters: Filters, returns: dict[str, int]
) -> dict[str, int]:
    """How many returns of each kind of agency were asked; kinds without this question are left out."""
    kinds = kinds_asked(definition, returns)[question.id]
    if question.show_if is None:
        return {kind: returns[kind] for kind in kinds}
    columns: Any = select(Agency.kind, func.count())
    rows = session.execute(
        join_counted_returns(columns, audit, filters)
        .where(was_shown(definition, question))
        .group_by(Agency.kind)
    )
    counts = {kind: count for kind, count in rows}  # noqa: C416 — rows are not pairs to mypy
    return {kind: counts.get(kind, 0) for kind in kinds}


def _answers_by_kind(
    audit: Audit, definition: AuditForm, question: Question, filters: Filters, rule: DenominatorRule
) -> tuple[defaultdict[str, dict[tuple[str, str], int]], dict[str, tuple[int, int]]]:
    """The returns of each kind of agency that gave each answer, by item and option.

    For a question with several answers also how many returns answered it, and how many the rule counts.
    """
    to_question = (Answer.question == question.id, was_shown(definition, question))
    columns: Any = select(Agency.kind, Answer.item, Answer.option, func.count())
    chosen: defaultdict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for kind, item, option, count in session.execute(
        join_counted_returns(columns, audit, filters)
        .join(Answer, Answer.revision_id == Return.current_revision_id)
        .where(*to_question)
        .group_by(Agency.kind, Answer.item, Answer.option)
    ):
        chosen[kind][item, option] = count
    if question.kind not in MULTIPLE_ANSWER_KINDS:
        return chosen, {}
    count_columns: Any = select(Agency.kind, *multiple_answer_counts([question], rule))
    rows = session.execute(
        join_counted_returns(count_columns, audit, filters)
        .join(Answer, Answer.revision_id == Return.current_revision_id)
        .where(*to_question, Answer.item != COMMENT)
        .group_by(Agency.kind)
    )
    return chosen, {kind: (answered, counted) for kind, answered, counted in rows}
