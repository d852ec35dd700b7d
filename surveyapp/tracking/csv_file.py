"""The outstanding list as a file for a spreadsheet: no text in it turns into a formula (promises P15)."""

import csv
import io
from collections.abc import Iterable, Sequence

from surveyapp.tracking.queries import OutstandingRequest

# The full-width forms are taken for their narrow ones by some programs (promises X2).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
OUTSTANDING_HEADINGS = (
    "Agency",
    "Case",
    "Stands at",
    "Draft saved",
    "Contact",
    "Telephone",
    "Email",
    "Reference",
    "Asked on",
    "Return by",
    "Chased",
    "Last chased on",
)


def text_cell(text: str) -> str:
    """Give text for a cell: with an apostrophe before it where a spreadsheet would read a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def write_csv(head: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    """Write a table as CSV in UTF-8 with a mark, by which spreadsheets know it; numbers stay numbers."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow([text_cell(words) for words in head])
    for row in rows:
        writer.writerow([text_cell(cell) if isinstance(cell, str) else cell for cell in row])
    return lines.getvalue().encode("utf-8-sig")


def outstanding_csv(waiting: Iterable[OutstandingRequest]) -> bytes:
    """Write the outstanding list, one line for each request, in the order of the page."""
    return write_csv(
        OUTSTANDING_HEADINGS,
        (
            (
                each.agency,
                each.case,
                each.word,
                "yes" if each.has_draft else "no",
                each.contact,
                each.telephone,
                each.email,
                each.reference,
                each.asked_on.isoformat(),
                each.due_on.isoformat() if each.due_on else "",
                each.chased,
                each.last_chased_on.isoformat() if each.last_chased_on else "",
            )
            for each in waiting
        ),
    )
