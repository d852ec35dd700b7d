"""Queries on retention: the days of audits, holds, what is due, and certificates."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, func, select

from surveyapp.brief.models import BriefRelease, SavedBrief
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import session
from surveyapp.planning.models import Audit
from surveyapp.report.release.models import ReportRelease
from surveyapp.retention.models import (
    DRAFTS,
    EVERYTHING,
    RETURNS,
    Hold,
    PurgeCertificate,
    RetentionChange,
    RetentionDates,
)


@dataclass(frozen=True)
class PlannedPurge:
    """The next purge of an audit: what it removes and the UK day; `hold` stops it while it is open."""

    audit: Audit
    kind: str
    on: date
    hold: Hold | None
    # Whether somebody deleted the audit: it is purged as a whole unless it is brought back.
    is_deletion: bool = False


def retention_of(audit_id: int) -> RetentionDates | None:
    """The days of an audit; None before its first close, and for the example."""
    return session.scalar(select(RetentionDates).where(RetentionDates.audit_id == audit_id))


def changes_of(audit_id: int) -> list[RetentionChange]:
    """The changes of an audit’s days by people, the latest first."""
    changes = select(RetentionChange).where(RetentionChange.audit_id == audit_id)
    return list(session.scalars(changes.order_by(RetentionChange.id.desc())))


def holds_of(audit_id: int) -> list[Hold]:
    """The holds of an audit, the latest first."""
    return list(session.scalars(select(Hold).where(Hold.audit_id == audit_id).order_by(Hold.id.desc())))


def open_hold(audit_id: int) -> Hold | None:
    """The hold that stops every purge of an audit; None if there is none."""
    return session.scalar(select(Hold).where(Hold.audit_id == audit_id, Hold.ended_at.is_(None)))


def received_at(audit_id: int) -> datetime | None:
    """When the report of an audit was received: its first release. None before that."""
    return session.scalar(
        select(func.min(ReportRelease.released_at)).where(ReportRelease.audit_id == audit_id)
    )


def has_released_brief(audit_id: int) -> bool:
    """Whether a brief of an audit has been released."""
    releases = select(BriefRelease.id).join(BriefRelease.brief).where(SavedBrief.audit_id == audit_id)
    return session.scalar(releases.limit(1)) is not None


def audits_to_date() -> list[Audit]:
    """Closed audits whose days are missing, or are of an earlier close or of before the report’s release."""
    received = (
        select(func.min(ReportRelease.released_at))
        .where(ReportRelease.audit_id == Audit.id)
        .correlate(Audit)
        .scalar_subquery()
    )
    is_old = (
        RetentionDates.id.is_(None)
        | (RetentionDates.closed_at != Audit.closed_at)
        | (RetentionDates.received_at.is_(None) & received.is_not(None))
    )
    undated = select(Audit).outerjoin(RetentionDates, RetentionDates.audit_id == Audit.id)
    return list(
        session.scalars(
            undated.where(Audit.closed_at.is_not(None), Audit.is_example.is_(False), is_old).order_by(
                Audit.id
            )
        )
    )


def is_deleted() -> ColumnElement[bool]:
    """SQL condition: somebody deleted the audit, and nobody has brought it back."""
    return and_(
        RetentionDates.deletion_on.is_not(None), Audit.set_aside_at == RetentionDates.deletion_asked_at
    )


def dated_audits() -> Select[Audit, RetentionDates, Hold]:
    """Select the closed audits with their days and their open hold, if there is one."""
    held = and_(Hold.audit_id == Audit.id, Hold.ended_at.is_(None))
    return (
        select(Audit, RetentionDates, Hold)
        .join(RetentionDates, RetentionDates.audit_id == Audit.id)
        .outerjoin(Hold, held)
        .where(Audit.closed_at == RetentionDates.closed_at)
    )


def planned_purges() -> list[PlannedPurge]:
    """The next purge of each closed audit, the earliest first; one statement."""
    rows = session.execute(dated_audits().order_by(Audit.id)).all()
    purges = [next_purge(audit, dates, hold) for audit, dates, hold in rows]
    return sorted(purges, key=lambda purge: (purge.on, purge.audit.id))


def next_purge(audit: Audit, dates: RetentionDates, hold: Hold | None) -> PlannedPurge:
    """What is purged next of an audit, and on which UK day."""
    deleted = dates.deletion_on is not None and audit.set_aside_at == dates.deletion_asked_at
    planned = [(dates.figures_on, EVERYTHING)]
    if dates.deletion_on is not None and deleted:
        planned.append((dates.deletion_on, EVERYTHING))
    if audit.answers_removed_at is None:
        planned.append((dates.returns_on, RETURNS))
        if dates.drafts_purged_at is None:
            planned.append((dates.drafts_on, DRAFTS))
    on, kind = min(planned, key=lambda purge: purge[0])
    return PlannedPurge(audit, kind, on, hold, is_deletion=deleted and on == dates.deletion_on)


def due_purges(now: datetime) -> list[PlannedPurge]:
    """The purges whose UK day has come, without those that a hold stops; `now` is UTC."""
    today = local_day(now)
    return [purge for purge in planned_purges() if purge.on <= today and purge.hold is None]


def undated_audits() -> list[Audit]:
    """Audits that no purge is planned for, since they were never issued, oldest first."""
    undated = select(Audit).where(Audit.issued_at.is_(None), Audit.is_example.is_(False))
    return list(session.scalars(undated.order_by(Audit.id)))


def certificates() -> list[PurgeCertificate]:
    """Every certificate, the latest first."""
    return list(session.scalars(select(PurgeCertificate).order_by(PurgeCertificate.id.desc())))


def certificates_of(audit: Audit) -> list[PurgeCertificate]:
    """The certificates of an audit, the latest first; none of an audit that had the number before it."""
    mine = select(PurgeCertificate).where(
        PurgeCertificate.audit_id == audit.id, PurgeCertificate.began_at >= audit.created_at
    )
    return list(session.scalars(mine.order_by(PurgeCertificate.id.desc())))


def certificate_by_id(certificate_id: int) -> PurgeCertificate:
    """One certificate. Raises NotFound."""
    certificate = session.get(PurgeCertificate, certificate_id)
    if certificate is None:
        raise NotFound
    return certificate


def unfinished_purges() -> list[int]:
    """The ids of the certificates of purges that have begun and not ended, oldest first."""
    unfinished = select(PurgeCertificate.id).where(PurgeCertificate.finished_at.is_(None))
    return list(session.scalars(unfinished.order_by(PurgeCertificate.id)))


def uncleaned_purges() -> list[PurgeCertificate]:
    """The certificates of purges whose rows are gone and may still be in the database’s files."""
    uncleaned = select(PurgeCertificate).where(
        PurgeCertificate.finished_at.is_not(None), PurgeCertificate.cleaned_at.is_(None)
    )
    return list(session.scalars(uncleaned.order_by(PurgeCertificate.id)))
