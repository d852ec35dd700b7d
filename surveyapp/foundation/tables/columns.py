"""Recognises the columns of a table by their heads; what it cannot settle, staff choose on a page."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from surveyapp.foundation.tables.cells import CellMistake, Sheet, SheetRow
from surveyapp.foundation.words.clean_text import clean_line, name_key
from surveyapp.foundation.words.dates_and_lists import list_in_words

_MOST_SAMPLES = 3


@dataclass(frozen=True)
class Column:
    """A column that is taken from a table. `heads` are usual words for it, in small letters.

    `pattern` is what its values look like, for a table without a line of heads. With `is_name`, the label is
    a name, and only the same name is its head.
    """

    name: str
    label: str
    heads: tuple[str, ...] = ()
    is_needed: bool = False
    pattern: str = ""
    is_name: bool = False

    def has_head(self, head: str) -> bool:
        """Whether a head is one of this column."""
        if self.is_name:
            return name_key(head) == name_key(self.label)
        return head_key(head) in self._head_keys

    @cached_property
    def _head_keys(self) -> frozenset[str]:
        return frozenset(head_key(words) for words in (self.label, self.name, *self.heads))

    def resembles(self, value: object) -> bool:
        """Whether a value looks like one of this column."""
        return bool(self.pattern) and re.search(self.pattern, str(value), re.IGNORECASE) is not None


@dataclass(frozen=True)
class ColumnMatch:
    """Which column of a table is which, by its position from 0; the others are left out.

    `has_heads` is whether the first row holds heads. `doubts` are the sentences that a person has to settle.
    """

    columns: Mapping[int, Column]
    has_heads: bool
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableColumn:
    """One column of a table as the page shows it, where somebody says what it is."""

    position: int
    letter: str
    head: str
    samples: tuple[str, ...]
    column: Column | None


@dataclass(frozen=True, slots=True)
class NamedRow:
    """One row below the heads: its number, and its values that are not empty, by the name of their column."""

    number: int
    values: Mapping[str, Any] = field(default_factory=dict)


def head_key(head: object) -> str:
    """What is compared of a head: its words in small letters, without marks and bracketed units."""
    words = re.sub(r"\([^)]*\)", " ", name_key(str(head)))
    return " ".join(re.sub(r"[\W_]+", " ", words).split())


def column_letter(position: int) -> str:
    """The letter by which spreadsheets name a column, by its position from 0: A, Z, AA."""
    letters = ""
    number = position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def filled_letters(rows: Iterable[SheetRow], positions: Collection[int]) -> Iterator[str]:
    """The letters of those of some columns, by their positions from 0, that hold something, in order."""
    if positions:
        filled = {position for row in rows for position, cell in enumerate(row.cells) if cell != ""}
        yield from (column_letter(position) for position in sorted(filled.intersection(positions)))


def recognised_heads(sheet: Sheet, columns: Sequence[Column]) -> int:
    """How many columns are recognised in the first row, by which the sheets of a file are compared."""
    return len(set(_by_head(sheet.rows[0], columns).values())) if sheet.rows else 0


def match_columns(sheet: Sheet, columns: Sequence[Column], *, asks_about_all: bool = False) -> ColumnMatch:
    """Which column is which: by the heads of the first row, or else by what the values look like.

    With `asks_about_all`, a head that is not recognised is a doubt too, and not left out.
    """
    by_head = _by_head(sheet.rows[0], columns)
    if by_head:
        unknown = tuple(_unknown(sheet, by_head)) if asks_about_all else ()
        return ColumnMatch(_once(by_head), has_heads=True, doubts=(*_doubts(by_head, columns), *unknown))
    by_values = _by_values(sheet.rows, columns)
    doubts = ("No column is recognised by its head: say what each column holds",)
    return ColumnMatch(
        by_values, has_heads=not _first_row_is_like_others(sheet.rows, by_values), doubts=doubts
    )


def chosen_columns(chosen: Mapping[int, str], columns: Sequence[Column], *, has_heads: bool) -> ColumnMatch:
    """Which column is which, as somebody chose on the page; with the doubts that are left."""
    by_name = {column.name: column for column in columns}
    known = {position: by_name[name] for position, name in sorted(chosen.items()) if name in by_name}
    return ColumnMatch(known, has_heads=has_heads, doubts=tuple(_doubts(known, columns)))


def table_columns(sheet: Sheet, match: ColumnMatch) -> list[TableColumn]:
    """Every column of the table that holds something, with a few of its values."""
    return [
        TableColumn(
            position,
            column_letter(position),
            _head(sheet, position) if match.has_heads else "",
            tuple(_samples(sheet, position, after=int(match.has_heads))),
            match.columns.get(position),
        )
        for position in _filled_positions(sheet)
    ]


def columns_left_out(sheet: Sheet, match: ColumnMatch) -> list[str]:
    """The heads of the columns that are not taken, in the order of the table."""
    positions = [position for position in _filled_positions(sheet) if position not in match.columns]
    return [_head(sheet, position) or column_letter(position) for position in positions]


def named_rows(sheet: Sheet, match: ColumnMatch) -> Iterator[NamedRow]:
    """The rows below the heads, with their values by the name of their column."""
    for row in sheet.rows[int(match.has_heads) :]:
        cells = ((match.columns.get(position), cell) for position, cell in enumerate(row.cells))
        values = {column.name: cell for column, cell in cells if column is not None and cell != ""}
        if values:
            yield NamedRow(row.number, values)


def without_columns(sheet: Sheet, positions: set[int]) -> Sheet:
    """The same sheet with the cells of some columns emptied."""
    rows = (
        SheetRow(
            row.number,
            tuple("" if position in positions else cell for position, cell in enumerate(row.cells)),
            row.is_hidden,
        )
        for row in sheet.rows
    )
    filled = tuple(row for row in rows if any(cell != "" for cell in row.cells))
    return Sheet(filled, sheet.is_hidden, sheet.hidden_columns)


def _by_head(row: SheetRow, columns: Sequence[Column]) -> dict[int, Column]:
    heads = {position: cell for position, cell in enumerate(row.cells) if isinstance(cell, str)}
    return {
        position: column
        for position, head in heads.items()
        for column in columns
        if head_key(head) and column.has_head(head)
    }


def _once(by_position: Mapping[int, Column]) -> dict[int, Column]:
    """The columns of which there is one each; of two alike, somebody chooses."""
    counts = Counter(column.name for column in by_position.values())
    return {position: column for position, column in by_position.items() if counts[column.name] == 1}


def _doubts(by_position: Mapping[int, Column], columns: Sequence[Column]) -> Iterator[str]:
    positions: defaultdict[str, list[str]] = defaultdict(list)
    for position, column in by_position.items():
        positions[column.name].append(column_letter(position))
    for column in columns:
        letters = positions[column.name]
        if len(letters) > 1:
            yield f"Columns {list_in_words(letters)} are both “{column.label}”: choose one of them"
        if not letters and column.is_needed:
            yield f"Say which column holds “{column.label}”"


def _unknown(sheet: Sheet, by_head: Mapping[int, Column]) -> Iterator[str]:
    for position in _filled_positions(sheet):
        if position not in by_head:
            head = _head(sheet, position)
            letter = column_letter(position)
            words = f"“{head}”, column {letter}," if head else f"Column {letter}"
            yield f"{words} is not recognised: say what it holds, or leave it out"


def _by_values(rows: Sequence[SheetRow], columns: Sequence[Column]) -> dict[int, Column]:
    """For each column with a pattern, the first position at which most values look like it."""
    matched: dict[int, Column] = {}
    positions = range(max(len(row.cells) for row in rows))
    for column in (column for column in columns if column.pattern):
        for position in positions:
            values = [row.cells[position] for row in rows if len(row.cells) > position]
            filled = [value for value in values if value != ""]
            if position not in matched and sum(map(column.resembles, filled)) * 2 > len(filled):
                matched[position] = column
                break
    return matched


def _first_row_is_like_others(rows: Sequence[SheetRow], by_values: Mapping[int, Column]) -> bool:
    """Whether the first row holds values as the others do, and no heads."""
    first = rows[0].cells
    return len(rows) == 1 or any(
        len(first) > position and column.resembles(first[position]) for position, column in by_values.items()
    )


def _filled_positions(sheet: Sheet) -> list[int]:
    return sorted({position for row in sheet.rows for position, cell in enumerate(row.cells) if cell != ""})


def _head(sheet: Sheet, position: int) -> str:
    cells = sheet.rows[0].cells
    return clean_line(str(cells[position]))[:60] if position < len(cells) else ""


def _samples(sheet: Sheet, position: int, *, after: int) -> Iterator[str]:
    samples = 0
    for row in sheet.rows[after:]:
        cell = row.cells[position] if position < len(row.cells) else ""
        if cell != "" and not isinstance(cell, CellMistake):
            yield clean_line(str(cell))[:60]
            samples += 1
        if samples == _MOST_SAMPLES:
            return
