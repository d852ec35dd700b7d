"""Proposing a report or brief for release, withdrawing it, sending it back, approving it (stories EX4)."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from surveyapp.checks.flag_answers import FlagsUnanswered, has_words
from surveyapp.checks.proposals.models import ReleaseProposal
from surveyapp.checks.proposals.queries import latest_proposal
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.edit_conflicts import check_unchanged
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.web.actor import AUDIT_LEAD, BUSINESS_MANAGER
from surveyapp.planning.approval.operations import NotAnExecutive, may_approve
from surveyapp.planning.models import Audit

# The roles that write a report or a brief. An executive who has one of them too need not ask for approval.
WRITING_ROLES = frozenset({BUSINESS_MANAGER, AUDIT_LEAD})
LONGEST_REASON = 1_000


class NothingProposed(Refused):
    """Nobody is asking for the approval that somebody wants to give, refuse or take back."""

    way_on = "Open the page again to see how it stands."


class ReviewedDocument(Protocol):
    """What a report or brief is as its release page shows it."""

    @property
    def content(self) -> str:
        """A digest of all that its reader sees."""

    @property
    def is_released(self) -> bool:
        """Whether its latest release has exactly these contents."""

    @property
    def waiting(self) -> int:
        """How many flags have no answer."""


def check_releasable(
    document: str, reviewed: ReviewedDocument, *, seen: str, has_returns: bool, way_on: str
) -> None:
    """Check that a “report” or “brief” may be proposed or released as it was seen.

    `seen` is the `content` that the page showed; `way_on` says what to do if it has changed since. The caller
    has locked the audit. Raises EditConflict if it has changed, FlagsUnanswered while a flag has no answer,
    and Refused if it is released as it is or if no return with answers has come in.
    """
    check_unchanged(
        seen,
        reviewed.content,
        message=f"The {document} has changed since this page was opened.",
        way_on=way_on,
    )
    if not has_returns:
        raise Refused("No return with answers has come in, so there is nothing to release.")
    if reviewed.is_released:
        raise Refused(f"The {document} is released as it is.", way_on="Nothing has changed since.")
    if reviewed.waiting:
        raise FlagsUnanswered(reviewed.waiting, document)


def propose(audit_id: int, document: str, *, content: str, actor: str, now: datetime) -> ReleaseProposal:
    """Ask executives to approve an audit’s “report” or “brief”, whose digest is `content`.

    The caller has locked the audit. Raises Refused if approval has been asked for already.
    """
    latest = latest_proposal(audit_id, document)
    if latest is not None and latest.is_waiting:
        raise Refused(
            f"{latest.proposed_by} has asked for approval already.", way_on="It waits for an executive."
        )
    proposal = ReleaseProposal(
        audit_id=audit_id, document=document, content=content, proposed_by=actor, proposed_at=now
    )
    session.add(proposal)
    session.flush()
    record_event(actor, "proposed_release", f"audit {audit_id}", document, now=now)
    return proposal


def withdraw_proposal(audit_id: int, document: str, *, actor: str, now: datetime) -> ReleaseProposal:
    """Take back what waits for an executive. Raises NothingProposed."""
    proposal = _locked(audit_id, document)
    _settle(proposal, "withdrawn", actor=actor, now=now)
    record_event(actor, "withdrew_proposal", f"audit {audit_id}", document, now=now)
    return proposal


def send_back(  # noqa: PLR0913 — each is one thing the press brings
    audit_id: int, document: str, *, reason: str, roles: Collection[str], actor: str, now: datetime
) -> ReleaseProposal:
    """Send a report or brief back to those who write it, with a reason.

    Raises NotAnExecutive, NothingProposed, and Refused for a reason without words or of more than 1,000
    characters.
    """
    _check_may_approve(document, roles)
    if not has_words(reason) or len(reason) > LONGEST_REASON:
        raise Refused(
            f"The {document} is not sent back yet.",
            way_on=f"Say in words what is to be changed, in up to {LONGEST_REASON:,} characters.",
        )
    proposal = _locked(audit_id, document)
    proposal.reason = reason
    _settle(proposal, "sent_back", actor=actor, now=now)
    record_event(actor, "sent_proposal_back", f"audit {audit_id}", document, now=now)
    return proposal


def approve_proposal(  # noqa: PLR0913 — each is one thing the press brings
    audit_id: int, document: str, *, content: str, roles: Collection[str], actor: str, now: datetime
) -> ReleaseProposal:
    """Note that an executive approved a report or brief. The caller has locked the audit, and releases it.

    An executive who may also write it need not have asked: the row then says that one person did both. Raises
    NotAnExecutive, and NothingProposed if nobody asked.
    """
    _check_may_approve(document, roles)
    proposal = latest_proposal(audit_id, document)
    if proposal is None or not proposal.is_waiting:
        if not WRITING_ROLES & set(roles):
            raise NothingProposed(f"Nobody is asking for approval of the {document} at present.")
        proposal = propose(audit_id, document, content=content, actor=actor, now=now)
    _settle(proposal, "approved", actor=actor, now=now)
    return proposal


def _check_may_approve(document: str, roles: Collection[str]) -> None:
    if not may_approve(roles):
        raise NotAnExecutive(f"Only an executive approves the {document} of an audit.")


def _locked(audit_id: int, document: str) -> ReleaseProposal:
    """Lock the audit and give the proposal that waits, so that two presses are taken one after the other."""
    session.get_one(Audit, audit_id, with_for_update=True)
    proposal = latest_proposal(audit_id, document)
    if proposal is None or not proposal.is_waiting:
        raise NothingProposed(f"Nobody is asking for approval of the {document} at present.")
    return proposal


def _settle(proposal: ReleaseProposal, outcome: str, *, actor: str, now: datetime) -> None:
    proposal.outcome, proposal.settled_by, proposal.settled_at = outcome, actor, now
