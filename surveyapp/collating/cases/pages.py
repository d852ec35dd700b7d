"""Agencies' answers about one child side by side, and where agencies disagree over all children."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from surveyapp.collating.cases.answers_by_case import (
    NIL,
    NOT_RETURNED,
    CaseDisagreement,
    case_disagreements,
    disagreement_of_case,
    returns_of_case,
)
from surveyapp.collating.cases.case_table import side_by_side
from surveyapp.defining.definition import Question
from surveyapp.foundation.store.db import session
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit, Case
from surveyapp.planning.queries import case_named

# More than anybody reads at once; an audit of fifteen cases has at most a few dozen.
DISAGREEMENTS_PER_PAGE = 100


def show_case(audit_id: int, case_id: int) -> ResponseReturnValue:
    """Show what every agency answered about one child, side by side, and where they disagree."""
    audit = session.get_one(Audit, audit_id)
    case, definition = case_named(audit.id, case_id), form_of(audit)
    named = select(Case.id, Case.pseudonym).filter_by(audit_id=audit.id).order_by(Case.position, Case.id)
    cases = session.execute(named).all()
    place = [each.id for each in cases].index(case.id)
    returns = returns_of_case(case)
    apart = disagreement_of_case(definition, case.id, case.pseudonym, returns)
    states = [each.state for each in returns]
    return render_template(
        "survey/collating/case.html",
        audit=audit,
        case=case,
        before=cases[place - 1] if place else None,
        after=cases[place + 1] if place + 1 < len(cases) else None,
        returns=returns,
        returned=len(states) - states.count(NOT_RETURNED),
        nil=states.count(NIL),
        apart=apart,
        themes=side_by_side(definition, returns, apart),
    )


def show_disagreement(audit_id: int) -> ResponseReturnValue:
    """Show where agencies disagree: each case and question, the strongest first."""
    audit = session.get_one(Audit, audit_id)
    cases = case_disagreements(audit)
    found = sorted(
        ((each, case) for case in cases for each in case.found), key=lambda found: -found[0].strength
    )
    pages = max(1, -(-len(found) // DISAGREEMENTS_PER_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    compared = sorted((each for each in cases if each.compared), key=lambda case: -case.strength)
    return render_template(
        "survey/collating/disagreement.html",
        audit=audit,
        comparable=[each for each in form_of(audit).questions if each.is_comparable],
        found=found[(page - 1) * DISAGREEMENTS_PER_PAGE : page * DISAGREEMENTS_PER_PAGE],
        page=page,
        pages=pages,
        apart=sum(bool(each.found) for each in compared),
        compared=len(compared),
        cases=compared[:DISAGREEMENTS_PER_PAGE],
        questions=_by_question(cases),
    )


def _by_question(cases: list[CaseDisagreement]) -> list[tuple[Question, int]]:
    """Each question with in how many cases agencies disagree, most first, then in the form's order."""
    found: dict[str, tuple[Question, int]] = {}
    for each in (each for case in cases for each in case.found):
        found[each.question.id] = (each.question, found.get(each.question.id, (each.question, 0))[1] + 1)
    return sorted(found.values(), key=lambda each: (-each[1], each[0].number))
