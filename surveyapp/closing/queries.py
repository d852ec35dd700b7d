"""Queries for what closing leaves behind: drafts not returned, and texts saved too late."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from surveyapp.agencies.models import Agency
from surveyapp.answering.models import Return, Revision
from surveyapp.answering.outstanding_queries import is_undecided_late_text
from surveyapp.foundation.store.db import session
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit, Case
from surveyapp.tracking.outstanding.queries import OutstandingRequest, outstanding_list


@dataclass(frozen=True)
class LateText:
    """One request for which texts were saved after returns had closed. They are stored and not counted."""

    request_id: int
    case: str
    agency: str
    times: int
    last_at: datetime
    has_returned: bool


def drafts_left(audit: Audit) -> list[OutstandingRequest]:
    """Outstanding requests with a draft, by agency, then by case. A draft is listed and never counted."""
    return [audit_request for audit_request in outstanding_list(audit) if audit_request.has_draft]


def late_texts(audit: Audit) -> list[LateText]:
    """Requests with texts saved after the close and no late return allowed since, latest text first."""
    last_at = func.max(Revision.created_at, type_=Revision.created_at.type)
    requests = (
        select(
            AuditRequest.id, Case.pseudonym, Agency.name, func.count(), last_at, func.max(Return.returned_at)
        )
        .join(Return, Return.request_id == AuditRequest.id)
        .join(Revision, Revision.return_id == Return.id)
        .join(Case, Case.id == AuditRequest.case_id)
        .join(Agency, Agency.id == AuditRequest.agency_id)
        .where(AuditRequest.audit_id == audit.id, is_undecided_late_text())
        .group_by(AuditRequest.id, Case.pseudonym, Agency.name)
        .order_by(last_at.desc(), AuditRequest.id)
    )
    return [LateText(*row[:5], has_returned=row[5] is not None) for row in session.execute(requests)]
