"""How many requests of each agency were returned."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, func, select

from surveyapp.agencies.models import Agency
from surveyapp.answering.models import Return
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.foundation.store.db import session
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit


@dataclass(frozen=True)
class AgencyReturns:
    """One agency's requests and how many were returned, of these `nil` as nil returns; none withdrawn."""

    name: str
    kind: str
    requests: int
    returned: int
    nil: int


def returns_by_agency(audit: Audit) -> list[AgencyReturns]:
    """The counts of each agency that was asked, ordered by kind of agency, then by name."""
    is_returned = case((Return.returned_at.is_not(None), 1), else_=0)
    is_nil = case((and_(Return.returned_at.is_not(None), Return.nil_reason != ""), 1), else_=0)
    columns: Any = select(Agency.name, Agency.kind, func.count(), func.sum(is_returned), func.sum(is_nil))
    rows = session.execute(
        columns.select_from(AuditRequest)
        .join(Agency, Agency.id == AuditRequest.agency_id)
        .outerjoin(Return, Return.request_id == AuditRequest.id)
        .where(AuditRequest.audit_id == audit.id, AuditRequest.withdrawn_at.is_(None))
        .group_by(Agency.id, Agency.name, Agency.kind)
    )
    kinds = list(AGENCY_KINDS)
    agencies = [AgencyReturns(*row) for row in rows]
    return sorted(agencies, key=lambda agency: (kinds.index(agency.kind), agency.name))
