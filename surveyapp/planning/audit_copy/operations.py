"""The operation that plans an audit as a copy of another."""

from dataclasses import replace
from datetime import date, datetime

from surveyapp.foundation.calendar.working_days import WorkingCalendar, working_calendar
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.planning.details import AuditDetails, stored_details
from surveyapp.planning.grid.operations import copy_grid
from surveyapp.planning.models import Audit, Case
from surveyapp.planning.operations import plan_audit


def copied_details(
    source: Audit, days: WorkingCalendar, *, title: str, issue_on: date | None
) -> AuditDetails:
    """The details of a copy: those of the source, without what held for its days and its children alone.

    With `issue_on`, returns are due and close as many working days later as in the source. The message that
    held the key to the pseudonyms, and the period reviewed, are left empty.
    """
    due_on = _same_distance(days, issue_on, source.issue_on, source.due_on)
    return replace(
        stored_details(source),
        title=title,
        key_message="",
        period_reviewed="",
        issue_on=issue_on,
        due_on=due_on,
        close_on=_same_distance(days, due_on, source.due_on, source.close_on),
    )


def _same_distance(
    days: WorkingCalendar, start: date | None, source_start: date | None, source_end: date | None
) -> date | None:
    """The day that follows `start` by as many working days as the source's end its start; None if unknown."""
    if start is None or source_start is None or source_end is None:
        return None
    return days.add_working_days(start, days.working_days_between(source_start, source_end))


def copy_audit(  # noqa: PLR0913 — the copy, and who made it when
    source: Audit, *, title: str, issue_on: date | None, with_grid: bool, actor: str, now: datetime
) -> Audit:
    """Plan an audit as a copy of `source`: its form, texts, chasers and agencies. Nothing is sent.

    `with_grid` copies the cases by their pseudonyms alone, since this year's children are others, and the
    ticks of the grid. `now` is UTC. Raises as `plan_audit` does.
    """
    audit = plan_audit(
        copied_details(source, working_calendar(), title=title, issue_on=issue_on), actor=actor, now=now
    )
    if with_grid:
        audit.cases = [Case(position=case.position, pseudonym=case.pseudonym) for case in source.cases]
        session.flush()
    copy_grid(audit, source, match="pseudonym" if with_grid else "none", actor=actor, now=now)
    record_event(actor, "copied_audit", f"audit {audit.id}", f"from audit {source.id}", now=now)
    return audit
