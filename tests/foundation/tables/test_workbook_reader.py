"""Workbooks are read cell by cell, whichever program wrote them, and what is strange in them is refused."""

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from surveyapp.foundation.tables.cells import CellMistake, NumberCell, Sheet
from surveyapp.foundation.tables.limits import IMPORT_LIMITS
from surveyapp.foundation.tables.spreadsheet import UnreadableSpreadsheet, workbook_sheets
from surveyapp.foundation.tables.spreadsheet_safety import NOT_A_WORKBOOK
from surveyapp.foundation.words.clean_text import clean_text

Changes = dict[str, Callable[[bytes], bytes]]


def by_openpyxl(*rows: list[Any], change: Callable[[Any], object] = str) -> bytes:
    """A workbook as openpyxl writes it."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    change(sheet)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def by_xlsxwriter(*rows: list[Any]) -> bytes:
    """A workbook as XlsxWriter and Excel write it, its texts shared."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(
        written, {"default_date_format": "dd/mm/yyyy", "strings_to_formulas": False}
    ) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write(number, column, value)
    return written.getvalue()


def changed(content: bytes, **parts: Callable[[str], str]) -> bytes:
    """A workbook with some parts changed, by the beginning of their names."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as whole,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as out,
    ):
        for name in whole.namelist():
            part = whole.read(name)
            for begin, change in parts.items():
                if name.rpartition("/")[2].startswith(begin):
                    part = change(part.decode()).encode()
            out.writestr(name, part)
    return written.getvalue()


def replacing(before: str, after: str) -> Callable[[str], str]:
    """A change of a part: other words in the place of some."""
    return lambda part: part.replace(before, after)


def sheet_of(content: bytes) -> Sheet:
    (sheet,) = workbook_sheets(content, IMPORT_LIMITS).values()
    return sheet


def cells_of(content: bytes) -> list[tuple[object, ...]]:
    return [row.cells for row in sheet_of(content).rows]


CELLS = st.one_of(
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=12).filter(
        lambda text: not text.startswith("=") and "_x" not in text
    ),
    st.integers(-(10**14), 10**14),
    st.booleans(),
    st.dates(date(1900, 3, 1), date(2100, 1, 1)),
    st.none(),
)


@pytest.mark.parametrize("write", [by_openpyxl, by_xlsxwriter])
@given(rows=st.lists(st.lists(CELLS, min_size=1, max_size=6), min_size=1, max_size=6))
def test_what_is_written_is_read(write: Callable[..., bytes], rows: list[list[Any]]) -> None:
    written = [
        [datetime(cell.year, cell.month, cell.day) if isinstance(cell, date) else cell for cell in row]  # noqa: DTZ001 — a day
        for row in rows
    ]
    read = {row.number: row.cells for row in sheet_of(write(*written)).rows}
    for number, row in enumerate(rows, 1):
        cells = read.get(number, ())
        for place, cell in enumerate(row):
            value = cells[place] if place < len(cells) else ""
            if isinstance(cell, bool | date):
                assert value == cell
                assert type(value) is type(cell)
            elif isinstance(cell, int):
                assert isinstance(value, NumberCell)
                assert value == str(cell)
            else:
                assert "".join(value.split()) == "".join(clean_text(cell or "").split())


def test_every_kind_of_cell_has_its_value() -> None:
    rich = (
        '<si><r><rPr><b/></rPr><t xml:space="preserve">Child </t></r><r><t>A</t></r>'
        '<rPh sb="0" eb="1"><t>CHAIRUDO</t></rPh></si>'
    )
    row = (
        '<row><c t="s"><v>0</v></c><c t="inlineStr"><is><t>two_x000D_&#10;lines</t></is></c>'
        '<c t="str"><v>plain</v></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c>'
        '<c t="d"><v>2026-12-18T00:00:00</v></c><c><v>1E3</v></c><c><v>2.5</v></c><c/>'
        '<c t="b"><f>TRUE()</f><v>1</v></c><c t="str"><f>A1</f><v>x</v></c>'
        '<c><f t="shared" si="0"/><v>1</v></c>'
        '<c t="s"><v></v></c></row>'
    )
    content = changed(
        by_xlsxwriter(["Child A"]),
        sheet1=lambda part: part[: part.index("<row")] + row + part[part.index("</sheetData>") :],
        sharedStrings=lambda part: part[: part.index("<si>")] + rich + "</sst>",
    )
    (cells,) = cells_of(content)
    assert cells[:9] == (
        "Child A",
        "two\nlines",
        "plain",
        True,
        CellMistake("the cell says #N/A: put a value instead"),
        date(2026, 12, 18),
        "1000",
        "2.5",
        "",
    )
    assert cells[9] is True
    assert [type(cell) for cell in cells[10:12]] == [CellMistake, CellMistake]
    assert cells[12] == ""


def test_a_time_stays_a_text_and_a_number_that_is_no_day_is_a_mistake() -> None:
    content = by_openpyxl(
        [time(9, 30), 3_000_000], change=lambda sheet: setattr(sheet["B1"], "number_format", "yyyy")
    )
    assert cells_of(content) == [
        ("09:30:00", CellMistake("the cell says 3000000, which is no day: put a value instead"))
    ]


def test_a_program_may_prefix_every_element() -> None:
    """As programs do that use Microsoft’s own library."""

    def prefix(part: str) -> str:
        return (
            part.replace("<", "<x:")
            .replace("<x:/", "</x:")
            .replace("<x:?", "<?")
            .replace("xmlns=", "xmlns:x=")
        )

    content = changed(by_xlsxwriter(["case", 5]), sheet1=prefix, sharedStrings=prefix, styles=prefix)
    assert cells_of(content) == [("case", "5")]


def test_gaps_are_kept_and_cells_and_rows_out_of_order_are_refused() -> None:
    content = by_openpyxl(["a", None, "c"], [], [None, "b"])
    assert [(row.number, row.cells) for row in sheet_of(content).rows] == [
        (1, ("a", "", "c")),
        (3, ("", "b")),
    ]
    for before, after in (('r="C1"', 'r="A1"'), ('<row r="3"', '<row r="1"')):
        with pytest.raises(UnreadableSpreadsheet, match=r"not an \.xlsx workbook"):
            sheet_of(changed(content, sheet1=replacing(before, after)))


def test_merged_cells_have_their_value_once() -> None:
    content = by_openpyxl(["Police", None], ["a", "b"], change=lambda sheet: sheet.merge_cells("A1:B1"))
    assert [cells[0] for cells in cells_of(content)] == ["Police", "a"]
    assert set(cells_of(content)[0][1:]) <= {""}


def test_hidden_rows_and_columns_are_known() -> None:
    def hide(sheet: Any) -> None:
        sheet.row_dimensions[2].hidden = True
        for letter in "BD":
            sheet.column_dimensions[letter].hidden = True

    sheet = sheet_of(by_openpyxl(["a", "b", "c"], ["d", "e", "f"], change=hide))
    assert [row.is_hidden for row in sheet.rows] == [False, True]
    assert sheet.hidden_columns == ("B",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_in_any_encoding(encoding: str) -> None:
    part = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
    content = by_openpyxl(["a"])
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as whole, zipfile.ZipFile(written, "w") as spoilt:
        for name in whole.namelist():
            spoilt.writestr(name, part.encode(encoding) if name.endswith("sheet1.xml") else whole.read(name))
    with pytest.raises(UnreadableSpreadsheet) as refused:
        sheet_of(written.getvalue())
    assert str(refused.value) == NOT_A_WORKBOOK


@pytest.mark.parametrize(
    "row",
    ['<row><c a=""/>' + '<c a=""/>' * 600_000 + "</row>", "<x>" * 500_000 + "</x>" * 500_000],
    ids=["one row", "deep"],
)
def test_a_row_of_a_million_elements_is_refused_in_little_memory(row: str) -> None:
    content = changed(
        by_openpyxl(["a"]),
        sheet1=lambda part: part[: part.index("<row")] + row + part[part.index("</sheetData>") :],
    )
    tracemalloc.start()
    with pytest.raises(UnreadableSpreadsheet):
        sheet_of(content)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 200_000_000


def test_reading_stops_at_the_first_row_beyond_the_limit_and_says_so() -> None:
    """A row far below the others is not lost without a word."""
    content = changed(
        by_openpyxl(["a"], ["b"]),
        sheet1=lambda part: part.replace('<row r="2"', '<row r="70000"').replace('"A2"', '"A70000"'),
    )
    assert [row.number for row in sheet_of(content).rows] == [1, 70_000]
