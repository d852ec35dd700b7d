"""Approvals by executives, and what has changed since."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.store.event_log import Event
from surveyapp.planning.approval.operations import NotAnExecutive, NothingToApprove, approve
from surveyapp.planning.approval.queries import approvals_of, latest_approval, latest_approvals
from surveyapp.planning.approval.state import ApprovalState, ChangedPart, theme_content
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

EXECUTIVE = frozenset({"executive"})


def state_of(audit: Audit) -> ApprovalState:
    """How far the theme of an audit is approved."""
    return ApprovalState(theme_content(audit), latest_approval(audit.id, "theme"))


def approves(audit: Audit, *, roles: frozenset[str] = EXECUTIVE, seen: str | None = None) -> None:
    """Mo Khan approves the theme as it is now."""
    state = state_of(audit)
    with transaction():
        approve(
            audit,
            "theme",
            state,
            seen=state.seen if seen is None else seen,
            roles=roles,
            actor="Mo Khan",
            now=MONDAY_MORNING,
        )


def test_an_approval_keeps_who_when_and_what(make: Maker, session: Session) -> None:
    audit = make.audit(issued=False)
    assert not state_of(audit).is_approved
    approves(audit)
    state = state_of(audit)
    assert state.is_approved
    assert state.approval is not None
    assert (state.approval.approved_by, state.approval.approved_at) == ("Mo Khan", MONDAY_MORNING)
    event = session.scalars(select(Event).where(Event.action == "approved_theme")).one()
    assert (event.actor, event.object, event.detail) == ("Mo Khan", f"audit {audit.id}", "")


def test_what_changes_afterwards_is_shown_until_it_is_approved_again(make: Maker, session: Session) -> None:
    audit = make.audit(issued=False)
    approves(audit)
    audit.theme_reason, audit.emphasis = "One plan in six is a repeat", "both"
    session.commit()
    assert state_of(audit).changes == (
        ChangedPart("Why this theme", "", "One plan in six is a repeat"),
        ChangedPart("Emphasis", "", "Both"),
    )
    approves(audit)
    assert state_of(audit).is_approved
    assert len(approvals_of(audit.id, "theme")) == 2
    other = make.audit(issued=False)
    approves(other)
    assert set(latest_approvals([audit.id, other.id], "theme")) == {audit.id, other.id}
    assert latest_approvals([audit.id, other.id], "sample") == {}


@pytest.mark.parametrize(
    "roles", [frozenset(), frozenset({"business_manager", "audit_lead", "administrator"})]
)
def test_only_an_executive_approves(make: Maker, roles: frozenset[str]) -> None:
    audit = make.audit(issued=False)
    with pytest.raises(NotAnExecutive, match="Only an executive approves the theme"):
        approves(audit, roles=roles)
    assert latest_approval(audit.id, "theme") is None


def test_what_was_not_seen_is_not_approved(make: Maker) -> None:
    audit = make.audit(issued=False)
    with pytest.raises(EditConflict, match="The theme has changed since this page was opened"):
        approves(audit, seen="0" * 32)


def test_neither_an_empty_theme_nor_the_same_one_twice_is_approved(make: Maker, session: Session) -> None:
    audit = make.audit(issued=False)
    approves(audit)
    with pytest.raises(NothingToApprove, match="approved already"):
        approves(audit)
    empty = make.audit(issued=False)
    empty.theme = ""
    session.commit()
    with pytest.raises(NothingToApprove, match="no theme to approve yet"):
        approves(empty)
