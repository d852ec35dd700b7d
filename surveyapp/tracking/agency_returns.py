"""How many requests of each agency came back."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, func, select

from surveyapp.agencies.models import AGENCY_KINDS, Agency
from surveyapp.answering.models import Return
from surveyapp.foundation.store.db import session
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit


@dataclass(frozen=True)
class AgencyReturns:
    """One agency, and how many of its requests came back; withdrawn ones are in neither number."""

    name: str
    kind: str
    requests: int
    returned: int
    nil: int


def returns_by_agency(audit: Audit) -> list[AgencyReturns]:
    """Each agency that was asked, by the order of kinds and its name."""
    came = case((Return.returned_at.is_not(None), 1), else_=0)
    nil = case((and_(Return.returned_at.is_not(None), Return.nil_reason != ""), 1), else_=0)
    chosen: Any = select(Agency.name, Agency.kind, func.count(), func.sum(came), func.sum(nil))
    rows = session.execute(
        chosen.select_from(AuditRequest)
        .join(Agency, Agency.id == AuditRequest.agency_id)
        .outerjoin(Return, Return.request_id == AuditRequest.id)
        .where(AuditRequest.audit_id == audit.id, AuditRequest.withdrawn_at.is_(None))
        .group_by(Agency.id, Agency.name, Agency.kind)
    )
    found = [AgencyReturns(*row) for row in rows]
    return sorted(found, key=lambda each: (list(AGENCY_KINDS).index(each.kind), each.name))
