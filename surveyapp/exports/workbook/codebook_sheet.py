"""The Codebook sheet: every question with its wording, its lines and its options."""

from surveyapp.defining.definition import COMMENT
from surveyapp.exports.scope_in_words import audience_in_words
from surveyapp.exports.snapshot import AuditSnapshot
from surveyapp.foundation.documents.sheet_writer import CellValue, WorkbookWriter

CODE_HEAD = (
    "Number",
    "Question id",
    "Theme",
    "Kind",
    "Wording",
    "Short wording",
    "Line id",
    "Line",
    "Option",
    "Option wording",
    "Counts as",
    "Asked",
)
CODE_WIDTHS = (9, 28, 34, 11, 60, 40, 24, 50, 22, 44, 16, 40)
COUNTS_AS = {"not_applicable": "not applicable", "dont_know": "don’t know"}


def write_codebook(book: WorkbookWriter, snapshot: AuditSnapshot) -> None:
    """Write a row for each line and option of each question, or one row if it has neither."""
    sheet = book.reserved_sheet("Codebook", CODE_HEAD, CODE_WIDTHS, wrap=True)
    definition = snapshot.definition
    for question in definition.questions:
        head: tuple[CellValue, ...] = (
            question.number,
            question.id,
            definition.themes.get(question.theme, question.theme),
            question.kind,
            question.ask,
            question.short or "",
        )
        audience = audience_in_words(definition, question)
        for line in question.items:
            sheet.add((*head, line.id, line.wording, "yes / no", "", "", audience))
        for option in question.answers:
            counts_as = COUNTS_AS.get(option.counts_as or "", "")
            sheet.add((*head, "", "", option.value, option.wording, counts_as, audience))
        if not question.items and not question.answers:
            sheet.add((*head, "", "", "", "", "", audience))
        if question.comment:
            sheet.add((*head, COMMENT, question.comment, "", "", "", audience))
    sheet.end()
