"""The state of a request as one SQL expression, from which every page, file and command counts."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, literal

from surveyapp.answering.models import Return
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.queries import is_refused
from surveyapp.tracking.tally import (
    LATE,
    NIL_RETURNED,
    NOT_DELIVERED,
    NOT_SENT,
    RETURNED,
    SENT,
    STARTED,
    WITHDRAWN,
)


def request_state(last_emails: Subquery) -> ColumnElement[str]:
    """SQL expression for the state of a request, one of `REQUEST_STATES`.

    A return outranks every email, and a refused address outranks a draft.
    """
    return case(
        (AuditRequest.withdrawn_at.is_not(None), literal(WITHDRAWN)),
        (and_(Return.returned_at.is_not(None), Return.nil_reason != ""), literal(NIL_RETURNED)),
        (and_(Return.returned_at.is_not(None), Return.is_late), literal(LATE)),
        (Return.returned_at.is_not(None), literal(RETURNED)),
        (is_refused(last_emails), literal(NOT_DELIVERED)),
        (Return.current_revision_id.is_not(None), literal(STARTED)),
        (last_emails.c.last.is_not(None), literal(SENT)),
        else_=literal(NOT_SENT),
    )


def has_draft() -> ColumnElement[bool]:
    """SQL condition: answers are stored. For an outstanding request these are its draft."""
    return Return.current_revision_id.is_not(None)


def select_from_requests(
    columns: Select[Any], audit_ids: Sequence[int], last_emails: Subquery
) -> Select[Any]:
    """Select columns from the requests of these audits, joined to their returns and their last emails."""
    return (
        columns.select_from(AuditRequest)
        .outerjoin(Return, Return.request_id == AuditRequest.id)
        .outerjoin(last_emails, last_emails.c.grant_id == AuditRequest.grant_id)
        .where(AuditRequest.audit_id.in_(audit_ids))
    )
