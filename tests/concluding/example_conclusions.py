"""Functions that store conclusions for tests; a test names the details that matter to it."""

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
    """Store a finding of an audit."""
    with transaction():
        return add_finding(audit, FindingDetails(text, **details), actor="manager", now=MONDAY_MORNING)


def recommended(audit: Audit, text: str = "Keep chronologies up to date.", **details: Any) -> Recommendation:
    """Store a recommendation of an audit."""
    with transaction():
        recommendation = RecommendationDetails(text, **details)
        return add_recommendation(audit, recommendation, actor="manager", now=MONDAY_MORNING)


def acted(audit: Audit, what: str = "Put it on every agenda.", **details: Any) -> Action:
    """Store an action of an audit, by default with an owner and due on Friday 18 December 2026."""
    values = {
        "measure": "Ten sets of minutes say so.",
        "owner": "Head of safeguarding",
        "owner_email": "head@partnership.example",
        "due_on": FRIDAY,
        **details,
    }
    with transaction():
        return add_action(audit, ActionDetails(what, **values), actor="manager", now=MONDAY_MORNING)


def themed(audit: Audit, *names: str) -> list[PracticeTheme]:
    """Store practice themes of an audit."""
    rows = [
        PracticeTheme(audit_id=audit.id, position=place, name=name) for place, name in enumerate(names, 1)
    ]
    session.add_all(rows)
    session.commit()
    return rows


def quoted(audit: Audit, printed: str = "Nobody asked her.") -> Quote:
    """Store a quote of an audit from a workshop."""
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
