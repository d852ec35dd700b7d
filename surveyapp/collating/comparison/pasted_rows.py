"""Reads the table of places and percentages that staff paste or upload for a benchmark."""

import re
from decimal import Decimal

from surveyapp.defining.mistakes import MOST_LISTED
from surveyapp.foundation.words.clean_text import clean_line

MOST_ROWS = 200


LONGEST_NAME = 120


_FIGURE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,3})?) ?%?")


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
    """Read one name and percentage from each line, separated by a tab or a comma; figures stay as written.

    A first line whose second column has a word such as “Per cent” is a heading. Raises RowMistakes with every
    mistake.
    """
    rows: list[tuple[str, str]] = []
    mistakes: list[str] = []
    row_numbers: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        name, figure = _parts(line)
        is_heading = number == 1 and not re.search(r"\d", figure) and _HEADING.search(figure)
        if not line.strip() or is_heading:
            continue
        mistake = _mistake(name, figure, row_numbers)
        if mistake:
            mistakes.append(f"Row {number}: {mistake}")
        else:
            row_numbers[name.casefold()] = number
            rows.append((name, _FIGURE.fullmatch(figure)[1]))  # type: ignore[index]  # `_mistake` has matched it
    if len(rows) > MOST_ROWS:
        mistakes.append(f"There are {len(rows)} rows; {MOST_ROWS} are the most.")
    if mistakes:
        raise RowMistakes(mistakes)
    return rows


def _parts(line: str) -> tuple[str, str]:
    """Split a line into name and figure at its last tab, or at its last comma where it has no tab."""
    name, _, figure = line.rstrip("\t ,;").rpartition("\t" if "\t" in line.strip() else ",")
    return clean_line(_unquoted(name)), clean_line(_unquoted(figure))


def _unquoted(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1].replace('""', '"')
    return text


def _mistake(name: str, figure: str, row_numbers: dict[str, int]) -> str:
    """The first mistake in a row, as a sentence; empty for a good row."""
    match = _FIGURE.fullmatch(figure)
    if not name:
        return "write a name, a tab or a comma, and a per cent, such as Warrington, 20.4"
    if match is None:
        return f"“{figure}” is not a per cent; write one like 20.4, or leave the row out"
    if Decimal(match[1]) > _HUNDRED:
        return f"{figure} is more than 100 per cent"
    if re.search(r",\s*\d+$", name):
        return f"write the per cent with a point, not a comma: {name.rpartition(',')[2].strip()}.{figure}"
    if name.casefold() in row_numbers:
        return f"{name} stands in row {row_numbers[name.casefold()]} already"
    return f"the name is longer than {LONGEST_NAME} characters" if len(name) > LONGEST_NAME else ""
