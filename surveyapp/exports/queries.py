"""Queries of exports: requests with their returns, and stored answers."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import LargeBinary, select, type_coerce

from surveyapp.agencies.models import Agency
from surveyapp.answering.models import Answer, Return, Revision
from surveyapp.collating.filters import Filters
from surveyapp.exports.spooled_answers import StoredAnswer
from surveyapp.foundation.store.db import session
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit, Case

# Where the texts of `stored_answers` were encrypted for.
TEXT_PLACE = "survey_answer.text"


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request and its return, if any; `revision_id` is the revision whose answers count."""

    request_id: int
    case_id: int
    agency_id: int
    reference: str
    withdrawn_at: datetime | None
    returned_at: datetime | None
    is_late: bool
    nil_reason: str
    revision_id: int | None
    # How staff who keyed the return in got it, one of RECEIVED_BY; empty if the contact sent it.
    received_by: str = ""

    @property
    def counts(self) -> bool:
        """Whether it was returned, nil or not, and not withdrawn."""
        return self.returned_at is not None and self.withdrawn_at is None


def request_rows(audit: Audit, filters: Filters) -> list[RequestRow]:
    """The requests that the filters select, including withdrawn ones, by case and agency."""
    rows = session.execute(
        select(
            AuditRequest.id,
            AuditRequest.case_id,
            AuditRequest.agency_id,
            AuditRequest.reference,
            AuditRequest.withdrawn_at,
            Return.returned_at,
            Return.is_late,
            Return.nil_reason,
            Return.current_revision_id,
            Revision.received_by,
        )
        .join(Case, Case.id == AuditRequest.case_id)
        .join(Agency, Agency.id == AuditRequest.agency_id)
        .outerjoin(Return, Return.request_id == AuditRequest.id)
        .outerjoin(Revision, Revision.id == Return.current_revision_id)
        .where(AuditRequest.audit_id == audit.id, filters.condition())
        .order_by(Case.position, Case.id, Agency.name, Agency.id)
    )
    return [RequestRow(*row[:6], bool(row[6]), row[7] or "", row[8], row[9] or "") for row in rows]


def stored_answers(revision_ids: Sequence[int]) -> dict[int, list[StoredAnswer]]:
    """The answers of these revisions, by revision and in the order of answering, with encrypted texts."""
    # The type of the column would decrypt the texts while the transaction is open.
    text = type_coerce(Answer.text, LargeBinary)
    rows = session.execute(
        select(Answer.revision_id, Answer.question, Answer.item, Answer.option, text)
        .where(Answer.revision_id.in_(revision_ids))
        .order_by(Answer.revision_id, Answer.id)
    )
    by_revision: defaultdict[int, list[StoredAnswer]] = defaultdict(list)
    for revision_id, question, item, option, token in rows:
        by_revision[revision_id].append((question, item, option, token))
    return by_revision


def agencies_of(audit: Audit) -> list[Agency]:
    """The agencies to which an audit sends requests, by name."""
    agency_ids = select(AuditRequest.agency_id).where(AuditRequest.audit_id == audit.id)
    return list(
        session.scalars(select(Agency).where(Agency.id.in_(agency_ids)).order_by(Agency.name, Agency.id))
    )
