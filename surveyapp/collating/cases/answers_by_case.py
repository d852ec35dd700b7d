"""Reads the answers of each agency about a child, for one case or for a whole audit."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, func, select

from surveyapp.agencies.models import Agency
from surveyapp.answering.models import RECEIVED_BY, Answer, Return, Revision
from surveyapp.defining.definition import AuditForm, Question
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.defining.shown_questions import answers_by_question, shown_question_ids
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.foundation.store.db import session
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit, Case

RETURNED, NIL, NOT_RETURNED = "returned", "nil return", "not returned"
_KINDS = list(AGENCY_KINDS)


# A form is immutable, so the questions for a kind of agency are worked out once for all its returns.
@lru_cache(maxsize=256)
def _questions_put_to(definition: AuditForm, kind: str) -> tuple[tuple[Question, ...], frozenset[str], bool]:
    """The questions put to a kind of agency, their ids, and whether any depends on another’s answer."""
    questions = definition.questions_for(kind)
    ids = frozenset(question.id for question in questions)
    return questions, ids, any(question.show_if is not None for question in questions)


@dataclass(frozen=True)
class AgencyReturn:
    """One agency's request about a child, with its state (RETURNED, NIL or NOT_RETURNED) and its answers."""

    request_id: int
    case_id: int
    agency: str
    kind: str
    state: str
    given_answers: tuple[GivenAnswer, ...]
    # How staff who keyed it in got it, one of RECEIVED_BY; empty if the contact sent it.
    received_by: str = ""

    @property
    def keyed_in(self) -> str:
        """That staff keyed it in, and how it came, in words; empty if the contact sent it."""
        return f"keyed in, {RECEIVED_BY[self.received_by]}" if self.received_by else ""

    @cached_property
    def answers(self) -> dict[str, tuple[GivenAnswer, ...]]:
        """The answers by the id of their question."""
        return answers_by_question(self.given_answers)

    def questions_asked(self, definition: AuditForm) -> frozenset[str]:
        """The ids of the questions asked; after a return, without those that its answers made irrelevant."""
        questions, ids, has_gates = _questions_put_to(definition, self.kind)
        return (
            shown_question_ids(questions, self.given_answers) if has_gates and self.state == RETURNED else ids
        )


def returns_of_case(case: Case) -> list[AgencyReturn]:
    """Each agency's return about one child, with texts, by kind of agency and then by name."""
    return _agency_returns(AuditRequest.case_id == case.id)


def returns_of_audit(audit: Audit, question_ids: list[str]) -> list[AgencyReturn]:
    """Each agency's return about each child, with the options chosen in these questions and no text."""
    return _agency_returns(AuditRequest.audit_id == audit.id, question_ids)


def _agency_returns(
    condition: ColumnElement[bool], question_ids: list[str] | None = None
) -> list[AgencyReturn]:
    conditions = [condition, AuditRequest.withdrawn_at.is_(None)]
    answers = _answers_by_request(conditions, question_ids)
    rows = session.execute(
        select(
            AuditRequest.id,
            AuditRequest.case_id,
            Agency.name,
            Agency.kind,
            Return.returned_at,
            Return.nil_reason,
            func.coalesce(Revision.received_by, ""),
        )
        .join(Agency, Agency.id == AuditRequest.agency_id)
        .outerjoin(Return, Return.request_id == AuditRequest.id)
        .outerjoin(Revision, Revision.id == Return.current_revision_id)
        .where(*conditions)
        .order_by(Agency.name, AuditRequest.id)
    )
    returns = [
        AgencyReturn(
            id_,
            case_id,
            name,
            kind,
            _state(returned_at, nil_reason),
            tuple(answers.get(id_, ())),
            received_by if returned_at else "",
        )
        for id_, case_id, name, kind, returned_at, nil_reason, received_by in rows
    ]
    # The order in which partnerships print agencies; the sort is stable, so a kind stays sorted by name.
    return sorted(
        returns,
        key=lambda agency: _KINDS.index(agency.kind) if agency.kind in AGENCY_KINDS else len(AGENCY_KINDS),
    )


def _answers_by_request(
    conditions: list[ColumnElement[bool]], question_ids: list[str] | None
) -> dict[int, list[GivenAnswer]]:
    """Answers of each return that counts: only options of `question_ids`, or all answers with texts."""
    columns: list[Any] = [Return.request_id, Answer.question, Answer.item, Answer.option]
    if question_ids is None:
        columns.append(Answer.text)
    statement = (
        select(*columns)
        .join(AuditRequest, AuditRequest.id == Return.request_id)
        .join(Answer, Answer.revision_id == Return.current_revision_id)
        .where(*conditions, Return.returned_at.is_not(None), Return.nil_reason == "")
    )
    if question_ids is not None:
        statement = statement.where(Answer.question.in_(question_ids), Answer.option != "")
    answers: defaultdict[int, list[GivenAnswer]] = defaultdict(list)
    for request_id, *values in session.execute(statement.order_by(Answer.id)):
        answers[request_id].append(GivenAnswer(*values))
    return answers


def _state(returned_at: object, nil_reason: str | None) -> str:
    if returned_at is None:
        return NOT_RETURNED
    return NIL if nil_reason else RETURNED
