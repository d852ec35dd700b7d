"""Queries for the days of audits: issue, chasers, due day, close, meetings, report, actions, next audit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select

from surveyapp.chasing.queries import turns_used
from surveyapp.concluding.models import Action, Conclusion
from surveyapp.diary.models import CalendarFeed
from surveyapp.foundation.calendar.working_days import WorkingCalendar
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.store.db import session
from surveyapp.gathering.models import Workshop
from surveyapp.planning.chaser_days import chaser_days
from surveyapp.planning.models import Audit
from surveyapp.report.release.models import ReportRelease


@dataclass(frozen=True)
class DiaryDay:
    """What falls on one day of an audit: never about a child or a contact.

    `short` is for a small table, `words` in full; `key` stays the same when the day moves.
    """

    audit: Audit
    day: date
    short: str
    words: str
    key: str


def audits_with_days() -> list[Audit]:
    """Every audit that has a day, oldest first."""
    return list(session.scalars(select(Audit).where(Audit.due_on.is_not(None)).order_by(Audit.id)))


def diary_days(audits: Sequence[Audit], days: WorkingCalendar) -> list[DiaryDay]:
    """Every day of these audits, earliest first, in five statements."""
    found = [entry for audit in audits for entry in _own_days(audit)]
    used = turns_used(audits)
    for audit in audits:
        skipped = {turn for turn, is_early in used[audit.id].items() if is_early}
        for chaser in chaser_days(audit, days):
            if audit.closed_at is None and (audit.due_on, chaser.offset) not in skipped:
                key = f"chaser-{audit.id}-{chaser.offset}"
                found.append(DiaryDay(audit, chaser.day, "chaser", "Chasers are sent", key))
    by_id = {audit.id: audit for audit in audits}
    found += _days_after(by_id)
    return sorted(found, key=lambda entry: (entry.day, entry.audit.id, entry.key))


def _own_days(audit: Audit) -> list[DiaryDay]:
    """The days on the audit itself."""
    asked_on = local_day(audit.issued_at) if audit.issued_at else audit.issue_on
    closed_on = local_day(audit.closed_at) if audit.closed_at else audit.close_on
    return [
        DiaryDay(audit, day, short, words, f"{short}-{audit.id}")
        for day, short, words in (
            (asked_on, "issue", "Requests are issued" if not audit.is_issued else "Requests were issued"),
            (audit.due_on, "due", "Returns are due"),
            (closed_on, "close", "Returns close"),
        )
        if day is not None
    ]


def _days_after(by_id: dict[int, Audit]) -> list[DiaryDay]:
    """The days after the returns: meetings, the report, actions, their review and the next audit."""
    workshops = select(Workshop.audit_id, Workshop.held_on, Workshop.id).where(Workshop.audit_id.in_(by_id))
    releases = select(ReportRelease.audit_id, ReportRelease.released_at, ReportRelease.id)
    actions = select(Action.audit_id, Action.due_on, Action.id).where(Action.status != "done")
    found: list[DiaryDay] = []
    kinds: tuple[tuple[str, str, Select[Any, Any, Any]], ...] = (
        ("meet", "Workshop", workshops),
        ("report", "The report was released", releases.where(ReportRelease.audit_id.in_(by_id))),
        ("action", "An action is due", actions.where(Action.audit_id.in_(by_id))),
    )
    for short, words, rows in kinds:
        for audit_id, moment, row_id in session.execute(rows):
            if moment is not None:
                day = local_day(moment) if isinstance(moment, datetime) else moment
                found.append(DiaryDay(by_id[audit_id], day, short, words, f"{short}-{row_id}"))
    ahead = select(Conclusion.audit_id, Conclusion.review_on, Conclusion.re_audit_on)
    for audit_id, review_on, re_audit_on in session.execute(ahead.where(Conclusion.audit_id.in_(by_id))):
        for short, words, on in (
            ("review", "The action plan is reviewed", review_on),
            ("re-audit", "The next audit of this theme", re_audit_on),
        ):
            if on is not None:
                found.append(DiaryDay(by_id[audit_id], on, short, words, f"{short}-{audit_id}"))
    return found


def feed_of(owner: str) -> CalendarFeed | None:
    """The private address of a member of staff; None if they have none in force."""
    feeds = select(CalendarFeed).where(CalendarFeed.owner == owner, CalendarFeed.revoked_at.is_(None))
    return session.scalar(feeds)
