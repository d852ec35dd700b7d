"""The operation that stores the grid of an audit."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, insert, select

from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.dates_and_lists import list_in_words
from surveyapp.planning.errors import WITHDRAW_INSTEAD, AlreadyIssued
from surveyapp.planning.grid.grid import PlannedGrid, TickedCell
from surveyapp.planning.grid.queries import planned_grid
from surveyapp.planning.locks import check_returns_open, lock_audit
from surveyapp.planning.models import Audit, Case, Involvement


def tick_cells(
    audit: Audit,
    ticked: Collection[TickedCell],
    *,
    seen: Collection[TickedCell] | None = None,
    actor: str,
    now: datetime,
) -> PlannedGrid:
    """Store the grid: `ticked` replaces all ticks.

    With `seen`, the ticks that the page showed, only the difference between the two is applied, so that
    concurrent ticks stay. After issue, cells can be added but not removed. Raises AlreadyIssued,
    ReturnsClosed, and EditConflict for a case or agency that no longer exists.
    """
    lock_audit(audit)
    check_returns_open(audit, now)
    stored_grid = planned_grid(audit)
    to_tick = frozenset(ticked)
    if seen is not None:
        to_tick = stored_grid.ticked - (frozenset(seen) - to_tick) | (to_tick - frozenset(seen))
    all_cells = {(case.id, agency.id) for case in stored_grid.cases for agency in stored_grid.agencies}
    if not to_tick <= all_cells:
        raise EditConflict(
            "A case or an agency on that page is there no longer.",
            way_on="Open the grid again and tick what is missing.",
        )
    removed, added = stored_grid.ticked - to_tick, to_tick - stored_grid.ticked
    if removed and audit.is_issued:
        raise AlreadyIssued(_cannot_untick(stored_grid, removed), way_on=WITHDRAW_INSTEAD)
    if removed:
        _delete_cells(audit, removed)
    if added:
        session.execute(insert(Involvement), [cell._asdict() for cell in sorted(added)])
    saved_grid = stored_grid.with_ticks(to_tick)
    if removed or added:
        for case in stored_grid.cases:
            session.expire(case, ["involvements"])
        record_event(actor, "changed_grid", f"audit {audit.id}", str(saved_grid), now=now)
    return saved_grid


def _delete_cells(audit: Audit, removed: Collection[TickedCell]) -> None:
    rows = session.execute(
        select(Involvement.id, Involvement.case_id, Involvement.agency_id).where(
            Involvement.case_id.in_(select(Case.id).where(Case.audit_id == audit.id))
        )
    )
    involvement_ids = [involvement_id for involvement_id, *cell in rows if TickedCell(*cell) in removed]
    session.execute(delete(Involvement).where(Involvement.id.in_(involvement_ids)))


def _cannot_untick(planned: PlannedGrid, removed: Collection[TickedCell]) -> str:
    cases = {case.id: case.pseudonym for case in planned.cases}
    agencies = {agency.id: agency.name for agency in planned.agencies}
    words = [f"{agencies[cell.agency_id]} about {cases[cell.case_id]}" for cell in sorted(removed)]
    return f"The audit has been issued to {list_in_words(words)}, so that stays ticked."
