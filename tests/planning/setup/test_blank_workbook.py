"""The blank workbook reads as a set-up without content."""

import io
from datetime import date

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.planning.setup.blank_workbook import blank_workbook
from surveyapp.planning.setup.setup_file import SetUpMistakes, read_set_up
from tests.planning.setup.conftest import Sheets

pytestmark = pytest.mark.usefixtures("session")


def test_the_blank_workbook_has_only_mistakes_about_missing_content() -> None:
    with pytest.raises(SetUpMistakes) as refusal:
        read_set_up(blank_workbook(), "blank.xlsx")
    assert [str(mistake) for mistake in refusal.value.mistakes] == [
        'Audit row 1: "audit" is missing',
        'Audit row 1: "form" is missing',
        "Agencies: the sheet is empty: put one agency into each row, from row 2",
        "Contacts: the sheet is empty: put one contact into each row, from row 2",
        "Cases: the sheet is empty: put one case into each row, from row 2",
        "Grid: no x stands anywhere: cases go down, agencies across, an x where the agency knew the child",
    ]


def test_the_blank_workbook_filled_in_is_a_set_up(sheets: Sheets) -> None:
    book = openpyxl.load_workbook(io.BytesIO(blank_workbook()))
    names = {row[0].value: row[1] for row in book["Audit"].iter_rows()}
    for name, value in sheets["Audit"][1:]:
        names[name].value = value
    names["issue_on"].value = date(2026, 12, 1)
    for sheet in ("Agencies", "Contacts", "Cases"):
        heads = [cell.value for cell in book[sheet][1]]
        for place, row in enumerate(sheets[sheet][1:], 2):
            for head, value in zip(sheets[sheet][0], row, strict=False):
                said = AGENCY_KINDS[value] if head == "kind" else value
                book[sheet].cell(place, heads.index(head) + 1, said)
    for place, row in enumerate(sheets["Grid"], 1):
        for column, value in enumerate(row, 1):
            book["Grid"].cell(place, column, value)
    written = io.BytesIO()
    book.save(written)
    said = read_set_up(written.getvalue(), "set-up.xlsx")
    assert (said.size, said.agencies[0].kind) == ("2 cases, 2 agencies, 3 requests", "social_care")


@pytest.mark.parametrize("sheet", ["Agencies", "Contacts", "Cases", "Grid", "References"])
def test_what_is_typed_into_the_blank_workbook_stays_text(sheet: str) -> None:
    columns = openpyxl.load_workbook(io.BytesIO(blank_workbook()))[sheet].column_dimensions
    width = 52 if sheet in {"Grid", "References"} else 2
    formats = {
        letter: columns[letter].number_format for letter in map(get_column_letter, range(1, width + 1))
    }
    assert formats == dict.fromkeys(formats, "@")


def test_the_blank_workbook_offers_what_may_be_chosen() -> None:
    book = openpyxl.load_workbook(io.BytesIO(blank_workbook()))
    offered = {sheet.title: len(sheet.data_validations.dataValidation) for sheet in book.worksheets}
    assert offered == {
        "Audit": 3,
        "Agencies": 3,
        "Contacts": 7,
        "Cases": 10,
        "Grid": 4,
        "References": 3,
        "Lists": 0,
    }
    for cell, name in (("A6", "emphasis"), ("A18", "ask_for_code")):
        assert book["Audit"][cell].value == name, "its drop-down stands beside it"
    assert book["Lists"].sheet_state == "hidden"
