"""Outstanding requests, and late texts that wait for a decision."""

from sqlalchemy import ColumnElement, and_, exists, select
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


def outstanding(grant: Grant) -> list[AuditRequest]:
    """The outstanding requests of a grant, in the order of the audit's cases."""
    requests = (
        select(AuditRequest)
        .join(AuditRequest.case)
        .where(AuditRequest.grant_id == grant.id, not_returned())
        .options(contains_eager(AuditRequest.case), joinedload(AuditRequest.agency))
        .order_by(Case.position, Case.id, AuditRequest.id)
    )
    return list(session.scalars(requests))


def has_outstanding(grant_id: int) -> bool:
    """Whether a grant has anything still to return."""
    request_ids = select(AuditRequest.id).where(AuditRequest.grant_id == grant_id, not_returned())
    return session.scalar(request_ids.limit(1)) is not None
