"""The operation that asks another contact of the agency instead."""

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
    audit = _lock_audit_and_grants(grant, contact)
    old = session.get_one(Contact, grant.contact_id)
    if contact.agency_id != old.agency_id or contact.left_at is not None:
        raise NotTheirAgency("This person does not answer for that agency.")
    if contact.id == old.id and grant.revoked_at is None:
        raise ContactAskedAlready("This person is asked already.")
    revoke_grant(grant, why="address changed", now=now)
    successor = grant_for(audit, contact, now=now)
    requests = select(AuditRequest).where(AuditRequest.grant_id == grant.id).with_for_update()
    for audit_request in session.scalars(requests).all():
        audit_request.grant_id = successor.id
        session.expire(audit_request, ["open_delegation"])
    has_delegated = _move_delegations(grant, successor, now=now)
    session.expire(grant, ["requests"])
    session.expire(successor, ["requests"])
    is_asked = (has_delegated or bool(live_requests(successor))) and not audit.is_closed(now)
    # If the contact had as many requests before, the first key is used up; the second names this change.
    change = f"instead:{grant.id}:{grant.version}"
    queued = is_asked and (
        queue_request_email_by_count(successor, now=now) or queue_request_email(successor, change, now=now)
    )
    record_event(actor, "replaced_contact", f"grant {grant.id}", f"by grant {successor.id}", now=now)
    return ContactReplacement(successor, queued)


def _move_delegations(grant: Grant, successor: Grant, *, now: datetime) -> bool:
    """End delegations to a grant and move delegations from it to its successor; True if any was moved.

    The requests have been moved before. A contact whose only delegation ends loses their link too.
    """
    from_or_to = or_(Delegation.from_grant_id == grant.id, Delegation.to_grant_id == grant.id)
    open_delegations = select(Delegation).where(from_or_to, Delegation.under_way()).with_for_update()
    delegations = session.scalars(open_delegations).all()
    for delegation in delegations:
        if delegation.from_grant_id == grant.id and delegation.to_grant_id != successor.id:
            delegation.from_grant_id = successor.id
        else:
            delegation.taken_back_at = now
    session.flush()
    for delegation in delegations:
        if delegation.to_grant_id == grant.id and delegation.from_grant_id != successor.id:
            revoke_unused_grant(session.get_one(Grant, delegation.from_grant_id), now=now)
    return any(delegation.is_under_way for delegation in delegations)


def _lock_audit_and_grants(grant: Grant, contact: Contact) -> Audit:
    """Lock, in the one order, the audit and then the grants that a replacement changes, by id.

    These are the grants of both contacts, and of those who passed a request to the first.
    """
    audit = lock_audit_shared(grant.audit_id)
    delegators = select(Delegation.from_grant_id).where(
        Delegation.to_grant_id == grant.id, Delegation.under_way()
    )
    is_affected = or_(Grant.contact_id.in_((grant.contact_id, contact.id)), Grant.id.in_(delegators))
    grants = (
        select(Grant)
        .where(Grant.audit_id == audit.id, is_affected)
        .order_by(Grant.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    session.scalars(grants).all()
    return audit
