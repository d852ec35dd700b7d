"""Row heights and print settings."""

import io

import pytest

from surveyapp.foundation.documents import sheet_writer as sheets
from surveyapp.foundation.documents.page_layout import HIGHEST, LINE, row_height
from surveyapp.foundation.documents.sheet_writer import SheetWriter, WorkbookWriter
from tests.conftest import MONDAY_MORNING
from tests.exports.opened_files import opened

MADE_AT = MONDAY_MORNING.replace(tzinfo=None)


def begun(
    *, wrap: bool, widths: tuple[int, ...] = (10, 30)
) -> tuple[io.BytesIO, WorkbookWriter, SheetWriter]:
    file = io.BytesIO()
    book = WorkbookWriter(file, title="T", made_at=MADE_AT)
    return file, book, book.sheet("Sheet", ["Head"] * len(widths), widths, wrap=wrap)


@pytest.mark.parametrize(
    ("text", "lines"),
    [("", 1), ("Yes", 1), ("x" * 29, 1), ("x" * 30, 2), ("x" * 59, 3), ("a\nb", 2), ("a\n\n" + "x" * 58, 4)],
)
def test_the_height_of_a_row_follows_its_longest_text(text: str, lines: int) -> None:
    assert row_height(["Yes", text, 5, None], (10, 30, 1, 1)) == (None if lines == 1 else LINE * lines)


def test_a_row_has_at_most_the_height_that_spreadsheets_allow() -> None:
    assert row_height(["x" * 20_000], (100,)) == HIGHEST


def test_only_wrapped_rows_and_heads_get_a_height() -> None:
    for wrap in (True, False):
        file, book, sheet = begun(wrap=wrap)
        sheet.add(("Short", "short"))
        sheet.add(("Short", "x" * 80))
        sheet.end()
        book.close()
        rows = opened(file.getvalue())["Sheet"].row_dimensions
        assert rows[2].height is None
        assert rows[3].height == (3 * LINE if wrap else None)
    file, book, _ = begun(wrap=False, widths=(4,) * 3)
    book.close()
    assert opened(file.getvalue())["Sheet"].row_dimensions[1].height == 2 * LINE


def test_heights_of_rows_below_the_charts_are_not_kept_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "ROWS_WITH_CHARTS", 10)
    file, book, sheet = begun(wrap=True)
    for _ in range(100):
        sheet.add(("Short", "x" * 80))
    assert len(sheet.worksheet.row_info) == len(sheet.worksheet.row_sizes) < 15
    book.close()
    rows = opened(file.getvalue())["Sheet"].row_dimensions
    assert [rows[number].height for number in range(2, 102)] == [3 * LINE] * 100
