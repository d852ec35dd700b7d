"""Reads the sheets of an OpenDocument spreadsheet (.ods), as LibreOffice and Google Sheets write it.

No library reads one without building the whole document in memory. Here the part with the cells is read
element by element; a cell or row that is repeated a million times is repeated only up to the limits.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Any

from surveyapp.foundation.tables.cells import CellMistake, NumberCell, Sheet, SheetRow, formula_value
from surveyapp.foundation.tables.limits import TableLimits
from surveyapp.foundation.tables.workbook_safety import has_too_many_tags, unpacks_too_large
from surveyapp.foundation.words.clean_text import clean_text

NOT_A_SPREADSHEET = "This is not an .ods spreadsheet. Save it as “ODF Spreadsheet (.ods)” and send that."
_LOCKED = "This spreadsheet has a password. Save it without one and send that."
_PART = "content.xml"
_HIDDEN = frozenset({"collapse", "filter"})


def reason_to_refuse(content: bytes, limits: TableLimits) -> str:
    """The reason why a spreadsheet is not opened, as a sentence; empty if it is safe (promises I3)."""
    if len(content) > limits.file_bytes:
        return limits.too_large
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            manifest = "META-INF/manifest.xml"
            listed = archive.getinfo(manifest) if manifest in archive.namelist() else None
            is_locked = (
                listed is not None
                and listed.file_size < limits.file_bytes
                and (b"encryption-data" in archive.read(listed))
            )
        if unpacks_too_large(members):
            return limits.unpacks_too_large
        if is_locked:
            return _LOCKED
        return limits.unpacks_too_large if has_too_many_tags(content, limits.tags) else ""
    except Exception:  # noqa: BLE001 — a broken, locked or strangely packed part has an error for each fault
        return NOT_A_SPREADSHEET


def read_sheets(content: bytes, limits: TableLimits) -> dict[str, Sheet]:
    """The sheets of a spreadsheet by name, with their rows up to one beyond the limit.

    `content` has passed `reason_to_refuse`. Raises whatever a damaged part leads the parser to; entities are
    refused by it.
    """
    from defusedxml.ElementTree import iterparse  # noqa: PLC0415 — only used here

    sheets: dict[str, Sheet] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(_PART) as xml:
        name, number = "", 1
        rows: list[SheetRow] = []
        for event, element in iterparse(xml, events=("start", "end")):
            kind = _plain(element.tag)
            if kind == "table" and event == "start":
                name, rows, number = _attribute(element, "name"), [], 1
            elif kind == "table-row" and event == "end":
                if number <= limits.rows + 2:
                    rows += _rows(element, number, limits)
                number += _times(element, "number-rows-repeated")
                element.clear()
            elif kind == "table" and name not in sheets:
                sheets[name] = Sheet(tuple(rows))
    return sheets


def _rows(element: Any, number: int, limits: TableLimits) -> list[SheetRow]:  # noqa: ANN401 — an element
    """The rows that an element stands for, without empty ones."""
    values = tuple(_values(element, limits))
    if all(value == "" for value in values):
        return []
    last = min(number + _times(element, "number-rows-repeated"), limits.rows + 3)
    is_hidden = _attribute(element, "visibility") in _HIDDEN
    return [SheetRow(repeated, values, is_hidden) for repeated in range(number, last)]


def _values(row: Any, limits: TableLimits) -> Iterator[Any]:  # noqa: ANN401 — an element
    left = limits.columns
    for cell in row:
        if _plain(cell.tag) not in {"table-cell", "covered-table-cell"}:
            continue
        value = _value(cell)
        for _ in range(min(_times(cell, "number-columns-repeated"), left)):
            yield value
            left -= 1


def _value(cell: Any) -> Any:  # noqa: ANN401 — an element, and whatever it holds
    kind, formula = _attribute(cell, "value-type"), _attribute(cell, "formula")
    if formula:
        return formula_value(formula)
    if kind == "boolean":
        return _attribute(cell, "boolean-value") == "true"
    if kind == "date":
        return date.fromisoformat(_attribute(cell, "date-value")[:10])
    shown = "\n".join("".join(line.itertext()) for line in cell if _plain(line.tag) == "p")
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


def _times(element: Any, name: str) -> int:  # noqa: ANN401 — an element
    text = _attribute(element, name)
    return int(text) if text.isdecimal() and len(text) < 10 else 1  # noqa: PLR2004 — digits of a whole number


def _attribute(element: Any, name: str) -> str:  # noqa: ANN401 — an element
    """An attribute by its name without the namespace; LibreOffice repeats some in a namespace of its own."""
    return next((text for key, text in element.attrib.items() if _plain(key) == name), "")


def _plain(name: str) -> str:
    return name.rpartition("}")[2]
