"""The Cases sheet: a row for each case and a column for each agency, with the states of requests."""

from surveyapp.exports.snapshot import AuditSnapshot
from surveyapp.foundation.documents.sheet_writer import CellValue, WorkbookWriter


def write_cases(book: WorkbookWriter, snapshot: AuditSnapshot) -> None:
    """Write the grid of cases and agencies."""
    with_requests = {request_row.agency_id for request_row in snapshot.asked}
    agency_ids = [agency_id for agency_id in snapshot.agencies if agency_id in with_requests]
    columns = {agency_id: column for column, agency_id in enumerate(agency_ids)}
    names = tuple(snapshot.agencies[agency_id].name for agency_id in agency_ids)
    sheet = book.reserved_sheet("Cases", ("Case", *names), (14, *(18 for _ in names)))
    rows: dict[int, list[CellValue]] = {}
    for request_row in snapshot.asked:
        row = rows.setdefault(request_row.case_id, [None] * len(agency_ids))
        row[columns[request_row.agency_id]] = snapshot.words[request_row.request_id]
    for case_id, row in rows.items():
        sheet.add((snapshot.cases[case_id].pseudonym, *row))
    sheet.end()
