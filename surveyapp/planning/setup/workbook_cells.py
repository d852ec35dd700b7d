"""Reads the rows and cells of a workbook, without evaluating formulas."""

import io
import warnings
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from surveyapp.foundation.words.clean_text import clean_text
from surveyapp.planning.setup.workbook_document import REFERENCES_SHEET, SHEETS

MOST_ROWS = 1_000
MOST_COLUMNS = 100


@dataclass(frozen=True)
class SheetRow:
    """One row of a sheet that is not empty; `number` counts from 1, as Excel does."""

    number: int
    cells: tuple[Any, ...]


class CellMistake(str):
    """A cell without a value of its own, such as a formula; the text is the message about it."""

    __slots__ = ()


def sheet_rows(content: bytes) -> dict[str, list[SheetRow]]:
    """The rows of a set-up workbook that are not empty, by sheet, up to one row beyond the limit."""
    # Imported here: only set-up from a workbook needs it, and it is heavy.
    import openpyxl  # noqa: PLC0415 — see above

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of decorations that it ignores
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        rows_by_sheet = {}
        for sheet in book.worksheets:
            name = sheet.title.strip().capitalize()
            if name not in (*SHEETS, REFERENCES_SHEET) or name in rows_by_sheet:
                continue
            sheet.reset_dimensions()  # the size stated in a sheet may be wrong
            cells_of_rows = sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS)
            rows = (
                SheetRow(number, tuple(_value(cell) for cell in cells))
                for number, cells in enumerate(cells_of_rows, 1)
            )
            rows_by_sheet[name] = [row for row in rows if any(cell != "" for cell in row.cells)]
        book.close()
    return rows_by_sheet


def _value(cell: Any) -> Any:  # noqa: ANN401 — whatever a cell holds
    kind, value = getattr(cell, "data_type", "n"), cell.value
    if kind == "f":
        return CellMistake("a formula stands here: put its value instead")
    if kind == "e":
        return CellMistake(f"the cell says {value}: put a value instead")
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, float):
        return int(value) if value.is_integer() else str(value)
    return value if isinstance(value, bool | int | date) else clean_text(str(value)).strip()
