"""What is left when returns close: drafts that were never returned, and texts that came too late."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from surveyapp.agencies.models import Agency
from surveyapp.answering.models import Return, Revision
from surveyapp.answering.returns.outstanding_queries import is_undecided_late_text
from surveyapp.foundation.store.db import session
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit, Case
from surveyapp.tracking.queries import OutstandingRequest, outstanding_list


@dataclass(frozen=True)
class LateText:
    """One request for which somebody saved after returns had closed; kept, and counting for nothing."""

    request_id: int
    case: str
    agency: str
    times: int
    last_at: datetime
    has_returned: bool


def drafts_left(audit: Audit) -> list[OutstandingRequest]:
    """Requests that were started and not returned, by agency, then by case; listed, never counted."""
    return [each for each in outstanding_list(audit) if each.has_draft]


def late_texts(audit: Audit) -> list[LateText]:
    """Requests with a text that came after close and that nobody has been allowed to return, latest first."""
    last_at = func.max(Revision.created_at, type_=Revision.created_at.type)
    chosen = (
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
    return [LateText(*row[:5], has_returned=row[5] is not None) for row in session.execute(chosen)]
