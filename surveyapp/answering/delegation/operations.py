"""Delegates a case to a colleague, as long as it is not returned, and removes one who never opened it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from surveyapp.agencies import operations as agencies
from surveyapp.agencies.models import Contact
from surveyapp.answering.models import Return
from surveyapp.answering.outstanding_queries import has_outstanding
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.mail.outbox import cancel_emails
from surveyapp.foundation.store.db import session
from surveyapp.issuing.delegation_locks import lock_audit_shared, lock_delegation_parties, lock_grants
from surveyapp.issuing.delegation_operations import (
    start_delegation,
    take_back_delegation,
    tell_that_it_is_back,
)
from surveyapp.issuing.delegation_queries import has_opened, open_delegations_to_contact
from surveyapp.issuing.models import CHASING_MAIL, AuditRequest, Delegation, Grant


class ReturnedAlready(Refused):
    """The case has been returned, so it cannot be delegated."""

    way_on = "Read it or change it yourself, until returns close."

    def __init__(self) -> None:
        """Say that there is nothing to delegate."""
        super().__init__("This case has been returned, so there is nothing to pass on.")


def delegate_to_colleague(
    audit_request: AuditRequest, *, name: str, email: str, sends_back: bool, now: datetime
) -> Delegation:
    """Delegate a request with its draft to a colleague of the agency, who gets a link to this request alone.

    `sends_back`: the colleague sends it back to be checked; otherwise they return it. `now` is UTC. Raises
    Refused if it is returned, closed, withdrawn or delegated already, if the address is the contact's own, or
    if the contact no longer holds the request.
    """
    parties = lock_delegation_parties(audit_request, name=name, email=email, now=now)
    returned = select(Return.id).where(Return.request_id == audit_request.id, Return.returned_at.is_not(None))
    if session.scalar(returned) is not None:
        raise ReturnedAlready
    delegation = start_delegation(audit_request, parties, sends_back=sends_back, now=now)
    if not has_outstanding(parties.mine.id):
        cancel_emails(CHASING_MAIL, parties.mine.id, now=now, why="passed on")
    return delegation


class ColleagueCannotBeRemoved(Refused):
    """The contact is no colleague to whom cases were passed, or has opened their link."""

    def __init__(self, name: str) -> None:
        """Name the contact."""
        super().__init__(
            f"{name} has opened the link or is asked for returns directly, so they were not removed.",
            way_on="Take back what was passed to them instead. What they saved is kept.",
        )


def remove_unopened_colleague(colleague: Contact, *, actor: str, now: datetime) -> list[Delegation]:
    """Remove a colleague who never opened a link, for staff; returns the delegations that ended.

    Every case comes back to the contact who passed it, who gets an email about it. The colleague's link opens
    nothing from now on; they get no email, since the address may be somebody else's. `now` is UTC. Raises
    ColleagueCannotBeRemoved.
    """
    ended = _take_back_unopened(colleague, open_delegations_to_contact(colleague), actor=actor, now=now)
    if not _removed_if_free(colleague, actor=actor, now=now):
        raise ColleagueCannotBeRemoved(colleague.name)
    for delegation in ended:
        tell_that_it_is_back(delegation, now=now)
    return ended


def remove_own_colleague(delegation: Delegation, *, now: datetime) -> list[Delegation]:
    """Remove a colleague who never opened a link, for the contact who passed them a case.

    Everything that this contact passed to them comes back; returns those delegations, none if they were over.
    A colleague who has cases from somebody else stays. `now` is UTC. Raises ColleagueCannotBeRemoved.
    """
    colleague = session.get_one(Grant, delegation.to_grant_id).contact
    own = [
        passed
        for passed in open_delegations_to_contact(colleague)
        if passed.from_grant_id == delegation.from_grant_id
    ]
    ended = _take_back_unopened(colleague, own, actor="", now=now)
    _removed_if_free(colleague, actor=f"grant {delegation.from_grant_id}", now=now)
    return ended


def _take_back_unopened(
    colleague: Contact, delegations: Sequence[Delegation], *, actor: str, now: datetime
) -> list[Delegation]:
    """Take back delegations, with their rows locked in the one order (promises 3.1)."""
    requests = [session.get_one(AuditRequest, delegation.request_id) for delegation in delegations]
    for audit_id in sorted({audit_request.audit_id for audit_request in requests}):
        lock_audit_shared(audit_id)
    grant_ids = {delegation.from_grant_id for delegation in delegations}
    lock_grants(*grant_ids, *session.scalars(select(Grant.id).where(Grant.contact_id == colleague.id)))
    # Under the lock of the grant, which pressing Start changes.
    if colleague.role != "colleague" or has_opened(colleague):
        raise ColleagueCannotBeRemoved(colleague.name)
    return [
        delegation for delegation in delegations if take_back_delegation(delegation, actor=actor, now=now)
    ]


def _removed_if_free(colleague: Contact, *, actor: str, now: datetime) -> bool:
    """Remove a colleague unless some request is still with them."""
    held = (
        select(AuditRequest.id)
        .join(Grant, Grant.id == AuditRequest.grant_id)
        .where(Grant.contact_id == colleague.id)
    )
    if session.scalar(held.limit(1)) is not None:
        return False
    agencies.remove_colleague(colleague, actor=actor, now=now)
    return True
