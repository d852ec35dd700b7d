"""Presses of Save and of Return, as operations store them, and answers to press them with."""

from datetime import datetime

from surveyapp.answering.returns import operations
from surveyapp.answering.returns.operations import SaveOutcome
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.store.db import transaction
from surveyapp.issuing.models import AuditRequest
from tests.conftest import MONDAY_MORNING

YES = (GivenAnswer("supervision", option="yes"),)
NO = (
    GivenAnswer("supervision", option="no"),
    GivenAnswer("supervision", item="comment", text="Not since May."),
)


def press(number: int = 1, seen: int = 0) -> ButtonPress:
    """A press of a button on a page that showed version `seen` of the return."""
    return ButtonPress(f"press-number-{number}", seen)


def save(
    audit_request: AuditRequest,
    given: tuple[GivenAnswer, ...] = YES,
    how: ButtonPress | None = None,
    now: datetime = MONDAY_MORNING,
) -> SaveOutcome:
    """Save a draft in a transaction of its own; without `how` it is the first press of a new page."""
    with transaction():
        return operations.save_draft(audit_request, given, how or press(), now=now)


def give_back(
    audit_request: AuditRequest,
    given: tuple[GivenAnswer, ...] = YES,
    how: ButtonPress | None = None,
    now: datetime = MONDAY_MORNING,
) -> SaveOutcome:
    """Return the audit in a transaction of its own; without `how` it is the first press of a new page."""
    with transaction():
        return operations.return_audit(audit_request, given, how or press(), now=now)
