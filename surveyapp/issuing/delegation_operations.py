"""Passing one case to a colleague: theirs while they have it, taken back, sent back, or returned by them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from surveyapp.agencies.models import Agency, Contact
from surveyapp.agencies.operations import find_or_add_colleague
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.mail.outbox import queue_email
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.row_locks import lock_row, lock_row_if_there
from surveyapp.issuing.delegation_emails import PASSED_ON, SENT_BACK
from surveyapp.issuing.grant_operations import grant_for, revoke_unused_grant
from surveyapp.issuing.models import AuditRequest, Delegation, Grant
from surveyapp.planning.models import Audit
from surveyapp.planning.operations import ReturnsClosed


class RequestNoLongerHeld(Refused):
    """A case was passed on, taken back, withdrawn or given to somebody else since the page was opened."""

    way_on = "Go back to your returns: the list shows how it stands now."

    def __init__(self) -> None:
        """Say so."""
        super().__init__("This case is not with you any more.")


class DelegatedToSelf(Refused):
    """A case is passed to somebody else."""

    def __init__(self) -> None:
        """Ask for the colleague's."""
        super().__init__("This is your own address: enter your colleague’s.")


class DelegatedAlready(Refused):
    """Who was passed a case hands it back and passes it no further, so that its passer keeps sight of it."""

    way_on = "Send it back: whoever passed it to you can pass it to somebody else."

    def __init__(self) -> None:
        """Say so."""
        super().__init__("This case was passed to you, so it cannot be passed on again.")


class CheckRequiredBeforeReturn(Refused):
    """Who passed it on wants to see it before it is returned."""

    def __init__(self, passer: str) -> None:
        """Say who."""
        super().__init__(
            f"{passer} wants to check this before it is returned.",
            way_on=f"Send it back: {passer} returns it.",
        )


@dataclass(frozen=True)
class DelegationParties:
    """Both ends of a pass about to begin, locked: who holds the case, and the colleague."""

    audit: Audit
    mine: Grant
    theirs: Grant


def lock_delegation_parties(
    audit_request: AuditRequest, *, name: str, email: str, now: datetime
) -> DelegationParties:
    """Find the colleague by their address, or add them, and lock what passing touches (promises 3.1).

    The request must have been read through the link that opens it. Raises NotWithYou when it is not with
    that link any more, YourOwnAddress, and what `find_or_add_colleague` raises.
    """
    seen_grant, seen_version = audit_request.grant_id, audit_request.grant.version
    audit = lock_row(select(Audit).where(Audit.id == audit_request.audit_id), shared=True)
    agency = session.get_one(Agency, audit_request.agency_id)
    colleague = find_or_add_colleague(agency, name=name, email=email, actor=f"grant {seen_grant}", now=now)
    if colleague.id == audit_request.grant.contact_id:
        raise DelegatedToSelf
    theirs_id = _grant_id(audit, colleague, now=now)
    grants = _lock_grants(seen_grant, theirs_id)
    lock_row(select(AuditRequest).where(AuditRequest.id == audit_request.id))
    mine = grants[seen_grant]
    gone = audit_request.grant_id != seen_grant or audit_request.withdrawn_at is not None
    if gone or mine.revoked_at is not None or mine.version != seen_version:
        raise RequestNoLongerHeld
    return DelegationParties(audit, mine, grants[theirs_id])


def _grant_id(audit: Audit, contact: Contact, *, now: datetime) -> int:
    """The number of a contact's grant for an audit, made where there is none; a revoked one stays so yet."""
    wanted = select(Grant.id).where(Grant.audit_id == audit.id, Grant.contact_id == contact.id)
    return session.scalar(wanted) or grant_for(audit, contact, now=now).id


def _lock_grants(*ids: int) -> dict[int, Grant]:
    locked = select(Grant).where(Grant.id.in_(ids)).order_by(Grant.id).with_for_update()
    return {each.id: each for each in session.scalars(locked.execution_options(populate_existing=True))}


def start_delegation(
    audit_request: AuditRequest, pair: DelegationParties, *, sends_back: bool, now: datetime
) -> Delegation:
    """Pass a request to the colleague of a locked pair, and queue the email with their own link.

    `sends_back` says that they send it back to be checked; otherwise they return it. The caller has made sure
    that it has not been returned. Raises ReturnsClosed, and PassedToYou where it was passed on before.
    """
    if pair.audit.is_closed(now):
        raise ReturnsClosed(pair.audit, way_on="Nothing can be passed on any more.")
    if lock_open_delegation(audit_request) is not None:
        raise DelegatedAlready
    # A link that ended begins anew, as another one.
    theirs = grant_for(pair.audit, session.get_one(Contact, pair.theirs.contact_id), now=now)
    passed = Delegation(
        request_id=audit_request.id,
        from_grant_id=pair.mine.id,
        to_grant_id=theirs.id,
        sends_back=sends_back,
        passed_at=now,
    )
    session.add(passed)
    _move(audit_request, pair.mine, theirs)
    key = f"passed_on:{passed.id}"
    queue_email(PASSED_ON.name, theirs.id, to=theirs.contact.email, key=key, now=now)
    record_event(
        f"grant {pair.mine.id}",
        "passed_on",
        f"request {audit_request.id}",
        f"to grant {theirs.id}",
        now=now,
    )
    return passed


def lock_open_delegation(audit_request: AuditRequest) -> Delegation | None:
    """The pass under way of a request whose row is locked, locked and read afresh."""
    wanted = select(Delegation).where(Delegation.request_id == audit_request.id, Delegation.under_way())
    return lock_row_if_there(wanted)


def lock_holding_grants(audit_request: AuditRequest) -> list[Grant]:
    """Lock who holds a request, and beside them who passed it to them, by number; one statement.

    What ends a pass changes both, so whoever saves or returns locks both, in the order everybody keeps.
    """
    passer = select(Delegation.from_grant_id).where(
        Delegation.request_id == audit_request.id, Delegation.under_way()
    )
    both = select(Grant).where(or_(Grant.id == audit_request.grant_id, Grant.id.in_(passer)))
    locked = both.order_by(Grant.id).with_for_update().execution_options(populate_existing=True)
    return list(session.scalars(locked))


def take_back_delegation(passed: Delegation, *, actor: str = "", now: datetime) -> bool:
    """Let the one who passed a request on have it again, with what was saved; the colleague's link ends.

    `actor` is the member of staff who does it; without one it is whoever passed it on.

    False where the colleague had finished, or it had been taken back, before this press.
    """
    audit_request = _lock_of(passed)
    still = lock_open_delegation(audit_request)
    if still is None or still.id != passed.id:
        return False
    still.taken_back_at = now
    _give_back(audit_request, still, now=now)
    record_event(
        actor or f"grant {passed.from_grant_id}",
        "took_back_passed",
        f"request {audit_request.id}",
        f"from grant {passed.to_grant_id}",
        now=now,
    )
    return True


def send_back_delegation(audit_request: AuditRequest, *, now: datetime) -> Delegation:
    """Let the one who passed a request on have it again because the colleague says so, and tell them.

    The request must have been read through the colleague's link. Raises NotWithYou when it is not with that
    link any more, or was never passed on.
    """
    seen_grant, seen_version = audit_request.grant_id, audit_request.grant.version
    passed = audit_request.open_delegation
    if passed is None:
        raise RequestNoLongerHeld
    _lock_of(passed)
    still = lock_open_delegation(audit_request)
    grant = session.get_one(Grant, seen_grant)
    gone = audit_request.grant_id != seen_grant or audit_request.withdrawn_at is not None
    if still is None or gone or grant.revoked_at is not None or grant.version != seen_version:
        raise RequestNoLongerHeld
    still.finished_at = now
    _give_back(audit_request, still, now=now)
    to = session.get_one(Grant, still.from_grant_id).contact.email
    queue_email(SENT_BACK.name, still.id, to=to, key=f"sent_back:{still.id}", now=now)
    record_event(
        f"grant {seen_grant}",
        "sent_back",
        f"request {audit_request.id}",
        f"to grant {still.from_grant_id}",
        now=now,
    )
    return still


def finish_delegation(audit_request: AuditRequest, *, now: datetime) -> Delegation | None:
    """Give a request back to the one who passed it on, as the colleague has just returned it.

    None where it was not passed on. The caller has locked `lock_holding_grants` and the request.
    """
    passed = lock_open_delegation(audit_request)
    if passed is not None:
        passed.finished_at = now
        _give_back(audit_request, passed, now=now)
    return passed


def _lock_of(passed: Delegation) -> AuditRequest:
    """Lock what the end of a pass touches, in the one order."""
    audit_request = session.get_one(AuditRequest, passed.request_id)
    shared = select(Audit.id).where(Audit.id == audit_request.audit_id)
    session.execute(shared.with_for_update(read=True))
    _lock_grants(passed.from_grant_id, passed.to_grant_id)
    lock_row(select(AuditRequest).where(AuditRequest.id == audit_request.id))
    return audit_request


def _give_back(audit_request: AuditRequest, passed: Delegation, *, now: datetime) -> None:
    both = _lock_grants(passed.from_grant_id, passed.to_grant_id)
    colleague = both[passed.to_grant_id]
    _move(audit_request, colleague, both[passed.from_grant_id])
    revoke_unused_grant(colleague, now=now)


def _move(audit_request: AuditRequest, mine: Grant, theirs: Grant) -> None:
    audit_request.grant_id = theirs.id
    session.flush()
    session.expire(audit_request, ["grant", "open_delegation"])
    for each in (mine, theirs):
        session.expire(each, ["requests"])
