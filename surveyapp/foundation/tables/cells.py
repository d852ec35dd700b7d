"""The sheets, rows and cells of a table, whatever kind of file it was read from."""

import re
from dataclasses import dataclass
from typing import Any

# Excel keeps 15 digits of a number; the others become noughts.
_DIGITS_KEPT = 15


class CellMistake(str):
    """A cell without a value of its own, such as a formula; the text is the message about it."""

    __slots__ = ()


FORMULA = CellMistake("a formula stands here: put its value instead")
_TRUTH = re.compile(r"(?:of:)?=?(TRUE|FALSE)\(\)", re.IGNORECASE)


class NumberCell(str):
    """A cell that holds a number; the text is the number as the workbook shows it, such as 00471."""

    __slots__ = ()

    @property
    def is_rounded(self) -> bool:
        """Whether the number has more digits than a workbook keeps, so that the last ones are made up."""
        return len(re.sub(r"\D", "", self).lstrip("0")) > _DIGITS_KEPT


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of a sheet that is not empty; `number` counts from 1, as Excel does."""

    number: int
    cells: tuple[Any, ...]
    is_hidden: bool = False


@dataclass(frozen=True)
class Sheet:
    """One sheet: its rows that are not empty, and what of it the workbook does not show.

    `hidden_columns` are letters, of columns that hold something.
    """

    rows: tuple[SheetRow, ...] = ()
    is_hidden: bool = False
    hidden_columns: tuple[str, ...] = ()


def formula_value(formula: str) -> bool | CellMistake:
    """The value of TRUE() or FALSE(), as LibreOffice writes truth; a mistake for any other formula."""
    truth = _TRUTH.fullmatch(formula.strip())
    return FORMULA if truth is None else truth[1].casefold() == "true"
