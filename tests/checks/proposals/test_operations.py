"""Approval is asked for, given or refused by people who are signed in, and every row says by whom."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from surveyapp.checks.proposals.models import BRIEF, REPORT, ReleaseProposal
from surveyapp.checks.proposals.operations import (
    NothingProposed,
    approve_proposal,
    propose,
    send_back,
    withdraw_proposal,
)
from surveyapp.checks.proposals.queries import latest_proposal
from surveyapp.extension import TASK_KINDS
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.web.actor import STAFF_ROLES
from surveyapp.permissions import roles_for
from surveyapp.planning.approval.operations import NotAnExecutive
from surveyapp.planning.models import Audit
from surveyapp.tracking.staff_tasks import staff_tasks_today
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

CONTENT = "c" * 64
MARY: dict[str, Any] = {"actor": "Mary Manager", "now": MONDAY_MORNING}
JOAN: dict[str, Any] = {"actor": "Joan Ellery", "roles": {"executive"}, "now": MONDAY_MORNING}


@pytest.fixture
def audit(make: Maker) -> Audit:
    return make.audit(cases=1, agencies=1)


def lines(roles: set[str]) -> list[str]:
    """What needs somebody with these roles today."""
    tasks = staff_tasks_today(TASK_KINDS, roles=roles, now=MONDAY_MORNING)
    return [f"{line.count} {line.kind.one}" for line in tasks.lines]


def test_what_is_proposed_waits_for_an_executive_until_it_is_approved(audit: Audit, session: Session) -> None:
    assert latest_proposal(audit.id, REPORT) is None
    with transaction():
        propose(audit.id, REPORT, content=CONTENT, **MARY)
    with pytest.raises(Refused, match="Mary Manager has asked for approval already"), transaction():
        propose(audit.id, REPORT, content=CONTENT, actor="Ann Lee", now=MONDAY_MORNING)
    assert latest_proposal(audit.id, BRIEF) is None
    assert lines({"executive"}) == ["1 report waits for your approval"]
    assert lines({"business_manager"}) == lines({"audit_lead"}) == lines({"administrator"}) == []
    with transaction():
        proposal = approve_proposal(audit.id, REPORT, content=CONTENT, **JOAN)
    assert (proposal.proposed_by, proposal.settled_by) == ("Mary Manager", "Joan Ellery")
    assert not proposal.is_by_one_person
    assert lines({"executive"}) == []
    event = session.scalars(select(Event).where(Event.action == "proposed_release")).one()
    assert (event.actor, event.object, event.detail) == ("Mary Manager", f"audit {audit.id}", "report")


def test_what_is_sent_back_says_why_and_waits_for_those_who_write_it(audit: Audit, session: Session) -> None:
    with transaction():
        propose(audit.id, BRIEF, content=CONTENT, **MARY)
    for reason in ("", " . ", "x" * 1_001):
        with pytest.raises(Refused, match="not sent back yet"), transaction():
            send_back(audit.id, BRIEF, reason=reason, **JOAN)
    with transaction():
        send_back(audit.id, BRIEF, reason="Say less of Child 3.", **JOAN)
    proposal = latest_proposal(audit.id, BRIEF)
    assert proposal is not None
    assert (proposal.is_sent_back, proposal.reason) == (True, "Say less of Child 3.")
    assert lines({"audit_lead"}) == ["1 brief was sent back"]
    assert lines({"executive"}) == []
    assert "Child 3" not in " ".join(session.scalars(select(Event.detail)))
    with transaction():
        propose(audit.id, BRIEF, content=CONTENT, **MARY)
    assert lines({"audit_lead"}) == []
    with transaction():
        withdraw_proposal(audit.id, BRIEF, **MARY)
    assert lines({"executive"}) == []
    for settle in (withdraw_proposal, send_back):
        given = MARY if settle is withdraw_proposal else {**JOAN, "reason": "Not yet."}
        with pytest.raises(NothingProposed), transaction():
            settle(audit.id, BRIEF, **given)


@pytest.mark.parametrize("roles", [set(), {"business_manager", "audit_lead", "administrator"}])
def test_only_an_executive_approves_or_sends_back(audit: Audit, roles: set[str]) -> None:
    with transaction():
        propose(audit.id, REPORT, content=CONTENT, **MARY)
    with pytest.raises(NotAnExecutive, match="Only an executive approves the report"), transaction():
        approve_proposal(audit.id, REPORT, content=CONTENT, roles=roles, **MARY)
    with pytest.raises(NotAnExecutive), transaction():
        send_back(audit.id, REPORT, reason="Not yet.", roles=roles, **MARY)


def test_an_executive_approves_what_nobody_asked_for_only_if_they_may_write_it_too(audit: Audit) -> None:
    with pytest.raises(NothingProposed, match="Nobody is asking"), transaction():
        approve_proposal(audit.id, REPORT, content=CONTENT, **JOAN)
    both = {"executive", "business_manager"}
    with transaction():
        proposal = approve_proposal(audit.id, REPORT, content=CONTENT, roles=both, **MARY)
    assert proposal.is_by_one_person


def test_the_database_holds_one_waiting_proposal_of_a_document(audit: Audit, session: Session) -> None:
    def row(document: str) -> ReleaseProposal:
        return ReleaseProposal(
            audit_id=audit.id,
            document=document,
            content=CONTENT,
            proposed_by="Mary",
            proposed_at=MONDAY_MORNING,
        )

    session.add_all([row(REPORT), row(BRIEF)])
    session.commit()
    session.add(row(REPORT))
    with pytest.raises(IntegrityError):
        session.commit()


@pytest.mark.parametrize("kind", TASK_KINDS, ids=lambda kind: kind.one)
def test_whoever_is_told_of_a_task_may_open_its_page(kind: Any) -> None:
    assert kind.roles <= roles_for(kind.endpoint)
    assert kind.roles <= set(STAFF_ROLES)
