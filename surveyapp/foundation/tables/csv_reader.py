"""Reads the text of a CSV file as spreadsheets save it, in any of their encodings and with any separator."""

import codecs
import csv

# What the first bytes of other files are, by which somebody may have chosen the wrong one.
_OTHER_FILES = {
    b"PK\x03\x04": "an Excel or LibreOffice workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
}


class NotCsv(ValueError):
    """A file that holds no text; its words say what it is and what to do."""


def csv_text(content: bytes) -> str:
    """The text of a file, in UTF-8, in UTF-16 with its byte order mark, or in Windows’ Western encoding.

    Raises NotCsv for a workbook, a PDF or another file that is not text.
    """
    for begin, what in _OTHER_FILES.items():
        if content.startswith(begin):
            raise NotCsv(f"The file is {what}: save it as CSV, or paste its two columns")
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if is_utf16 else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise NotCsv("The file is not text: save it as CSV, or paste its two columns")


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
