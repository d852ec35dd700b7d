"""Queries on the programme: the audits of one year, and the years that have any."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from surveyapp.foundation.store.db import session
from surveyapp.planning.approval.queries import latest_approvals
from surveyapp.planning.approval.state import ApprovalState, theme_content
from surveyapp.planning.models import Audit, Case


@dataclass(frozen=True)
class ProgrammeEntry:
    """An audit of the programme: its number of cases, and the approval of its theme."""

    audit: Audit
    cases: int
    theme: ApprovalState


def programme_of(year: int) -> list[ProgrammeEntry]:
    """The audits issued in a calendar year, by day, then those without a day; two statements."""
    cases = select(func.count(Case.id)).where(Case.audit_id == Audit.id).correlate(Audit).scalar_subquery()
    in_year = Audit.issue_on.between(date(year, 1, 1), date(year, 12, 31))
    rows: Sequence[tuple[Audit, int]] = [
        (audit, number if audit.kept_counts is None else audit.kept_counts["cases"])
        for audit, number in session.execute(
            select(Audit, cases)
            .where(or_(in_year, Audit.issue_on.is_(None)))
            .order_by(Audit.issue_on.is_(None), Audit.issue_on, Audit.id)
        )
    ]
    approvals = latest_approvals([audit.id for audit, _ in rows], "theme")
    return [
        ProgrammeEntry(audit, number, ApprovalState(theme_content(audit), approvals.get(audit.id)))
        for audit, number in rows
    ]


def years_around(year: int) -> tuple[int | None, int | None]:
    """The nearest earlier and the nearest later year in which an audit is issued; None if there is none."""
    earlier = session.scalar(select(func.max(Audit.issue_on)).where(Audit.issue_on < date(year, 1, 1)))
    later = session.scalar(select(func.min(Audit.issue_on)).where(Audit.issue_on > date(year, 12, 31)))
    return earlier.year if earlier else None, later.year if later else None
