"""A set-up file in a field of a page comes back as it was read."""

import base64
import zlib
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveyapp.foundation.tables.cells import CellMistake, NumberCell, Sheet, SheetRow
from surveyapp.foundation.tables.packing import DamagedFile
from surveyapp.planning.setup.opened_file import OpenedFile, unpack
from surveyapp.planning.setup.setup_file import check_set_up, open_set_up
from tests.planning.setup.conftest import Sheets, notices

Write = Callable[[Sheets], bytes]
_CELLS = (
    st.text(max_size=10)
    | st.booleans()
    | st.dates()
    | st.from_regex(r"\d{1,9}", fullmatch=True).map(NumberCell)
    | st.text(max_size=10).map(CellMistake)
)
_ROWS = st.builds(SheetRow, st.integers(1, 1000), st.lists(_CELLS, max_size=4).map(tuple), st.booleans())
_SHEETS = st.dictionaries(
    st.sampled_from(["Audit", "Cases"]),
    st.builds(Sheet, st.lists(_ROWS, max_size=4).map(tuple), st.booleans(), st.just(("A", "AB"))),
)


@given(_SHEETS)
def test_the_cells_of_a_workbook_come_back_with_their_kinds(sheets: dict[str, Sheet]) -> None:
    back = unpack(OpenedFile("set-up.xlsx", sheets=sheets).packed(), "set-up.xlsx")
    assert back.sheets == sheets
    kinds = [type(cell) for sheet in sheets.values() for row in sheet.rows for cell in row.cells]
    assert [
        type(cell) for sheet in (back.sheets or {}).values() for row in sheet.rows for cell in row.cells
    ] == kinds


@given(st.binary(max_size=200))
def test_the_text_of_a_file_comes_back(text: bytes) -> None:
    assert unpack(OpenedFile("set-up.yaml", text=text).packed(), "set-up.yaml").text == text


@given(
    st.text(max_size=40) | st.binary(max_size=40).map(lambda junk: base64.urlsafe_b64encode(junk).decode())
)
def test_anything_else_is_refused(junk: str) -> None:
    with pytest.raises(DamagedFile):
        unpack(junk, "set-up.yaml")


@pytest.mark.parametrize(
    "plain", [b"[]", b'{"Cases": 3}', b"[" * 100_000, b'{"Cases": {"rows": [[1, false, [3]]]}}']
)
def test_json_of_another_shape_is_refused(plain: bytes) -> None:
    with pytest.raises(DamagedFile):
        unpack(base64.urlsafe_b64encode(b"S" + zlib.compress(plain)).decode(), "set-up.xlsx")


def test_a_field_that_unpacks_to_far_more_is_refused() -> None:
    with pytest.raises(DamagedFile):
        unpack(base64.urlsafe_b64encode(b"T" + zlib.compress(b"x" * 30_000_000)).decode(), "set-up.yaml")


@pytest.mark.usefixtures("session")
def test_a_workbook_that_comes_back_has_the_same_content_and_notices(sheets: Sheets, workbook: Write) -> None:
    sheets["Contacts"][1][4] = 1234567890
    sheets["Audit"][5][1] = date(2026, 12, 1)
    opened = open_set_up(workbook(sheets), "set-up.xlsx")
    first, again = check_set_up(opened), check_set_up(unpack(opened.packed(), "set-up.xlsx"))
    assert again == first
    assert notices(again) == notices(first) != []
