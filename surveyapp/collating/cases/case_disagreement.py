"""How far agencies disagree about each child, over all questions that can be compared."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from surveyapp.collating.cases.answers_by_case import NOT_RETURNED, RETURNED, AgencyReturn, returns_of_audit
from surveyapp.collating.cases.disagreement import (
    AgencyAnswer,
    Disagreement,
    comparable_answers,
    disagreement,
)
from surveyapp.defining.definition import AuditForm, Question
from surveyapp.defining.shown_questions import chosen_values
from surveyapp.foundation.store.db import session
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit, Case


@dataclass(frozen=True)
class CaseDisagreement:
    """The disagreements of the agencies about one child, the strongest first.

    `compared` is the number of questions that two or more agencies answered.
    """

    case_id: int
    pseudonym: str
    disagreements: tuple[Disagreement, ...]
    compared: int

    @property
    def strength(self) -> int:
        """The mean strength over the questions compared, from 0 to 100."""
        total = sum(disagreement.strength for disagreement in self.disagreements)
        return int(total / self.compared + 0.5) if self.compared else 0


def case_disagreements(audit: Audit) -> list[CaseDisagreement]:
    """The disagreements of each case, in the order of the audit; reads options but no text."""
    definition = form_of(audit)
    comparable = [question for question in definition.questions if question.is_comparable]
    if not comparable:
        return []
    by_case: defaultdict[int, list[AgencyReturn]] = defaultdict(list)
    for agency_return in returns_of_audit(audit, _with_gate_questions(definition, comparable)):
        by_case[agency_return.case_id].append(agency_return)
    cases = select(Case.id, Case.pseudonym).where(Case.audit_id == audit.id)
    return [
        disagreement_of_case(definition, case_id, pseudonym, by_case[case_id])
        for case_id, pseudonym in session.execute(cases.order_by(Case.position, Case.id))
    ]


def disagreement_of_case(
    definition: AuditForm, case_id: int, pseudonym: str, returns: Sequence[AgencyReturn]
) -> CaseDisagreement:
    """How the agencies of one case disagree: the strongest disagreement first, then in the form's order."""
    asked_ids = {agency.request_id: agency.questions_asked(definition) for agency in returns}
    disagreements: list[Disagreement] = []
    compared = 0
    for question in definition.questions:
        if not question.is_comparable:
            continue
        agencies_asked = [agency for agency in returns if question.id in asked_ids[agency.request_id]]
        answers = [
            AgencyAnswer(agency.agency, chosen_values(agency.answers.get(question.id, ())))
            for agency in agencies_asked
            if agency.state == RETURNED
        ]
        compared += len(comparable_answers(question, answers)) > 1
        all_returned = all(agency.state != NOT_RETURNED for agency in agencies_asked)
        conflict = disagreement(question, answers, all_returned=all_returned)
        if conflict is not None:
            disagreements.append(conflict)
    disagreements.sort(key=lambda conflict: (-conflict.strength, conflict.question.number))
    return CaseDisagreement(case_id, pseudonym, tuple(disagreements), compared)


def _with_gate_questions(definition: AuditForm, questions: Iterable[Question]) -> list[str]:
    """The ids of these questions and of their gate questions, without repeats."""
    ids: list[str] = []
    for question in questions:
        ids.append(question.id)
        rule = question.show_if
        while rule is not None:
            ids.append(rule.question)
            rule = definition.question(rule.question).show_if
    return list(dict.fromkeys(ids))
