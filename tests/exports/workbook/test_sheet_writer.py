import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveyapp.exports.workbook.sheet_writer import (
    LONGEST_TEXT,
    MOST_ROWS,
    SheetNames,
    WorkbookWriter,
    split_text,
    utf16_units,
)
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
    """The sheet of a workbook that has one."""
    return opened(content).active


@given(st.text(max_size=60), st.integers(2, 20))
def test_the_pieces_of_a_text_fit_and_joined_are_the_text(text: str, longest: int) -> None:
    found = split_text(text, longest)
    assert "".join(found) == text
    assert all(utf16_units(each) <= longest for each in found)


@given(st.lists(st.text(max_size=60), max_size=20))
def test_sheet_names_are_allowed_and_no_two_alike(wanted: list[str]) -> None:
    names = SheetNames(["About"])
    found = [names.name(each) for each in wanted]
    assert len({each.casefold() for each in found}) == len(found)
    for each in found:
        assert 1 <= utf16_units(each) <= 31
        assert not set(each) & set("[]:*?/\\")
        assert not each.startswith("'")
        assert not each.endswith("'")
        assert each.casefold() not in {"history", "about"}


def test_sheet_names_stay_readable() -> None:
    names = SheetNames()
    assert names.name("File/record management") == "File-record management"
    assert names.name("Other comments regarding multi-agency working") == "Other comments regarding multi-"
    assert names.name("Other comments regarding multi-purpose") == "Other comments regarding mult 2"
    assert names.name("[]") == "--"
    assert names.name("''") == "Sheet"


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_text_is_text_whatever_it_looks_like(text: str) -> None:
    content = built([text, text], head=(text, "Two"))
    sheet = first_sheet(content)
    for cell in (sheet["A1"], sheet["A2"], sheet["B2"]):
        assert cell.data_type == "s"
        assert shown(cell.value).removesuffix(" " if text.startswith("<r>") else "") == text
    assert not part(content, "sharedStrings")
    assert "<f>" not in part(content, "worksheets/sheet1.xml")[0]


def test_a_text_longer_than_a_cell_goes_on_behind_the_row_and_is_marked() -> None:
    text = "".join(chr(ord("a") + n % 26) for n in range(40_000))
    sheet = first_sheet(built([text, "next"]))
    first, second, rest = (cell.value for cell in sheet[2])
    assert second == "next"
    mark, begun = " […continued at the end of this row]", "[One, part 2:] "
    assert first.endswith(mark)
    assert rest.startswith(begun)
    assert first.removesuffix(mark) + rest.removeprefix(begun) == text


def test_an_emoji_takes_the_room_of_two_characters() -> None:
    text = "🙂" * 20_000
    sheet = first_sheet(built([text, None]))
    values = [str(cell.value) for cell in sheet[2] if cell.value]
    assert all(utf16_units(each) <= LONGEST_TEXT for each in values)
    assert sum(each.count("🙂") for each in values) == 20_000


def test_a_text_of_exactly_one_cell_is_left_whole() -> None:
    sheet = first_sheet(built(["x" * LONGEST_TEXT, None]))
    assert sheet["A2"].value == "x" * LONGEST_TEXT
    assert sheet.max_column == 2


def test_control_characters_never_break_a_file() -> None:
    sheet = first_sheet(built(["a\x00b\x0b\x1b\ufffe", "x"]))
    assert shown(sheet["A2"].value) == "a\x00b\x0b\x1b\ufffe"


def test_numbers_days_and_moments_are_what_they_are() -> None:
    moment = datetime(2026, 11, 30, 9, 30)  # noqa: DTZ001 — a workbook knows no zone
    sheet = first_sheet(built([7, 82.9, date(2026, 11, 30), moment], head=("a", "b", "c", "d")))
    assert [cell.value for cell in sheet[2]] == [7, 82.9, datetime(2026, 11, 30), moment]  # noqa: DTZ001 — likewise


@pytest.fixture
def book() -> Iterator[WorkbookWriter]:
    """A workbook that is closed behind the test."""
    at = datetime(2026, 11, 30, 9)  # noqa: DTZ001 — likewise
    made = WorkbookWriter(io.BytesIO(), title="T", made_at=at, own=["Comments"])
    yield made
    made.close()


def test_a_full_sheet_goes_on_in_another(book: WorkbookWriter) -> None:
    sheet = book.reserved_sheet("Comments", ("One",), (10,))
    sheet.row = MOST_ROWS - 1
    assert sheet.add(("the last",)) == MOST_ROWS - 1
    assert sheet.add(("over",)) == 1
    assert [each.get_name() for each in book.workbook.worksheets()] == ["Comments", "Comments 2"]


def test_an_abandoned_workbook_leaves_no_file_behind() -> None:
    book = WorkbookWriter(io.BytesIO(), title="T", made_at=datetime(2026, 11, 30, 9))  # noqa: DTZ001 — likewise
    sheet = book.sheet("One", ("One",), (10,))
    sheet.add(("text",))
    book.abandon()
    with pytest.raises(FileNotFoundError):
        open(sheet.worksheet.row_data_filename)  # noqa: PTH123, SIM115 — it is not there


def test_a_day_that_no_spreadsheet_knows_is_kept_as_text() -> None:
    sheet = first_sheet(built([date(1, 1, 1), date(2026, 11, 30)]))
    assert [cell.value for cell in sheet[2]] == ["0001-01-01", datetime(2026, 11, 30)]  # noqa: DTZ001 — a day
