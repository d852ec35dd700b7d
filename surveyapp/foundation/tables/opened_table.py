"""Opens a table that staff paste or upload, and refuses what is none (promises I2 to I4)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath

from surveyapp.foundation.documents.file_kinds import (
    CSV,
    OPEN_SPREADSHEET,
    SPREADSHEETS,
    UTF_16,
    WORKBOOK,
    kind_of_file,
)
from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.tables import packing
from surveyapp.foundation.tables.cells import Sheet, SheetRow
from surveyapp.foundation.tables.csv_reader import NotCsv, csv_sheet, decoded_text
from surveyapp.foundation.tables.hidden_parts import hidden_parts
from surveyapp.foundation.tables.limits import IMPORT_LIMITS, TableLimits
from surveyapp.foundation.tables.spreadsheet import (
    UnreadableSpreadsheet,
    open_document_sheets,
    workbook_sheets,
)
from surveyapp.foundation.tables.spreadsheet_safety import NOT_A_WORKBOOK
from surveyapp.foundation.words.dates_and_lists import list_in_words

PASTED = "Pasted cells"
# The fields of a page that carry the table: each below the limit of a field, all below that of a form.
FIELD_CHARACTERS = 400_000
_MOST_CARRIED = 3_200_000
_SEND_INSTEAD = "Send a spreadsheet (.xlsx or .ods) or a CSV file, or paste its cells."
_WESTERN = (
    "The file does not say how its letters are written. It was read as Windows writes them: "
    "check names with accents, such as é or ô"
)


class UnreadableTable(SurveyError):
    """What was pasted or uploaded cannot be read as a table."""

    way_on = "Nothing was stored."


@dataclass(frozen=True)
class OpenedTable:
    """The rows of one table as they were read, with what was noticed in reading; nothing is checked yet."""

    name: str
    sheet: Sheet
    notices: tuple[str, ...] = ()

    def fields(self) -> list[str]:
        """The content for hidden fields of a page, which carry it to the next press.

        Raises UnreadableTable if a page cannot carry that much.
        """
        sheets = {self.name: self.sheet, **{notice: Sheet() for notice in self.notices}}
        packed = packing.pack(b"S", packing.sheets_as_json(sheets))
        if len(packed) > _MOST_CARRIED:
            raise UnreadableTable("The table holds more text than a page can carry. Divide it")
        return [packed[at : at + FIELD_CHARACTERS] for at in range(0, len(packed), FIELD_CHARACTERS)]


def carried_table(fields: list[str]) -> OpenedTable:
    """The table from the fields of a page. Raises DamagedFile for anything that `fields` did not write."""

    def read(_kind: bytes, content: bytes) -> OpenedTable:
        (name, sheet), *notices = packing.sheets_from_json(content).items()
        return OpenedTable(name, sheet, tuple(notice for notice, _ in notices))

    return packing.unpack("".join(fields), read)


def open_cells(text: str, limits: TableLimits = IMPORT_LIMITS) -> OpenedTable:
    """The table that somebody pasted into a box. Raises UnreadableTable."""
    return _checked(OpenedTable(PASTED, csv_sheet(text, limits)), limits)


def open_file(
    content: bytes,
    name: str,
    *,
    rank: Callable[[Sheet], int],
    limits: TableLimits = IMPORT_LIMITS,
) -> OpenedTable:
    """The table of an uploaded file. Raises UnreadableTable with a sentence for what is none.

    Of several sheets, the one that `rank` finds best is read, the first of equals, and a notice says so.
    """
    kind = kind_of_file(content, name)
    if len(content) > limits.file_bytes:
        raise UnreadableTable(f"{limits.too_large} An import takes {limits.rows:,} rows")
    if kind in {WORKBOOK, OPEN_SPREADSHEET} or (not kind and content.startswith(b"PK")):
        read = open_document_sheets if kind == OPEN_SPREADSHEET else workbook_sheets
        try:
            return _of_sheets(name, read(content, limits), rank, limits)
        except UnreadableSpreadsheet as error:
            raise UnreadableTable(str(error)) from None
    if kind not in {CSV, UTF_16, ""}:
        hint = " Save it as “Excel workbook (.xlsx)”, without a password." if kind in SPREADSHEETS else ""
        raise UnreadableTable(f"This is {kind}.{hint} {_SEND_INSTEAD}")
    if not kind and PurePath(name).suffix.lower().startswith((".xls", ".ods")) and b"\0" in content:
        raise UnreadableTable(NOT_A_WORKBOOK)
    try:
        decoded = decoded_text(content)
    except NotCsv as error:
        raise UnreadableTable(str(error)) from None
    notices = (_WESTERN,) if decoded.is_western else ()
    return _checked(OpenedTable(name, csv_sheet(decoded.text, limits), notices), limits)


def _of_sheets(
    name: str, sheets: Mapping[str, Sheet], rank: Callable[[Sheet], int], limits: TableLimits
) -> OpenedTable:
    filled = {title: sheet for title, sheet in sheets.items() if sheet.rows}
    if not filled:
        raise UnreadableTable("The file is empty")
    title = max(filled, key=lambda title: rank(filled[title]))
    others = [f"“{other}”" for other in filled if other != title]
    notices = [f"The sheet “{title}” was read, and not {list_in_words(others)}"] if others else []
    hidden = [words[0].upper() + words[1:] for words in hidden_parts(filled[title])]
    return _checked(OpenedTable(name, filled[title], (*notices, *hidden)), limits)


def _checked(table: OpenedTable, limits: TableLimits) -> OpenedTable:
    """The table without empty cells at the ends; raises UnreadableTable if it is empty or too long."""
    rows = table.sheet.rows
    if not rows:
        raise UnreadableTable("Nothing is there" if table.name == PASTED else "The file is empty")
    if rows[-1].number > limits.rows + 1:
        raise UnreadableTable(
            f"The table has more than {limits.rows:,} rows, which an import takes at most. Divide it"
        )
    trimmed = tuple(_without_empty_end(row) for row in rows)
    return replace(table, sheet=replace(table.sheet, rows=trimmed))


def _without_empty_end(row: SheetRow) -> SheetRow:
    filled = len(row.cells)
    while filled and row.cells[filled - 1] == "":
        filled -= 1
    return row if filled == len(row.cells) else replace(row, cells=row.cells[:filled])
