"""Operations that pass a request to a colleague, take it back, send it back, or end when they return it."""

from datetime import datetime

from surveyapp.agencies.models import Contact
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.mail.outbox import queue_email
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.shares import counted
from surveyapp.issuing.delegation_emails import PASSED_ON, SENT_BACK
from surveyapp.issuing.delegation_locks import (
    DelegationParties,
    RequestNoLongerHeld,
    lock_delegated_request,
    lock_grants,
    lock_open_delegation,
)
from surveyapp.issuing.delegation_queries import colleagues_on
from surveyapp.issuing.grant_operations import grant_for, revoke_unused_grant
from surveyapp.issuing.models import AuditRequest, Delegation, Grant
from surveyapp.planning.errors import ReturnsClosed


class DelegatedAlready(Refused):
    """A colleague cannot pass a request on, so that the contact who passed it to them keeps sight of it."""

    way_on = "Send it back: whoever passed it to you can pass it to somebody else."

    def __init__(self) -> None:
        """Set the message."""
        super().__init__("This case was passed to you, so it cannot be passed on again.")


class TooManyColleagues(Refused):
    """The link has passed cases to as many colleagues today as one link may."""

    status = 429

    def __init__(self) -> None:
        """Set the message, with whom to ring."""
        most = counted(settings().colleagues_per_day, "colleague")
        super().__init__(
            f"Today you have passed cases to {most}, as many as one link may in a day.",
            way_on=f"Pass this one tomorrow. If it cannot wait, ring {settings().contact_telephone}.",
        )


class CheckRequiredBeforeReturn(Refused):
    """The contact who passed the request on wants to check it before it is returned."""

    def __init__(self, passer: str) -> None:
        """Set the message, which names that contact."""
        super().__init__(
            f"{passer} wants to check this before it is returned.",
            way_on=f"Send it back: {passer} returns it.",
        )


def start_delegation(
    audit_request: AuditRequest, parties: DelegationParties, *, sends_back: bool, now: datetime
) -> Delegation:
    """Pass a request to the colleague of the locked parties, and queue the email with their own link.

    With `sends_back` they send it back to be checked; otherwise they return it. The caller has made sure that
    it has not been returned. Raises ReturnsClosed, DelegatedAlready if a delegation is under way, and
    TooManyColleagues if the link has reached its limit for the day.
    """
    if parties.audit.is_closed(now):
        raise ReturnsClosed(parties.audit, way_on="Nothing can be passed on any more.")
    if lock_open_delegation(audit_request) is not None:
        raise DelegatedAlready
    if colleagues_on(local_day(now), parties.mine, also=(audit_request, parties.theirs)) > (
        settings().colleagues_per_day
    ):
        raise TooManyColleagues
    # A revoked grant gets a new link here.
    theirs = grant_for(parties.audit, session.get_one(Contact, parties.theirs.contact_id), now=now)
    delegation = Delegation(
        request_id=audit_request.id,
        from_grant_id=parties.mine.id,
        to_grant_id=theirs.id,
        sends_back=sends_back,
        passed_at=now,
    )
    session.add(delegation)
    _move(audit_request, parties.mine, theirs)
    key = f"passed_on:{delegation.id}"
    source = f"grant {parties.mine.id}"
    queue_email(PASSED_ON.name, theirs.id, to=theirs.contact.email, key=key, now=now, source=source)
    record_event(
        f"grant {parties.mine.id}",
        "passed_on",
        f"request {audit_request.id}",
        f"to grant {theirs.id}",
        now=now,
    )
    return delegation


def take_back_delegation(delegation: Delegation, *, actor: str = "", now: datetime) -> bool:
    """Give a request back to the contact who passed it on, with the saved answers; the colleague's link ends.

    `actor` is the member of staff who does it; empty for the contact who passed it on. False if the colleague
    had finished, or the request had been taken back, before this press.
    """
    audit_request = lock_delegated_request(delegation)
    open_delegation = lock_open_delegation(audit_request)
    if open_delegation is None or open_delegation.id != delegation.id:
        return False
    open_delegation.taken_back_at = now
    _give_back(audit_request, open_delegation, now=now)
    record_event(
        actor or f"grant {delegation.from_grant_id}",
        "took_back_passed",
        f"request {audit_request.id}",
        f"from grant {delegation.to_grant_id}",
        now=now,
    )
    return True


def send_back_delegation(audit_request: AuditRequest, *, now: datetime) -> Delegation:
    """Send a request back to the contact who passed it on, and queue the email that tells them.

    The request must have been read through the colleague's link. Raises RequestNoLongerHeld if that link does
    not hold it any more, or if it was never passed on.
    """
    seen_grant, seen_version = audit_request.grant_id, audit_request.grant.version
    if audit_request.open_delegation is None:
        raise RequestNoLongerHeld
    lock_delegated_request(audit_request.open_delegation)
    delegation = lock_open_delegation(audit_request)
    grant = session.get_one(Grant, seen_grant)
    has_moved = audit_request.grant_id != seen_grant or audit_request.withdrawn_at is not None
    if delegation is None or has_moved or grant.revoked_at is not None or grant.version != seen_version:
        raise RequestNoLongerHeld
    delegation.finished_at = now
    _give_back(audit_request, delegation, now=now)
    tell_that_it_is_back(delegation, source=f"grant {seen_grant}", now=now)
    record_event(
        f"grant {seen_grant}",
        "sent_back",
        f"request {audit_request.id}",
        f"to grant {delegation.from_grant_id}",
        now=now,
    )
    return delegation


def tell_that_it_is_back(delegation: Delegation, *, source: str = "", now: datetime) -> None:
    """Queue the email to the contact who passed a request on: they have it again; once for each delegation.

    `source` is empty if staff took it back for them.
    """
    to = session.get_one(Grant, delegation.from_grant_id).contact.email
    key = f"sent_back:{delegation.id}"
    queue_email(SENT_BACK.name, delegation.id, to=to, key=key, now=now, source=source)


def finish_delegation(audit_request: AuditRequest, *, now: datetime) -> Delegation | None:
    """Give a request that a colleague has just returned to the contact who passed it on.

    None if it was not passed on. The caller has called `lock_holding_grants` and locked the request.
    """
    delegation = lock_open_delegation(audit_request)
    if delegation is not None:
        delegation.finished_at = now
        _give_back(audit_request, delegation, now=now)
    return delegation


def accept_address(delegation: Delegation, *, actor: str, now: datetime) -> None:
    """Record that staff found a colleague's address right, so that it is not shown to them any more."""
    if delegation.address_checked_at is None:
        delegation.address_checked_at = now
        record_event(actor, "accepted_address", f"request {delegation.request_id}", now=now)


def _give_back(audit_request: AuditRequest, delegation: Delegation, *, now: datetime) -> None:
    grants = lock_grants(delegation.from_grant_id, delegation.to_grant_id)
    colleague = grants[delegation.to_grant_id]
    _move(audit_request, colleague, grants[delegation.from_grant_id])
    revoke_unused_grant(colleague, now=now)


def _move(audit_request: AuditRequest, source: Grant, target: Grant) -> None:
    audit_request.grant_id = target.id
    session.flush()
    session.expire(audit_request, ["grant", "open_delegation"])
    for grant in (source, target):
        session.expire(grant, ["requests"])
