"""Tables of any kind are opened alike, and what is none is refused in a sentence."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest

from surveyapp.foundation.tables.cells import CellMistake, NumberCell, Sheet
from surveyapp.foundation.tables.opened_table import (
    OpenedTable,
    UnreadableTable,
    carried_table,
    open_cells,
    open_file,
)
from surveyapp.foundation.tables.packing import DamagedFile

_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
# Child A, 5, TRUE (as a formula, and as a value), 00471, a date, a formula, and many empty cells.
_ODS_ROW = """<table:table-row>
<table:table-cell office:value-type="string"><text:p>Child A</text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="5"><text:p>5</text:p></table:table-cell>
<table:table-cell table:formula="of:=TRUE()" office:value-type="boolean" office:boolean-value="true"/>
<table:table-cell office:value-type="boolean" office:boolean-value="false"/>
<table:table-cell office:value-type="float" office:value="471"><text:p>00471</text:p></table:table-cell>
<table:table-cell office:value-type="date" office:date-value="2026-12-18"><text:p>18/12/26</text:p>
</table:table-cell>
<table:table-cell table:formula="of:=[.A1]" office:value-type="float" office:value="1"/>
<table:table-cell table:number-columns-repeated="16000"/></table:table-row>"""


def ods(*rows: str, begin: str = "", members: dict[str, bytes] | None = None) -> bytes:
    """An OpenDocument spreadsheet of one sheet, as LibreOffice packs it."""
    sheet = f'<table:table table:name="Cases">{"".join(rows)}</table:table>'
    content = f"<?xml version='1.0'?>{begin}<office:document {_NAMES}>{sheet}</office:document>"
    return _zip({"mimetype": _ODS, "content.xml": content.encode(), **(members or {})})


def xlsx(**sheets: list[list[object]]) -> bytes:
    """A workbook with these rows in its sheets."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _zip(members: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return written.getvalue()


def opened(content: bytes, name: str = "cases.csv") -> OpenedTable:
    return open_file(content, name, rank=lambda sheet: len(sheet.rows))


def refusal(content: bytes, name: str = "cases.csv") -> str:
    with pytest.raises(UnreadableTable) as refused:
        opened(content, name)
    return refused.value.message


def cells(table: OpenedTable) -> list[tuple[int, tuple[object, ...]]]:
    return [(row.number, row.cells) for row in table.sheet.rows]


@pytest.mark.parametrize(
    "text",
    [
        "case\tage\nChild A\t5\n",
        "case,age\r\nChild A,5",
        "case;age\rChild A;5\r",
        "sep=;\ncase;age\nChild A;5",
    ],
    ids=["tab", "comma", "semicolon and CR", "sep="],
)
def test_pasted_cells_may_be_separated_in_any_usual_way(text: str) -> None:
    assert cells(open_cells(text)) == [(1, ("case", "age")), (2, ("Child A", "5"))]


@pytest.mark.parametrize(
    ("content", "is_guessed"),
    [
        ("Ynys Môn,5".encode(), False),
        ("Ynys Môn,5".encode("utf-8-sig"), False),
        ("Ynys Môn\t5".encode("utf-16"), False),
        ("Ynys Môn,5".encode("cp1252"), True),
    ],
    ids=["UTF-8", "with a mark", "UTF-16", "Windows"],
)
def test_a_file_is_read_in_its_encoding_and_a_guess_is_said(content: bytes, *, is_guessed: bool) -> None:
    table = opened(content)
    assert cells(table) == [(1, ("Ynys Môn", "5"))]
    assert ("as Windows writes them" in "".join(table.notices)) is is_guessed


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    assert cells(open_cells('case,needs\n\n"Child A","one\ntwo"\nChild B,')) == [
        (1, ("case", "needs")),
        (3, ("Child A", "one\ntwo")),
        (4, ("Child B",)),
    ]


def test_formulas_and_unclosed_quotation_marks_are_mistakes_in_their_cell() -> None:
    table = open_cells('a,b,c,d\n=A1+1,"=""0123""",\'+44 1632,=TRUE()\nChild A,"never closed\nChild B,6')
    first, second = table.sheet.rows[1:]
    assert first.cells == (
        CellMistake("a formula stands here: put its value instead"),
        "0123",
        "+44 1632",
        True,
    )
    assert isinstance(first.cells[0], CellMistake)
    assert (second.number, second.cells[0]) == (3, "Child A")
    assert isinstance(second.cells[1], CellMistake)
    assert "never closed" in second.cells[1]
    huge = open_cells('a,b\n"' + "x\n" * 100_000)
    assert "a quotation mark may be missing" in str(huge.sheet.rows[-1].cells[0])


def test_an_open_document_spreadsheet_is_read_with_the_kinds_of_its_cells() -> None:
    table = opened(ods(_ODS_ROW, '<table:table-row table:number-rows-repeated="1048575"/>'), "cases.ods")
    (number, values), *others = cells(table)
    assert (number, others) == (1, [])
    assert values[:6] == ("Child A", "5", True, False, "00471", date(2026, 12, 18))
    assert isinstance(values[1], NumberCell)
    assert isinstance(values[6], CellMistake)
    assert len(values) == 7


def test_a_row_that_repeats_itself_stops_at_the_limit() -> None:
    repeated = _ODS_ROW.replace("<table:table-row>", '<table:table-row table:number-rows-repeated="900000">')
    assert refusal(ods(repeated), "cases.ods") == (
        "The table has more than 10,000 rows, which an import takes at most. Divide it"
    )


def test_a_dangerous_open_document_is_refused() -> None:
    entities = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
    assert "not an .ods spreadsheet" in refusal(ods(_ODS_ROW, begin=entities), "cases.ods")
    bomb = {"Pictures/a.bin": b"a" * 50_000_001}
    assert "An import takes 10,000 rows and 5 MB" in refusal(ods(_ODS_ROW, members=bomb), "cases.ods")
    locked = {"META-INF/manifest.xml": b"<x><manifest:encryption-data/></x>"}
    assert "has a password" in refusal(ods(_ODS_ROW, members=locked), "cases.ods")
    assert "not an .ods spreadsheet" in refusal(_zip({"mimetype": _ODS}), "cases.ods")


def test_of_several_sheets_the_best_is_read_and_named() -> None:
    content = xlsx(Notes=[["Nothing here"]], Cases=[["case"], ["Child A"], ["Child B"]], Empty=[])
    table = opened(content, "cases.xlsx")
    assert [values for _, values in cells(table)] == [("case",), ("Child A",), ("Child B",)]
    assert table.notices == ("The sheet “Cases” was read, and not “Notes”",)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "cases.csv", "The file is empty"),
        (b" \n ,, \n", "cases.csv", "The file is empty"),
        (b"case\0,age", "cases.csv", "The file is not text"),
        (b"%PDF-1.7", "cases.csv", "This is a PDF. Send a spreadsheet"),
        (b"\xd0\xcf\x11\xe0rest", "cases.xls", "Save it as “Excel workbook (.xlsx)”"),
        (b"PK\x03\x04 not a zip", "cases.xlsx", "This is not an .xlsx workbook"),
        (b"x" * 5_000_001, "cases.csv", "larger than 5 MB"),
        (b"Child A,5\n" * 200_000, "cases.csv", "more than 10,000 rows"),
    ],
    ids=["empty", "blank", "NUL", "PDF", "old", "damaged", "large", "long"],
)
def test_what_is_no_table_or_too_much_is_refused_in_a_sentence(content: bytes, name: str, words: str) -> None:
    assert words in refusal(content, name)


def test_ten_thousand_rows_are_taken_and_carried() -> None:
    table = opened(b"case,age\n" + b"".join(b"Child %d,5\n" % number for number in range(10_000)))
    assert len(table.sheet.rows) == 10_001
    assert carried_table(table.fields()) == table
    noticed = OpenedTable("a.csv", Sheet(table.sheet.rows[:1]), ("First", "Second"))
    assert carried_table(noticed.fields()) == noticed
    with pytest.raises(DamagedFile):
        carried_table(["rubbish"])
    with pytest.raises(DamagedFile):
        carried_table([])
