"""Queries on the grid."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy.orm import Session

from surveyapp.foundation.store.db import transaction
from surveyapp.planning.grid import operations
from surveyapp.planning.grid.grid import TickedCell
from surveyapp.planning.grid.queries import planned_grid
from tests.planning.conftest import ACTING
from tests.row_maker import Maker

Queries = Callable[[int], AbstractContextManager[list[str]]]


def test_a_grid_of_fifteen_by_nine_takes_a_few_statements(
    make: Maker, session: Session, queries: Queries
) -> None:
    audit = make.audit(cases=15, agencies=9, issued=False)
    session.expire_all()
    with queries(5):
        found = planned_grid(audit)
        assert str(found) == "15 cases, 9 agencies, 135 requests"
        assert not found.unreachable
    session.expire_all()
    wanted = {TickedCell(case.id, agency.id) for case in found.cases for agency in found.agencies[:6]}
    session.expire_all()
    with queries(11), transaction():
        after = operations.tick_cells(audit, wanted, **ACTING)
    assert str(after) == "15 cases, 6 agencies, 90 requests"
