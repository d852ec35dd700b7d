"""Operations that store the ticks of a grid: save it, undo the last change, copy another audit's grid."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.edit_conflicts import EditConflict, check_unchanged
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.dates_and_lists import list_in_words
from surveyapp.planning.errors import WITHDRAW_INSTEAD, AlreadyIssued
from surveyapp.planning.grid.grid import PlannedGrid, TickedCell
from surveyapp.planning.grid.grid_copy import CaseMatch, GridCopy, plan_grid_copy
from surveyapp.planning.grid.queries import (
    changes_since,
    chosen_agency_ids,
    known_agency_ids,
    last_change,
    planned_grid,
    ticked_cells,
)
from surveyapp.planning.locks import check_returns_open, lock_audit
from surveyapp.planning.models import Audit, Case, ChosenAgency, GridChange, Involvement


class NothingToUndo(Refused):
    """No change of the grid is left to undo."""

    def __init__(self) -> None:
        """Set the message."""
        super().__init__("There is no change of this grid to undo.")


@dataclass(frozen=True)
class SavedGrid:
    """A grid as saved, and what others had changed in the cells of the page since it was opened."""

    grid: PlannedGrid
    ticked_by_others: frozenset[TickedCell] = frozenset()
    cleared_by_others: frozenset[TickedCell] = frozenset()
    others: tuple[str, ...] = ()


def save_grid(  # noqa: PLR0913 — what the page showed, and who saved it when
    audit: Audit,
    ticked: Collection[TickedCell],
    *,
    seen: Collection[TickedCell],
    shown: Collection[TickedCell],
    last_seen: int,
    actor: str,
    now: datetime,
) -> SavedGrid:
    """Save a page of the grid as `tick_cells` does, and say what others have changed since it was opened.

    `seen` are the ticks that the page showed, among the cells `shown`; `last_seen` is the number of the last
    change of the grid then, 0 for none. Raises what tick_cells raises.
    """
    lock_audit(audit)
    stored = ticked_cells(audit) & frozenset(shown)
    others = dict.fromkeys(change.by for change in changes_since(audit, last_seen))
    grid = tick_cells(audit, ticked, seen=seen, actor=actor, now=now)
    return SavedGrid(grid, stored - frozenset(seen), frozenset(seen) - stored, tuple(others))


def tick_cells(
    audit: Audit,
    ticked: Collection[TickedCell],
    *,
    seen: Collection[TickedCell] | None = None,
    actor: str,
    now: datetime,
) -> PlannedGrid:
    """Store the grid: `ticked` replaces all ticks, and agencies with a tick become part of the grid.

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
    removed = stored_grid.ticked - to_tick
    if removed and audit.is_issued:
        raise AlreadyIssued(_cannot_untick(stored_grid, removed), way_on=WITHDRAW_INSTEAD)
    added = to_tick - stored_grid.ticked
    if not removed and not added:
        return stored_grid
    saved_grid = change_ticks(audit, stored_grid, added=added, removed=removed, actor=actor, now=now)
    record_event(actor, "changed_grid", f"audit {audit.id}", str(saved_grid), now=now)
    return saved_grid


def change_ticks(  # noqa: PLR0913 — the change, and who made it when
    audit: Audit,
    stored_grid: PlannedGrid,
    *,
    added: Collection[TickedCell],
    removed: Collection[TickedCell],
    agency_id: int | None = None,
    actor: str,
    now: datetime,
) -> PlannedGrid:
    """Tick and clear cells of a locked audit, and store the change so that it can be undone.

    `agency_id` is the agency whose answers made the change, if staff did not. Raises EditConflict for a case
    or agency that no longer exists. Records no event.
    """
    session.add(
        GridChange(
            audit_id=audit.id,
            changed_at=now,
            actor=actor[:200],
            agency_id=agency_id,
            added=[list(cell) for cell in sorted(added)],
            removed=[list(cell) for cell in sorted(removed)],
        )
    )
    return _write_ticks(audit, stored_grid, added=added, removed=removed)


def _write_ticks(
    audit: Audit, stored_grid: PlannedGrid, *, added: Collection[TickedCell], removed: Collection[TickedCell]
) -> PlannedGrid:
    case_ids = {case.id for case in stored_grid.cases}
    here = {agency.id for agency in stored_grid.agencies}
    others = {cell.agency_id for cell in added} - here
    if not {cell.case_id for cell in added} <= case_ids or (others and known_agency_ids(others) != others):
        raise EditConflict(
            "A case or an agency on that page is there no longer.",
            way_on="Open the grid again and tick what is missing.",
        )
    if removed:
        _delete_cells(audit, removed)
    if added:
        session.execute(insert(Involvement), [cell._asdict() for cell in sorted(added)])
    # An agency whose last tick was cleared keeps its column, to be ticked again.
    store_chosen(audit, {cell.agency_id for cell in (*added, *removed)})
    for case in stored_grid.cases:
        session.expire(case, ["involvements"])
    if others:
        return planned_grid(audit)
    return stored_grid.with_ticks((stored_grid.ticked - frozenset(removed)) | frozenset(added))


def store_chosen(audit: Audit, agency_ids: Collection[int]) -> None:
    """Make these agencies part of a locked audit's grid, where they are not yet."""
    missing = sorted(set(agency_ids) - chosen_agency_ids(audit))
    if missing:
        rows = [{"audit_id": audit.id, "agency_id": agency_id} for agency_id in missing]
        session.execute(insert(ChosenAgency), rows)


def _delete_cells(audit: Audit, removed: Collection[TickedCell]) -> None:
    rows = session.execute(
        select(Involvement.id, Involvement.case_id, Involvement.agency_id).where(
            Involvement.case_id.in_(select(Case.id).where(Case.audit_id == audit.id))
        )
    )
    involvement_ids = [involvement_id for involvement_id, *cell in rows if TickedCell(*cell) in removed]
    session.execute(delete(Involvement).where(Involvement.id.in_(involvement_ids)))


def _cannot_untick(planned: PlannedGrid, removed: Collection[TickedCell]) -> str:
    words = list_in_words(planned.in_words(removed))
    return f"The audit has been issued to {words}, so that stays ticked."


def undo_last_change(audit: Audit, change_id: int, *, actor: str, now: datetime) -> PlannedGrid:
    """Undo the last change of the grid, which the page showed as `change_id`; then the one before is last.

    Raises EditConflict if another change has come since, NothingToUndo, and AlreadyIssued after issue.
    """
    lock_audit(audit)
    if audit.is_issued:
        raise AlreadyIssued("The audit has been issued, so its ticks stay.", way_on=WITHDRAW_INSTEAD)
    change = last_change(audit)
    if change is None:
        raise NothingToUndo
    check_unchanged(
        change_id,
        change.id,
        message="The grid has been changed again after you opened it.",
        way_on="Its last change is below: look at it before you undo it.",
    )
    stored_grid = planned_grid(audit)
    added = {TickedCell(*cell) for cell in change.removed} - stored_grid.ticked
    removed = {TickedCell(*cell) for cell in change.added} & stored_grid.ticked
    change.undone_at = now
    saved_grid = _write_ticks(audit, stored_grid, added=added, removed=removed)
    record_event(actor, "undid_grid_change", f"audit {audit.id}", str(saved_grid), now=now)
    return saved_grid


def copy_grid(  # noqa: PLR0913 — the copy, and who made it when
    audit: Audit,
    source: Audit,
    *,
    match: CaseMatch,
    seen: str | None = None,
    actor: str,
    now: datetime,
) -> GridCopy:
    """Add the agencies of another audit to the grid, and tick what it ticked about the cases that match.

    With match “none” only the agencies are copied. `seen` is the digest of the copy that a preview showed:
    raises EditConflict if it would be another one now, and ReturnsClosed. Returns what was added.
    """
    lock_audit(audit)
    check_returns_open(audit, now)
    stored_grid = planned_grid(audit)
    copied = plan_grid_copy(planned_grid(source), stored_grid, match)
    check_unchanged(seen, copied.digest, way_on="The preview below is new: look at it again.")
    store_chosen(audit, {agency.id for agency in copied.agencies})
    if copied.cells:
        change_ticks(audit, stored_grid, added=copied.cells, removed=(), actor=actor, now=now)
    record_event(actor, "copied_grid", f"audit {audit.id}", f"from audit {source.id}", now=now)
    return copied
