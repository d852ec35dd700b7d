"""One question's figures for each kind of agency."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from surveyapp.agencies.models import AGENCY_KINDS, Agency
from surveyapp.answering.models import Answer, Return
from surveyapp.collating.asked_in_sql import kinds_asked, was_shown
from surveyapp.collating.figures import DenominatorRule, QuestionFigures
from surveyapp.collating.filters import Filters
from surveyapp.collating.queries import (
    MULTIPLE_ANSWER_KINDS,
    join_counted_returns,
    multiple_answer_counts,
    returns_answering,
)
from surveyapp.collating.summaries import SUMMARIES, AnswerCounts
from surveyapp.defining.definition import COMMENT, AuditForm, Question
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
        """What this kind of agency is called."""
        return AGENCY_KINDS.get(self.kind, self.kind)


def figures_by_kind(
    audit: Audit, question: Question, *, filters: Filters, rule: DenominatorRule
) -> tuple[AgencyKindFigures, ...]:
    """One question for each kind of agency that returned anything; together they are the question's figures.

    Two statements; one more where a return may hold several answers, and where not every return is asked.
    """
    definition = form_of(audit)
    returns = _returns(audit, filters)
    asked = _asked(audit, definition, question, filters, returns)
    chosen, distinct = _answers(audit, definition, question, filters, rule)
    found = []
    for kind, count in returns.items():
        put = kind in asked
        answers = chosen[kind] if put else {}
        several, kept = distinct.get(kind, (0, 0))
        counts = AnswerCounts(
            asked=asked.get(kind, 0),
            not_asked=count - asked.get(kind, 0),
            answered=returns_answering(question, answers, several if put else 0),
            chosen=answers,
            kept=(kept if put else 0) if question.kind in MULTIPLE_ANSWER_KINDS else None,
        )
        found.append(AgencyKindFigures(kind, SUMMARIES[question.kind](question, counts, rule)))
    order = [*AGENCY_KINDS, *sorted(returns.keys() - AGENCY_KINDS.keys())]
    return tuple(sorted(found, key=lambda each: order.index(each.kind)))


def _returns(audit: Audit, filters: Filters) -> dict[str, int]:
    chosen: Any = select(Agency.kind, func.count())
    rows = session.execute(
        join_counted_returns(chosen, audit, filters).group_by(Agency.kind).order_by(Agency.kind)
    )
    return {kind: count for kind, count in rows}  # noqa: C416 — rows are not pairs to mypy


def _asked(
    audit: Audit, definition: AuditForm, question: Question, filters: Filters, returns: dict[str, int]
) -> dict[str, int]:
    kinds = kinds_asked(definition, returns)[question.id]
    if question.show_if is None:
        return {kind: returns[kind] for kind in kinds}
    chosen: Any = select(Agency.kind, func.count())
    rows = session.execute(
        join_counted_returns(chosen, audit, filters)
        .where(was_shown(definition, question))
        .group_by(Agency.kind)
    )
    shown = {kind: count for kind, count in rows}  # noqa: C416 — likewise
    return {kind: shown.get(kind, 0) for kind in kinds}


def _answers(
    audit: Audit, definition: AuditForm, question: Question, filters: Filters, rule: DenominatorRule
) -> tuple[defaultdict[str, dict[tuple[str, str], int]], dict[str, tuple[int, int]]]:
    """How many returns of each kind gave each answer; for several, how many gave any, and one that counts."""
    mine = (Answer.question == question.id, was_shown(definition, question))
    chosen: Any = select(Agency.kind, Answer.item, Answer.option, func.count())
    counted: defaultdict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for kind, item, option, count in session.execute(
        join_counted_returns(chosen, audit, filters)
        .join(Answer, Answer.revision_id == Return.current_revision_id)
        .where(*mine)
        .group_by(Agency.kind, Answer.item, Answer.option)
    ):
        counted[kind][item, option] = count
    if question.kind not in MULTIPLE_ANSWER_KINDS:
        return counted, {}
    several: Any = select(Agency.kind, *multiple_answer_counts([question], rule))
    rows = session.execute(
        join_counted_returns(several, audit, filters)
        .join(Answer, Answer.revision_id == Return.current_revision_id)
        .where(*mine, Answer.item != COMMENT)
        .group_by(Agency.kind)
    )
    return counted, {kind: (distinct, kept) for kind, distinct, kept in rows}
