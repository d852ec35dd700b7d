"""Reads the sheets of a workbook (.xlsx), without evaluating formulas.

docs/decisions/reading-spreadsheets.md says why no library does this.
"""

import re
import zipfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from posixpath import dirname, join, normpath
from typing import Any
from xml.etree.ElementTree import Element

from surveyapp.foundation.documents.file_kinds import workbook_part
from surveyapp.foundation.tables.cells import CellMistake, NumberCell, Sheet, SheetRow, formula_value
from surveyapp.foundation.tables.columns import filled_letters
from surveyapp.foundation.tables.limits import TableLimits
from surveyapp.foundation.tables.number_formats import (
    day_of_iso,
    day_or_time,
    is_date_format,
    number_as_shown,
)
from surveyapp.foundation.tables.sheet_xml import ended_elements
from surveyapp.foundation.words.clean_text import clean_text

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ROWS, _ROW, _COL, _CELL = (f"{_MAIN}{name}" for name in ("sheetData", "row", "col", "c"))
_VALUE, _FORMULA, _INLINE, _TEXT, _RUN = (f"{_MAIN}{name}" for name in ("v", "f", "is", "t", "r"))
_SHARED, _SHEET, _PROPERTIES = (f"{_MAIN}{name}" for name in ("si", "sheet", "workbookPr"))
_NUMBER_FORMAT, _STYLES = (f"{_MAIN}{name}" for name in ("numFmt", "cellXfs"))
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TRUTHS = frozenset({"1", "true"})
_DIGITS = "0123456789"
# How a workbook writes a character that XML cannot hold, such as _x000D_.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True)
class _ListedSheet:
    """A sheet as the workbook lists it, with the part that holds it."""

    name: str
    part: str
    is_hidden: bool


def read_sheets(
    archive: zipfile.ZipFile, limits: TableLimits, *, only: Collection[str] = ()
) -> dict[str, Sheet]:
    """The sheets of a workbook by name, with their rows up to the first filled one beyond the limit.

    `only` names those that are read, each with a capital and then small letters; without it all are.
    `archive` has passed the checks of spreadsheet_safety. Raises whatever a damaged part leads the parser to.
    """
    workbook = _Workbook(archive)
    sheets: dict[str, Sheet] = {}
    for listed in workbook.listed_sheets():
        name = listed.name.strip().capitalize() if only else listed.name
        if name not in sheets and (not only or name in only):
            sheets[name] = workbook.sheet(listed, limits)
    return sheets


class _Workbook:
    """The parts of a workbook that its sheets share: texts, formats of numbers, and the first day."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        """Read the shared parts."""
        self._archive = archive
        self._main = workbook_part(archive.namelist()) or ""
        self._targets = dict(self._relations())
        self._from_1904 = False
        self._texts: list[str] = []
        self._formats: list[str] = []
        self._are_dates: list[bool] = []
        # What a cell says, by its kind, style and text: many cells of a list say the same.
        self._known: dict[tuple[str, str, str], Any] = {}
        for kind, part in self._targets.values():
            if kind == "sharedStrings":
                self._texts = list(self._shared_texts(part))
            elif kind == "styles":
                self._read_styles(part)

    def listed_sheets(self) -> list[_ListedSheet]:
        """The sheets with cells, in the order of the workbook; a sheet that is a chart is none of them."""
        listed = []
        for element in ended_elements(self._archive, self._main, _PROPERTIES, _SHEET):
            if element.tag == _PROPERTIES:
                self._from_1904 = element.get("date1904") in _TRUTHS
            else:
                target = self._targets[element.attrib[_RELATION]]
                is_hidden = element.get("state", "visible") != "visible"
                if target[0] == "worksheet":
                    listed.append(_ListedSheet(element.attrib["name"], target[1], is_hidden))
        return listed

    def sheet(self, listed: _ListedSheet, limits: TableLimits) -> Sheet:
        """The rows of a sheet that are not empty, and the columns with something in them that are hidden."""
        hidden: set[int] = set()
        rows: list[SheetRow] = []
        number = 0
        for element in ended_elements(self._archive, listed.part, _COL, _ROWS, clears=_ROW):
            if element.tag == _ROW:
                number = _next_number(element.get("r"), number)
                cells = self._cells(element, limits.columns)
                if any(cell != "" for cell in cells):
                    rows.append(SheetRow(number, cells, element.get("hidden") in _TRUTHS))
                    if number > limits.rows + 1:
                        break
            elif element.tag == _ROWS:
                break
            elif element.tag == _COL and element.get("hidden") in _TRUTHS:
                first, last = int(element.get("min", 0)), int(element.get("max", 0))
                hidden |= set(range(first - 1, min(last, limits.columns)))
        return Sheet(tuple(rows), listed.is_hidden, tuple(filled_letters(rows, hidden)))

    def _relations(self) -> Iterator[tuple[str, tuple[str, str]]]:
        """The kind and the part of each relation of the workbook, by the id of the relation."""
        folder, _, name = self._main.rpartition("/")
        for element in ended_elements(self._archive, f"{folder}/_rels/{name}.rels", _RELATIONSHIP):
            if element.get("TargetMode") != "External":
                target = normpath(join(f"/{dirname(self._main)}", element.attrib["Target"])).lstrip("/")
                yield element.attrib["Id"], (element.attrib["Type"].rpartition("/")[2], target)

    def _shared_texts(self, part: str) -> Iterator[str]:
        for element in ended_elements(self._archive, part, clears=_SHARED):
            yield _clean(_text_of(element))

    def _read_styles(self, part: str) -> None:
        formats: dict[int, str] = {}
        for element in ended_elements(self._archive, part, _NUMBER_FORMAT, _STYLES):
            if element.tag == _NUMBER_FORMAT:
                formats[int(element.attrib["numFmtId"])] = element.attrib["formatCode"]
            else:
                numbers = [int(style.get("numFmtId", 0)) for style in element]
                self._formats = [formats.get(number, "") for number in numbers]
                self._are_dates = [is_date_format(number, formats) for number in numbers]

    def _cells(self, row: Element, most: int) -> tuple[Any, ...]:
        """The values of a row, with "" for each cell that the file leaves out."""
        cells: list[Any] = []
        for cell in row:
            if cell.tag == _CELL:
                reference = cell.get("r")
                if reference is not None:
                    left_out = _column_number(reference.rstrip(_DIGITS)) - 1 - len(cells)
                    if left_out:
                        cells += _empty_cells(left_out, most)
                if len(cells) >= most:
                    break
                cells.append(self._value(cell))
        return tuple(cells)

    def _value(self, cell: Element) -> Any:  # noqa: ANN401 — whatever a cell holds
        text: str | None = ""
        for part in cell:
            if part.tag == _VALUE:
                text = part.text
            elif part.tag == _FORMULA:
                return formula_value(part.text or "")
            elif part.tag == _INLINE:
                text = _text_of(part)
        if not text:
            return ""
        kind = cell.get("t", "n")
        if kind == "s":
            return self._texts[int(text)]
        key = kind, cell.get("s", "0"), text
        value = self._known.get(key)
        if value is None:
            value = self._known[key] = self._read(kind, int(key[1]), text)
        return value

    def _read(self, kind: str, style: int, text: str) -> Any:  # noqa: ANN401 — likewise
        if kind in _KINDS:
            return _KINDS[kind](text)
        number = float(text) if set(text) & set(".eE") else int(text)
        if style < len(self._are_dates) and self._are_dates[style]:
            try:
                return day_or_time(number, from_1904=self._from_1904)
            except (OverflowError, ValueError):
                return CellMistake(f"the cell says {text}, which is no day: put a value instead")
        return NumberCell(number_as_shown(number, self._formats[style] if style < len(self._formats) else ""))


def _next_number(stated: str | None, last: int) -> int:
    """The number of a row; a file may leave it out. Raises ValueError if rows are out of order."""
    number = last + 1 if stated is None else int(stated)
    if number <= last:
        raise ValueError(stated)
    return number


def _empty_cells(number: int, most: int) -> list[str]:
    """The cells that a file leaves out. Raises ValueError if cells are out of order."""
    if number < 0:
        raise ValueError(number)
    return [""] * min(number, most)


@lru_cache(maxsize=1_000)
def _column_number(letters: str) -> int:
    """The number of a column from 1, by its letters: A is 1, AA 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _text_of(element: Element) -> str:
    """The text of a cell, whatever its letters look like; how it is read aloud in Japanese is left out."""
    if len(element) == 1 and element[0].tag == _TEXT:
        return element[0].text or ""
    parts = (part if part.tag == _TEXT else part.find(_TEXT) for part in element if part.tag in {_TEXT, _RUN})
    return "".join(part.text or "" for part in parts if part is not None)


def _clean(text: str) -> str:
    if "_x" in text:
        text = _ESCAPED.sub(lambda escaped: chr(int(escaped[1], 16)), text)
    return clean_text(text).strip()


# What a cell with another kind of value than a number says, by the name of its kind.
_KINDS: dict[str, Callable[[str], Any]] = {
    "b": _TRUTHS.__contains__,
    "d": day_of_iso,
    "e": lambda text: CellMistake(f"the cell says {text}: put a value instead"),
    "inlineStr": _clean,
    "str": _clean,
}
