"""Approves an audit’s theme or sample in the name of a signed-in executive (stories EX2)."""

from collections.abc import Collection
from datetime import datetime

from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.edit_conflicts import check_unchanged
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.web.actor import EXECUTIVE
from surveyapp.planning.approval.models import Approval
from surveyapp.planning.approval.state import ApprovalState
from surveyapp.planning.models import Audit


class NotAnExecutive(Refused):
    """Somebody who is not an executive presses Approve."""

    way_on = "An executive approves it after signing in with an account of their own."


class NothingToApprove(Refused):
    """What stands to be approved has not been written, or is approved as it is."""

    way_on = ""


def may_approve(roles: Collection[str]) -> bool:
    """Whether somebody with these roles may approve a theme or a sample."""
    return EXECUTIVE in roles


def approve(  # noqa: PLR0913 — each is one thing the press brings
    audit: Audit,
    subject: str,
    state: ApprovalState,
    *,
    seen: str,
    roles: Collection[str],
    actor: str,
    now: datetime,
) -> Approval:
    """Approve an audit’s “theme” or “sample” as it is now. The caller has locked the audit.

    `seen` is the digest of what the page showed; `roles` are those of the actor. Raises NotAnExecutive,
    NothingToApprove, and EditConflict if the content has changed since the page was shown.
    """
    if not may_approve(roles):
        raise NotAnExecutive(f"Only an executive approves the {subject} of an audit.")
    check_unchanged(
        seen,
        state.seen,
        message=f"The {subject} has changed since this page was opened.",
        way_on="Look at it again, then approve it.",
    )
    if not any(state.content.values()):
        raise NothingToApprove(f"There is no {subject} to approve yet.")
    if state.is_approved:
        raise NothingToApprove(f"The {subject} is approved already.")
    approval = Approval(
        audit_id=audit.id,
        subject=subject,
        content=dict(state.content),
        approved_by=actor,
        approved_at=now,
    )
    session.add(approval)
    record_event(actor, f"approved_{subject}", f"audit {audit.id}", now=now)
    return approval
