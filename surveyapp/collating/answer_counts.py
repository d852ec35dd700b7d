"""Counts answers in SQL: no text is read, and memory does not grow with the number of returns."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select

from surveyapp.agencies.models import Agency
from surveyapp.answering.models import Answer, Return
from surveyapp.collating.asked_in_sql import kinds_asked, was_shown
from surveyapp.collating.counted_returns import join_counted_returns
from surveyapp.collating.figures import MULTIPLE_ANSWER_KINDS, DenominatorRule
from surveyapp.collating.filters import Filters
from surveyapp.collating.summaries import AnswerCounts
from surveyapp.defining.definition import COMMENT, AuditForm, Question
from surveyapp.foundation.store.db import session
from surveyapp.planning.models import Audit


@dataclass(frozen=True)
class AnswerCounter:
    """Counts the answers to an audit's questions for one collation.

    `returns_by_kind` are the returns that count, by kind of agency.
    """

    audit: Audit
    filters: Filters
    definition: AuditForm
    returns_by_kind: Mapping[str, int]
    rule: DenominatorRule

    @cached_property
    def _kinds_asked(self) -> dict[str, tuple[str, ...]]:
        return kinds_asked(self.definition, self.returns_by_kind)

    def counts(self, questions: Iterable[Question]) -> dict[str, AnswerCounts]:
        """The counts of each question by its id: two statements, and two or three for each with a show_if."""
        questions = list(questions)
        ungated = [question for question in questions if question.show_if is None]
        tallies = self._tallies(ungated, and_(True))
        counts = {
            question.id: self._counts_of(question, tallies[question.id], self._returns_of_kinds(question))
            for question in ungated
        }
        for question in questions:
            if question.show_if is not None:
                shown = was_shown(self.definition, question)
                tally = self._tallies([question], shown)[question.id]
                count: Any = select(func.count())
                of_kinds = Agency.kind.in_(self._kinds_asked[question.id])
                asked = session.scalar(self._joined(count).where(shown, of_kinds)) or 0
                counts[question.id] = self._counts_of(question, tally, asked)
        return counts

    def _joined(self, columns: Select[Any]) -> Select[Any]:
        return join_counted_returns(columns, self.audit, self.filters)

    def _returns_of_kinds(self, question: Question) -> int:
        """How many returns are of the kinds of agency that this question is put to."""
        return sum(self.returns_by_kind[kind] for kind in self._kinds_asked[question.id])

    def _counts_of(self, question: Question, tally: "_AnswerTally", asked: int) -> AnswerCounts:
        returns = sum(self.returns_by_kind.values())
        return AnswerCounts(
            asked,
            returns - asked,
            returns_answering(question, tally.chosen, tally.answered),
            tally.chosen,
            tally.returns_counted if question.kind in MULTIPLE_ANSWER_KINDS else None,
        )

    def _tallies(
        self, questions: list[Question], shown: ColumnElement[bool]
    ) -> "defaultdict[str, _AnswerTally]":
        """Answers by question, item and option; for questions with several answers also their returns."""
        columns: Any = select(Answer.question, Answer.item, Answer.option, func.count())
        tallies: defaultdict[str, _AnswerTally] = defaultdict(_AnswerTally)
        for question_id, item, option, count in session.execute(
            self._joined(columns)
            .join(Answer, Answer.revision_id == Return.current_revision_id)
            .where(self._answers_to(questions), shown)
            .group_by(Answer.question, Answer.item, Answer.option)
        ):
            tallies[question_id].chosen[item, option] = count
        multiple = [question for question in questions if question.kind in MULTIPLE_ANSWER_KINDS]
        for question_id, answered, returns_counted in self._returns_behind(multiple, shown):
            tallies[question_id].answered = answered
            tallies[question_id].returns_counted = returns_counted
        return tallies

    def _answers_to(self, questions: Iterable[Question]) -> ColumnElement[bool]:
        """SQL condition: an answer to one of these questions, by a kind of agency that it is put to."""
        ids_by_kinds: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
        for question in questions:
            ids_by_kinds[self._kinds_asked[question.id]].append(question.id)
        all_kinds = tuple(self.returns_by_kind)
        return or_(
            false(),
            *(
                Answer.question.in_(question_ids)
                if kinds == all_kinds
                else and_(Answer.question.in_(question_ids), Agency.kind.in_(kinds))
                for kinds, question_ids in ids_by_kinds.items()
            ),
        )

    def _returns_behind(
        self, questions: list[Question], shown: ColumnElement[bool]
    ) -> Iterable[tuple[str, int, int]]:
        if not questions:
            return ()
        columns: Any = select(Answer.question, *multiple_answer_counts(questions, self.rule))
        rows: Any = session.execute(
            self._joined(columns)
            .join(Answer, Answer.revision_id == Return.current_revision_id)
            .where(self._answers_to(questions), shown, Answer.item != COMMENT)
            .group_by(Answer.question)
        )
        return ((question_id, answered, counted) for question_id, answered, counted in rows)


@dataclass
class _AnswerTally:
    """The counts of one question; the two numbers are set only if a return may give several answers."""

    chosen: dict[tuple[str, str], int] = field(default_factory=dict)
    answered: int = 0
    returns_counted: int = 0


def multiple_answer_counts(
    questions: Iterable[Question], rule: DenominatorRule
) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """SQL for questions with several answers: how many returns answered, and how many the rule counts."""
    left_out = or_(
        false(),
        *(
            and_(Answer.question == question.id, Answer.option == option.value)
            for question in questions
            for option in question.answers
            if rule.leaves_out(option.counts_as)
        ),
    )
    returns_counted = case((~left_out, Answer.revision_id))
    return func.count(func.distinct(Answer.revision_id)), func.count(func.distinct(returns_counted))


def returns_answering(question: Question, chosen: Mapping[tuple[str, str], int], answered: int) -> int:
    """How many returns answered a question.

    `chosen` counts its answers by item and option; `answered` is used where a return may give several.
    """
    if question.kind in MULTIPLE_ANSWER_KINDS:
        return answered
    if question.kind == "checklist":
        # A return answers all lines of a checklist together.
        return max(
            (chosen.get((line.id, "yes"), 0) + chosen.get((line.id, "no"), 0) for line in question.items),
            default=0,
        )
    return sum(count for (item, _option), count in chosen.items() if item != COMMENT)
