"""The returns that count in figures: with answers, not withdrawn and kept by the filters."""

from typing import Any

from sqlalchemy import Select, func, select

from surveyapp.agencies.models import Agency
from surveyapp.answering.models import Return
from surveyapp.collating.filters import Filters
from surveyapp.foundation.store.db import session
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit, Case


def join_counted_returns(columns: Select[Any], audit: Audit, filters: Filters) -> Select[Any]:
    """Select columns of the returns that count, joined with their request, agency and case."""
    return (
        columns.select_from(Return)
        .join(AuditRequest, AuditRequest.id == Return.request_id)
        .join(Agency, Agency.id == AuditRequest.agency_id)
        .join(Case, Case.id == AuditRequest.case_id)
        .where(
            AuditRequest.audit_id == audit.id,
            AuditRequest.withdrawn_at.is_(None),
            Return.returned_at.is_not(None),
            Return.nil_reason == "",
            filters.condition(),
        )
    )


def counted_returns_by_kind(audit: Audit, filters: Filters) -> dict[str, int]:
    """How many returns count, by kind of agency; one statement."""
    columns: Any = select(Agency.kind, func.count())
    rows = session.execute(join_counted_returns(columns, audit, filters).group_by(Agency.kind))
    return {kind: count for kind, count in rows}  # noqa: C416 — rows are not pairs to mypy
