"""Reads the table of places and percentages that staff paste or upload for a benchmark."""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from surveyapp.defining.mistakes import MOST_LISTED
from surveyapp.foundation.tables.csv_reader import csv_rows
from surveyapp.foundation.words.clean_text import clean_line

MOST_ROWS = 200


LONGEST_NAME = 120


# A per cent has at most three decimals; a spreadsheet writes a part of one with many more.
_FIGURE = re.compile(r"([0-9]{1,3}(?:[.,][0-9]{1,3})?|[01][.,][0-9]{1,20}) ?%?")
_THREE_DECIMALS = Decimal("0.001")


_HEADING = re.compile(r"per ?cent|%|rate|share|figure|value", re.IGNORECASE)


_HUNDRED = Decimal(100)


class RowMistakes(ValueError):
    """Mistakes in a pasted table, each in a sentence with the number of its row."""

    def __init__(self, mistakes: list[str]) -> None:
        """Keep the first MOST_LISTED sentences in the order of the rows, and one with the count of all."""
        if len(mistakes) > MOST_LISTED:
            count = f"These are the first {MOST_LISTED} of {len(mistakes):,} mistakes."
            mistakes = [*mistakes[:MOST_LISTED], count]
        super().__init__("; ".join(mistakes))
        self.mistakes = mistakes


def read_rows(text: str) -> list[tuple[str, str]]:
    """Read one name and percentage from each line of a pasted table or a CSV file.

    Tabs, semicolons or commas separate the two. A decimal comma becomes a point; figures otherwise stay as
    written. A first line whose second column has a word such as “Per cent” is a heading. Raises RowMistakes
    with every mistake.
    """
    rows: list[tuple[str, str]] = []
    mistakes: list[str] = []
    row_numbers: dict[str, int] = {}
    for number, cells in enumerate(csv_rows(text), start=1):
        name, figure = _parts(cells)
        is_heading = number == 1 and not re.search(r"\d", figure) and _HEADING.search(figure)
        if not cells or is_heading:
            continue
        mistake = _mistake(name, figure, row_numbers) or _decimal_comma(cells)
        if mistake:
            mistakes.append(f"Row {number}: {mistake}")
        else:
            row_numbers[name.casefold()] = number
            rows.append((name, read_percent(figure) or ""))
    if len(rows) > MOST_ROWS:
        mistakes.append(f"There are {len(rows)} rows; {MOST_ROWS} are the most.")
    if mistakes:
        raise RowMistakes(mistakes)
    return rows


def read_percent(text: str) -> str | None:
    """A percentage as it was typed, without its sign and with a decimal point; None if it is none."""
    match = _FIGURE.fullmatch(text.strip())
    return match[1].replace(",", ".") if match else None


def may_be_parts_of_one(figures: Sequence[str]) -> bool:
    """Whether no figure is above 1 and one is between 0 and 1, so that 0.204 may stand for 20.4 per cent."""
    values = [Decimal(figure) for figure in figures]
    return all(value <= 1 for value in values) and any(0 < value < 1 for value in values)


def percent_of_part(figure: str) -> str:
    """A part of one in per cent: 0.204 is 20.4. To three decimals, without noughts at the end."""
    return _short(Decimal(figure) * _HUNDRED)


def to_three_decimals(figure: str) -> str:
    """A percentage with at most three decimals; one that has no more stays as typed."""
    return figure if len(figure.partition(".")[2]) <= 3 else _short(Decimal(figure))  # noqa: PLR2004 — three


def _short(value: Decimal) -> str:
    text = f"{value.quantize(_THREE_DECIMALS, rounding=ROUND_HALF_UP):f}"
    return text.rstrip("0").rstrip(".")


def _parts(cells: list[str]) -> tuple[str, str]:
    """The name and the figure of a row: its last cell, and what stands before it."""
    if len(cells) == 1:
        # A line with a comma among lines with tabs.
        cells = cells[0].rpartition(",")[::2]  # type: ignore[assignment]
    name, figure = (", ".join(cells[:-1]), cells[-1]) if cells else ("", "")
    return clean_line(name), clean_line(figure)


def _decimal_comma(cells: list[str]) -> str:
    """Ask for a point where a comma separates the cells and seems to stand for the decimal point too."""
    if len(cells) > 2 and cells[-2].isdecimal() and cells[-1].isdecimal():  # noqa: PLR2004 — more than two columns
        return f"write the per cent with a point, not a comma: {cells[-2]}.{cells[-1]}"
    return ""


def _mistake(name: str, figure: str, row_numbers: dict[str, int]) -> str:
    """The first mistake in a row, as a sentence; empty for a good row."""
    percent = read_percent(figure)
    if not name:
        return "write a name, a tab or a comma, and a per cent, such as Warrington, 20.4"
    if percent is None:
        return f"“{figure}” is not a per cent; write one like 20.4, or leave the row out"
    if Decimal(percent) > _HUNDRED:
        return f"{figure} is more than 100 per cent"
    if name.casefold() in row_numbers:
        return f"{name} stands in row {row_numbers[name.casefold()]} already"
    return f"the name is longer than {LONGEST_NAME} characters" if len(name) > LONGEST_NAME else ""
