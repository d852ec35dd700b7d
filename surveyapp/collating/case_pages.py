"""Agencies' answers about one child side by side, and where agencies disagree over all children."""

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from surveyapp.collating.across import (
    NIL,
    NOT_RETURNED,
    CaseDisagreement,
    disagreement_of_case,
    disagreements,
    returns_of_case,
)
from surveyapp.collating.side_by_side import side_by_side
from surveyapp.defining.definition import Question
from surveyapp.foundation.db import session
from surveyapp.foundation.errors import NotFound
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit, Case


def show_case(audit_id: int, case_id: int) -> ResponseReturnValue:
    """Show what every agency answered about one child, side by side, and where they disagree."""
    audit = session.get_one(Audit, audit_id)
    cases = list(session.scalars(select(Case).filter_by(audit_id=audit.id).order_by(Case.position, Case.id)))
    place = next((place for place, each in enumerate(cases) if each.id == case_id), None)
    if place is None:
        raise NotFound
    case, definition = cases[place], form_of(audit)
    returns = returns_of_case(audit, case)
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
    cases = disagreements(audit)
    return render_template(
        "survey/collating/disagreement.html",
        audit=audit,
        comparable=[each for each in form_of(audit).questions if each.is_comparable],
        found=sorted(
            ((each, case) for case in cases for each in case.found), key=lambda found: -found[0].strength
        ),
        cases=sorted((each for each in cases if each.compared), key=lambda case: -case.strength),
        questions=_by_question(cases),
    )


def _by_question(cases: list[CaseDisagreement]) -> list[tuple[Question, int]]:
    """Each question with in how many cases agencies disagree, most first, then in the form's order."""
    found: dict[str, tuple[Question, int]] = {}
    for each in (each for case in cases for each in case.found):
        found[each.question.id] = (each.question, found.get(each.question.id, (each.question, 0))[1] + 1)
    return sorted(found.values(), key=lambda each: (-each[1], each[0].number))
