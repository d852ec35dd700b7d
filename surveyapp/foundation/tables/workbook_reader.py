"""Reads the sheets of a workbook with openpyxl, without evaluating formulas."""

import io
import warnings
from collections.abc import Collection, Iterator
from typing import Any

from surveyapp.foundation.tables.cells import Sheet, SheetRow, cell_value
from surveyapp.foundation.tables.limits import TableLimits


def read_sheets(content: bytes, limits: TableLimits, *, only: Collection[str] = ()) -> dict[str, Sheet]:
    """The sheets of a workbook by name, with their rows up to one beyond the limit.

    `only` names those that are read, each with a capital and then small letters; without it all are.
    `content` has passed the checks of workbook_safety. Raises whatever a damaged part leads openpyxl to.
    """
    from openpyxl.reader.excel import ExcelReader

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of decorations that it ignores
        reader: Any = ExcelReader(io.BytesIO(content), read_only=True, keep_links=False)
        reader.read()
        parts = {sheet.name: relation.target for sheet, relation in reader.parser.find_sheets()}
        sheets: dict[str, Sheet] = {}
        for sheet in reader.wb.worksheets:
            name = sheet.title.strip().capitalize() if only else sheet.title
            if name not in sheets and (not only or name in only):
                sheets[name] = _read_sheet(sheet, reader.archive, parts[sheet.title], limits)
        reader.wb.close()
    return sheets


def _read_sheet(sheet: Any, archive: Any, part: str, limits: TableLimits) -> Sheet:  # noqa: ANN401 — openpyxl's
    sheet.reset_dimensions()  # the size stated in a sheet may be wrong
    cells_of_rows = sheet.iter_rows(max_row=limits.rows + 2, max_col=limits.columns)
    values_of_rows = [tuple(cell_value(cell) for cell in cells) for cells in cells_of_rows]
    hidden_rows, hidden_columns = _hidden_parts(archive, part, limits)
    rows = tuple(
        SheetRow(number, values, number in hidden_rows)
        for number, values in enumerate(values_of_rows, 1)
        if any(value != "" for value in values)
    )
    filled = {column for row in rows for column, value in enumerate(row.cells, 1) if value != ""}
    letters = tuple(_letters(column) for column in sorted(hidden_columns & filled))
    return Sheet(rows, sheet.sheet_state != "visible", letters)


def _letters(column: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(column)


def _hidden_parts(archive: Any, part: str, limits: TableLimits) -> tuple[set[int], set[int]]:  # noqa: ANN401 — likewise
    """The numbers of the hidden rows and columns; openpyxl does not keep them when it reads row by row."""
    rows: set[int] = set()
    columns: set[int] = set()
    with archive.open(part) as xml:
        for number, element in _rows_and_columns(xml, limits.rows + 2):
            is_hidden = element.get("hidden") in {"1", "true"}
            if number and is_hidden:
                rows.add(number)
            elif is_hidden:
                first, last = int(element.get("min", 0)), int(element.get("max", 0))
                columns |= set(range(first, min(last, limits.columns) + 1))
    return rows, columns


def _rows_and_columns(xml: Any, last_row: int) -> Iterator[tuple[int, Any]]:  # noqa: ANN401 — an open file
    """Each `col` element with 0, then each `row` element with its number, as far as rows are read."""
    from defusedxml.ElementTree import iterparse  # noqa: PLC0415 — only used here

    row = 0
    for event, element in iterparse(xml, events=("start", "end")):
        name = element.tag.rpartition("}")[2]
        if event == "end":
            if name == "row":
                element.clear()
        elif name == "col":
            yield 0, element
        elif name == "row":
            row = int(element.get("r", row + 1))
            if row > last_row:
                return
            yield row, element
