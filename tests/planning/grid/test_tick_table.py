"""Tables of ticks are read as offices type them."""

import pytest

from surveyapp.agencies.models import Agency
from surveyapp.foundation.tables.columns import match_columns
from surveyapp.foundation.tables.opened_table import open_cells
from surveyapp.foundation.tables.table_mistakes import TableMistakes
from surveyapp.planning.grid.grid import TickedCell
from surveyapp.planning.grid.tick_table import ImportedTicks, read_ticks, tick_columns, turned
from surveyapp.planning.models import Case

CASES = [Case(id=number, pseudonym=name) for number, name in enumerate(("Child 1", "Child 02", "Child A"), 1)]
AGENCIES = [Agency(id=7, name="Northside Police"), Agency(id=8, name="School (north)")]


def read(text: str) -> ImportedTicks:
    table = turned(open_cells(text), CASES, AGENCIES)
    return read_ticks(table, match_columns(table.sheet, tick_columns(AGENCIES)), CASES)


def test_ticks_are_read_in_all_their_forms() -> None:
    imported = read("Case\tNORTHSIDE POLICE\tSchool (north)\nChild 1\tY\tno\nchild  a\t✓\t\n2\tTRUE\t0\n")
    assert imported.cells == {
        TickedCell(1, 7): True,
        TickedCell(1, 8): False,
        TickedCell(3, 7): True,
        TickedCell(3, 8): None,
        TickedCell(2, 7): True,
        TickedCell(2, 8): False,
    }
    assert imported.notices == ("Row 4, Case: 2 is taken as “Child 02”",)


def test_a_table_with_agencies_down_is_turned() -> None:
    imported = read("Case\tChild 1\tChild A\nNorthside Police\tx\t\nSchool (north)\t\tx\n")
    assert imported.cells[TickedCell(1, 7)] is True
    assert imported.cells[TickedCell(3, 8)] is True
    assert imported.cells[TickedCell(1, 8)] is None
    assert imported.notices == ("Agencies go down and cases across in this table: it was turned",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "Case\tNorthside Police\nChild 1\tmaybe\n",
            "Row 2, Northside Police: “maybe” is neither",
        ),
        ("Case\tNorthside Police\nChild 1\t=A1\n", "Row 2, Northside Police: a formula stands here"),
        ("Case\tNorthside Police\nChild 9\tx\n", "Row 2, Case: there is no case “Child 9” in this audit"),
        ("Case\tNorthside Police\n\tx\n", "Row 2, Case: the row names no case"),
        (
            "Case\tNorthside Police\nChild 1\tx\n1\tx\n",
            "Row 3, Case: “Child 1” is there twice",
        ),
        ("Case\tPolice\nChild 1\tx\n", "No column names an agency of the directory"),
        ("Case\tNorthside Police\n", "There is no row below the heads"),
    ],
)
def test_mistakes_are_named_with_row_and_column(text: str, words: str) -> None:
    with pytest.raises(TableMistakes) as refused:
        read(text)
    assert words in refused.value.listed[0]


def test_a_head_that_names_no_agency_is_asked_about() -> None:
    sheet = open_cells("Case\tNorthside Police\tTotal\nChild 1\tx\t1\n").sheet
    match = match_columns(sheet, tick_columns(AGENCIES), asks_about_all=True)
    assert match.doubts == ("“Total”, column C, is not recognised: say what it holds, or leave it out",)
