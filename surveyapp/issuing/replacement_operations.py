"""Operations that ask other contacts of the agency instead."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from surveyapp.agencies.models import Contact
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.issuing.delegation_locks import lock_audit_shared
from surveyapp.issuing.grant_operations import (
    grant_for,
    queue_request_email,
    queue_request_email_by_count,
    revoke_grant,
    revoke_unused_grant,
)
from surveyapp.issuing.models import AuditRequest, Delegation, Grant
from surveyapp.issuing.queries import live_requests
from surveyapp.planning.models import Audit


class NotTheirAgency(Refused):
    """The new contact does not belong to the agency, or has left it."""

    way_on = "Add them to the agency’s contacts first."


class ContactAskedAlready(Refused):
    """The new contact is the one who is asked already."""

    way_on = "Send the link again, or choose someone else."


@dataclass(frozen=True)
class ContactReplacement:
    """The new contact's grant, and whether an email with its link was queued."""

    grant: Grant
    queued: bool


def replace_contact(grant: Grant, contact: Contact, *, actor: str, now: datetime) -> ContactReplacement:
    """Ask another contact of the agency instead: the old link stops working, and the drafts stay.

    All requests of the grant move to the new contact, who gets the request email while returns are open.
    Requests that the first contact passed to a colleague stay there, and come back to the new contact.
    Requests that were passed to the first contact become the new contact's own. `now` is UTC. Raises
    NotTheirAgency, and ContactAskedAlready for the contact who is asked already.
    """
    return hand_over_requests(grant, contact, {}, actor=actor, now=now)[0]


def hand_over_requests(
    grant: Grant, contact: Contact, others: Mapping[int, Contact], *, actor: str, now: datetime
) -> list[ContactReplacement]:
    """Ask other contacts of the agency instead, as `replace_contact` does.

    `others` are the contacts who take over single requests, by request id; `contact` takes over what is left.
    Whoever takes over nothing gets no link. Raises as `replace_contact` does.
    """
    contacts = {each.id: each for each in (contact, *others.values())}
    audit = _lock_audit_and_grants(grant, contacts)
    old = session.get_one(Contact, grant.contact_id)
    for each in contacts.values():
        if each.agency_id != old.agency_id or each.left_at is not None:
            raise NotTheirAgency("This person does not answer for that agency.")
        if each.id == old.id and grant.revoked_at is None:
            raise ContactAskedAlready("This person is asked already.")
    revoke_grant(grant, why="address changed", now=now)
    successors = {each.id: grant_for(audit, each, now=now) for each in contacts.values()}

    def successor_of(request_id: int) -> Grant:
        return successors[others.get(request_id, contact).id]

    requests = select(AuditRequest).where(AuditRequest.grant_id == grant.id).with_for_update()
    for audit_request in session.scalars(requests).all():
        audit_request.grant_id = successor_of(audit_request.id).id
        session.expire(audit_request, ["open_delegation"])
    delegating = _move_delegations(grant, successor_of, now=now)
    for changed in (grant, *successors.values()):
        session.expire(changed, ["requests"])
    if others:
        for successor in successors.values():
            revoke_unused_grant(successor, now=now)
    return [
        _ask_successor(
            audit, grant, successor, has_delegated=successor.id in delegating, actor=actor, now=now
        )
        for successor in successors.values()
        if successor.revoked_at is None
    ]


def _ask_successor(  # noqa: PLR0913 — who takes over what from whom
    audit: Audit, grant: Grant, successor: Grant, *, has_delegated: bool, actor: str, now: datetime
) -> ContactReplacement:
    """Queue the request email to a contact who has taken over, while returns are open, and record it."""
    is_asked = (has_delegated or bool(live_requests(successor))) and not audit.is_closed(now)
    # If the contact had as many requests before, the first key is used up; the second names this change.
    change = f"instead:{grant.id}:{grant.version}"
    queued = is_asked and (
        queue_request_email_by_count(successor, now=now) or queue_request_email(successor, change, now=now)
    )
    record_event(actor, "replaced_contact", f"grant {grant.id}", f"by grant {successor.id}", now=now)
    return ContactReplacement(successor, queued)


def _move_delegations(grant: Grant, successor_of: Callable[[int], Grant], *, now: datetime) -> set[int]:
    """End delegations to a grant and move delegations from it to its successors.

    Returns the ids of the grants to which one was moved. The requests have been moved before. A contact whose
    only delegation ends loses their link too.
    """
    from_or_to = or_(Delegation.from_grant_id == grant.id, Delegation.to_grant_id == grant.id)
    open_delegations = select(Delegation).where(from_or_to, Delegation.under_way()).with_for_update()
    delegations = session.scalars(open_delegations).all()
    for delegation in delegations:
        successor = successor_of(delegation.request_id)
        if delegation.from_grant_id == grant.id and delegation.to_grant_id != successor.id:
            delegation.from_grant_id = successor.id
        else:
            delegation.taken_back_at = now
    session.flush()
    for delegation in delegations:
        successor = successor_of(delegation.request_id)
        if delegation.to_grant_id == grant.id and delegation.from_grant_id != successor.id:
            revoke_unused_grant(session.get_one(Grant, delegation.from_grant_id), now=now)
    return {delegation.from_grant_id for delegation in delegations if delegation.is_under_way}


def _lock_audit_and_grants(grant: Grant, contact_ids: Collection[int]) -> Audit:
    """Lock, in the one order, the audit and then the grants that a replacement changes, by id.

    These are the grants of all contacts, and of those who passed a request to the first.
    """
    audit = lock_audit_shared(grant.audit_id)
    delegators = select(Delegation.from_grant_id).where(
        Delegation.to_grant_id == grant.id, Delegation.under_way()
    )
    is_affected = or_(Grant.contact_id.in_((grant.contact_id, *contact_ids)), Grant.id.in_(delegators))
    grants = (
        select(Grant)
        .where(Grant.audit_id == audit.id, is_affected)
        .order_by(Grant.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    session.scalars(grants).all()
    return audit
