"""Reads what offices type into cells: yes and no in all their forms, and telephone numbers."""

import re
from datetime import date

from surveyapp.foundation.tables.cells import CellMistake, NumberCell
from surveyapp.foundation.words.clean_text import clean_line

_YES = frozenset({"y", "yes", "x", "1", "true", "✓", "✔", "☑", "known"})
_NO = frozenset({"", "n", "no", "0", "false", "-", "–", "—", "n/a", "na", "not known"})
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?e\+?\d+", re.IGNORECASE)
# A number of the United Kingdom has nine or ten digits after its nought, and the first of them is 1 to 9.
_WITHOUT_NOUGHT = re.compile(r"[1-9][0-9]{8,9}")
_WITHOUT_PLUS = re.compile(r"44[1-9][0-9]{8,9}")


def cell_line(cell: object) -> str:
    """A cell as one line of text, cleaned as for storage."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    return clean_line(cell if isinstance(cell, str) else str(cell))


def read_tick(cell: object) -> bool | None:
    """True for Y, yes, x, 1, TRUE or a tick; False for N, no, 0 or nothing; None for anything else."""
    if isinstance(cell, bool):
        return cell
    text = cell_line(cell).casefold().rstrip(".")
    return True if text in _YES else (False if text in _NO else None)


def mended_telephone(cell: object) -> str:
    """A telephone number as it is dialled, with the nought or plus that a spreadsheet took away.

    Raises ValueError with a sentence for a number of which a spreadsheet has lost digits, and for a date.
    """
    text = cell_line(cell)
    is_rounded = isinstance(cell, NumberCell) and cell.is_rounded
    if isinstance(cell, date) or is_rounded or _SCIENTIFIC.fullmatch(text):
        raise ValueError(f"“{text}” is no telephone number: format the column as Text and type it again")
    digits = text.replace(" ", "")
    if _WITHOUT_PLUS.fullmatch(digits):
        return f"+{text}"
    return f"0{text}" if _WITHOUT_NOUGHT.fullmatch(digits) else text


def mistake_in(cell: object) -> str:
    """What is wrong with a cell whatever its column, in words; empty if nothing is."""
    return str(cell) if isinstance(cell, CellMistake) else ""
