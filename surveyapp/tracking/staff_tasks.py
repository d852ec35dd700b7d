"""What waits for the manager herself: in one audit, and over all that are open."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from surveyapp.answering.concerns.queries import waits_for_outcome
from surveyapp.answering.models import Concern, Enquiry, Return, Revision
from surveyapp.answering.returns.outstanding_queries import is_undecided_late_text, not_returned
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit
from surveyapp.tracking.queries import open_audits
from surveyapp.tracking.request_state import is_refused, last_link_emails


@dataclass(frozen=True)
class StaffTasks:
    """What waits for the manager herself, over all open audits."""

    refused: int
    doubtful: int
    # Audits with texts that came after close: number, title, how many requests.
    late_texts: tuple[tuple[int, str, int], ...]
    # Audits with concerns that wait for an outcome: number, title, how many.
    concerns: tuple[tuple[int, str, int], ...]
    # Audits in which something was asked that nobody has answered, the same way.
    enquiries: tuple[tuple[int, str, int], ...]

    @property
    def any(self) -> bool:
        """Whether there is anything."""
        return bool(self.refused or self.doubtful or self.late_texts or self.concerns or self.enquiries)


@dataclass(frozen=True)
class AuditTasks:
    """What of one audit waits for staff: concerns without an outcome, and questions without an answer."""

    concerns: int
    enquiries: int


def audit_tasks(audit: Audit) -> AuditTasks:
    """How much of one audit waits for staff; one statement."""
    concerns = select(func.count()).select_from(Concern).join(Concern.audit_request)
    enquiries = select(func.count()).select_from(Enquiry).join(Enquiry.audit_request)
    mine = AuditRequest.audit_id == audit.id
    found = session.execute(
        select(
            concerns.where(mine, waits_for_outcome()).scalar_subquery(),
            enquiries.where(mine, Enquiry.answered_at.is_(None)).scalar_subquery(),
        )
    ).one()
    return AuditTasks(found[0], found[1])


def _waiting_by_audit() -> list[tuple[int, str, int, int]]:
    """Each audit in which anything waits for staff: number, title, concerns, questions; one statement."""
    by_audit = AuditRequest.audit_id
    concerns = (
        select(by_audit, func.count().label("found"))
        .join(Concern, Concern.request_id == AuditRequest.id)
        .where(waits_for_outcome())
        .group_by(by_audit)
        .subquery()
    )
    enquiries = (
        select(by_audit, func.count().label("found"))
        .join(Enquiry, Enquiry.request_id == AuditRequest.id)
        .where(Enquiry.answered_at.is_(None))
        .group_by(by_audit)
        .subquery()
    )
    rows = session.execute(
        select(
            Audit.id,
            Audit.title,
            func.coalesce(concerns.c.found, 0),
            func.coalesce(enquiries.c.found, 0),
        )
        .outerjoin(concerns, concerns.c.audit_id == Audit.id)
        .outerjoin(enquiries, enquiries.c.audit_id == Audit.id)
        .where(or_(concerns.c.found.is_not(None), enquiries.c.found.is_not(None)))
        .order_by(Audit.id)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def staff_tasks_today(*, now: datetime) -> StaffTasks:
    """What waits for the manager: concerns, questions, refused addresses, emails in doubt, late texts."""
    still_open = open_audits(now=now)
    found = last_link_emails([audit.id for audit in still_open])
    for_staff = _waiting_by_audit()
    open_ids = {audit.id for audit in still_open}
    refused = (
        select(func.count(func.distinct(AuditRequest.grant_id)))
        .join(found, found.c.grant_id == AuditRequest.grant_id)
        .where(is_refused(found), not_returned())
    )
    doubtful = select(func.count()).where(Outbox.state == "doubtful")
    counts = session.execute(select(refused.scalar_subquery(), doubtful.scalar_subquery())).one()
    late = (
        select(Audit.id, Audit.title, func.count(func.distinct(Revision.return_id)))
        .join(AuditRequest, AuditRequest.audit_id == Audit.id)
        .join(Return, Return.request_id == AuditRequest.id)
        .join(Revision, Revision.return_id == Return.id)
        .where(is_undecided_late_text())
        .group_by(Audit.id, Audit.title)
        .order_by(Audit.id)
    )
    return StaffTasks(
        refused=counts[0],
        doubtful=counts[1],
        late_texts=tuple((row[0], row[1], row[2]) for row in session.execute(late)),
        concerns=tuple((id_, title, count) for id_, title, count, _ in for_staff if count),
        enquiries=tuple(
            (id_, title, count) for id_, title, _, count in for_staff if count and id_ in open_ids
        ),
    )
