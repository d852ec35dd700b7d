"""CSV files in which no spreadsheet reads a text cell as a formula (promises P15)."""

import csv
import io
from collections.abc import Iterable, Sequence

# Some programs read the full-width characters as the ordinary ones (promises X2).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def text_cell(text: str) -> str:
    """Return text for a cell, with an apostrophe in front where a spreadsheet would read a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def write_csv(head: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    """Write a table as CSV in UTF-8, with a byte order mark for spreadsheets; numbers stay numbers."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow([text_cell(words) for words in head])
    for row in rows:
        writer.writerow([text_cell(cell) if isinstance(cell, str) else cell for cell in row])
    return lines.getvalue().encode("utf-8-sig")
