"""Stores agencies' own references to their files, which only the agency sees, after a code (stories 4.4)."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.clean_text import clean_line
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.grid.grid import TickedCell
from surveyapp.planning.models import Audit, Case, Involvement

LONGEST_REFERENCE = 60


class ReferencesChanged(EditConflict):
    """Two people wrote into the same cells; `there` is what is stored in them now."""

    way_on = ""

    def __init__(self, there: Mapping[TickedCell, str]) -> None:
        """Say so; the page shows both."""
        super().__init__("Someone else changed references after you opened the page.")
        self.there = there


class ReferenceTooLong(SurveyError):
    """A reference is too long; `cell` names its place in the grid."""

    def __init__(self, cell: TickedCell) -> None:
        """Name the longest length."""
        super().__init__(f"Use {LONGEST_REFERENCE} characters or fewer for each reference.")
        self.cell = cell


def write_references(
    audit: Audit,
    written: Mapping[TickedCell, str],
    *,
    seen: Mapping[TickedCell, str] | None = None,
    actor: str,
    now: datetime,
) -> int:
    """Store agencies' references, encrypted, and give how many changed; an empty text removes one.

    Given `seen`, what the page showed, only what was changed on it is changed. Cells without a tick are left
    out. Raises ReferenceTooLong, and ReferencesChanged where two people changed the same.
    """
    session.refresh(audit, with_for_update=True)
    cells = session.scalars(
        select(Involvement)
        .join(Case)
        .where(Case.audit_id == audit.id)
        .order_by(Involvement.id)
        .execution_options(populate_existing=True)
    ).all()
    changes: list[tuple[Involvement, str]] = []
    clashing: dict[TickedCell, str] = {}
    for cell in cells:
        place, there = TickedCell(cell.case_id, cell.agency_id), cell.own_reference or ""
        typed = clean_line(written.get(place, there))
        shown = there if seen is None else clean_line(seen.get(place, ""))
        if len(typed) > LONGEST_REFERENCE:
            raise ReferenceTooLong(place)
        if typed in {there, shown}:
            continue
        if there != shown:
            clashing[place] = there
        changes.append((cell, typed))
    if clashing:
        raise ReferencesChanged(clashing)
    for cell, typed in changes:
        cell.own_reference = typed or None
    if changes:
        session.flush()
        session.expire(audit, ["holds_references"])
        record_event(
            actor, "changed_references", f"audit {audit.id}", counted(len(changes), "reference"), now=now
        )
    return len(changes)
