"""The steps of a page that takes a table: paste or upload, say what the columns are, look, store.

The table itself goes from step to step in hidden fields, as an uploaded set-up file does: nothing about
anybody is stored before the last press, and a reload of any step shows it again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import TextAreaField

from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.tables.cells import Sheet
from surveyapp.foundation.tables.columns import (
    Column,
    ColumnMatch,
    chosen_columns,
    match_columns,
    recognised_heads,
    table_columns,
)
from surveyapp.foundation.tables.limits import IMPORT_LIMITS
from surveyapp.foundation.tables.opened_table import (
    OpenedTable,
    UnreadableTable,
    carried_table,
    open_cells,
    open_file,
)
from surveyapp.foundation.tables.packing import DamagedFile
from surveyapp.foundation.tables.table_mistakes import TableMistakes
from surveyapp.foundation.web.base import SurveyForm
from surveyapp.foundation.web.fields import posted_number
from surveyapp.foundation.words.clean_text import clean_line

# The fields of these pages that hold no typed text, for name_unread_fields().
HIDDEN_FIELDS = ("table", "step", "shown", "heads", "has_columns")
CHOICE, COLUMN = "choice-", "column-"
FIELD_PREFIXES = (CHOICE, COLUMN)


class TableForm(SurveyForm):
    """Cells pasted from a spreadsheet, or a file."""

    cells = TextAreaField("Paste the cells here")
    file = FileField("Or upload the file")


def _as_it_is(table: OpenedTable) -> OpenedTable:
    return table


@dataclass(frozen=True)
class TablePage:
    """What a page that takes a table says, and which columns it takes.

    `example` is a small table, its heads first. `back` is an address and its words. With
    `asks_about_all`, a head that is not recognised is asked about, and not left out. `prepare` removes
    what no page may carry, such as a column of names, before anything else is done.
    """

    title: str
    about: str
    example: tuple[tuple[str, ...], ...]
    columns: tuple[Column, ...]
    back: tuple[str, str]
    caption: str = ""
    asks_about_all: bool = False
    prepare: Callable[[OpenedTable], OpenedTable] = _as_it_is


@dataclass(frozen=True)
class PostedTable:
    """A table with its columns, as this press has them; `is_confirmed` if the press is to store it."""

    table: OpenedTable
    match: ColumnMatch
    choices: Mapping[str, str]
    is_confirmed: bool
    packed: tuple[str, ...]

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The hidden fields that carry the table to the next press, by name, without its columns."""
        return [*(("table", part) for part in self.packed), ("has_columns", "yes")]

    @property
    def column_fields(self) -> list[tuple[str, str]]:
        """The hidden fields that say what the columns are, by name."""
        heads = ("heads", "yes" if self.match.has_heads else "no")
        return [heads, *((f"{COLUMN}{at}", column.name) for at, column in self.match.columns.items())]


def take_table(page: TablePage, look: Callable[[PostedTable], ResponseReturnValue]) -> ResponseReturnValue:
    """Answer any step of a page that takes a table; `look` answers once the columns are known.

    A TableMistakes that `look` raises is shown beside the box with the cells, so that they can be mended.
    """
    form = TableForm()
    if request.method != "POST":
        return _paste_page(page, form)
    try:
        table = page.prepare(_posted_table(form, page))
        match, packed = _posted_match(table, page), tuple(table.fields())
    except SurveyError as error:
        form.cells.errors = [error.message]
        return _paste_page(page, form)
    posted = PostedTable(table, match, _posted_choices(), request.form.get("step") == "store", packed)
    if match.doubts or request.form.get("step") == "columns":
        return _columns_page(page, posted)
    try:
        return look(posted)
    except TableMistakes as error:
        form.cells.data = as_pasted(table.sheet)
        return _paste_page(page, form, mistakes=error)


def as_pasted(sheet: Sheet) -> str:
    """A sheet as the text that pastes it again, in the same rows."""
    lines = [""] * (sheet.rows[-1].number if sheet.rows else 0)
    for row in sheet.rows:
        lines[row.number - 1] = "\t".join(_quoted(str(cell)) for cell in row.cells).rstrip("\t")
    return "\n".join(lines)


def _quoted(text: str) -> str:
    if not any(mark in text for mark in '\t\n"'):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _posted_choices() -> dict[str, str]:
    """What was chosen for each difference and question, by its key; an empty box is not posted."""
    posted = ((name, choice) for name, choice in request.form.items() if name.startswith(CHOICE))
    return {name.removeprefix(CHOICE): choice for name, choice in posted if choice}


def _posted_table(form: TableForm, page: TablePage) -> OpenedTable:
    if "table" in request.form:
        try:
            return carried_table(request.form.getlist("table"))
        except DamagedFile:
            raise UnreadableTable("The table did not come back whole. Paste or choose it again") from None
    file = form.file.data
    if isinstance(file, FileStorage) and file.filename:
        with file.stream:
            content = file.stream.read(IMPORT_LIMITS.file_bytes + 1)
        name = clean_line(file.filename)[:100]
        return open_file(content, name, rank=lambda sheet: recognised_heads(sheet, page.columns))
    if not (form.cells.data or "").strip():
        raise UnreadableTable("Paste the cells, or choose a file")
    return open_cells(form.cells.data or "")


def _posted_match(table: OpenedTable, page: TablePage) -> ColumnMatch:
    if "has_columns" not in request.form:
        return match_columns(table.sheet, page.columns, asks_about_all=page.asks_about_all)
    fields = (name for name in request.form if name.startswith(COLUMN))
    chosen = {posted_number(name.removeprefix(COLUMN), otherwise=-1): request.form[name] for name in fields}
    return chosen_columns(chosen, page.columns, has_heads=request.form.get("heads") != "no")


def _paste_page(
    page: TablePage, form: TableForm, *, mistakes: TableMistakes | None = None
) -> ResponseReturnValue:
    has_errors = bool(mistakes or form.cells.errors)
    answer = render_template(
        "survey/tables/paste.html", page=page, form=form, mistakes=mistakes, errors=has_errors
    )
    return answer, 422 if has_errors else 200


def _columns_page(page: TablePage, posted: PostedTable) -> ResponseReturnValue:
    is_asked_again = bool(posted.match.doubts) and "has_columns" in request.form
    answer = render_template(
        "survey/tables/columns.html",
        page=page,
        posted=posted,
        columns=table_columns(posted.table.sheet, posted.match),
        doubts=posted.match.doubts,
        errors=is_asked_again,
    )
    return answer, 422 if is_asked_again else 200
