"""What an export reads: each request with its return, and the answers as they are stored."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import LargeBinary, select, type_coerce

from surveyapp.agencies.models import Agency
from surveyapp.answering.models import Answer, Return
from surveyapp.collating.filters import Filters
from surveyapp.exports.spooled_answers import StoredAnswer
from surveyapp.foundation.store.db import session
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit, Case


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request, and what became of it; `revision_id` holds the answers that count."""

    request_id: int
    case_id: int
    agency_id: int
    reference: str
    withdrawn_at: datetime | None
    returned_at: datetime | None
    is_late: bool
    nil_reason: str
    revision_id: int | None

    @property
    def counts(self) -> bool:
        """Whether it came back, nil or not, and was not withdrawn."""
        return self.returned_at is not None and self.withdrawn_at is None


def request_rows(audit: Audit, filters: Filters) -> list[RequestRow]:
    """The requests that the filters keep, withdrawn ones too: by case, then by agency."""
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
        )
        .join(Case, Case.id == AuditRequest.case_id)
        .join(Agency, Agency.id == AuditRequest.agency_id)
        .outerjoin(Return, Return.request_id == AuditRequest.id)
        .where(AuditRequest.audit_id == audit.id, filters.condition())
        .order_by(Case.position, Case.id, Agency.name, Agency.id)
    )
    return [RequestRow(*row[:6], bool(row[6]), row[7] or "", row[8]) for row in rows]


def stored_answers(revision_ids: Sequence[int]) -> dict[int, list[StoredAnswer]]:
    """The answers of these revisions, in the order in which they were given; nothing is decrypted here."""
    # The column's own type would decrypt as it reads, while the transaction is open.
    text = type_coerce(Answer.text, LargeBinary)
    rows = session.execute(
        select(Answer.revision_id, Answer.question, Answer.item, Answer.option, text)
        .where(Answer.revision_id.in_(revision_ids))
        .order_by(Answer.revision_id, Answer.id)
    )
    found: defaultdict[int, list[StoredAnswer]] = defaultdict(list)
    for revision_id, question, item, option, token in rows:
        found[revision_id].append((question, item, option, token))
    return found


def agencies_of(audit: Audit) -> list[Agency]:
    """The agencies that an audit asks, by name."""
    asked = select(AuditRequest.agency_id).where(AuditRequest.audit_id == audit.id)
    return list(session.scalars(select(Agency).where(Agency.id.in_(asked)).order_by(Agency.name, Agency.id)))
