"""Plain functions that conclude: what matters to a test is said in the test."""

from datetime import date
from typing import Any

from surveyapp.concluding.actions.operations import ActionDetails, add_action
from surveyapp.concluding.findings.operations import FindingDetails, add_finding
from surveyapp.concluding.models import Action, Finding, Recommendation
from surveyapp.concluding.recommendations.operations import RecommendationDetails, add_recommendation
from surveyapp.foundation.store.db import session, transaction
from surveyapp.gathering.models import PracticeTheme, Quote, Workshop
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING

ACTING: dict[str, Any] = {"actor": "manager", "now": MONDAY_MORNING}
FRIDAY = date(2026, 12, 18)


def found(audit: Audit, text: str = "Children are not seen alone.", **details: Any) -> Finding:
    """A finding of an audit, stored."""
    with transaction():
        return add_finding(audit, FindingDetails(text, **details), actor="manager", now=MONDAY_MORNING)


def recommended(audit: Audit, text: str = "Keep chronologies up to date.", **details: Any) -> Recommendation:
    """A recommendation of an audit, stored."""
    with transaction():
        said = RecommendationDetails(text, **details)
        return add_recommendation(audit, said, actor="manager", now=MONDAY_MORNING)


def acted(audit: Audit, what: str = "Put it on every agenda.", **details: Any) -> Action:
    """An action of an audit, stored; due on Friday 18 December 2026 and owned unless told otherwise."""
    said = {
        "measure": "Ten sets of minutes say so.",
        "owner": "Head of safeguarding",
        "owner_email": "head@partnership.example",
        "due_on": FRIDAY,
        **details,
    }
    with transaction():
        return add_action(audit, ActionDetails(what, **said), actor="manager", now=MONDAY_MORNING)


def themed(audit: Audit, *names: str) -> list[PracticeTheme]:
    """Themes of practice of an audit, stored."""
    rows = [
        PracticeTheme(audit_id=audit.id, position=place, name=name) for place, name in enumerate(names, 1)
    ]
    session.add_all(rows)
    session.commit()
    return rows


def quoted(audit: Audit, printed: str = "Nobody asked her.") -> Quote:
    """A quote of an audit from a workshop, stored."""
    workshop = Workshop(audit_id=audit.id, held_on=date(2026, 11, 20), title="Workshop")
    session.add(workshop)
    session.flush()
    quote = Quote(
        audit_id=audit.id,
        source="practitioner",
        original=f"{printed} (as said)",
        printed=printed,
        workshop_id=workshop.id,
        chosen_at=MONDAY_MORNING,
    )
    session.add(quote)
    session.commit()
    return quote
