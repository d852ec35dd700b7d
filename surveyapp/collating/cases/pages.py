"""The page of one case, with all agencies' answers side by side, and the page of disagreements."""

from collections import Counter

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from surveyapp.collating.cases.answers_by_case import NIL, NOT_RETURNED, returns_of_case
from surveyapp.collating.cases.case_disagreement import (
    CaseDisagreement,
    case_disagreements,
    disagreement_of_case,
)
from surveyapp.collating.cases.case_table import side_by_side
from surveyapp.defining.definition import Question
from surveyapp.foundation.store.db import session
from surveyapp.foundation.web.access import record_reading
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit, Case
from surveyapp.planning.queries import case_by_id

# Few enough for a phone; an audit of fifteen cases has a few dozen at most.
DISAGREEMENTS_PER_PAGE = 10
CASES_LISTED = 100


def show_case(audit_id: int, case_id: int) -> ResponseReturnValue:
    """Show every agency's answers about one child side by side, and where they disagree."""
    audit = session.get_one(Audit, audit_id)
    case, definition = case_by_id(audit.id, case_id), form_of(audit)
    statement = select(Case.id, Case.pseudonym).filter_by(audit_id=audit.id).order_by(Case.position, Case.id)
    cases = session.execute(statement).all()
    place = [row.id for row in cases].index(case.id)
    returns = returns_of_case(case)
    case_disagreement = disagreement_of_case(definition, case.id, case.pseudonym, returns)
    states = [agency.state for agency in returns]
    page = render_template(
        "survey/collating/case.html",
        audit=audit,
        case=case,
        before=cases[place - 1] if place else None,
        after=cases[place + 1] if place + 1 < len(cases) else None,
        returns=returns,
        returned=len(states) - states.count(NOT_RETURNED),
        nil=states.count(NIL),
        apart=case_disagreement,
        themes=side_by_side(definition, returns, case_disagreement),
    )
    record_reading("saw_case", f"case {case_id}")
    return page


def show_disagreement(audit_id: int) -> ResponseReturnValue:
    """Show where agencies disagree, by case and question, the strongest disagreement first."""
    audit = session.get_one(Audit, audit_id)
    cases = case_disagreements(audit)
    disagreements = sorted(
        ((disagreement, case) for case in cases for disagreement in case.disagreements),
        key=lambda pair: -pair[0].strength,
    )
    pages = max(1, -(-len(disagreements) // DISAGREEMENTS_PER_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    compared = sorted((case for case in cases if case.compared), key=lambda case: -case.strength)
    shown = render_template(
        "survey/collating/disagreement.html",
        audit=audit,
        comparable=[question for question in form_of(audit).questions if question.is_comparable],
        found=disagreements[(page - 1) * DISAGREEMENTS_PER_PAGE : page * DISAGREEMENTS_PER_PAGE],
        page=page,
        pages=pages,
        apart=sum(bool(case.disagreements) for case in compared),
        compared=len(compared),
        cases=compared[:CASES_LISTED],
        questions=_by_question(cases),
    )
    record_reading("saw_disagreement", f"audit {audit_id}")
    return shown


def _by_question(cases: list[CaseDisagreement]) -> list[tuple[Question, int]]:
    """Questions with the number of cases in which agencies disagree, most first, then in the form's order."""
    questions = {
        disagreement.question.id: disagreement.question
        for case in cases
        for disagreement in case.disagreements
    }
    counts = Counter(disagreement.question.id for case in cases for disagreement in case.disagreements)
    in_order = sorted(questions.values(), key=lambda question: (-counts[question.id], question.number))
    return [(question, counts[question.id]) for question in in_order]
