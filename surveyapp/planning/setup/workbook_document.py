"""A set-up workbook as one document, with the sheet and row of each part, and mistakes in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from surveyapp.defining.mistakes import Mistake
from surveyapp.defining.strict_yaml import Loc, StrictDocument
from surveyapp.foundation.tables.limits import TableLimits

SHEETS = ("Audit", "Agencies", "Contacts", "Cases", "Grid")
# An optional sheet in the shape of the grid, with each agency's own reference for its file.
REFERENCES_SHEET = "References"
# A file as large as a Word template may be, below the limit of the whole request.
SET_UP_LIMITS = TableLimits(
    "a set-up",
    file_bytes=3_000_000,
    rows=1_000,
    columns=100,
    tags=300_000,
    way_on="Copy its sheets into the blank workbook.",
)


class SheetMistake(Mistake):
    """A mistake in a workbook: `file` is the sheet, `line` the row, 0 for the sheet as a whole."""

    def __str__(self) -> str:
        return f"{self.file} row {self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"

    @property
    def sheet_position(self) -> int:
        """The position of the sheet in a set-up workbook."""
        return SHEETS.index(self.file) if self.file in SHEETS else len(SHEETS)


@dataclass(frozen=True)
class WorkbookDocument(StrictDocument):
    """The content of a workbook in the shape of a YAML file, with the sheet and row of each part."""

    places: Mapping[Loc, tuple[str, int]] = field(default_factory=dict)
    # The message for each sheet that is empty or missing.
    empty_sheet_messages: Mapping[str, str] = field(default_factory=dict)

    def _sheet_and_row(self, loc: Loc) -> tuple[str, int]:
        while loc not in self.places:
            loc = loc[:-1]
        return self.places[loc]

    def place(self, loc: Loc, *, of_key: bool = False) -> tuple[int, int]:  # noqa: ARG002 — a row has no key
        """The row of the part at `loc`, or of the nearest part that encloses it."""
        return self._sheet_and_row(loc)[1], 1

    def mistake(self, loc: Loc, message: str, *, of_key: bool = False) -> Mistake:  # noqa: ARG002 — likewise
        """A mistake in the row of the part at `loc`."""
        sheet, row = self._sheet_and_row(loc)
        return SheetMistake(sheet, row, 1, message if row else self.empty_sheet_messages.get(sheet, message))


def in_file_order(mistake: Mistake) -> tuple[int, int, int, str]:
    """Sort key: by sheet, row or line, column and message."""
    sheet = mistake.sheet_position if isinstance(mistake, SheetMistake) else 0
    return sheet, mistake.line, mistake.column, mistake.message
