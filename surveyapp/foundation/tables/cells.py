"""The sheets, rows and cells of a table, whatever kind of file it was read from."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from surveyapp.foundation.words.clean_text import clean_text

# Excel keeps 15 digits of a number; the others become noughts.
_DIGITS_KEPT = 15
# A number format of noughts and fixed text only, such as 00000, 00000\ 000000 or "OCC/"0000.
_FORMAT_PART = re.compile(r'0|\\(.)|"([^"]*)"|([ ()/.,+-])')


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


@dataclass(frozen=True)
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


def cell_value(cell: Any) -> Any:  # noqa: ANN401 — openpyxl's cell, and whatever it holds
    """The value of a cell: text, a NumberCell, a day, true or false, or a CellMistake; "" if it is empty."""
    kind, value = getattr(cell, "data_type", "n"), cell.value
    if kind == "f":
        return formula_value(str(value))
    if kind == "e":
        return CellMistake(f"the cell says {value}: put a value instead")
    if isinstance(value, bool | date):
        return value.date() if isinstance(value, datetime) else value
    if isinstance(value, int | float):
        return NumberCell(_number_as_shown(value, str(getattr(cell, "number_format", ""))))
    return "" if value is None else clean_text(str(value)).strip()


def formula_value(formula: str) -> bool | CellMistake:
    """The value of TRUE() or FALSE(), as LibreOffice writes truth; a mistake for any other formula."""
    truth = _TRUTH.fullmatch(formula.strip())
    return FORMULA if truth is None else truth[1].casefold() == "true"


def _number_as_shown(value: float, number_format: str) -> str:
    """A number as its format shows it, if that only adds noughts and fixed text; else in plain digits."""
    whole = int(value) if isinstance(value, int) or value.is_integer() else None
    if whole is None:
        return str(value)
    parts = list(_FORMAT_PART.finditer(number_format))
    noughts = sum(part[0] == "0" for part in parts)
    if whole < 0 or noughts == 0 or sum(len(part[0]) for part in parts) < len(number_format):
        return str(whole)
    digits = str(whole).zfill(noughts)
    # The first nought stands for all digits that are too many.
    groups = iter([digits[: len(digits) - noughts + 1], *digits[len(digits) - noughts + 1 :]])
    return "".join(next(groups) if part[0] == "0" else part[1] or part[2] or part[3] or "" for part in parts)
