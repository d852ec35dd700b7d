"""Planning the issue of an audit for its day."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.issuing.operations import NotReady, issue_requests
from surveyapp.issuing.planned_issue.operations import (
    IssueHourPassed,
    drop_planned_issue,
    issue_planned_audits,
    plan_issue,
)
from surveyapp.planning.errors import AlreadyIssued
from surveyapp.planning.models import Audit, Involvement
from tests.conftest import MONDAY_MORNING
from tests.issuing.conftest import Queued
from tests.row_maker import Maker

ANN = "Ann Lee"
# The audit is planned for Wednesday 2 December; chasers leave at 8.30 by default.
HOUR = datetime(2026, 12, 2, 8, 30, tzinfo=UTC)
BEFORE = datetime(2026, 12, 2, 8, 29, tzinfo=UTC)


@pytest.fixture
def planned(make: Maker, session: Session) -> Audit:
    """An audit that is ready, for Wednesday 2 December."""
    audit = make.audit(issued=False)
    audit.issue_on = date(2026, 12, 2)
    session.commit()
    with transaction():
        plan_issue(audit, actor=ANN, now=MONDAY_MORNING)
    return audit


def test_the_worker_issues_it_at_its_hour_and_once(planned: Audit, outbox: Queued) -> None:
    with transaction():
        assert issue_planned_audits(BEFORE) == 0
    assert not planned.is_issued
    with transaction():
        assert issue_planned_audits(HOUR) == 1
    assert (planned.issued_at, len(outbox())) == (HOUR, 2)
    with transaction():
        assert issue_planned_audits(HOUR) == 0
    assert len(outbox()) == 2


def test_a_day_on_which_no_worker_ran_is_caught_up(planned: Audit) -> None:
    with transaction():
        assert issue_planned_audits(datetime(2026, 12, 3, 12, tzinfo=UTC)) == 1
    assert planned.asked_on == date(2026, 12, 3)


def test_an_audit_that_is_not_ready_waits_and_holds_up_no_other(
    planned: Audit, make: Maker, session: Session
) -> None:
    other = make.audit(issued=False)
    other.issue_on = date(2026, 12, 2)
    session.commit()
    with transaction():
        plan_issue(other, actor=ANN, now=MONDAY_MORNING)
        session.execute(delete(Involvement).where(Involvement.case_id.in_(case.id for case in planned.cases)))
    with transaction():
        assert issue_planned_audits(HOUR) == 1
    assert (planned.is_issued, other.is_issued) == (False, True)


def test_the_plan_can_be_taken_back(planned: Audit, session: Session) -> None:
    with transaction():
        assert drop_planned_issue(planned, actor=ANN, now=MONDAY_MORNING)
    with transaction():
        assert not drop_planned_issue(planned, actor=ANN, now=MONDAY_MORNING)
    with transaction():
        assert issue_planned_audits(HOUR) == 0
    actions = session.scalars(select(Event.action).where(Event.actor == ANN).order_by(Event.id)).all()
    assert actions == ["planned_issue", "dropped_planned_issue"]


def test_what_cannot_be_planned_is_refused_with_the_reason(make: Maker, session: Session) -> None:
    unready = make.audit(issued=False, cases=0)
    with pytest.raises(NotReady, match="no cases"):
        plan_issue(unready, actor=ANN, now=MONDAY_MORNING)
    ready = make.audit(issued=False)
    with pytest.raises(IssueHourPassed, match="has passed"):
        plan_issue(ready, actor=ANN, now=datetime(2026, 11, 30, 8, 30, tzinfo=UTC))
    ready.issue_on = None
    session.commit()
    with pytest.raises(NotReady, match="when it is issued"):
        plan_issue(ready, actor=ANN, now=MONDAY_MORNING)
    issued = make.audit()
    for change in (plan_issue, drop_planned_issue):
        with pytest.raises(AlreadyIssued):
            change(issued, actor=ANN, now=MONDAY_MORNING)


def test_issuing_by_hand_ends_the_plan(planned: Audit, outbox: Queued) -> None:
    with transaction():
        issue_requests(planned, actor=ANN, now=MONDAY_MORNING)
    with transaction():
        assert issue_planned_audits(HOUR) == 0
    assert len(outbox()) == 2
