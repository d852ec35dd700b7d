"""Reads the text of a CSV file as spreadsheets save it, in any of their encodings and with any separator."""

import codecs
import csv
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from surveyapp.foundation.tables.cells import CellMistake, Sheet, SheetRow, formula_value
from surveyapp.foundation.tables.limits import TableLimits
from surveyapp.foundation.words.clean_text import clean_text

# What the first bytes of other files are, by which somebody may have chosen the wrong one.
_OTHER_FILES = {
    b"PK\x03\x04": "an Excel or LibreOffice workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
}


_LINE_END = re.compile(r"\r\n|\r|\n")
# Excel takes ="0123" for a text; programs write it to keep the nought.
_TEXT_FORMULA = re.compile(r'="([^"]*)"')
# A line that no file holds: if it ends up inside a cell, the quotation marks of that cell are never closed.
_END = "\ue000end\ue000"
_UNCLOSED = 'a quotation mark (") opens here and is never closed: take it out, or close it'


class NotCsv(ValueError):
    """A file that holds no text; its words say what it is and what to do."""


class DecodedText(NamedTuple):
    """The text of a file; `is_western` if its encoding was only guessed to be Windows’ Western one."""

    text: str
    is_western: bool


def csv_text(content: bytes) -> str:
    """The text of a file, as `decoded_text` finds it. Raises NotCsv."""
    return decoded_text(content).text


def decoded_text(content: bytes) -> DecodedText:
    """The text of a file, in UTF-8, in UTF-16 with its byte order mark, or in Windows’ Western encoding.

    Raises NotCsv for a workbook, a PDF or another file that is not text.
    """
    for begin, what in _OTHER_FILES.items():
        if content.startswith(begin):
            raise NotCsv(f"The file is {what}: save it as CSV, or paste its cells")
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if is_utf16 else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return DecodedText(text, encoding == "cp1252")
    raise NotCsv("The file is not text: save it as CSV, or paste its cells")


def csv_rows(text: str) -> list[list[str]]:
    """The cells of each line; empty cells at the end of a line are left out, and an empty line has none.

    The separator is a tab if there is one, a semicolon if every line has one (Excel writes it where a comma
    is the decimal point), and otherwise a comma. A line “sep=;” at the top is obeyed, as in Excel. A quoted
    cell may hold the separator and line ends.
    """
    separator, lines = _separator(text.splitlines())
    # With a quotation mark that is never closed, a line ends where the file has a line end.
    whole = '"' not in text or text.count('"') % 2 == 0
    source = [f"{line}\n" for line in lines]
    readers = (
        [csv.reader(source, delimiter=separator)]
        if whole
        else [csv.reader([line], delimiter=separator) for line in source]
    )
    rows = [[cell.strip() for cell in row] for reader in readers for row in reader]
    return [_without_empty_end(row) for row in rows]


def csv_sheet(text: str, limits: TableLimits) -> Sheet:
    """The rows of a CSV file or of pasted cells, up to one beyond the limit, separated as `csv_rows` says.

    Rows are counted as a spreadsheet counts them, so a cell of several lines is in one row. A cell that
    begins with “=” is a formula. A quotation mark that is never closed makes its cell a CellMistake.
    """
    separator, lines = _separator(_LINE_END.split(text))
    source = (f"{line}\n" for line in (*lines, _END))
    rows = []
    reader = csv.reader(source, delimiter=separator)
    for number, cells in enumerate(_rows_until_error(reader), 1):
        if cells == [_END]:
            break
        if cells and cells[-1].endswith(f"{_END}\n"):
            cells[-1] = CellMistake(_UNCLOSED)
        values = tuple(_value(cell) for cell in cells[: limits.columns])
        if any(value != "" for value in values):
            rows.append(SheetRow(number, values))
        if number > limits.rows + 1:
            break
    return Sheet(tuple(rows))


def _rows_until_error(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error:
        yield [CellMistake("a cell here is longer than 100,000 characters: a quotation mark may be missing")]


def _value(cell: str) -> Any:  # noqa: ANN401 — text, true, false or a CellMistake
    """The value of a cell; text is cleaned as for storage."""
    if isinstance(cell, CellMistake):
        return cell
    text = clean_text(cell).strip()
    if len(text) > 1 and text[0] == "'" and text[1] in "=+-@":
        return text[1:]  # we and others write it to keep a text from becoming a formula
    if not text.startswith("="):
        return text
    quoted = _TEXT_FORMULA.fullmatch(text)
    return quoted[1] if quoted else formula_value(text)


def _separator(lines: list[str]) -> tuple[str, list[str]]:
    """The separator of the cells, and the lines without the one that names it."""
    head = lines[0].strip().casefold() if lines else ""
    if head.startswith("sep=") and len(head) == len("sep=x"):
        return head[-1], lines[1:]
    filled = [line.strip() for line in lines if line.strip()]
    if any("\t" in line for line in filled):
        return "\t", lines
    return (";" if filled and all(";" in line for line in filled) else ","), lines


def _without_empty_end(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row.pop()
    return row
