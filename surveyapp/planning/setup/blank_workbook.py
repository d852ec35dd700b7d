"""The blank set-up workbook: the sheets that staff fill in, with drop-downs and prompts."""

import io
from collections.abc import Sequence
from typing import Any

from surveyapp.agencies.models import CONTACT_ROLES
from surveyapp.defining.queries import usable_forms
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.planning.cases.ages import HOW_TO_WRITE
from surveyapp.planning.cases.details import CATEGORIES, GENDERS, PLANS
from surveyapp.planning.models import EMPHASES

_TEXT, _DAY = "@", "yyyy-mm-dd"
_ROWS = 200
# A to AZ: the case and 51 agencies.
_COLUMNS = 52

_AUDIT = (
    ("audit", "", _TEXT, "The audit’s title, as agencies will read it. Needed."),
    ("form", "", _TEXT, "The form that agencies fill in: choose from the list. Needed."),
    ("theme", "", _TEXT, "A few words."),
    ("theme_reason", "", _TEXT, "Why this theme: the priorities and the performance data behind it."),
    ("emphasis", "", _TEXT, "quantitative, qualitative or both."),
    ("period_reviewed", "", _TEXT, "Such as January 2025 to December 2026."),
    ("audit_lead", "", _TEXT, "Who leads the audit and writes the report, if that is somebody else."),
    ("aim", "", _TEXT, "To see whether …"),
    ("terms_of_reference", "", _TEXT, "What was agreed about this audit."),
    ("authority", "", _TEXT, "Why you ask, and on what basis. Empty: the partnership’s standing text."),
    ("key_message", "", _TEXT, "Which secure message tells agencies which child is which."),
    ("issue_on", "", _DAY, "The day on which requests go out, like 2026-12-01."),
    ("due_on", "", _DAY, "The day by which returns are asked for."),
    ("close_on", "", _DAY, "The day on which returns close, at the closing hour."),
    ("chasers", "-5, 0, 3, 7", _TEXT, "Working days from due_on on which chasers leave."),
    (
        "escalate_from",
        "",
        _TEXT,
        "From which of these chasers the escalation contact gets a copy. Empty: never.",
    ),
    (
        "ask_for_code",
        "",
        _TEXT,
        "yes: contacts give a code from their mailbox before pages open. Empty: once a reference is here.",
    ),
)
_HEADS = {
    "Agencies": (
        ("name", 34, "The agency’s name, as agencies and the report will read it."),
        ("kind", 24, "Choose from the list."),
    ),
    "Contacts": (
        ("agency", 34, "One of the agencies of the sheet before."),
        ("name", 28, "The person, or the name of the post."),
        ("email", 34, "One address that a person reads."),
        ("role", 16, "lead is asked; deputy where there is no lead; escalation gets a copy."),
        ("telephone", 20, "For ringing when a return is outstanding."),
    ),
    "Cases": (
        ("case", 16, "A pseudonym, such as Child 1: no name, no number of the child."),
        ("age", 18, f"{HOW_TO_WRITE}."),
        ("gender", 14, "Choose from the list, or write your own word."),
        ("category", 20, "Choose from the list, or write your own words."),
        ("plan", 20, "Choose from the list, or write your own words."),
        ("sibling_group", 16, "A letter that siblings share."),
        ("needs", 40, "Needs and experiences, with commas between them."),
    ),
}


def blank_workbook() -> bytes:
    """An empty set-up workbook (.xlsx) whose drop-downs offer the forms and kinds of this installation."""
    import openpyxl

    book = openpyxl.Workbook()
    lists = book.create_sheet("Lists")
    _write_audit_sheet(book.active)
    for position, (name, heads) in enumerate(_HEADS.items(), 1):
        _write_table_sheet(book.create_sheet(name, position), heads)
    _write_grid_sheet(
        book.create_sheet("Grid", len(_HEADS) + 1),
        "Cases go down, agencies across: choose them from the lists. An x where the agency knew the child.",
    )
    _write_grid_sheet(
        book.create_sheet("References", len(_HEADS) + 2),
        "If you like: what each agency itself calls its file, below its name. Contacts see it after a code.",
    )
    forms = [form.form for form in usable_forms()]
    for column, (sheet, cells, choices, strict) in enumerate(_choices(forms), 1):
        for row, choice in enumerate(choices, 1):
            lists.cell(row, column, choice)
        letter = lists.cell(1, column).column_letter
        _add_drop_down(
            book[sheet], cells, f"Lists!${letter}$1:${letter}${max(len(choices), 1)}", strict=strict
        )
    lists.sheet_state = "hidden"
    for sheet, cells, source in (
        ("Contacts", f"A2:A{_ROWS}", "Agencies"),
        ("Grid", "B1:AZ1", "Agencies"),
        ("Grid", f"A2:A{_ROWS}", "Cases"),
        ("References", "B1:AZ1", "Agencies"),
        ("References", f"A2:A{_ROWS}", "Cases"),
    ):
        _add_drop_down(book[sheet], cells, f"{source}!$A$2:$A${_ROWS}", strict=True)
    workbook = io.BytesIO()
    book.save(workbook)
    return workbook.getvalue()


def _choices(forms: Sequence[str]) -> tuple[tuple[str, str, Sequence[str], bool], ...]:
    """Each drop-down: sheet, cells, choices, and whether other words are refused."""
    return (
        ("Audit", "B3", forms, True),
        ("Audit", "B6", tuple(filter(None, EMPHASES)), True),
        ("Audit", "B18", ("yes", "no"), True),
        ("Agencies", f"B2:B{_ROWS}", tuple(AGENCY_KINDS.values()), True),
        ("Contacts", f"D2:D{_ROWS}", tuple(CONTACT_ROLES), True),
        ("Cases", f"C2:C{_ROWS}", GENDERS, False),
        ("Cases", f"D2:D{_ROWS}", CATEGORIES, False),
        ("Cases", f"E2:E{_ROWS}", PLANS, False),
        ("Grid", f"B2:AZ{_ROWS}", ("x",), True),
    )


def _write_audit_sheet(sheet: Any) -> None:  # noqa: ANN401 — openpyxl's, imported only where used
    from openpyxl.styles import Alignment

    sheet.title = "Audit"
    _write_headings(sheet, (("name", 24, ""), ("value", 60, ""), ("what it is", 76, "")))
    for row, (name, value, shape, words) in enumerate(_AUDIT, 2):
        sheet.cell(row, 1, name)
        sheet.cell(row, 2, value or None).number_format = shape
        _style_explanation(sheet.cell(row, 3, words))
        sheet.cell(row, 2).alignment = Alignment(wrap_text=True, vertical="top")


def _write_table_sheet(sheet: Any, heads: Sequence[tuple[str, int, str]]) -> None:  # noqa: ANN401 — likewise
    _write_headings(sheet, heads)
    for column, (_, _, words) in enumerate(heads, 1):
        cell = sheet.cell(1, column)
        # As text, so that Excel does not turn "1-2" into a date or "0123" into a number.
        sheet.column_dimensions[cell.column_letter].number_format = _TEXT
        _add_input_prompt(sheet, cell.coordinate, words)


def _write_grid_sheet(sheet: Any, words: str) -> None:  # noqa: ANN401 — likewise
    _write_headings(sheet, (("Case", 20, ""),))
    sheet.freeze_panes = "B2"
    # All columns as text, for pseudonyms such as 01 and references such as 00471.
    for column in range(1, _COLUMNS + 1):
        letter = sheet.cell(1, column).column_letter
        sheet.column_dimensions[letter].number_format = _TEXT
        sheet.cell(1, column).number_format = _TEXT
    _add_input_prompt(sheet, "A1", words)


def _write_headings(sheet: Any, heads: Sequence[tuple[str, int, str]]) -> None:  # noqa: ANN401 — likewise
    from openpyxl.styles import Font

    for column, (name, width, _) in enumerate(heads, 1):
        cell = sheet.cell(1, column, name)
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.freeze_panes = "A2"


def _style_explanation(cell: Any) -> None:  # noqa: ANN401 — likewise
    from openpyxl.styles import Font

    cell.font = Font(italic=True, color="FF505A5F")


def _add_input_prompt(sheet: Any, cell: str, words: str) -> None:  # noqa: ANN401 — likewise
    """Prompt for the content of a column once its heading is selected."""
    from openpyxl.worksheet.datavalidation import DataValidation

    prompt = DataValidation(promptTitle="What goes here", prompt=words, showInputMessage=True)
    prompt.add(cell)
    sheet.add_data_validation(prompt)


def _add_drop_down(sheet: Any, cells: str, source: str, *, strict: bool) -> None:  # noqa: ANN401 — likewise
    from openpyxl.worksheet.datavalidation import DataValidation

    choices = DataValidation(type="list", formula1=f"={source}", allow_blank=True, showErrorMessage=strict)
    choices.error, choices.errorTitle = "Choose one from the list.", "Not in the list"
    choices.add(cells)
    sheet.add_data_validation(choices)
