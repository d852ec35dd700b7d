"""An audit and one of its ticked cells."""

import pytest

from surveyapp.planning.grid.grid import TickedCell
from surveyapp.planning.models import Audit
from tests.row_maker import Maker


@pytest.fixture
def audit(make: Maker) -> Audit:
    return make.audit(cases=2, agencies=1, issued=False)


@pytest.fixture
def cell(audit: Audit) -> TickedCell:
    cell = audit.cases[0].involvements[0]
    return TickedCell(cell.case_id, cell.agency_id)
