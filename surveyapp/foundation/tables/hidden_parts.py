"""What somebody who looks at a sheet does not see, and what is read all the same."""

from collections.abc import Iterator

from surveyapp.foundation.tables.cells import Sheet
from surveyapp.foundation.words.dates_and_lists import list_in_words


def hidden_parts(sheet: Sheet) -> Iterator[str]:
    """A notice for the sheet, for its rows and for its columns, each if it is hidden; without a full stop."""
    rows = [row.number for row in sheet.rows if row.is_hidden]
    for words, is_one in (
        ("the sheet" if sheet.is_hidden else "", True),
        (_rows_in_words(rows), len(rows) == 1),
        (_columns_in_words(sheet.hidden_columns), len(sheet.hidden_columns) == 1),
    ):
        if words:
            are, go = ("is", "is") if is_one else ("are", "are")
            yield f"{words} {are} hidden in the workbook, and {go} taken all the same"


def _rows_in_words(rows: list[int]) -> str:
    """Rows in words, runs together: row 4; rows 4, 7 to 9 and 12."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][-1] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    words = [f"{run[0]} to {run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
    return f"{'row' if len(rows) == 1 else 'rows'} {list_in_words(words)}" if rows else ""


def _columns_in_words(letters: tuple[str, ...]) -> str:
    return f"{'column' if len(letters) == 1 else 'columns'} {list_in_words(letters)}" if letters else ""
