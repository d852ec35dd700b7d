"""Queries on audits and cases by their number or title, on open audits and on the lists of audits."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.words.clean_text import name_key
from surveyapp.planning.models import Audit, Case, Involvement


@dataclass(frozen=True)
class PlannedAudit:
    """An audit of the programme, with its numbers of cases and of ticked cells."""

    audit: Audit
    cases: int
    requests: int


def audit_by_id(audit_id: int) -> Audit:
    """The audit with this number. Raises NoResultFound if there is none."""
    return session.get_one(Audit, audit_id)


def audit_titled(title: str) -> Audit | None:
    """The audit of exactly this title, else the first with the same `name_key`; None when there is none."""
    titles = session.execute(select(Audit.id, Audit.title).order_by(Audit.id)).all()
    same = [(stored != title, audit_id) for audit_id, stored in titles if name_key(stored) == name_key(title)]
    return session.get_one(Audit, min(same)[1]) if same else None


def count_cases_by_tick(audit: Audit) -> tuple[int, int]:
    """How many cases of an audit have an agency ticked, and how many have none. One statement."""
    has_tick = select(Involvement.id).where(Involvement.case_id == Case.id).exists()
    by_tick = select(has_tick, func.count(Case.id)).where(Case.audit_id == audit.id).group_by(has_tick)
    counts = {bool(ticked): number for ticked, number in session.execute(by_tick)}
    return counts.get(True, 0), counts.get(False, 0)


def listed_audits(*, set_aside: bool = False) -> list[PlannedAudit]:
    """The audits on the lists, or those set aside: those without an issue date, then the latest first."""
    cases = select(func.count(Case.id)).where(Case.audit_id == Audit.id).correlate(Audit).scalar_subquery()
    requests = (
        select(func.count(Involvement.id))
        .join(Case, Involvement.case_id == Case.id)
        .where(Case.audit_id == Audit.id)
        .correlate(Audit)
        .scalar_subquery()
    )
    latest = (
        select(Audit, cases, requests)
        .where(Audit.set_aside_at.is_not(None) if set_aside else Audit.set_aside_at.is_(None))
        .order_by(Audit.issue_on.is_not(None), Audit.issue_on.desc(), Audit.id.desc())
    )
    return [PlannedAudit(*row) for row in session.execute(latest)]


def count_set_aside() -> int:
    """How many audits have been set aside."""
    return session.scalar(select(func.count()).where(Audit.set_aside_at.is_not(None))) or 0


def unused_audit_id() -> int | None:
    """On SQLite, a number that no audit has or had; None where the database never gives a number twice.

    SQLite gives the highest number again once its row is deleted, and the log would then tell of two audits.
    """
    if session.get_bind().dialect.name != "sqlite":
        return None
    deleted = select(Event.object).where(Event.action == "deleted_audit")
    numbers = [int(about.removeprefix("audit ")) for about in session.scalars(deleted)]
    return max([session.scalar(select(func.max(Audit.id))) or 0, *numbers]) + 1


def open_audits(*, now: datetime) -> list[Audit]:
    """The audits that take returns at `now` (UTC), oldest first."""
    audits = select(Audit).where(Audit.issued_at.is_not(None), Audit.closed_at.is_(None))
    return [audit for audit in session.scalars(audits.order_by(Audit.id)) if not audit.is_closed(now)]


def case_by_id(audit_id: int, case_id: int) -> Case:
    """The case with this number in this audit. Raises NoResultFound if there is none."""
    return session.scalars(select(Case).filter_by(id=case_id, audit_id=audit_id)).one()
