"""How far an audit is on its journey, in one statement however large it is."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, literal, select

from surveyapp.answering.outstanding_queries import not_returned
from surveyapp.brief.models import BriefRelease, SavedBrief
from surveyapp.concluding.models import Finding
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.store.db import session
from surveyapp.foundation.words.shares import Share
from surveyapp.gathering.comment_index import reading_counts
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit, Case
from surveyapp.report.release.models import ReportRelease
from surveyapp.retention.models import Hold
from surveyapp.tracking.tally import Tally
from surveyapp.tracking.task_kinds import concerns_waiting, enquiries_waiting


@dataclass(frozen=True)
class AuditProgress:
    """How far an audit is: its dates, and the counts that stand beside its steps and pages."""

    audit: Audit
    today: date
    closed: bool
    cases: int
    # Requests that were not withdrawn, and those of them that are not returned.
    requests: int
    outstanding: int
    concerns: int
    enquiries: int
    comments: Share
    findings: int
    report_released_at: datetime | None
    brief_released_at: datetime | None
    # Who set the hold that stops every purge; empty without one.
    held_by: str

    @property
    def returned(self) -> int:
        """How many requests are returned, as `Tally.returned`."""
        return self.requests - self.outstanding


def audit_progress(audit: Audit, *, now: datetime) -> AuditProgress:
    """How far an audit is at `now`, UTC. One statement."""
    requests = select(func.count()).where(AuditRequest.audit_id == audit.id)
    report = select(func.max(ReportRelease.released_at)).where(ReportRelease.audit_id == audit.id)
    brief = (
        select(func.max(BriefRelease.released_at))
        .join(SavedBrief, SavedBrief.id == BriefRelease.brief_id)
        .where(SavedBrief.audit_id == audit.id)
    )
    hold = select(Hold.set_by).where(Hold.audit_id == audit.id, Hold.ended_at.is_(None))
    # Before issue there is no comment, and the form is still a file that may have mistakes.
    reading = reading_counts(audit).c if audit.is_issued else None
    counts = session.execute(
        select(
            select(func.count()).where(Case.audit_id == audit.id).scalar_subquery(),
            requests.where(AuditRequest.withdrawn_at.is_(None)).scalar_subquery(),
            requests.where(not_returned()).scalar_subquery(),
            concerns_waiting(audit.id),
            enquiries_waiting(audit.id),
            reading.read if reading is not None else literal(0),
            reading.total if reading is not None else literal(0),
            select(func.count()).where(Finding.audit_id == audit.id).scalar_subquery(),
            report.scalar_subquery(),
            brief.scalar_subquery(),
            hold.limit(1).scalar_subquery(),
        )
    ).one()
    # Of an audit whose answers were removed for good: the counts that were kept.
    kept = Tally.kept(audit.kept_counts) if audit.kept_counts is not None else None
    return AuditProgress(
        audit=audit,
        today=local_day(now),
        closed=audit.is_closed(now),
        cases=counts[0] if audit.kept_counts is None else audit.kept_counts["cases"],
        requests=counts[1] if kept is None else kept.requests,
        outstanding=counts[2] if kept is None else kept.outstanding,
        concerns=counts[3],
        enquiries=counts[4],
        comments=Share(counts[5], counts[6], "comments"),
        findings=counts[7],
        report_released_at=counts[8],
        brief_released_at=counts[9],
        held_by=counts[10] or "",
    )
