"""Adds, changes, updates and removes actions."""

from dataclasses import dataclass
from datetime import date, datetime

from surveyapp.agencies.models import Agency
from surveyapp.concluding.actions.emails import ACTION_DUE
from surveyapp.concluding.conclusion_rules import (
    ConclusionRefused,
    NotOfThisAudit,
    TextMissingOrTooLong,
    check_not_too_far,
    checked_finding_id,
    checked_recommendation_id,
    checked_text,
)
from surveyapp.concluding.edit_conflicts import (
    action_digest,
    check_conclusion_unchanged,
    lock_action,
    lock_conclusion,
)
from surveyapp.concluding.models import DONE, OPEN, STATUSES, Action, ActionUpdate
from surveyapp.foundation.errors import NotFound, Refused
from surveyapp.foundation.mail.outbox import cancel_emails
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.email_addresses import address_problem, clean_address, is_address
from surveyapp.planning.models import Audit

LONGEST_OWNER = 200


class OwnerAddressRefused(ConclusionRefused):
    """The owner's email address is not a single valid address."""

    def __init__(self, text: str) -> None:
        """Quote the text and say what an address looks like."""
        super().__init__(f"{address_problem(text)}, or leave it empty.")


class EmptyUpdate(ConclusionRefused):
    """An update with neither a changed status nor evidence."""


class UnknownStatus(ConclusionRefused):
    """The status is none of STATUSES."""

    def __init__(self) -> None:
        """Name the statuses."""
        super().__init__("Choose how far it is: not started, under way or done.")


class ActionHasUpdates(Refused):
    """An action with updates cannot be removed, because its history is kept."""

    def __init__(self, action: Action) -> None:
        """Say what to do instead."""
        super().__init__(
            f"{action.reference} has updates, which are kept, so it cannot be removed.",
            way_on="If it is not needed any more, say why in an update and note it as done.",
        )


@dataclass(frozen=True)
class ActionDetails:
    """An action as staff enter it. `due_on` is a UK day; without `owner_email` no emails are sent.

    It answers a finding or a recommendation of its audit, or the audit as a whole where both are None.
    Without `agency_id` it is the partnership's own.
    """

    what: str
    measure: str
    owner: str
    due_on: date
    owner_email: str = ""
    agency_id: int | None = None
    finding_id: int | None = None
    recommendation_id: int | None = None


def add_action(audit: Audit, details: ActionDetails, *, actor: str, now: datetime) -> Action:
    """Add an action to an audit's plan, not started.

    Raises TextMissingOrTooLong, OwnerAddressRefused, DayTooFar, and NotOfThisAudit for a finding or
    recommendation of another audit or for an agency that no longer exists.
    """
    lock_conclusion(audit.id)
    action = Action(audit_id=audit.id, status=OPEN, due_set_at=now)
    check_not_too_far(details.due_on, now=now)
    _write(audit, action, details)
    session.add(action)
    session.flush()
    record_event(actor, "added_action", f"audit {audit.id}", f"action {action.id}", now=now)
    return action


def change_action(
    action: Action, details: ActionDetails, *, seen: str | None = None, actor: str, now: datetime
) -> None:
    """Change an action; raises what `add_action` raises.

    A new due day or address cancels the emails queued for the old one; no email is sent for a day that has
    already passed. `seen` is the `action_digest` that the page showed; raises EditConflict if it differs now.
    """
    _lock(action)
    check_conclusion_unchanged("action", seen, action_digest(action))
    before = action.due_on, action.owner_email
    if details.due_on != action.due_on:
        check_not_too_far(details.due_on, now=now)
    _write(session.get_one(Audit, action.audit_id), action, details)
    if (action.due_on, action.owner_email) != before:
        action.due_set_at = now
        cancel_emails((ACTION_DUE.name,), action.id, now=now, why="Its day or its owner changed.")
    record_event(actor, "changed_action", f"audit {action.audit_id}", f"action {action.id}", now=now)


def update_action(
    action: Action, *, status: str, evidence: str = "", actor: str, now: datetime
) -> ActionUpdate:
    """Record how far an action is, with the evidence; every update is kept.

    Raises UnknownStatus, EmptyUpdate where nothing is new, and TextMissingOrTooLong for an action that is
    done without evidence.
    """
    if status not in STATUSES:
        raise UnknownStatus
    _lock(action)
    evidence = evidence.strip()
    if status == DONE and not evidence:
        raise TextMissingOrTooLong("Write the evidence: how it is known that this is done.")
    if status == action.status and not evidence:
        raise EmptyUpdate("Choose another status, or write what has changed.")
    update = ActionUpdate(
        action_id=action.id,
        at=now,
        actor=actor[:200],
        status=status,
        evidence=checked_text(evidence, "the evidence") if evidence else None,
    )
    session.add(update)
    if action.is_done and status != DONE:
        action.due_set_at = now
    action.status = status
    if status == DONE:
        cancel_emails((ACTION_DUE.name,), action.id, now=now, why="It was noted as done.")
    session.flush()
    record_event(
        actor, "updated_action", f"audit {action.audit_id}", f"action {action.id}: {status}", now=now
    )
    return update


def remove_action(action: Action, *, actor: str, now: datetime) -> None:
    """Remove an action. Raises ActionHasUpdates if it has any."""
    _lock(action)
    if action.updates:
        raise ActionHasUpdates(action)
    cancel_emails((ACTION_DUE.name,), action.id, now=now, why="It was removed.")
    session.delete(action)
    record_event(actor, "removed_action", f"audit {action.audit_id}", f"action {action.id}", now=now)


def _lock(action: Action) -> None:
    """Lock an action and read it afresh. Raises NotFound if somebody has just removed it."""
    if lock_action(action.id) is None:
        raise NotFound


def _write(audit: Audit, action: Action, details: ActionDetails) -> None:
    if details.finding_id is not None and details.recommendation_id is not None:
        raise NotOfThisAudit("An action answers one finding or one recommendation. Choose one.")
    owner, address = details.owner.strip(), clean_address(details.owner_email)
    if not owner or len(owner) > LONGEST_OWNER:
        raise TextMissingOrTooLong(f"Say who sees to it, in {LONGEST_OWNER} characters or fewer.")
    if address and not is_address(address):
        raise OwnerAddressRefused(address)
    if details.agency_id is not None and session.get(Agency, details.agency_id) is None:
        raise NotOfThisAudit("The agency that you chose is gone. Choose from the list.")
    action.what = checked_text(details.what, "what will be done")
    action.measure = checked_text(details.measure, "how it will be known to be done")
    action.owner, action.owner_email = owner, address
    action.due_on, action.agency_id = details.due_on, details.agency_id
    action.finding_id = checked_finding_id(audit, details.finding_id)
    action.recommendation_id = checked_recommendation_id(audit, details.recommendation_id)
