"""Reads the sheets of an OpenDocument spreadsheet (.ods), as LibreOffice and Google Sheets write it.

A cell or row that is repeated a million times is repeated only up to the limits.
"""

import re
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element

from surveyapp.foundation.tables.cells import CellMistake, NumberCell, Sheet, SheetRow, formula_value
from surveyapp.foundation.tables.columns import filled_letters
from surveyapp.foundation.tables.limits import TableLimits
from surveyapp.foundation.tables.sheet_xml import ended_elements, local_name
from surveyapp.foundation.words.clean_text import clean_text

CONTENT = "content.xml"
_NAMES = "{urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _COLUMN, _ROW, _CELL, _COVERED = (
    f"{_NAMES}table:1.0}}{name}"
    for name in ("table", "table-column", "table-row", "table-cell", "covered-table-cell")
)
_STYLE = f"{_NAMES}style:1.0}}style"
_HIDDEN = frozenset({"collapse", "filter"})


def read_sheets(archive: zipfile.ZipFile, limits: TableLimits) -> dict[str, Sheet]:
    """The sheets of a spreadsheet by name, with their rows up to the first filled one beyond the limit.

    `archive` has passed the checks of spreadsheet_safety. Raises whatever a damaged part leads the parser to.
    """
    sheets: dict[str, Sheet] = {}
    hidden_styles: set[str] = set()
    rows: list[SheetRow] = []
    hidden: set[int] = set()
    columns, number = 0, 1
    for element in ended_elements(archive, CONTENT, _COLUMN, _STYLE, _TABLE, clears=_ROW):
        if element.tag == _ROW:
            if not rows or rows[-1].number <= limits.rows + 1:
                rows += _rows(element, number, limits)
            number += _times(element, "number-rows-repeated")
        elif element.tag == _COLUMN:
            first, columns = columns, columns + _times(element, "number-columns-repeated")
            if _attribute(element, "visibility") in _HIDDEN:
                hidden |= set(range(first, min(columns, limits.columns)))
        elif element.tag == _STYLE:
            if any(_attribute(part, "display") == "false" for part in element):
                hidden_styles.add(_attribute(element, "name"))
        else:
            is_hidden = _attribute(element, "style-name") in hidden_styles
            sheet = Sheet(tuple(rows), is_hidden, tuple(filled_letters(rows, hidden)))
            sheets.setdefault(_attribute(element, "name"), sheet)
            rows, hidden, columns, number = [], set(), 0, 1
    return sheets


def _rows(element: Element, number: int, limits: TableLimits) -> list[SheetRow]:
    """The rows that an element stands for, without empty ones; at least one, however far down it stands."""
    values = tuple(_values(element, limits))
    if all(value == "" for value in values):
        return []
    last = min(number + _times(element, "number-rows-repeated"), max(limits.rows + 2, number) + 1)
    is_hidden = _attribute(element, "visibility") in _HIDDEN
    return [SheetRow(repeated, values, is_hidden) for repeated in range(number, last)]


def _values(row: Element, limits: TableLimits) -> Iterator[Any]:
    left = limits.columns
    for cell in row:
        if cell.tag not in {_CELL, _COVERED}:
            continue
        value = _value(cell)
        for _ in range(min(_times(cell, "number-columns-repeated"), left)):
            yield value
            left -= 1


def _value(cell: Element) -> Any:  # noqa: ANN401 — whatever a cell holds
    kind, formula = _attribute(cell, "value-type"), _attribute(cell, "formula")
    if formula:
        return formula_value(formula)
    if kind == "boolean":
        return _attribute(cell, "boolean-value") == "true"
    if kind == "date":
        return date.fromisoformat(_attribute(cell, "date-value")[:10])
    shown = "\n".join("".join(line.itertext()) for line in cell if local_name(line.tag) == "p")
    text = clean_text(shown).strip()
    if kind in {"float", "percentage", "currency"}:
        return NumberCell(_number_as_shown(_attribute(cell, "value"), text))
    return CellMistake(f"the cell says {text}: put a value instead") if text.startswith("Err:") else text


def _number_as_shown(value: str, text: str) -> str:
    """A number as the sheet shows it, if that only adds noughts and spaces; else in plain digits."""
    whole = value.removesuffix(".0")
    plain = re.sub(r"[ ()+/.-]", "", text)
    is_padded = plain.isdecimal() and plain.lstrip("0") == whole.lstrip("0")
    return text if is_padded else whole


def _times(element: Element, name: str) -> int:
    text = _attribute(element, name)
    return int(text) if text.isdecimal() and len(text) < 10 else 1  # noqa: PLR2004 — digits of a whole number


def _attribute(element: Element, name: str) -> str:
    """An attribute by its name without the namespace; LibreOffice repeats some in a namespace of its own."""
    return next((text for key, text in element.attrib.items() if local_name(key) == name), "")
