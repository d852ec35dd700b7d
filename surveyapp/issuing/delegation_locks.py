"""Row locks for delegations, in one order: the audit, grants by id, the request (promises 3.1)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, or_, select

from surveyapp.agencies.models import Agency, Contact
from surveyapp.agencies.operations import bring_back_removed, find_or_add_colleague
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.row_locks import lock_row, lock_row_if_there
from surveyapp.issuing.grant_operations import grant_for
from surveyapp.issuing.models import AuditRequest, Delegation, Grant
from surveyapp.planning.models import Audit


class RequestNoLongerHeld(Refused):
    """The request was passed on, taken back, withdrawn or given to somebody else since the page opened."""

    way_on = "Go back to your returns: the list shows how it stands now."

    def __init__(self) -> None:
        """Set the message."""
        super().__init__("This case is not with you any more.")


class DelegatedToSelf(Refused):
    """The colleague's address is the contact's own."""

    def __init__(self) -> None:
        """Set the message, which asks for the colleague's address."""
        super().__init__("This is your own address: enter your colleague’s.")


@dataclass(frozen=True)
class DelegationParties:
    """The locked rows of a delegation about to begin: the holder's grant, and the colleague's."""

    audit: Audit
    mine: Grant
    theirs: Grant


def lock_delegation_parties(
    audit_request: AuditRequest, *, name: str, email: str, now: datetime
) -> DelegationParties:
    """Find the colleague by their address, or add them, and lock the rows that a delegation changes.

    The request must have been read through the link that opens it. Raises RequestNoLongerHeld if that link
    does not hold it any more, DelegatedToSelf, and what `find_or_add_colleague` raises. A colleague who had
    been removed is brought back.
    """
    seen_grant, seen_version = audit_request.grant_id, audit_request.grant.version
    audit = lock_audit_shared(audit_request.audit_id)
    agency = session.get_one(Agency, audit_request.agency_id)
    colleague = find_or_add_colleague(agency, name=name, email=email, actor=f"grant {seen_grant}", now=now)
    if colleague.id == audit_request.grant.contact_id:
        raise DelegatedToSelf
    theirs_id = _grant_id(audit, colleague, now=now)
    grants = lock_grants(seen_grant, theirs_id)
    lock_row(select(AuditRequest).where(AuditRequest.id == audit_request.id))
    mine = grants[seen_grant]
    has_moved = audit_request.grant_id != seen_grant or audit_request.withdrawn_at is not None
    if has_moved or mine.revoked_at is not None or mine.version != seen_version:
        raise RequestNoLongerHeld
    # Under the lock: somebody may have removed the colleague since they were found.
    session.refresh(colleague)
    bring_back_removed(colleague, name=name, actor=f"grant {seen_grant}", now=now)
    return DelegationParties(audit, mine, grants[theirs_id])


def _grant_id(audit: Audit, contact: Contact, *, now: datetime) -> int:
    """The id of a contact's grant for an audit, made if there is none; a revoked grant stays revoked here."""
    grant_id = select(Grant.id).where(Grant.audit_id == audit.id, Grant.contact_id == contact.id)
    return session.scalar(grant_id) or grant_for(audit, contact, now=now).id


def lock_audit_shared(audit_id: int) -> Audit:
    """Lock an audit's row against closing, shared with everybody else who answers, and read it afresh."""
    return lock_row(select(Audit).where(Audit.id == audit_id), shared=True)


def lock_grants(*grant_ids: int) -> dict[int, Grant]:
    """Lock grants in the order of their ids and read them afresh; returned by id."""
    grants = select(Grant).where(Grant.id.in_(grant_ids)).order_by(Grant.id).with_for_update()
    return {grant.id: grant for grant in session.scalars(grants.execution_options(populate_existing=True))}


def lock_open_delegation(audit_request: AuditRequest) -> Delegation | None:
    """Lock the delegation under way of a request and read it afresh. The caller has locked the request."""
    return lock_row_if_there(
        select(Delegation).where(Delegation.request_id == audit_request.id, Delegation.under_way())
    )


_DELEGATORS = select(Delegation.from_grant_id).where(
    Delegation.request_id.in_(bindparam("requests", expanding=True)), Delegation.under_way()
)
_HOLDING_GRANTS = (
    select(Grant)
    .where(or_(Grant.id.in_(bindparam("holders", expanding=True)), Grant.id.in_(_DELEGATORS)))
    .order_by(Grant.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)


def lock_holding_grants(*audit_requests: AuditRequest) -> list[Grant]:
    """Lock the grants that hold these requests and those that delegated them, by id; one statement.

    The end of a delegation changes both grants, so saving and returning lock both, in the same order.
    """
    parameters = {
        "holders": list({audit_request.grant_id for audit_request in audit_requests}),
        "requests": [audit_request.id for audit_request in audit_requests],
    }
    return list(session.scalars(_HOLDING_GRANTS, parameters))


def lock_delegated_request(delegation: Delegation) -> AuditRequest:
    """Lock the rows that the end of a delegation changes, and return its request read afresh."""
    audit_request = session.get_one(AuditRequest, delegation.request_id)
    lock_audit_shared(audit_request.audit_id)
    lock_grants(delegation.from_grant_id, delegation.to_grant_id)
    lock_row(select(AuditRequest).where(AuditRequest.id == audit_request.id))
    return audit_request
