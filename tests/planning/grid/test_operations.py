"""The operation on the grid, called directly."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.foundation.store.db import session as current_session
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.planning.cases.details import CaseDetails
from surveyapp.planning.cases.operations import add_cases, remove_case
from surveyapp.planning.errors import AlreadyIssued
from surveyapp.planning.grid import operations
from surveyapp.planning.grid.grid import TickedCell
from surveyapp.planning.grid.grid_copy import CASE_MATCHES, plan_grid_copy
from surveyapp.planning.grid.queries import planned_grid
from surveyapp.planning.models import Audit, GridChange
from tests.planning.conftest import ACTING
from tests.row_maker import Maker


def changes_of(audit: Audit) -> list[GridChange]:
    changes = select(GridChange).where(GridChange.audit_id == audit.id).order_by(GridChange.id)
    return list(current_session.scalars(changes))


def test_storing_the_grid_replaces_all_ticks(make: Maker) -> None:
    audit = make.audit(cases=3, agencies=2, issued=False)
    first, second = planned_grid(audit).agencies
    wanted = {TickedCell(audit.cases[0].id, first.id), TickedCell(audit.cases[1].id, second.id)}
    with transaction():
        after = operations.tick_cells(audit, wanted, **ACTING)
    assert str(after) == "2 cases, 2 agencies, 2 requests"
    assert planned_grid(audit).ticked == wanted
    assert [case.pseudonym for case in after.unasked_cases] == ["Child 3"]


def test_issued_cells_stay_ticked_and_more_can_be_added(make: Maker) -> None:
    audit = make.audit(cases=2, agencies=1)
    other = make.agency("New Agency")
    asked = planned_grid(audit).ticked
    gone = min(asked)
    with pytest.raises(AlreadyIssued, match="about Child 1") as refusal, transaction():
        operations.tick_cells(audit, asked - {gone}, **ACTING)
    assert "withdraw it there" in refusal.value.way_on
    with transaction():
        after = operations.tick_cells(audit, asked | {TickedCell(audit.cases[0].id, other.id)}, **ACTING)
    assert str(after) == "2 cases, 2 agencies, 3 requests"


def test_a_cell_of_another_audit_is_refused(make: Maker) -> None:
    audit, other = make.audit(issued=False), make.audit(issued=False)
    with pytest.raises(EditConflict), transaction():
        operations.tick_cells(
            audit, {TickedCell(other.cases[0].id, planned_grid(audit).agencies[0].id)}, **ACTING
        )


def test_concurrent_ticks_stay(make: Maker) -> None:
    audit = make.audit(cases=2, agencies=2, issued=False)
    seen = planned_grid(audit).ticked
    first, second, *rest = sorted(seen)
    with transaction():
        operations.tick_cells(audit, seen - {first}, seen=seen, **ACTING)
    with transaction():
        operations.tick_cells(audit, seen - {second}, seen=seen, **ACTING)
    assert sorted(planned_grid(audit).ticked) == rest
    with transaction():
        operations.tick_cells(audit, seen, seen=frozenset(rest), **ACTING)
    assert planned_grid(audit).ticked == seen


def test_ticking_an_agency_makes_it_part_of_the_grid(make: Maker, session: Session) -> None:
    audit, other = make.audit(cases=1, agencies=1, issued=False), make.agency("New Agency")
    cell = TickedCell(audit.cases[0].id, other.id)
    with transaction():
        after = operations.tick_cells(audit, {cell, *planned_grid(audit).ticked}, **ACTING)
    assert other in after.agencies
    with transaction():
        operations.tick_cells(audit, planned_grid(audit).ticked - {cell}, **ACTING)
    session.expire_all()
    assert other in planned_grid(audit).agencies, "its column stays, to be ticked again"


def test_changes_are_undone_one_by_one_from_the_last(make: Maker) -> None:
    audit = make.audit(cases=2, agencies=2, issued=False)
    first, second, *rest = sorted(planned_grid(audit).ticked)
    for ticked in ({second, *rest}, set(rest)):
        with transaction():
            operations.tick_cells(audit, ticked, **ACTING)
    older, newer = changes_of(audit)
    with pytest.raises(EditConflict, match="changed again"), transaction():
        operations.undo_last_change(audit, older.id, **ACTING)
    with transaction():
        operations.undo_last_change(audit, newer.id, **ACTING)
    assert planned_grid(audit).ticked == {second, *rest}
    with transaction():
        operations.undo_last_change(audit, older.id, **ACTING)
    assert planned_grid(audit).ticked == {first, second, *rest}
    with pytest.raises(operations.NothingToUndo), transaction():
        operations.undo_last_change(audit, older.id, **ACTING)


def test_undo_leaves_a_case_alone_that_came_in_the_place_of_a_removed_one(make: Maker) -> None:
    audit = make.audit(cases=2, agencies=1, issued=False)
    removed = audit.cases[1]
    with transaction():
        operations.tick_cells(audit, (), **ACTING)
    with transaction():
        remove_case(removed, **ACTING)
    with transaction():
        (added,) = add_cases(audit, [CaseDetails("Child 9")], **ACTING)
    (change,) = changes_of(audit)
    with transaction():
        operations.undo_last_change(audit, change.id, **ACTING)
    assert {cell.case_id for cell in planned_grid(audit).ticked} == {audit.cases[0].id}
    assert added.id not in {cell.case_id for cell in planned_grid(audit).ticked}


def test_nothing_is_undone_after_the_issue(make: Maker) -> None:
    audit, other = make.audit(cases=1, agencies=1), make.agency()
    cell = TickedCell(audit.cases[0].id, other.id)
    with transaction():
        operations.tick_cells(audit, {*planned_grid(audit).ticked, cell}, **ACTING)
    (change,) = changes_of(audit)
    with pytest.raises(AlreadyIssued), transaction():
        operations.undo_last_change(audit, change.id, **ACTING)
    assert cell in planned_grid(audit).ticked


def test_a_grid_is_copied_by_pseudonym_by_order_or_without_ticks(make: Maker) -> None:
    agencies = [make.agency("Police"), make.agency("Health")]
    source = make.audit(cases=2, agencies=agencies, issued=False)
    targets = [make.audit(cases=2, agencies=[], issued=False) for _ in range(3)]
    with transaction():
        source.cases[0].pseudonym, source.cases[1].pseudonym = "child 2", "Child 7"
    ticks = []
    for target, match in zip(targets, CASE_MATCHES, strict=True):
        with transaction():
            operations.copy_grid(target, source, match=match, **ACTING)
        grid = planned_grid(target)
        assert {agency.name for agency in grid.agencies} == {"Police", "Health"}
        places = [case.id for case in target.cases]
        ticks.append(sorted(places.index(cell.case_id) + 1 for cell in grid.ticked))
    assert dict(zip(CASE_MATCHES, ticks, strict=True)) == {
        "pseudonym": [2, 2],
        "order": [1, 1, 2, 2],
        "none": [],
    }


def test_a_copy_ticks_nothing_twice_and_only_what_the_preview_showed(make: Maker) -> None:
    police, health = make.agency("Police"), make.agency("Health")
    source = make.audit(cases=1, agencies=[police], issued=False)
    target = make.audit(cases=1, agencies=[police], issued=False)
    seen = plan_grid_copy(planned_grid(source), planned_grid(target), "pseudonym").digest
    with transaction():
        copied = operations.copy_grid(target, source, match="pseudonym", seen=seen, **ACTING)
    assert not copied.cells
    with transaction():
        operations.tick_cells(source, {TickedCell(source.cases[0].id, health.id)}, **ACTING)
    with pytest.raises(EditConflict), transaction():
        operations.copy_grid(target, source, match="pseudonym", seen=seen, **ACTING)
