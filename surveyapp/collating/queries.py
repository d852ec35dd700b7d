"""Counting answers in SQL: no text is read, and memory does not grow with the returns."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select

from surveyapp.agencies.models import Agency
from surveyapp.answering.models import Answer, Return
from surveyapp.collating.asked_in_sql import kinds_asked, was_shown
from surveyapp.collating.figures import Collation, DenominatorRule, QuestionFigures
from surveyapp.collating.filters import Filters
from surveyapp.collating.models import Benchmark
from surveyapp.collating.summaries import SUMMARIES, AnswerCounts
from surveyapp.defining.definition import COMMENT, AuditForm, Question
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit, Case
from surveyapp.tracking.queries import tally

# Kinds of question of which one return may give several answers, so that rows are not returns.
MULTIPLE_ANSWER_KINDS = frozenset({"choices", "contact"})


def collate(
    audit: Audit, *, filters: Filters | None = None, rule: DenominatorRule | None = None, now: datetime
) -> Collation:
    """Every figure of an audit, in the report's order of themes.

    Counts are of returns that came in with answers: outstanding, nil and withdrawn ones are in no
    denominator.
    `now` decides only what is overdue in the tally.
    """
    filters, rule = filters or Filters(), rule or DenominatorRule()
    definition = form_of(audit)
    by_kind, cases = _returns(audit, filters)
    returns = sum(by_kind.values())
    known = [each for each in definition.questions if each.kind in SUMMARIES]
    counts = _QuestionCounter(audit, filters, definition, by_kind, rule).counts(known)
    figures = {each.id: SUMMARIES[each.kind](each, counts[each.id], rule) for each in known}
    return Collation(
        audit_id=audit.id,
        title=audit.title,
        tally=tally(audit, now=now),
        returns=returns,
        cases=cases,
        filters=filters,
        rule=rule,
        themes=_by_theme(definition, figures),
        not_collated=(
            *(each.name for each in definition.questions if each.id not in figures),
            *definition.not_known,
        ),
        threshold=settings().small_number,
    )


def _by_theme(
    definition: AuditForm, figures: Mapping[str, QuestionFigures]
) -> tuple[tuple[str, str, tuple[QuestionFigures, ...]], ...]:
    """The figures under the report's headings; a theme without a question is left out."""
    themes: dict[str, list[QuestionFigures]] = {theme: [] for theme in definition.themes}
    for each in figures.values():
        themes[each.question.theme].append(each)
    return tuple((theme, definition.themes[theme], tuple(found)) for theme, found in themes.items() if found)


def join_counted_returns(chosen: Select[Any], audit: Audit, filters: Filters) -> Select[Any]:
    """Choose columns over the returns that count: with answers, not withdrawn, kept by the filters."""
    return (
        chosen.select_from(Return)
        .join(AuditRequest, AuditRequest.id == Return.request_id)
        .join(Agency, Agency.id == AuditRequest.agency_id)
        .join(Case, Case.id == AuditRequest.case_id)
        .where(
            AuditRequest.audit_id == audit.id,
            AuditRequest.withdrawn_at.is_(None),
            Return.returned_at.is_not(None),
            Return.nil_reason == "",
            filters.condition(),
        )
    )


def _returns(audit: Audit, filters: Filters) -> tuple[dict[str, int], int]:
    """How many returns with answers each kind of agency gave, and over how many cases they go."""
    chosen: Any = select(Agency.kind, func.count())
    rows = session.execute(join_counted_returns(chosen, audit, filters).group_by(Agency.kind))
    by_kind = {kind: count for kind, count in rows}  # noqa: C416 — rows are not pairs to mypy
    cases: Any = select(func.count(func.distinct(AuditRequest.case_id)))
    return by_kind, session.scalar(join_counted_returns(cases, audit, filters)) or 0


@dataclass(frozen=True)
class _QuestionCounter:
    """One collation under way: what is counted, over which returns."""

    audit: Audit
    filters: Filters
    definition: AuditForm
    by_kind: Mapping[str, int]
    rule: DenominatorRule

    @cached_property
    def _put_to(self) -> dict[str, tuple[str, ...]]:
        return kinds_asked(self.definition, self.by_kind)

    def counts(self, questions: Iterable[Question]) -> dict[str, AnswerCounts]:
        """What SQL counts for each question: two statements, and two or three for each with a show_if."""
        questions = list(questions)
        free = [each for each in questions if each.show_if is None]
        found = self._counted(free, and_(True))
        result = {each.id: self._of(each, found[each.id], self._may_be_asked(each)) for each in free}
        for each in questions:
            if each.show_if is not None:
                shown = was_shown(self.definition, each)
                own = self._counted([each], shown)[each.id]
                asked: Any = select(func.count())
                of_kinds = Agency.kind.in_(self._put_to[each.id])
                asked_here = session.scalar(self._base(asked).where(shown, of_kinds)) or 0
                result[each.id] = self._of(each, own, asked_here)
        return result

    def _base(self, chosen: Select[Any]) -> Select[Any]:
        return join_counted_returns(chosen, self.audit, self.filters)

    def _may_be_asked(self, question: Question) -> int:
        return sum(self.by_kind[kind] for kind in self._put_to[question.id])

    def _of(self, question: Question, found: "_AnswerTallies", asked: int) -> AnswerCounts:
        returns = sum(self.by_kind.values())
        return AnswerCounts(
            asked,
            returns - asked,
            returns_answering(question, found.chosen, found.distinct),
            found.chosen,
            found.kept if question.kind in MULTIPLE_ANSWER_KINDS else None,
        )

    def _counted(
        self, questions: list[Question], shown: ColumnElement[bool]
    ) -> "defaultdict[str, _AnswerTallies]":
        """Rows by question, item and option; and for questions of several answers the returns behind them."""
        chosen: Any = select(Answer.question, Answer.item, Answer.option, func.count())
        found: defaultdict[str, _AnswerTallies] = defaultdict(_AnswerTallies.nothing)
        for question, item, option, count in session.execute(
            self._base(chosen)
            .join(Answer, Answer.revision_id == Return.current_revision_id)
            .where(self._answers_to(questions), shown)
            .group_by(Answer.question, Answer.item, Answer.option)
        ):
            found[question].chosen[item, option] = count
        several = [each for each in questions if each.kind in MULTIPLE_ANSWER_KINDS]
        for name, distinct, kept in self._distinct(several, shown):
            found[name].distinct, found[name].kept = distinct, kept
        return found

    def _answers_to(self, questions: Iterable[Question]) -> ColumnElement[bool]:
        """Answers to these questions by the kinds of agency that they are put to."""
        names: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
        for each in questions:
            names[self._put_to[each.id]].append(each.id)
        everybody = tuple(self.by_kind)
        return or_(
            false(),
            *(
                Answer.question.in_(asked)
                if kinds == everybody
                else and_(Answer.question.in_(asked), Agency.kind.in_(kinds))
                for kinds, asked in names.items()
            ),
        )

    def _distinct(
        self, several: list[Question], shown: ColumnElement[bool]
    ) -> Iterable[tuple[str, int, int]]:
        if not several:
            return ()
        chosen: Any = select(Answer.question, *multiple_answer_counts(several, self.rule))
        rows: Any = session.execute(
            self._base(chosen)
            .join(Answer, Answer.revision_id == Return.current_revision_id)
            .where(self._answers_to(several), shown, Answer.item != COMMENT)
            .group_by(Answer.question)
        )
        return ((name, distinct, kept) for name, distinct, kept in rows)


@dataclass
class _AnswerTallies:
    chosen: dict[tuple[str, str], int]
    distinct: int = 0
    kept: int = 0

    @classmethod
    def nothing(cls) -> "_AnswerTallies":
        return cls({})


def multiple_answer_counts(
    questions: Iterable[Question], rule: DenominatorRule
) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """How many returns answered these questions at all, and how many with an answer that the rule keeps."""
    left_out = or_(
        false(),
        *(
            and_(Answer.question == each.id, Answer.option == option.value)
            for each in questions
            for option in each.answers
            if rule.leaves_out(option.counts_as)
        ),
    )
    kept = case((~left_out, Answer.revision_id))
    return func.count(func.distinct(Answer.revision_id)), func.count(func.distinct(kept))


def returns_answering(question: Question, chosen: Mapping[tuple[str, str], int], distinct: int) -> int:
    """How many returns answered a question; a checklist’s lines were all answered together."""
    if question.kind in MULTIPLE_ANSWER_KINDS:
        return distinct
    if question.kind == "checklist":
        return max(
            (chosen.get((line.id, "yes"), 0) + chosen.get((line.id, "no"), 0) for line in question.items),
            default=0,
        )
    return sum(count for (item, _option), count in chosen.items() if item != COMMENT)


def agencies_asked(audit: Audit) -> list[Agency]:
    """The agencies that were asked anything in this audit, by name."""
    asked = select(AuditRequest.agency_id).where(AuditRequest.audit_id == audit.id)
    return list(session.scalars(select(Agency).where(Agency.id.in_(asked)).order_by(Agency.name, Agency.id)))


def benchmark_of(audit: Audit) -> Benchmark | None:
    """The places an audit is compared with, if it has them."""
    return session.scalar(select(Benchmark).where(Benchmark.audit_id == audit.id))
