"""Opens any file that may hold a form: YAML, our spreadsheet, or an XLSForm."""

from surveyapp.defining.editing.draft import read_draft
from surveyapp.defining.editing.form_text import comments_inside, heading_comment
from surveyapp.defining.exchange.form_workbook_reader import read_form_workbook
from surveyapp.defining.exchange.taken_form import FORM_LIMITS, TakenForm, UnreadableForm
from surveyapp.defining.exchange.xlsform_reader import read_xlsform
from surveyapp.defining.mistakes import MOST_LISTED, FormMistakes
from surveyapp.foundation.tables.cells import Sheet
from surveyapp.foundation.tables.spreadsheet import UnreadableSpreadsheet, workbook_sheets

_ZIP = b"PK"


def open_form(content: bytes) -> TakenForm:
    """The form in a file, whatever its name. Raises UnreadableForm with every mistake."""
    if content.startswith(_ZIP):
        return _of_workbook(content)
    try:
        draft = read_draft(content, "file")
    except FormMistakes as error:
        raise UnreadableForm(
            *(f"Line {one.line}, column {one.column}: {one.message}" for one in error.mistakes[:MOST_LISTED])
        ) from None
    text = content.decode("utf-8-sig")
    notes = (f"The note in line {note.line} is not kept: {note.words}" for note in comments_inside(text))
    return TakenForm(draft, tuple(notes), heading_comment(text))


def _of_workbook(content: bytes) -> TakenForm:
    try:
        sheets = workbook_sheets(content, FORM_LIMITS)
    except UnreadableSpreadsheet as error:
        raise UnreadableForm(str(error)) from None
    if any(name.strip().casefold() == "survey" for name in sheets):
        return read_xlsform(content, sheets)
    named: dict[str, Sheet] = {}
    for name, sheet in sheets.items():
        named.setdefault(name.strip().capitalize(), sheet)
    return read_form_workbook(named)
