"""Outstanding requests, and late texts that wait for a decision."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, bindparam, exists, select
from sqlalchemy.orm import contains_eager, joinedload

from surveyapp.answering.models import Return, Revision
from surveyapp.foundation.store.db import session
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.planning.models import Case


def not_returned() -> ColumnElement[bool]:
    """SQL: whether a request is outstanding, that is neither withdrawn nor returned nor a nil return."""
    has_return = exists().where(Return.request_id == AuditRequest.id, Return.returned_at.is_not(None))
    return and_(AuditRequest.withdrawn_at.is_(None), ~has_return)


def is_undecided_late_text() -> ColumnElement[bool]:
    """SQL: whether a revision is late, its return is not allowed late and its request is not withdrawn."""
    return and_(
        Revision.kind == "late", Return.late_allowed_at.is_(None), AuditRequest.withdrawn_at.is_(None)
    )


_OUTSTANDING = (
    select(AuditRequest)
    .join(AuditRequest.case)
    .where(AuditRequest.grant_id == bindparam("grant_id"), not_returned())
    .options(contains_eager(AuditRequest.case), joinedload(AuditRequest.agency))
    .order_by(Case.position, Case.id, AuditRequest.id)
)
_ANY_OUTSTANDING = (
    select(AuditRequest.id).where(AuditRequest.grant_id == bindparam("grant_id"), not_returned()).limit(1)
)


def outstanding(grant: Grant) -> list[AuditRequest]:
    """The outstanding requests of a grant, in the order of the audit's cases."""
    return list(session.scalars(_OUTSTANDING, {"grant_id": grant.id}))


_RETURNED = select(Return.request_id).where(
    Return.request_id.in_(bindparam("request_ids", expanding=True)), Return.returned_at.is_not(None)
)


def returned_requests(requests: Sequence[AuditRequest]) -> set[int]:
    """The ids of those of these requests that count as returned, by a nil return or otherwise."""
    request_ids = [audit_request.id for audit_request in requests]
    return set(session.scalars(_RETURNED, {"request_ids": request_ids}))


def has_outstanding(grant_id: int) -> bool:
    """Whether a grant has anything still to return."""
    return session.scalar(_ANY_OUTSTANDING, {"grant_id": grant_id}) is not None
