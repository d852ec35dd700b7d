"""Sheets of a workbook, written from the top down: text stays text, nothing is cut, names are allowed."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from surveyapp.exports.workbook.page_layout import row_height, set_up_page

# Limits of the file format; text is counted in UTF-16 units, of which an emoji takes two.
LONGEST_TEXT = 32_767
LONGEST_NAME = 31
MOST_ROWS = 1_048_576
# Charts stand beside these rows; of those below, the library need not remember how high they are.
ROWS_WITH_CHARTS = 5_000
# Spreadsheets know no day before this one, and take 1900 for a leap year.
FIRST_DAY = date(1900, 3, 1)
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))
# Room for the marks at both ends of a text that goes on in another cell.
_ROOM = 200

CellValue = str | int | float | date | datetime | None


def utf16_units(text: str) -> int:
    """How long a spreadsheet takes a text to be."""
    return len(text) + sum(character > "\uffff" for character in text)


def split_text(text: str, longest: int = LONGEST_TEXT) -> list[str]:
    """A text in pieces that each fit into a cell of `longest` UTF-16 units; joined they are the text."""
    if len(text) * 2 <= longest or utf16_units(text) <= longest:
        return [text]
    found, begin, units = [], 0, 0
    for place, character in enumerate(text):
        more = 2 if character > "\uffff" else 1
        if units + more > longest:
            found.append(text[begin:place])
            begin, units = place, 0
        units += more
    return [*found, text[begin:]]


class SheetNames:
    """Gives each sheet a name that spreadsheets allow: 31 characters, none forbidden, no two alike."""

    def __init__(self, own: Iterable[str] = ()) -> None:
        """Begin with the names of our own sheets taken, and the one that Excel keeps for itself."""
        self._taken = {"history", *(each.casefold() for each in own)}

    def name(self, wanted: str) -> str:
        """A name as near to what is wanted as can be."""
        plain = (
            "".join(each for each in wanted.translate(_FORBIDDEN) if each.isprintable()).strip(" '")
            or "Sheet"
        )
        number, name = 1, self._short(plain, "")
        while name.casefold() in self._taken:
            number += 1
            name = self._short(plain, f" {number}")
        self._taken.add(name.casefold())
        return name

    @staticmethod
    def _short(plain: str, end: str) -> str:
        return split_text(plain, LONGEST_NAME - len(end))[0].rstrip(" '") + end


class WorkbookWriter:
    """A workbook being written to a file, row by row, so that its memory does not grow with its rows."""

    def __init__(self, to: IO[bytes], *, title: str, made_at: datetime, own: Iterable[str] = ()) -> None:
        """Begin a workbook; `made_at` is UK time without its zone, `own` the sheets that keep their names."""
        import xlsxwriter  # noqa: PLC0415 — heavy

        self.workbook: Any = xlsxwriter.Workbook(
            to,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self.workbook.set_properties({"title": split_text(title, 255)[0], "created": made_at})
        self.own = set(own)
        self.names = SheetNames(self.own)
        self.wrapped = self.workbook.add_format({"valign": "top", "text_wrap": True})
        self.bold = self.workbook.add_format({"bold": True, "valign": "top"})
        self.head = self.workbook.add_format(
            {"bold": True, "valign": "top", "text_wrap": True, "bottom": 1, "bg_color": "#F3F2F1"}
        )
        self.moment = self.workbook.add_format(
            {"num_format": "yyyy-mm-dd hh:mm", "align": "left", "valign": "top"}
        )
        self.day = self.workbook.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"})
        # With room between a number and the words that follow it.
        self.number = self.workbook.add_format({"align": "right", "indent": 1, "valign": "top"})

    def sheet(
        self, wanted: str, head: Sequence[str], widths: Sequence[int], *, wrap: bool = False
    ) -> "SheetWriter":
        """A new sheet whose first row is `head`, which stays in view and can be filtered by.

        `wrap` breaks long lines; `widths` are in characters.
        """
        return SheetWriter(self, self.names.name(wanted), head, widths, self.wrapped if wrap else None)

    def reserved_sheet(
        self, name: str, head: Sequence[str], widths: Sequence[int], *, wrap: bool = False
    ) -> "SheetWriter":
        """Likewise one of the sheets that keep their names, whatever a form calls its themes."""
        return SheetWriter(self, name, head, widths, self.wrapped if wrap else None)

    def close(self) -> None:
        """Write the file."""
        self.workbook.close()

    def abandon(self) -> None:
        """Let go of what was written so far, where the file could not be finished."""
        for sheet in self.workbook.worksheets():
            # The library removes its files only when it closes a workbook.
            sheet.row_data_fh.close()
            Path(sheet.row_data_filename).unlink(missing_ok=True)


class SheetWriter:
    """One sheet; when it is full it goes on in another of the same head."""

    def __init__(
        self,
        book: WorkbookWriter,
        name: str,
        head: Sequence[str],
        widths: Sequence[int],
        style: Any,  # noqa: ANN401 — the library's format
    ) -> None:
        """Begin a sheet; its name must be allowed and free."""
        self.book, self.name, self.top, self.widths, self.format = (
            book,
            name,
            tuple(head),
            tuple(widths),
            style,
        )
        self._begin()

    def _begin(self) -> None:
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
        """Write the next row and say which it is, from 0; None leaves a cell empty."""
        if self.row == MOST_ROWS:
            self.end()
            self.name = self.book.names.name(self.name)
            self._begin()
        style = style or self.format
        cells = list(cells)
        self._make_room(cells, style)
        longer: list[tuple[int, list[str]]] = []
        for column, value in enumerate(cells):
            if isinstance(value, str):
                rest = self._text(column, value, style)
                if rest:
                    longer.append((column, rest))
            elif isinstance(value, (int, float)):
                self.worksheet.write_number(self.row, column, value, self.book.number)
            elif isinstance(value, datetime):
                self.worksheet.write_datetime(self.row, column, value, self.book.moment)
            elif value is not None and value < FIRST_DAY:
                self.worksheet.write_string(self.row, column, value.isoformat(), style)
            elif value is not None:
                self.worksheet.write_datetime(self.row, column, value, self.book.day)
        self._write_overflow(max(len(self.top), len(cells)), longer, style)
        self.row += 1
        return self.row - 1

    def end(self) -> None:
        """Say that nothing more comes: what is there can be filtered."""
        if self.top:
            self.worksheet.autofilter(0, 0, max(self.row - 1, 1), len(self.top) - 1)

    def _make_room(self, cells: Sequence[CellValue], style: Any) -> None:  # noqa: ANN401 — likewise
        """Make the row as high as its text, where lines break."""
        points = row_height(cells, self.widths) if style in (self.book.wrapped, self.book.head) else None
        if points is not None:
            self.worksheet.set_row(self.row, points)
        written = self.row - 2
        if written > ROWS_WITH_CHARTS:
            self.worksheet.row_info.pop(written, None)
            self.worksheet.row_sizes.pop(written, None)

    def _text(self, column: int, text: str, style: Any) -> list[str]:  # noqa: ANN401 — likewise
        """Write text, and give back what did not fit."""
        if len(text) * 2 > LONGEST_TEXT and utf16_units(text) > LONGEST_TEXT:
            first, *rest = split_text(text, LONGEST_TEXT - _ROOM)
            self._write(column, first + " […continued at the end of this row]", style)
            return rest
        self._write(column, text, style)
        return []

    def _write_overflow(self, column: int, longer: list[tuple[int, list[str]]], style: Any) -> None:
        """Put what did not fit after the last column, each piece saying where it comes from."""
        for begun, rest in longer:
            source = split_text(self.top[begun], _ROOM // 2)[0] if begun < len(self.top) else ""
            for number, piece in enumerate(rest, start=2):
                self._write(column, f"[{source}, part {number}:] {piece}", style)
                column += 1

    def _write(self, column: int, text: str, style: Any) -> None:  # noqa: ANN401 — likewise
        # The library takes text between these two marks for XML of its own: a blank after it says it is none.
        if text.startswith("<r>") and text.endswith("</r>"):
            text += " "
        self.worksheet.write_string(self.row, column, text, style)
