"""Collates an audit: every figure of every question, and the agencies that were asked."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from surveyapp.agencies.models import Agency
from surveyapp.collating.answer_counts import AnswerCounter
from surveyapp.collating.counted_returns import counted_returns_by_kind, join_counted_returns
from surveyapp.collating.figures import Collation, DenominatorRule, QuestionFigures
from surveyapp.collating.filters import Filters
from surveyapp.collating.kept_figures import figures_by_question, kept_figures
from surveyapp.collating.summaries import SUMMARIES
from surveyapp.defining.definition import AuditForm
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.queries import form_of
from surveyapp.planning.errors import AnswersRemoved
from surveyapp.planning.models import Audit
from surveyapp.tracking.queries import tally


def collate(
    audit: Audit, *, filters: Filters | None = None, rule: DenominatorRule | None = None, now: datetime
) -> Collation:
    """Every figure of an audit, in the report's order of themes.

    Counts are of returns with answers: outstanding, nil and withdrawn ones are in no denominator.
    `now` (UTC) only decides what is overdue in the tally. Of an audit whose answers were removed for good:
    the figures that were kept. Raises AnswersRemoved for a part of them, or for another rule.
    """
    filters, rule = filters or Filters(), rule or DenominatorRule()
    definition = form_of(audit)
    if audit.answers_removed_at is not None:
        return _kept_collation(audit, definition, filters, rule, now=now)
    by_kind = counted_returns_by_kind(audit, filters)
    collated = [question for question in definition.questions if question.kind in SUMMARIES]
    counts = AnswerCounter(audit, filters, definition, by_kind, rule).counts(collated)
    figures = {
        question.id: SUMMARIES[question.kind](question, counts[question.id], rule) for question in collated
    }
    return Collation(
        audit_id=audit.id,
        title=audit.title,
        tally=tally(audit, now=now),
        returns=sum(by_kind.values()),
        cases=_count_cases(audit, filters),
        filters=filters,
        rule=rule,
        themes=_by_theme(definition, figures),
        not_collated=(
            *(question.name for question in definition.questions if question.id not in figures),
            *definition.not_known,
        ),
        threshold=settings().small_number,
    )


def _kept_collation(
    audit: Audit, definition: AuditForm, filters: Filters, rule: DenominatorRule, *, now: datetime
) -> Collation:
    kept = kept_figures(audit)
    kept_rule = DenominatorRule(kept.figures["not_applicable_counted"], kept.figures["dont_know_counted"])
    if not filters.is_empty or rule != kept_rule:
        raise AnswersRemoved(audit)
    return Collation(
        audit_id=audit.id,
        title=audit.title,
        tally=tally(audit, now=now),
        returns=kept.figures["returns"],
        cases=kept.cases,
        filters=filters,
        rule=rule,
        themes=_by_theme(definition, figures_by_question(kept.figures, definition)),
        not_collated=tuple(kept.figures["not_collated"]),
        threshold=settings().small_number,
    )


def _by_theme(
    definition: AuditForm, figures: Mapping[str, QuestionFigures]
) -> tuple[tuple[str, str, tuple[QuestionFigures, ...]], ...]:
    """The figures under the report's headings; themes without a question are left out."""
    themes: dict[str, list[QuestionFigures]] = {theme: [] for theme in definition.themes}
    for question_figures in figures.values():
        themes[question_figures.question.theme].append(question_figures)
    return tuple(
        (theme, definition.themes[theme], tuple(questions))
        for theme, questions in themes.items()
        if questions
    )


def _count_cases(audit: Audit, filters: Filters) -> int:
    cases: Any = select(func.count(func.distinct(AuditRequest.case_id)))
    return session.scalar(join_counted_returns(cases, audit, filters)) or 0


def agencies_asked(audit: Audit) -> list[Agency]:
    """The agencies with a request in this audit, by name."""
    agency_ids = select(AuditRequest.agency_id).where(AuditRequest.audit_id == audit.id)
    return list(
        session.scalars(select(Agency).where(Agency.id.in_(agency_ids)).order_by(Agency.name, Agency.id))
    )
