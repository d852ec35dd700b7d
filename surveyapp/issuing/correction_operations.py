"""Putting right what was asked of the wrong person: withdraw, ask someone else, send a link again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from surveyapp.agencies.models import Contact
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.mail.outbox import cancel_emails
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.row_locks import lock_row
from surveyapp.issuing.delegation_queries import open_delegations_from
from surveyapp.issuing.grant_operations import (
    grant_for,
    queue_request_email,
    queue_request_email_by_count,
    revoke_grant,
    revoke_unused_grant,
)
from surveyapp.issuing.models import MAIL_ABOUT_A_GRANT, AuditRequest, Delegation, Grant
from surveyapp.issuing.queries import live_requests, lock_grant
from surveyapp.planning.models import Audit
from surveyapp.planning.operations import ReturnsClosed

LONGEST_REASON = 300
FRESH_LINKS_A_DAY = 3


class RequestWithdrawn(Refused):
    """Nothing more is done about a request that has been withdrawn."""

    def __init__(self, *, way_on: str = "") -> None:
        """Say that it has been."""
        super().__init__("This request has been withdrawn already.", way_on=way_on)


class RequestNotWithdrawn(Refused):
    """Only a withdrawal can be taken back."""

    def __init__(self) -> None:
        """Say that there is none."""
        super().__init__("This request has not been withdrawn.")


class WithdrawalWithoutReason(Refused):
    """A request is withdrawn only for a reason."""

    def __init__(self) -> None:
        """Ask for it."""
        super().__init__("Say why you withdraw this request.")


class NotTheirAgency(Refused):
    """Who answers for an agency is one of its contacts."""

    way_on = "Add them to the agency’s contacts first."


class ContactAskedAlready(Refused):
    """The contact who is to answer instead is the one who is asked."""

    way_on = "Send the link again, or choose someone else."


class LinkHolderHasLeft(Refused):
    """Who has left opens nothing with a link."""

    way_on = "Change the contact on the page of one of their requests."

    def __init__(self, contact: Contact) -> None:
        """Say who."""
        super().__init__(f"{contact.name} has left the agency.")


class NothingAskedOfContact(Refused):
    """A link goes only to someone who is asked for something."""

    def __init__(self) -> None:
        """Say that nothing is."""
        super().__init__("Nothing is asked of this contact any more.")


def withdraw_request(audit_request: AuditRequest, *, reason: str, actor: str, now: datetime) -> None:
    """Ask no longer for one request: it leaves the contact's list, and no figure counts it.

    What was saved or returned stays stored. Raises Refused without a reason, or where it has been withdrawn
    before.
    """
    grant = lock_grant(audit_request.grant_id)
    lock_row(select(AuditRequest).where(AuditRequest.id == audit_request.id))
    if audit_request.withdrawn_at is not None:
        raise RequestWithdrawn
    if not reason.strip():
        raise WithdrawalWithoutReason
    audit_request.withdrawn_at = now
    audit_request.withdrawn_reason = reason.strip()[:LONGEST_REASON]
    session.flush()
    if grant is not None and not live_requests(grant):
        cancel_emails(MAIL_ABOUT_A_GRANT, grant.id, now=now, why="withdrawn")
    record_event(actor, "withdrew_request", f"request {audit_request.id}", now=now)


def take_back_withdrawal(audit_request: AuditRequest, *, actor: str, now: datetime) -> None:
    """Take back a withdrawal: the request is on the contact's list again, with what was saved."""
    lock_grant(audit_request.grant_id)
    lock_row(select(AuditRequest).where(AuditRequest.id == audit_request.id))
    if audit_request.withdrawn_at is None:
        raise RequestNotWithdrawn
    audit_request.withdrawn_at, audit_request.withdrawn_reason = None, None
    record_event(actor, "took_back_withdrawal", f"request {audit_request.id}", now=now)


@dataclass(frozen=True)
class ContactReplacement:
    """Another contact's grant in place of the first, and whether an email with its link was queued."""

    grant: Grant
    queued: bool


def replace_contact(grant: Grant, contact: Contact, *, actor: str, now: datetime) -> ContactReplacement:
    """Let another contact of the agency answer: the old link is dead from now on, the drafts stay.

    All requests of the grant go with it, and the new contact gets the request email while returns are open.
    What the first contact has passed to a colleague stays there, and the new contact has it back from them;
    what was passed to the first contact is the new one's alone.
    Raises Refused for a contact of another agency, one who has left, or the one who answers already.
    """
    audit = _lock_both(grant, contact)
    old = session.get_one(Contact, grant.contact_id)
    if contact.agency_id != old.agency_id or contact.left_at is not None:
        raise NotTheirAgency("This person does not answer for that agency.")
    if contact.id == old.id and grant.revoked_at is None:
        raise ContactAskedAlready("This person is asked already.")
    revoke_grant(grant, why="address changed", now=now)
    successor = grant_for(audit, contact, now=now)
    moved = list(
        session.scalars(select(AuditRequest).where(AuditRequest.grant_id == grant.id).with_for_update())
    )
    for audit_request in moved:
        audit_request.grant_id = successor.id
        session.expire(audit_request, ["open_delegation"])
    watches = _move_delegations(grant, successor, now=now)
    session.expire(grant, ["requests"])
    session.expire(successor, ["requests"])
    asked = (watches or bool(live_requests(successor))) and not audit.is_closed(now)
    # A contact who had as many requests before has had an email of that key: this one is about the change.
    change = f"instead:{grant.id}:{grant.version}"
    queued = asked and (
        queue_request_email_by_count(successor, now=now) or queue_request_email(successor, change, now=now)
    )
    record_event(actor, "replaced_contact", f"grant {grant.id}", f"by grant {successor.id}", now=now)
    return ContactReplacement(successor, queued)


def _move_delegations(grant: Grant, successor: Grant, *, now: datetime) -> bool:
    """End what was passed to a grant, let its successor have back what it passed on; whether that is any.

    The requests have been moved. Whoever passed them on, and has nothing else, loses their link too.
    """
    about = or_(Delegation.from_grant_id == grant.id, Delegation.to_grant_id == grant.id)
    passes = session.scalars(select(Delegation).where(about, Delegation.under_way()).with_for_update()).all()
    for each in passes:
        if each.from_grant_id == grant.id and each.to_grant_id != successor.id:
            each.from_grant_id = successor.id
        else:
            each.taken_back_at = now
    session.flush()
    for each in passes:
        if each.to_grant_id == grant.id and each.from_grant_id != successor.id:
            revoke_unused_grant(session.get_one(Grant, each.from_grant_id), now=now)
    return any(each.is_under_way for each in passes)


def _lock_both(grant: Grant, contact: Contact) -> Audit:
    """Lock what a succession touches in the one order: the audit, shared; then the grants, by number.

    The grants are both contacts', and those of whoever passed something to the first.
    """
    audit = lock_row(select(Audit).where(Audit.id == grant.audit_id), shared=True)
    passers = select(Delegation.from_grant_id).where(
        Delegation.to_grant_id == grant.id, Delegation.under_way()
    )
    touched = or_(Grant.contact_id.in_((grant.contact_id, contact.id)), Grant.id.in_(passers))
    locked = (
        select(Grant)
        .where(Grant.audit_id == audit.id, touched)
        .order_by(Grant.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    session.scalars(locked).all()
    return audit


def send_link_again(grant: Grant, *, seen: int, actor: str, now: datetime) -> bool:
    """Send a contact the request email again, with the same link; False when this press was counted already.

    `seen` is how many request emails the page had counted, so that a double click sends one.
    """
    lock_grant(grant.id)
    _check_can_answer(grant, now)
    queued = queue_request_email(grant, f"again:{seen}", now=now)
    if queued:
        record_event(actor, "sent_link_again", f"grant {grant.id}", now=now)
    return queued


def send_new_link(grant: Grant, *, seen: int, actor: str, now: datetime) -> bool:
    """Make a new link for the same contact and send it to the address they have now; the old one is dead.

    For an address that was mistyped, or a link that went further than it should. `seen` is the version that
    its page showed; False when another press was first. Raises Refused once returns have closed: the link
    that the contact has still shows them their own copy.
    """
    lock_grant(grant.id)
    _check_can_answer(grant, now)
    if grant.version != seen:
        return False
    grant.version += 1
    grant.started_at = None
    session.flush()
    cancel_emails(MAIL_ABOUT_A_GRANT, grant.id, now=now, why="link withdrawn")
    queued = queue_request_email_by_count(grant, now=now)
    record_event(actor, "withdrew_link", f"grant {grant.id}", now=now)
    return queued


def _check_can_answer(grant: Grant, now: datetime) -> None:
    """Refuse to send a link to somebody who could not answer with it."""
    if grant.revoked_at is not None or not (live_requests(grant) or open_delegations_from(grant)):
        raise NothingAskedOfContact
    contact = session.get_one(Contact, grant.contact_id)
    if contact.left_at is not None:
        raise LinkHolderHasLeft(contact)
    audit = session.get_one(Audit, grant.audit_id)
    if audit.is_closed(now):
        raise ReturnsClosed(audit, way_on="Reopen it first; the link still shows the contact their own copy.")


def send_fresh_links(grants: Iterable[Grant], *, now: datetime) -> int:
    """Send these links to the addresses on record, at most three times a day for each; how many were queued.

    Whoever asked is told the same whatever this gives (promises L14).
    """
    day = local_day(now).isoformat()
    count = 0
    for grant in grants:
        keys = (f"fresh:{day}:{number}" for number in range(1, FRESH_LINKS_A_DAY + 1))
        if any(queue_request_email(grant, key, now=now) for key in keys):
            count += 1
            record_event(f"grant {grant.id}", "asked_for_link", f"grant {grant.id}", now=now)
    return count
