"""Answers with and without a current practice concern, and presses that store them."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.answering.models import Concern
from surveyapp.answering.returns import operations
from surveyapp.answering.returns.operations import SaveOutcome
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.defining.concern import CURRENT_CONCERN
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.store.db import transaction
from surveyapp.issuing.models import AuditRequest
from tests.conftest import MONDAY_MORNING

CALM = (GivenAnswer("supervision", option="yes"),)
RAISED = (
    *CALM,
    GivenAnswer(CURRENT_CONCERN, "raised", "yes"),
    GivenAnswer(CURRENT_CONCERN, "told_whom", text="Our safeguarding lead"),
    GivenAnswer(CURRENT_CONCERN, "told_when", text="today, 10am"),
)


def act(  # noqa: PLR0913 — which button, what stood on the page, and when
    how: Callable[..., SaveOutcome],
    audit_request: AuditRequest,
    given: tuple[GivenAnswer, ...],
    seen: int,
    *,
    number: int = 0,
    now: datetime = MONDAY_MORNING,
) -> SaveOutcome:
    """Save or return in a transaction of its own; `number` is that of the press, by default `seen`."""
    with transaction():
        return how(audit_request, given, ButtonPress(f"press-number-{number or seen}", seen), now=now)


save = partial(act, operations.save_draft)


def concern_on(session: Session) -> Concern | None:
    """The concern as it is stored now."""
    session.rollback()
    return session.scalar(select(Concern))
