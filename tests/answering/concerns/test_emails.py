"""The email about a concern matches concern.txt and holds no details."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.answering.concerns.emails import CONCERN
from surveyapp.answering.models import Concern
from surveyapp.answering.returns import operations
from surveyapp.answering.returns.operations import SaveOutcome
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.defining.concern import CURRENT_CONCERN
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.mail.compose import render_email
from surveyapp.foundation.store.db import transaction
from surveyapp.issuing.models import AuditRequest
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

HERE = Path(__file__).parent


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
    with transaction():
        return how(audit_request, given, ButtonPress(f"press-number-{number or seen}", seen), now=now)


save = partial(act, operations.save_draft)


def concern_on(session: Session) -> Concern | None:
    session.rollback()
    return session.scalar(select(Concern))


@pytest.fixture
def audit_request(make: Maker) -> AuditRequest:
    return make.requests(make.audit(cases=2, agencies=1))[0]


def test_the_email_matches_concern_txt_and_holds_no_details(make: Maker, session: Session) -> None:
    agency = make.agency("Northside Police", contact="audit@police.example")
    audit = make.audit(cases=1, agencies=[agency], title="Repeat Child Protection Plans, January 2027")
    first = make.requests(audit)[0]
    first.reference = "7K4-Q2B"
    session.commit()
    address = f"/audits/{audit.id}/concerns"
    save(first, RAISED, 0)
    concern = concern_on(session)
    assert concern is not None
    email = CONCERN.word(concern.id, "audits@partnership.example")
    assert email is not None
    worded = render_email(email)
    read = f"Subject: {worded.subject}\n\n{worded.text}".replace(
        f"http://127.0.0.1:5000{address}", "https://audits.example/audits/1/concerns"
    )
    assert read == (HERE / "concern.txt").read_text(encoding="utf-8")
    for hidden in ("Child 1", "Northside", "Lead", "safeguarding lead", "10am"):
        assert hidden not in worded.subject + worded.text + worded.html
    assert CONCERN.lock(concern.id) is first.grant
    assert CONCERN.word(999, "audits@partnership.example") is None
