"""The outstanding list as a CSV file for a spreadsheet."""

from collections.abc import Iterable

from surveyapp.foundation.documents.csv_writer import write_csv
from surveyapp.tracking.queries import OutstandingRequest

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
