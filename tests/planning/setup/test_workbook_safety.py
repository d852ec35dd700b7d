"""Files that are not workbooks, or are dangerous to open."""

import io
import random
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable

import pytest

from surveyapp.foundation.tables.spreadsheet_safety import NOT_A_WORKBOOK, STRICT
from surveyapp.planning.setup.setup_file import read_set_up
from tests.planning.setup.conftest import Sheets, workbook_mistakes

Write = Callable[[Sheets], bytes]


pytestmark = pytest.mark.usefixtures("session")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a zip"])
def test_a_file_that_is_no_workbook_is_refused(content: bytes) -> None:
    assert workbook_mistakes(content) == [f"set-up.xlsx: {NOT_A_WORKBOOK}"]


def test_an_old_workbook_under_any_name_is_told_how_to_save_it() -> None:
    assert (
        "an old .xls or .doc file, or one with a password. "
        in workbook_mistakes(b"\xd0\xcf\x11\xe0rest", "set-up.yaml")[0]
    )


def test_a_workbook_saved_as_strict_open_xml_is_told_how_to_save_it(sheets: Sheets, workbook: Write) -> None:
    transitional = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with zipfile.ZipFile(io.BytesIO(workbook(sheets))) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    strict = {
        name: part.replace(transitional, b"http://purl.oclc.org/ooxml/spreadsheetml/main")
        for name, part in parts.items()
    }
    assert workbook_mistakes(_zip(strict)) == [f"set-up.xlsx: {STRICT}"]


def test_a_workbook_whose_main_part_has_a_number_is_read(sheets: Sheets, workbook: Write) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook(sheets))) as whole:
        parts = {
            name.replace("xl/workbook.xml", "xl/workbook2.xml").replace(
                "xl/_rels/workbook.xml.rels", "xl/_rels/workbook2.xml.rels"
            ): whole.read(name).replace(b"xl/workbook.xml", b"xl/workbook2.xml")
            for name in whole.namelist()
        }
    assert read_set_up(_zip(parts), "set-up.xlsx").size == "2 cases, 2 agencies, 3 requests"


def test_a_workbook_with_a_picture_is_taken_up_to_three_megabytes(sheets: Sheets, workbook: Write) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook(sheets))) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    picture = random.Random(1).randbytes(2_000_000)  # noqa: S311 — noise that does not shrink
    content = _zip(parts | {"xl/media/image1.png": picture})
    assert len(content) > 1_500_000
    assert read_set_up(content, "set-up.xlsx").size == "2 cases, 2 agencies, 3 requests"
    too_large = _zip(parts | {"xl/media/image1.png": picture, "xl/media/image2.png": picture[::-1]})
    assert "larger than 3 MB" in workbook_mistakes(too_large)[0]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"agency,name,email\nNorthside Police,Ann,ann@police.example\n", "contacts.csv", "a CSV file"),
        (b'"agency","name"\n"Northside Police","Ann"\n', "set-up.yaml", "a CSV file"),
        (b"agency;name\nNorthside Police;Ann\n", "set-up.xlsx", "a CSV file"),
        (b"%PDF-1.7\n%\x80\x81", "set-up.pdf", "a PDF"),
        (b"%PDF-1.7\n%\x80\x81", "set-up.yaml", "a PDF"),
        (b"\x89PNG\r\n\x1a\n", "grid.png", "a picture"),
        (b"<!DOCTYPE html><html>", "set-up.xls", "a web page"),
    ],
)
def test_another_kind_of_file_is_called_what_it_is(content: bytes, name: str, said: str) -> None:
    only = workbook_mistakes(content, name)
    assert len(only) == 1
    assert only[0].startswith(f"{name}: This is {said}. Send a workbook (.xlsx) or a YAML file.")


def _zip(members: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return written.getvalue()


PARTS = {"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"word/document.xml": b"<x/>"}, "This is a Word document. Send a workbook"),
        ({**PARTS, "xl/vbaProject.bin": b""}, "holds macros"),
        ({**PARTS, "xl/sharedStrings.xml": b"a" * 50_000_001}, "unpacks to far more"),
        ({**PARTS, **{f"xl/media/{number}.png": b"" for number in range(200)}}, "unpacks to far more"),
        (PARTS, "not an .xlsx workbook"),
    ],
    ids=["other document", "macros", "bomb", "members", "hollow"],
)
def test_a_dangerous_zip_is_refused_before_it_is_unpacked(members: dict[str, bytes], said: str) -> None:
    assert said in workbook_mistakes(_zip(members))[0]


def test_a_row_of_a_million_cells_is_refused_before_it_is_parsed(sheets: Sheets, workbook: Write) -> None:
    row = b"<worksheet><sheetData><row>" + b'<c r="A1"/>' * 1_000_000 + b"</row></sheetData></worksheet>"
    with zipfile.ZipFile(io.BytesIO(workbook(sheets))) as whole:
        content = _zip(
            {name: whole.read(name) for name in whole.namelist()} | {"xl/worksheets/sheet1.xml": row}
        )
    assert len(content) < 100_000
    assert "unpacks to far more" in workbook_mistakes(content)[0]


def test_a_part_that_lies_about_its_size_is_not_unpacked(sheets: Sheets, workbook: Write) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook(sheets))) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    content = _zip(parts | {"xl/theme/theme1.xml": b"0" * 100_000_000})
    listed = content.rindex(b"PK\x01\x02", 0, content.rindex(b"xl/theme/theme1.xml"))
    # The checksum of the first hundred bytes is right, so that only the size is false.
    lying = bytearray(content)
    struct.pack_into("<L", lying, listed + 16, zlib.crc32(b"0" * 100))
    struct.pack_into("<L", lying, listed + 24, 100)
    tracemalloc.start()
    assert workbook_mistakes(bytes(lying)) == [f"set-up.xlsx: {NOT_A_WORKBOOK}"]
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 20_000_000


def test_a_workbook_with_entities_is_refused(sheets: Sheets, workbook: Write) -> None:
    written = io.BytesIO()
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><x>&a;</x>'
    with zipfile.ZipFile(io.BytesIO(workbook(sheets))) as whole, zipfile.ZipFile(written, "w") as spoilt:
        for name in whole.namelist():
            spoilt.writestr(name, bomb if name.endswith("sheet1.xml") else whole.read(name))
    assert workbook_mistakes(written.getvalue()) == [f"set-up.xlsx: {NOT_A_WORKBOOK}"]


def test_a_million_empty_columns_and_a_false_size_are_not_believed(sheets: Sheets, workbook: Write) -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(sheets))) as whole, zipfile.ZipFile(written, "w") as changed:
        for name in whole.namelist():
            part = whole.read(name)
            if name.startswith("xl/worksheets/"):
                at, end = part.index(b"<dimension"), part.index(b"/>", part.index(b"<dimension")) + 2
                part = part[:at] + b'<dimension ref="A1:XFD1048576"/>' + part[end:]
            changed.writestr(name, part)
    assert read_set_up(written.getvalue(), "set-up.xlsx").size == "2 cases, 2 agencies, 3 requests"
