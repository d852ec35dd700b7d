"""The outstanding list as a workbook for a spreadsheet, and as a CSV file for programs."""

import io
from collections.abc import Sequence
from datetime import date, datetime

from surveyapp.foundation.clock import local_day, local_time
from surveyapp.foundation.documents.csv_writer import write_csv
from surveyapp.foundation.documents.sheet_writer import WorkbookWriter
from surveyapp.tracking.outstanding.queries import OutstandingRequest

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
    "Last call on",
    "What was said",
    "Promised by",
)
_WIDTHS = (34, 12, 14, 12, 26, 20, 34, 12, 12, 12, 9, 14, 12, 60, 12)


def outstanding_workbook(outstanding: Sequence[OutstandingRequest], *, title: str, now: datetime) -> bytes:
    """Write the outstanding list as an .xlsx file, one row for each request, in the order of the page.

    Text stays text, so that a spreadsheet keeps the nought of a telephone number and of a case “01”; days are
    days, and the number of chasers is a number.
    """
    file = io.BytesIO()
    book = WorkbookWriter(file, title=title, made_at=local_time(now).replace(tzinfo=None))
    sheet = book.sheet("Outstanding", OUTSTANDING_HEADINGS, _WIDTHS)
    for request in outstanding:
        sheet.add(_cells(request))
    sheet.end()
    book.close()
    return file.getvalue()


def outstanding_csv(outstanding: Sequence[OutstandingRequest]) -> bytes:
    """Write the outstanding list as CSV, one row for each request, in the order of the page.

    A spreadsheet that opens it drops noughts at the beginning of a number: the workbook is for that.
    """
    rows = ([_as_written(cell) for cell in _cells(request)] for request in outstanding)
    return write_csv(OUTSTANDING_HEADINGS, rows)


def _cells(request: OutstandingRequest) -> tuple[str | int | date | None, ...]:
    return (
        request.agency,
        request.case,
        request.word,
        "yes" if request.has_draft else "no",
        request.contact,
        request.telephone,
        request.email,
        request.reference,
        request.asked_on,
        request.due_on,
        request.chased,
        request.last_chased_on,
        local_day(request.call.noted_at) if request.call else None,
        request.call.said if request.call else "",
        request.promised_on,
    )


def _as_written(cell: str | int | date | None) -> str | int:
    return cell.isoformat() if isinstance(cell, date) else "" if cell is None else cell
