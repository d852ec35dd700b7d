"""Writes the sheets of an .xlsx workbook row by row; text is never taken for a formula and never cut off."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from surveyapp.foundation.documents.page_layout import row_height, set_up_page
from surveyapp.foundation.documents.text_limits import LONGEST_TEXT, SheetNames, split_text, utf16_units

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# The limit of the file format.
MOST_ROWS = 1_048_576
# Charts are placed beside these rows only, so the heights of further rows need not stay in memory.
ROWS_WITH_CHARTS = 5_000
# Spreadsheets have no earlier day that is right: they take 1900 for a leap year.
FIRST_DAY = date(1900, 3, 1)
# Characters reserved for the notes on a text that continues in another cell.
_ROOM = 200

CellValue = str | int | float | date | datetime | None


class WorkbookWriter:
    """A workbook that is written row by row, so that memory use does not grow with its rows."""

    def __init__(
        self, output: IO[bytes], *, title: str, made_at: datetime, reserved: Iterable[str] = ()
    ) -> None:
        """Begin a workbook; `made_at` is UK time without a zone, `reserved` holds names of sheets."""
        import xlsxwriter

        self.workbook: Any = xlsxwriter.Workbook(
            output,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self.workbook.set_properties({"title": split_text(title, 255)[0], "created": made_at})
        self.names = SheetNames(reserved)
        self.wrapped = self.workbook.add_format({"valign": "top", "text_wrap": True})
        self.bold = self.workbook.add_format({"bold": True, "valign": "top"})
        self.head = self.workbook.add_format(
            {"bold": True, "valign": "top", "text_wrap": True, "bottom": 1, "bg_color": "#F3F2F1"}
        )
        self.moment = self.workbook.add_format(
            {"num_format": "yyyy-mm-dd hh:mm", "align": "left", "valign": "top"}
        )
        self.day = self.workbook.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"})
        # The indent keeps a number apart from the text in the next column.
        self.number = self.workbook.add_format({"align": "right", "indent": 1, "valign": "top"})

    def sheet(
        self, name: str, head: Sequence[str], widths: Sequence[int], *, wrap: bool = False
    ) -> "SheetWriter":
        """A new sheet; its first row is `head`, which stays in view and has filters.

        `wrap` breaks long lines; `widths` are in characters. The sheet's name is adapted where needed.
        """
        return SheetWriter(self, self.names.name(name), head, widths, self.wrapped if wrap else None)

    def reserved_sheet(
        self, name: str, head: Sequence[str], widths: Sequence[int], *, wrap: bool = False
    ) -> "SheetWriter":
        """Like `sheet`, with one of the reserved names, which no theme of a form can take."""
        return SheetWriter(self, name, head, widths, self.wrapped if wrap else None)

    def close(self) -> None:
        """Write the file."""
        self.workbook.close()

    def abandon(self) -> None:
        """Remove the temporary files of a workbook that will not be finished."""
        for sheet in self.workbook.worksheets():
            # XlsxWriter removes them only when it closes a workbook.
            sheet.row_data_fh.close()
            Path(sheet.row_data_filename).unlink(missing_ok=True)


class SheetWriter:
    """One sheet; once it is full, rows go to another sheet with the same head."""

    def __init__(
        self,
        book: WorkbookWriter,
        name: str,
        head: Sequence[str],
        widths: Sequence[int],
        style: Any,  # noqa: ANN401 — the library's format
    ) -> None:
        """Begin a sheet; its name must be valid and unused."""
        self.book, self.name, self.top, self.widths, self.format = (
            book,
            name,
            tuple(head),
            tuple(widths),
            style,
        )
        self._begin()

    def _begin(self) -> None:
        """Add the worksheet and write its head."""
        self.worksheet: Any = self.book.workbook.add_worksheet(self.name)
        for column, width in enumerate(self.widths):
            self.worksheet.set_column(column, column, width)
        set_up_page(self.worksheet, self.widths, has_head=bool(self.top))
        self.row = 0
        if self.top:
            self._make_room(self.top, self.book.head)
            for column, words in enumerate(self.top):
                self._text(column, words, self.book.head)
            self.worksheet.freeze_panes(1, 0)
            self.row = 1

    def add(self, cells: Iterable[CellValue], style: Any = None) -> int:  # noqa: ANN401 — the library's format
        """Write the next row and give its number, from 0; None leaves a cell empty."""
        if self.row == MOST_ROWS:
            self.end()
            self.name = self.book.names.name(self.name)
            self._begin()
        style = style or self.format
        cells = list(cells)
        self._make_room(cells, style)
        overflow: list[tuple[int, list[str]]] = []
        for column, value in enumerate(cells):
            if isinstance(value, str):
                rest = self._text(column, value, style)
                if rest:
                    overflow.append((column, rest))
            elif isinstance(value, (int, float)):
                self.worksheet.write_number(self.row, column, value, self.book.number)
            elif isinstance(value, datetime):
                self.worksheet.write_datetime(self.row, column, value, self.book.moment)
            elif value is not None and value < FIRST_DAY:
                self.worksheet.write_string(self.row, column, value.isoformat(), style)
            elif value is not None:
                self.worksheet.write_datetime(self.row, column, value, self.book.day)
        self._write_overflow(max(len(self.top), len(cells)), overflow, style)
        self.row += 1
        return self.row - 1

    def end(self) -> None:
        """Finish the sheet: set its filters."""
        if self.top:
            self.worksheet.autofilter(0, 0, max(self.row - 1, 1), len(self.top) - 1)

    def _make_room(self, cells: Sequence[CellValue], style: Any) -> None:  # noqa: ANN401 — likewise
        """Set the height of the row where lines are wrapped."""
        points = row_height(cells, self.widths) if style in (self.book.wrapped, self.book.head) else None
        if points is not None:
            self.worksheet.set_row(self.row, points)
        written = self.row - 2
        if written > ROWS_WITH_CHARTS:
            self.worksheet.row_info.pop(written, None)
            self.worksheet.row_sizes.pop(written, None)

    def _text(self, column: int, text: str, style: Any) -> list[str]:  # noqa: ANN401 — likewise
        """Write text, and give the pieces that did not fit."""
        if len(text) * 2 > LONGEST_TEXT and utf16_units(text) > LONGEST_TEXT:
            first, *rest = split_text(text, LONGEST_TEXT - _ROOM)
            self._write(column, first + " […continued at the end of this row]", style)
            return rest
        self._write(column, text, style)
        return []

    def _write_overflow(
        self,
        column: int,
        overflow: list[tuple[int, list[str]]],
        style: Any,  # noqa: ANN401 — the library's format
    ) -> None:
        """Write the pieces that did not fit after the last column, each with its heading."""
        for source_column, rest in overflow:
            heading = self.top[source_column] if source_column < len(self.top) else ""
            source = split_text(heading, _ROOM // 2)[0]
            for number, piece in enumerate(rest, start=2):
                self._write(column, f"[{source}, part {number}:] {piece}", style)
                column += 1

    def _write(self, column: int, text: str, style: Any) -> None:  # noqa: ANN401 — likewise
        # XlsxWriter takes text between these tags for rich text in XML; a trailing space prevents that.
        if text.startswith("<r>") and text.endswith("</r>"):
            text += " "
        self.worksheet.write_string(self.row, column, text, style)
