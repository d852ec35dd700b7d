"""Locks the rows that an answer depends on, and checks again that the link still opens the request."""

from collections.abc import Sequence

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm.attributes import set_committed_value

from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.store.db import Base, session
from surveyapp.issuing.delegation_locks import lock_holding_grants
from surveyapp.issuing.models import AuditRequest, Delegation, Grant
from surveyapp.planning.models import Audit


class LinkWithdrawn(SurveyError):
    """The link from which this page was opened has been withdrawn, or the request has."""

    status = 410
    way_on = "Nothing was stored. What you typed is below, so that you can copy it."

    def __init__(self) -> None:
        """Name no other person: whoever holds a withdrawn link is not told who has the case now."""
        super().__init__("This link has been withdrawn.")


def lock_request_for_contact(audit_request: AuditRequest) -> Grant:
    """Lock the rows that an answer depends on, and check again that the link still opens the request.

    Raises LinkWithdrawn if either was withdrawn since the page was opened (promises 3.1, P7).
    """
    opened_by, opened_version = audit_request.grant_id, audit_request.grant.version
    grant = lock_request_rows(audit_request)
    withdrawn = audit_request.withdrawn_at is not None or grant.revoked_at is not None
    if withdrawn or audit_request.grant_id != opened_by or grant.version != opened_version:
        raise LinkWithdrawn
    return grant


# Of the audit and the request only what staff may have changed since the page of this press read them.
_AUDIT_FACTS = ("due_on", "close_on", "closes_at", "closed_at")
_REQUEST_FACTS = ("grant_id", "due_on", "withdrawn_at")
_AUDIT = (
    select(*(getattr(Audit, name) for name in _AUDIT_FACTS))
    .where(Audit.id == bindparam("audit_id"))
    .with_for_update(read=True)
)
_REQUEST = (
    select(*(getattr(AuditRequest, name) for name in _REQUEST_FACTS), Delegation)
    .outerjoin(Delegation, and_(Delegation.request_id == AuditRequest.id, Delegation.under_way()))
    .where(AuditRequest.id == bindparam("request_id"))
    .with_for_update(of=AuditRequest)
    .execution_options(populate_existing=True)
)


def lock_request_rows(audit_request: AuditRequest) -> Grant:
    """Lock a request's audit, its grants, then the request with its delegation (promises 3.1)."""
    # All who answer share the lock on the audit; closing takes it exclusively, so no return slips past.
    facts = session.execute(_AUDIT, {"audit_id": audit_request.audit_id}).one()
    _set_facts(audit_request.audit, _AUDIT_FACTS, facts)
    contact = audit_request.grant.contact
    grants = {held.id: held for held in lock_holding_grants(audit_request)}
    *facts_of_request, delegation = session.execute(_REQUEST, {"request_id": audit_request.id}).one()
    _set_facts(audit_request, _REQUEST_FACTS, facts_of_request)
    set_committed_value(audit_request, "open_delegation", delegation)
    grant = grants.get(audit_request.grant_id)
    if grant is None:
        session.expire(audit_request, ["grant"])
        return audit_request.grant
    if grant.contact_id == contact.id:
        # Reading the grant again has let go of its contact.
        set_committed_value(grant, "contact", contact)
    set_committed_value(audit_request, "grant", grant)
    return grant


def _set_facts(row: Base, names: Sequence[str], facts: Sequence[object]) -> None:
    """Set attributes of a loaded row to what the database holds, without marking them as changed."""
    for name, fact in zip(names, facts, strict=True):
        set_committed_value(row, name, fact)


def lock_rows_of_requests(requests: Sequence[AuditRequest]) -> None:
    """Lock several requests: all their audits, then all their grants, then the requests (promises 3.1)."""
    audit_ids = {audit_request.audit_id for audit_request in requests}
    audits = select(Audit).where(Audit.id.in_(audit_ids)).order_by(Audit.id)
    session.scalars(audits.with_for_update(read=True)).all()
    lock_holding_grants(*requests)
    ids = [audit_request.id for audit_request in requests]
    rows = select(AuditRequest).where(AuditRequest.id.in_(ids)).order_by(AuditRequest.id)
    session.scalars(rows.with_for_update(of=AuditRequest)).all()
