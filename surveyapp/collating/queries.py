"""Counting answers in SQL: no text is read, and memory does not grow with the returns."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from surveyapp.agencies.models import Agency
from surveyapp.answering.models import Answer, Return
from surveyapp.collating.figures import Collation, QuestionFigures, Rule
from surveyapp.collating.filters import Filters
from surveyapp.collating.summaries import SUMMARIES, Counts
from surveyapp.defining.definition import COMMENT, NONE_OF_THESE, AuditForm, Question
from surveyapp.foundation.db import session
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit, Case
from surveyapp.tracking.queries import tally

# Kinds of question of which one return may give several answers, so that rows are not returns.
_SEVERAL = frozenset({"choices", "contact"})


def collate(
    audit: Audit, *, filters: Filters | None = None, rule: Rule | None = None, now: datetime
) -> Collation:
    """Every figure of an audit, in the report's order of themes.

    Counts are of returns that came in with answers: outstanding, nil and withdrawn ones are in no denominator.
    `now` decides only what is overdue in the tally.
    """
    filters, rule = filters or Filters(), rule or Rule()
    definition = form_of(audit)
    by_kind, cases = _returns(audit, filters)
    returns = sum(by_kind.values())
    known = [each for each in definition.questions if each.kind in SUMMARIES]
    counts = _Counting(audit, filters, definition, by_kind).counts(known)
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
        not_collated=tuple(each.name for each in definition.questions if each.id not in figures),
    )


def _by_theme(
    definition: AuditForm, figures: Mapping[str, QuestionFigures]
) -> tuple[tuple[str, str, tuple[QuestionFigures, ...]], ...]:
    """The figures under the report's headings; a theme without a question is left out."""
    themes: dict[str, list[QuestionFigures]] = {theme: [] for theme in definition.themes}
    for each in figures.values():
        themes[each.question.theme].append(each)
    return tuple((theme, definition.themes[theme], tuple(found)) for theme, found in themes.items() if found)


def with_answers(chosen: Select[Any], audit: Audit, filters: Filters) -> Select[Any]:
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
    rows = session.execute(with_answers(chosen, audit, filters).group_by(Agency.kind))
    by_kind = {kind: count for kind, count in rows}  # noqa: C416 — rows are not pairs to mypy
    cases: Any = select(func.count(func.distinct(AuditRequest.case_id)))
    return by_kind, session.scalar(with_answers(cases, audit, filters)) or 0


@dataclass(frozen=True)
class _Counting:
    """One collation under way: what is counted, over which returns."""

    audit: Audit
    filters: Filters
    definition: AuditForm
    by_kind: Mapping[str, int]

    def counts(self, questions: Iterable[Question]) -> dict[str, Counts]:
        """What SQL counts for each question: two statements, and two or three for each with a show_if."""
        questions = list(questions)
        free = [each for each in questions if each.show_if is None]
        found = self._counted([each.id for each in free], None)
        asked = {each.id: self._may_be_asked(each) for each in questions}
        result = {each.id: self._of(each, found[each.id], asked[each.id]) for each in free}
        for each in questions:
            if each.show_if is not None:
                shown = self._shown(each)
                own = self._counted([each.id], shown)[each.id]
                gated: Any = select(func.count())
                of_kinds = Agency.kind.in_(self._kinds_asked(each))
                asked_here = session.scalar(self._base(gated).where(shown, of_kinds)) or 0
                result[each.id] = self._of(each, own, asked_here)
        return result

    def _base(self, chosen: Select[Any]) -> Select[Any]:
        return with_answers(chosen, self.audit, self.filters)

    def _kinds_asked(self, question: Question) -> list[str]:
        asked = self.definition.questions_for
        return [kind for kind in self.by_kind if any(each.id == question.id for each in asked(kind))]

    def _may_be_asked(self, question: Question) -> int:
        return sum(self.by_kind[kind] for kind in self._kinds_asked(question))

    def _of(self, question: Question, found: "_Found", asked: int) -> Counts:
        returns = sum(self.by_kind.values())
        several = question.kind in _SEVERAL
        answered = found.distinct if several else _answered(question, found.chosen)
        return Counts(asked, returns - asked, answered, found.chosen)

    def _counted(self, names: list[str], shown: ColumnElement[bool] | None) -> "defaultdict[str, _Found]":
        """Rows by question, item and option; and for questions of several answers the returns behind them."""
        condition = (
            and_(Answer.question.in_(names), shown) if shown is not None else Answer.question.in_(names)
        )
        chosen: Any = select(Answer.question, Answer.item, Answer.option, func.count())
        found: defaultdict[str, _Found] = defaultdict(_Found.nothing)
        for question, item, option, count in session.execute(
            self._base(chosen)
            .join(Answer, Answer.revision_id == Return.current_revision_id)
            .where(condition)
            .group_by(Answer.question, Answer.item, Answer.option)
        ):
            found[question].chosen[item, option] = count
        for name, count in self._distinct(names, condition):
            found[name].distinct = count
        return found

    def _distinct(self, names: list[str], condition: ColumnElement[bool]) -> list[tuple[str, int]]:
        several = [
            each.id for each in self.definition.questions if each.kind in _SEVERAL and each.id in names
        ]
        if not several:
            return []
        chosen: Any = select(Answer.question, func.count(func.distinct(Answer.revision_id)))
        rows = session.execute(
            self._base(chosen)
            .join(Answer, Answer.revision_id == Return.current_revision_id)
            .where(condition, Answer.question.in_(several), Answer.item != COMMENT)
            .group_by(Answer.question)
        )
        return [(name, count) for name, count in rows]

    def _shown(self, question: Question) -> ColumnElement[bool]:
        """Whether a return was asked this question: its gate was asked, and answered so that the rule holds.

        As `defining.asking.shown` has it, an answer given although the gate is blank keeps its question.
        """
        rule = question.show_if
        if rule is None:
            return and_(True)
        gate = self.definition.question(rule.question)
        answered = _has(gate.id)
        holds = _has(gate.id, rule.options, kind=gate.kind)
        kept = and_(answered, ~holds) if rule.is_not is not None else holds
        return and_(self._shown(gate), or_(kept, and_(~answered, _has(question.id))))


@dataclass
class _Found:
    chosen: dict[tuple[str, str], int]
    distinct: int = 0

    @classmethod
    def nothing(cls) -> "_Found":
        return cls({})


def _answered(question: Question, chosen: Mapping[tuple[str, str], int]) -> int:
    """Returns that answered a question of one answer each; a checklist’s lines were all answered together."""
    if question.kind == "checklist":
        return max(
            (chosen.get((line.id, "yes"), 0) + chosen.get((line.id, "no"), 0) for line in question.items),
            default=0,
        )
    return sum(count for (item, _option), count in chosen.items() if item != COMMENT)


def _has(name: str, choices: Iterable[str] | None = None, *, kind: str = "") -> ColumnElement[bool]:
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
