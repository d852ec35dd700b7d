"""The Returns sheet: a row for each return, a column for each question, checklist line and comment."""

from surveyapp.defining.definition import COMMENT
from surveyapp.exports.answer_cells import NOT_ASKED, answer_cells, answer_columns
from surveyapp.exports.snapshot import AuditSnapshot
from surveyapp.foundation.clock import local_time
from surveyapp.foundation.documents.sheet_writer import CellValue, WorkbookWriter

RETURN_HEAD = (
    "Case",
    "Age band",
    "Gender",
    "Category",
    "Plan",
    "Agency",
    "Agency kind",
    "Request",
    "Returned (UK time)",
    "Late",
    "Keyed in",
    "Nil return because",
)
RETURN_WIDTHS = (12, 16, 10, 18, 18, 26, 22, 14, 17, 7, 22, 26)


def write_returns(book: WorkbookWriter, snapshot: AuditSnapshot) -> dict[str, list[int]]:
    """Write a row for each return, and give the indexes of the returns that commented on each question."""
    columns = answer_columns(snapshot.definition)
    head = (*RETURN_HEAD, *(column.heading for column in columns))
    sheet = book.reserved_sheet("Returns", head, (*RETURN_WIDTHS, *(28 for _ in columns)))
    commented: dict[str, list[int]] = {}
    for number, return_row in enumerate(snapshot.returns()):
        cells = answer_cells(snapshot.definition, return_row.given)
        row: list[CellValue] = [
            return_row.case.pseudonym,
            return_row.case.age_band,
            return_row.case.gender or None,
            return_row.case.category or None,
            return_row.case.plan or None,
            return_row.agency.name,
            return_row.agency.kind_in_words,
            return_row.reference,
            local_time(return_row.returned_at).replace(tzinfo=None),
            "yes" if return_row.is_late else "no",
            return_row.keyed_in or None,
            return_row.nil_in_words or None,
        ]
        for column in columns:
            question, line = column.place
            value: CellValue = cells.get(column.place)
            if line == COMMENT and value is not None:
                commented.setdefault(question, []).append(number)
            if (
                value is None
                and not column.is_comment
                and question in return_row.not_asked
                and not return_row.nil_reason
            ):
                value = NOT_ASKED
            row.append(value)
        sheet.add(row)
    sheet.end()
    return commented
