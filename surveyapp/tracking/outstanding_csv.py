"""The outstanding list as a CSV file for a spreadsheet."""

from collections.abc import Iterable

from surveyapp.foundation.documents.csv_writer import write_csv
from surveyapp.tracking.outstanding_queries import OutstandingRequest

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


def outstanding_csv(outstanding: Iterable[OutstandingRequest]) -> bytes:
    """Write the outstanding list as CSV, one row for each request, in the order of the page."""
    return write_csv(OUTSTANDING_HEADINGS, (_row(request) for request in outstanding))


def _row(request: OutstandingRequest) -> tuple[str | int, ...]:
    return (
        request.agency,
        request.case,
        request.word,
        "yes" if request.has_draft else "no",
        request.contact,
        request.telephone,
        request.email,
        request.reference,
        request.asked_on.isoformat(),
        request.due_on.isoformat() if request.due_on else "",
        request.chased,
        request.last_chased_on.isoformat() if request.last_chased_on else "",
    )
