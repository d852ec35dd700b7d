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
    """Two people changed the same cells; `there` holds the references stored in them now."""

    way_on = ""

    def __init__(self, there: Mapping[TickedCell, str]) -> None:
        """Set the message; the page shows the stored reference beside the typed one."""
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
    """Store agencies' references, encrypted, and return how many changed; an empty text removes one.

    With `seen`, the references that the page showed, only cells edited on that page change. Cells without a
    tick are ignored. Raises ReferenceTooLong, and ReferencesChanged if two people changed the same cell.
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
        place, stored_text = TickedCell(cell.case_id, cell.agency_id), cell.own_reference or ""
        typed_text = clean_line(written.get(place, stored_text))
        seen_text = stored_text if seen is None else clean_line(seen.get(place, ""))
        if len(typed_text) > LONGEST_REFERENCE:
            raise ReferenceTooLong(place)
        if typed_text in {stored_text, seen_text}:
            continue
        if stored_text != seen_text:
            clashing[place] = stored_text
        changes.append((cell, typed_text))
    if clashing:
        raise ReferencesChanged(clashing)
    for cell, typed_text in changes:
        cell.own_reference = typed_text or None
    if changes:
        session.flush()
        session.expire(audit, ["holds_references"])
        record_event(
            actor, "changed_references", f"audit {audit.id}", counted(len(changes), "reference"), now=now
        )
    return len(changes)
