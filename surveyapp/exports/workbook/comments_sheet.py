"""The Comments sheet: the comments of each question, each with the answer beside it."""

from collections.abc import Mapping

from surveyapp.defining.definition import COMMENT, Question
from surveyapp.exports.answer_cells import AnswerPlace, Value, answer_cells
from surveyapp.exports.snapshot import AuditSnapshot
from surveyapp.foundation.documents.sheet_writer import WorkbookWriter

COMMENT_HEAD = ("Number", "Question", "Case", "Agency kind", "Agency", "Answer", "Comment")
COMMENT_WIDTHS = (9, 40, 12, 22, 26, 30, 100)


def write_comments(book: WorkbookWriter, snapshot: AuditSnapshot, commented: dict[str, list[int]]) -> None:
    """Write the comments by question; `commented` is the result of `write_returns`."""
    sheet = book.reserved_sheet("Comments", COMMENT_HEAD, COMMENT_WIDTHS, wrap=True)
    for question in snapshot.definition.questions:
        for number in commented.get(question.id, ()):
            request_row = snapshot.counted[number]
            agency = snapshot.agencies[request_row.agency_id]
            cells = answer_cells(snapshot.definition, snapshot.answers_to(number, question.id))
            sheet.add(
                (
                    question.number,
                    question.name,
                    snapshot.cases[request_row.case_id].pseudonym,
                    agency.kind_in_words,
                    agency.name,
                    _answer_in_words(question, cells),
                    str(cells[question.id, COMMENT]),
                )
            )
    sheet.end()


def _answer_in_words(question: Question, cells: Mapping[AnswerPlace, Value]) -> str:
    """The answer beside a comment; for a checklist, the lines that are ticked."""
    if not question.items:
        return str(cells.get((question.id, ""), ""))
    ticked = [line.name for line in question.items if cells.get((question.id, line.id)) == "Yes"]
    answered = any((question.id, line.id) in cells for line in question.items)
    return "; ".join(ticked) or ((question.none_of_these or "None") if answered else "")
