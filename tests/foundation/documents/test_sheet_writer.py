"""Writing sheets: text, types, long texts and full sheets."""

import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest

from surveyapp.foundation.documents.sheet_writer import MOST_ROWS, WorkbookWriter
from surveyapp.foundation.documents.text_limits import LONGEST_TEXT, utf16_units
from tests.exports.every_kind import ODD_TEXTS
from tests.exports.opened_files import opened, part, shown


def built(*rows: list[object], head: tuple[str, ...] = ("One", "Two")) -> bytes:
    file = io.BytesIO()
    book = WorkbookWriter(file, title="T", made_at=datetime(2026, 11, 30, 9))  # noqa: DTZ001 — a workbook knows no zone
    sheet = book.sheet("Sheet", head, (10, 10))
    for row in rows:
        sheet.add(row)  # type: ignore[arg-type]  # what a test puts in
    sheet.end()
    book.close()
    return file.getvalue()


def first_sheet(content: bytes) -> Any:
    """The first sheet of a workbook."""
    return opened(content).active


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_text_is_stored_as_text_whatever_it_looks_like(text: str) -> None:
    content = built([text, text], head=(text, "Two"))
    sheet = first_sheet(content)
    for cell in (sheet["A1"], sheet["A2"], sheet["B2"]):
        assert cell.data_type == "s"
        assert shown(cell.value).removesuffix(" " if text.startswith("<r>") else "") == text
    assert not part(content, "sharedStrings")
    assert "<f>" not in part(content, "worksheets/sheet1.xml")[0]


def test_a_text_longer_than_a_cell_continues_at_the_end_of_its_row() -> None:
    text = "".join(chr(ord("a") + n % 26) for n in range(40_000))
    sheet = first_sheet(built([text, "next"]))
    first, second, rest = (cell.value for cell in sheet[2])
    assert second == "next"
    mark, begun = " […continued at the end of this row]", "[One, part 2:] "
    assert first.endswith(mark)
    assert rest.startswith(begun)
    assert first.removesuffix(mark) + rest.removeprefix(begun) == text


def test_an_emoji_counts_as_two_characters() -> None:
    text = "🙂" * 20_000
    sheet = first_sheet(built([text, None]))
    values = [str(cell.value) for cell in sheet[2] if cell.value]
    assert all(utf16_units(value) <= LONGEST_TEXT for value in values)
    assert sum(value.count("🙂") for value in values) == 20_000


def test_a_text_that_just_fits_a_cell_is_not_split() -> None:
    sheet = first_sheet(built(["x" * LONGEST_TEXT, None]))
    assert sheet["A2"].value == "x" * LONGEST_TEXT
    assert sheet.max_column == 2


def test_control_characters_are_escaped() -> None:
    sheet = first_sheet(built(["a\x00b\x0b\x1b\ufffe", "x"]))
    assert shown(sheet["A2"].value) == "a\x00b\x0b\x1b\ufffe"


def test_numbers_dates_and_times_keep_their_types() -> None:
    moment = datetime(2026, 11, 30, 9, 30)  # noqa: DTZ001 — a workbook knows no zone
    sheet = first_sheet(built([7, 82.9, date(2026, 11, 30), moment], head=("a", "b", "c", "d")))
    assert [cell.value for cell in sheet[2]] == [7, 82.9, datetime(2026, 11, 30), moment]  # noqa: DTZ001 — likewise


@pytest.fixture
def book() -> Iterator[WorkbookWriter]:
    """A workbook that is closed after the test."""
    at = datetime(2026, 11, 30, 9)  # noqa: DTZ001 — likewise
    made = WorkbookWriter(io.BytesIO(), title="T", made_at=at, reserved=["Comments"])
    yield made
    made.close()


def test_a_full_sheet_continues_on_another(book: WorkbookWriter) -> None:
    sheet = book.reserved_sheet("Comments", ("One",), (10,))
    sheet.row = MOST_ROWS - 1
    assert sheet.add(("the last",)) == MOST_ROWS - 1
    assert sheet.add(("over",)) == 1
    assert [worksheet.get_name() for worksheet in book.workbook.worksheets()] == ["Comments", "Comments 2"]


def test_an_abandoned_workbook_leaves_no_temporary_file() -> None:
    book = WorkbookWriter(io.BytesIO(), title="T", made_at=datetime(2026, 11, 30, 9))  # noqa: DTZ001 — likewise
    sheet = book.sheet("One", ("One",), (10,))
    sheet.add(("text",))
    book.abandon()
    with pytest.raises(FileNotFoundError):
        open(sheet.worksheet.row_data_filename)  # noqa: PTH123, SIM115 — it is not there


def test_a_date_before_1900_is_stored_as_text() -> None:
    sheet = first_sheet(built([date(1, 1, 1), date(2026, 11, 30)]))
    assert [cell.value for cell in sheet[2]] == ["0001-01-01", datetime(2026, 11, 30)]  # noqa: DTZ001 — a day
