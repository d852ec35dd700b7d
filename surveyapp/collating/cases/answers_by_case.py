"""What every agency answered about one child: read for a whole audit, or for one case with its texts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, select

from surveyapp.agencies.models import AGENCY_KINDS, Agency
from surveyapp.answering.models import Answer, Return
from surveyapp.collating.cases.disagreement import (
    AgencyAnswer,
    Disagreement,
    comparable_answers,
    disagreement,
)
from surveyapp.defining.definition import AuditForm, Question
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.defining.shown_questions import answers_by_question, chosen_values, shown_question_ids
from surveyapp.foundation.store.db import session
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit, Case

RETURNED, NIL, NOT_RETURNED = "returned", "nil return", "not returned"
_KINDS = list(AGENCY_KINDS)


# A definition is frozen: what it asks a kind of agency is worked out once, however many returns there are.
@lru_cache(maxsize=256)
def _questions_put_to(definition: AuditForm, kind: str) -> tuple[tuple[Question, ...], frozenset[str], bool]:
    """The questions put to a kind of agency, their ids, and whether any hangs on another’s answer."""
    questions = definition.questions_for(kind)
    ids = frozenset(each.id for each in questions)
    return questions, ids, any(each.show_if is not None for each in questions)


@dataclass(frozen=True)
class AgencyReturn:
    """One agency's part in one case: what it is asked, whether it has returned, and what it said."""

    request_id: int
    case_id: int
    agency: str
    kind: str
    state: str
    given: tuple[GivenAnswer, ...]

    @cached_property
    def answers(self) -> dict[str, tuple[GivenAnswer, ...]]:
        """What it said to each question."""
        return answers_by_question(self.given)

    def questions_asked(self, definition: AuditForm) -> frozenset[str]:
        """The questions put to it; once it has returned, without those its own answers leave out."""
        questions, ids, has_gates = _questions_put_to(definition, self.kind)
        return shown_question_ids(questions, self.given) if has_gates and self.state == RETURNED else ids


@dataclass(frozen=True)
class CaseDisagreement:
    """How agencies disagree about one child: each question, and over all of those that can be compared.

    `compared` are the questions that two agencies or more have answered.
    """

    case_id: int
    pseudonym: str
    found: tuple[Disagreement, ...]
    compared: int

    @property
    def strength(self) -> int:
        """The mean strength over the questions compared, from 0 to 100."""
        total = sum(each.strength for each in self.found)
        return int(total / self.compared + 0.5) if self.compared else 0


def returns_of_case(case: Case) -> list[AgencyReturn]:
    """What each agency asked about one child said, with texts; agencies in the order of the grid."""
    return _agency_returns(AuditRequest.case_id == case.id)


def case_disagreements(audit: Audit) -> list[CaseDisagreement]:
    """Each case with how its agencies disagree, in the audit's order; options are read, no text."""
    definition = form_of(audit)
    comparable = [each for each in definition.questions if each.is_comparable]
    if not comparable:
        return []
    by_case: defaultdict[int, list[AgencyReturn]] = defaultdict(list)
    for each in _agency_returns(
        AuditRequest.audit_id == audit.id, questions=_with_gate_questions(definition, comparable)
    ):
        by_case[each.case_id].append(each)
    cases = select(Case.id, Case.pseudonym).where(Case.audit_id == audit.id)
    return [
        disagreement_of_case(definition, case_id, pseudonym, by_case[case_id])
        for case_id, pseudonym in session.execute(cases.order_by(Case.position, Case.id))
    ]


def disagreement_of_case(
    definition: AuditForm, case_id: int, pseudonym: str, returns: Sequence[AgencyReturn]
) -> CaseDisagreement:
    """How the agencies of one case disagree, the strongest first, then in the form's order."""
    asked = {each.request_id: each.questions_asked(definition) for each in returns}
    found: list[Disagreement] = []
    compared = 0
    for question in definition.questions:
        if not question.is_comparable:
            continue
        put_to = [each for each in returns if question.id in asked[each.request_id]]
        answers = [
            AgencyAnswer(each.agency, chosen_values(each.answers.get(question.id, ())))
            for each in put_to
            if each.state == RETURNED
        ]
        compared += len(comparable_answers(question, answers)) > 1
        apart = disagreement(
            question, answers, all_returned=all(each.state != NOT_RETURNED for each in put_to)
        )
        if apart is not None:
            found.append(apart)
    found.sort(key=lambda each: (-each.strength, each.question.number))
    return CaseDisagreement(case_id, pseudonym, tuple(found), compared)


def _with_gate_questions(definition: AuditForm, questions: Iterable[Question]) -> list[str]:
    """The ids of these questions, and of those on whose answers they hang."""
    names: list[str] = []
    for question in questions:
        names.append(question.id)
        while question.show_if is not None:
            question = definition.question(question.show_if.question)  # noqa: PLW2901 — one step back
            names.append(question.id)
    return list(dict.fromkeys(names))


def _agency_returns(mine: ColumnElement[bool], *, questions: list[str] | None = None) -> list[AgencyReturn]:
    here = [mine, AuditRequest.withdrawn_at.is_(None)]
    given = _answers_by_request(here, questions)
    rows = session.execute(
        select(
            AuditRequest.id,
            AuditRequest.case_id,
            Agency.name,
            Agency.kind,
            Return.returned_at,
            Return.nil_reason,
        )
        .join(Agency, Agency.id == AuditRequest.agency_id)
        .outerjoin(Return, Return.request_id == AuditRequest.id)
        .where(*here)
        .order_by(Agency.name, AuditRequest.id)
    )
    found = [
        AgencyReturn(id_, case_id, name, kind, _state(returned_at, nil), tuple(given.get(id_, ())))
        for id_, case_id, name, kind, returned_at, nil in rows
    ]
    # The order in which partnerships print agencies; within a kind by name, as SQL has sorted them.
    return sorted(
        found, key=lambda each: _KINDS.index(each.kind) if each.kind in AGENCY_KINDS else len(AGENCY_KINDS)
    )


def _answers_by_request(
    here: list[ColumnElement[bool]], questions: list[str] | None
) -> dict[int, list[GivenAnswer]]:
    """What was said in each return that counts; without `questions` everything, with texts."""
    columns: list[Any] = [Return.request_id, Answer.question, Answer.item, Answer.option]
    if questions is None:
        columns.append(Answer.text)
    counted = (
        select(*columns)
        .join(AuditRequest, AuditRequest.id == Return.request_id)
        .join(Answer, Answer.revision_id == Return.current_revision_id)
        .where(*here, Return.returned_at.is_not(None), Return.nil_reason == "")
    )
    if questions is not None:
        counted = counted.where(Answer.question.in_(questions), Answer.option != "")
    found: defaultdict[int, list[GivenAnswer]] = defaultdict(list)
    for request_id, *said in session.execute(counted.order_by(Answer.id)):
        found[request_id].append(GivenAnswer(*said))
    return found


def _state(returned_at: object, nil_reason: str | None) -> str:
    if returned_at is None:
        return NOT_RETURNED
    return NIL if nil_reason else RETURNED
