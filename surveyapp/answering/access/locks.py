"""Locks the rows that an answer depends on, and checks again that the link still opens the request."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.row_locks import lock_row
from surveyapp.issuing.delegation_locks import lock_holding_grants
from surveyapp.issuing.models import AuditRequest, Grant
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


def lock_request_rows(audit_request: AuditRequest) -> Grant:
    """Lock a request's audit, its grants, then the request with its delegation (promises 3.1)."""
    # All who answer share the lock on the audit; closing takes it exclusively, so no return slips past.
    audit = lock_row(select(Audit).where(Audit.id == audit_request.audit_id), shared=True)
    grants = {held.id: held for held in lock_holding_grants(audit_request)}
    grant = grants[audit_request.grant_id]
    request_row = select(AuditRequest).where(AuditRequest.id == audit_request.id)
    lock_row(request_row.options(joinedload(AuditRequest.open_delegation)), of=AuditRequest)
    # Reloading the request has expired its audit and grant; setting them here saves reading them twice.
    set_committed_value(audit_request, "audit", audit)
    if audit_request.grant_id == grant.id:
        set_committed_value(audit_request, "grant", grant)
    return audit_request.grant


def lock_rows_of_requests(requests: Sequence[AuditRequest]) -> None:
    """Lock several requests: all their audits, then all their grants, then the requests (promises 3.1)."""
    audit_ids = {audit_request.audit_id for audit_request in requests}
    audits = select(Audit).where(Audit.id.in_(audit_ids)).order_by(Audit.id)
    session.scalars(audits.with_for_update(read=True)).all()
    lock_holding_grants(*requests)
    ids = [audit_request.id for audit_request in requests]
    rows = select(AuditRequest).where(AuditRequest.id.in_(ids)).order_by(AuditRequest.id)
    session.scalars(rows.with_for_update(of=AuditRequest)).all()
