"""The operation on the grid, called directly."""

import pytest

from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.planning.errors import AlreadyIssued
from surveyapp.planning.grid import operations
from surveyapp.planning.grid.grid import TickedCell
from surveyapp.planning.grid.queries import planned_grid
from tests.planning.conftest import ACTING
from tests.row_maker import Maker


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
