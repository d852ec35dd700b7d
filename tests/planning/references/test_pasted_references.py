"""References pasted from a spreadsheet, as a list and as cases by agencies."""

import pytest

from surveyapp.foundation.tables.opened_table import open_cells
from surveyapp.planning.grid.grid import PlannedGrid, TickedCell
from surveyapp.planning.grid.queries import planned_grid
from surveyapp.planning.references.pasted_references import PastedReferences, read_pasted
from tests.row_maker import Maker


@pytest.fixture
def planned(make: Maker) -> PlannedGrid:
    agencies = [make.agency("Police, North"), make.agency("Health")]
    return planned_grid(make.audit(cases=2, agencies=agencies, issued=False))


def pasted(planned: PlannedGrid, *rows: str) -> PastedReferences:
    return read_pasted(open_cells("\n".join(rows)).sheet.rows, planned)


def cell(planned: PlannedGrid, case: str, agency: str) -> TickedCell:
    cases = {each.pseudonym: each.id for each in planned.cases}
    agencies = {each.name: each.id for each in planned.agencies}
    return TickedCell(cases[case], agencies[agency])


@pytest.mark.parametrize("heads", [("Case\tAgency\tReference",), ()])
def test_a_list_is_read_with_case_and_agency_in_either_order(
    planned: PlannedGrid, heads: tuple[str, ...]
) -> None:
    read = pasted(planned, *heads, "child 1\tPolice, North\tOCC/1", "Health\tChild 2\t00471")
    assert read.texts == {
        cell(planned, "Child 1", "Police, North"): "OCC/1",
        cell(planned, "Child 2", "Health"): "00471",
    }
    assert read.mistakes == []


def test_cases_by_agencies_are_read_and_empty_cells_passed_over(planned: PlannedGrid) -> None:
    read = pasted(planned, "\tPolice, North\tHealth", "Child 1\tOCC/1\t", "Child 2\t\tH2")
    assert read.texts == {
        cell(planned, "Child 1", "Police, North"): "OCC/1",
        cell(planned, "Child 2", "Health"): "H2",
    }


def test_a_row_that_means_no_cell_is_named_and_the_others_count(planned: PlannedGrid) -> None:
    unasked = planned.with_ticks({cell(planned, "Child 1", "Health")})
    read = pasted(unasked, "Child 1\tHealth\tH1", "Child 2\tHealth\tH2", "Child 9\tHealth\tH9")
    assert read.texts == {cell(planned, "Child 1", "Health"): "H1"}
    assert read.mistakes == [
        "Row 3: neither “Child 9” nor “Health” is the name of a case.",
        "Row 2: this agency is not asked about this case.",
    ]
    assert pasted(planned, "\tHealth", "Child 7\tH").mistakes == ["Row 2: no case is called “Child 7”."]
