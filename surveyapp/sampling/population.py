"""Reads the children of an export into what is kept of them; names and birth dates go no further than this.

A birth date becomes an age in months on the day of the list, a family’s name or number a letter, and the
children get numbers in an order that depends on the whole file and not on its rows’ order.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any

from surveyapp.foundation.tables.cells import Sheet
from surveyapp.foundation.tables.columns import (
    ColumnMatch,
    NamedRow,
    column_letter,
    columns_left_out,
    named_rows,
)
from surveyapp.foundation.tables.table_mistakes import TableMistake, TableMistakes
from surveyapp.foundation.tables.typed_cells import cell_line, mistake_in, read_tick
from surveyapp.foundation.words.clean_text import name_key
from surveyapp.foundation.words.typed_dates import NotADate, read_date
from surveyapp.planning.cases.ages import AGE_NOT_KNOWN, OLDEST_MONTHS, Age, read_age
from surveyapp.planning.cases.details import CATEGORIES, PLANS
from surveyapp.planning.cases.pseudonyms import identifier_kind
from surveyapp.sampling.children import ListedChild
from surveyapp.sampling.columns import COLUMNS_BY_NAME, LONGEST_HEAD, heads_of
from surveyapp.sampling.durations import months_between, read_months, unit_of

_GENDERS = {
    "f": "female",
    "female": "female",
    "girl": "female",
    "m": "male",
    "male": "male",
    "boy": "male",
    "non-binary": "non-binary",
    "nonbinary": "non-binary",
    "u": "not known",
    "unknown": "not known",
    "not known": "not known",
}
# A column with more different values than these, or with one for every other child, rather holds names.
_MOST_VALUES = {"gender": 8, "category": 40, "plan": 40}
_FEW_VALUES = 8
_LONGEST = {"gender": 40, "category": 80, "plan": 80}
_MOST_PLANS = 30
_USUAL_WORDS = {
    "gender": _GENDERS,
    "category": {name_key(word): word for word in CATEGORIES},
    "plan": {name_key(word): word for word in PLANS},
}


@dataclass(frozen=True)
class Population:
    """The children of a list, each with a number from 1, and what was done in reading it.

    `rows` and `references` hold each child’s row in the file and the file’s own reference, by number, for
    the key alone: they are never stored. `fingerprint` is a digest of every cell.
    """

    children: Mapping[int, ListedChild]
    rows: Mapping[int, int]
    references: Mapping[int, object]
    fingerprint: str
    heads: Mapping[str, str]
    left_out: tuple[str, ...]


def read_population(sheet: Sheet, match: ColumnMatch, *, on: date) -> Population:
    """Read the children of a list of a UK day. Raises TableMistakes, with row and column of each."""
    fingerprint, heads = fingerprint_of(sheet), heads_of(sheet, match)
    rows = {row.number: row for row in named_rows(sheet, match)}
    if not rows:
        raise TableMistakes([TableMistake(0, "", "there is no child below the heads")])
    reader = _RowReader(on, unit_of(heads.get("interval", "")), unit_of(heads.get("age", "")))
    read = {number: reader.child(row) for number, row in rows.items()}
    mistakes = [*reader.mistakes, *_columns_of_names(rows.values())]
    if mistakes:
        raise TableMistakes(mistakes)
    # The order of the file would tell who is who to anybody who has seen it.
    order = sorted(rows, key=lambda number: sha256(f"{fingerprint}:{number}".encode()).digest())
    numbers = {row: number for number, row in enumerate(order, 1)}
    letters = _sibling_letters({numbers[row]: _family(rows[row]) for row in order})
    children = {numbers[row]: read[row] for row in order}
    for number, letter in letters.items():
        children[number] = replace(children[number], sibling_group=letter)
    return Population(
        children,
        {numbers[row]: row for row in order},
        {numbers[row]: rows[row].values.get("reference", "") for row in order},
        fingerprint,
        heads,
        tuple(head[:LONGEST_HEAD] for head in columns_left_out(sheet, match)),
    )


def fingerprint_of(sheet: Sheet) -> str:
    """A digest of every cell of a list, in 64 hexadecimal digits."""
    digest = sha256()
    for row in sheet.rows:
        digest.update("\x1f".join(map(str, row.cells)).encode())
        digest.update(b"\x1e")
    return digest.hexdigest()


def _family(row: NamedRow) -> str:
    return name_key(cell_line(row.values.get("sibling_group", "")))


def _sibling_letters(families: Mapping[int, str]) -> dict[int, str]:
    """A letter for each family with at least two children on the list, in the order of their numbers."""
    sizes = Counter(families.values())
    letters: dict[str, str] = {}
    for _number, family in sorted(families.items()):
        if family and sizes[family] > 1 and family not in letters:
            letters[family] = column_letter(len(letters))
    return {number: letters[family] for number, family in families.items() if family in letters}


def _columns_of_names(rows: Iterable[NamedRow]) -> Iterator[TableMistake]:
    """A mistake for each column of words that seems to hold something else, such as names."""
    cells: defaultdict[str, Counter[object]] = defaultdict(Counter)
    for row in rows:
        for name in _MOST_VALUES:
            if name in row.values:
                cells[name][row.values[name]] += 1
    for name, counts in cells.items():
        different, filled = len({name_key(cell_line(cell)) for cell in counts}), counts.total()
        if different > _MOST_VALUES[name] or (different > _FEW_VALUES and different * 2 > filled):
            label = COLUMNS_BY_NAME[name].label
            yield TableMistake(
                0, label, f"it holds {different} different values, so it seems to be another column"
            )


class _RowReader:
    """Reads rows one by one and gathers their mistakes."""

    def __init__(self, on: date, interval_unit: str, age_unit: str) -> None:
        """Remember the day of the list and the units that the heads name."""
        self.on, self.interval_unit, self.age_unit = on, interval_unit, age_unit or "years"
        self.mistakes: list[TableMistake] = []
        # What each cell of a column says: many children share a day or a category. Forgotten with the reader.
        self._known: dict[tuple[str, object], tuple[Any, str]] = {}

    def child(self, row: NamedRow) -> ListedChild:
        """The child of a row; what cannot be read is left empty, and its mistake is gathered."""
        began_on: date | None = self._value(row, "began_on", _read_day)
        plans: int | None = self._value(row, "plans", _read_number)
        if plans is None:
            plans = self._value(row, "is_repeat", _read_repeat)
        return ListedChild(
            age=self._age(row),
            gender=self._value(row, "gender", lambda words: _read_words(words, "gender")) or "",
            category=self._value(row, "category", lambda words: _read_words(words, "category")) or "",
            plan=self._value(row, "plan", lambda words: _read_words(words, "plan")) or "",
            began_on=began_on,
            interval=self._interval(row, began_on),
            plans=plans,
        )

    def _note(self, row: NamedRow, name: str, words: str) -> None:
        self.mistakes.append(TableMistake(row.number, COLUMNS_BY_NAME[name].label, words))

    def _value(self, row: NamedRow, name: str, read: Callable[[str], Any]) -> Any:  # noqa: ANN401 — as `read` gives it
        """What a cell says, by `read`, whose ValueError is a mistake; None for an empty cell."""
        cell = row.values.get(name, "")
        if cell == "" or isinstance(cell, date):
            return cell or None
        if (name, cell) not in self._known:
            self._known[name, cell] = _read_cell(cell, read)
        value, problem = self._known[name, cell]
        if problem:
            self._note(row, name, problem)
        return value

    def _age(self, row: NamedRow) -> Age:
        born_on: date | None = self._value(row, "born_on", _read_day)
        if born_on is None:
            return self._value(row, "age", self._read_age) or AGE_NOT_KNOWN
        if born_on > self.on:
            return Age(unborn=True)
        months = months_between(born_on, self.on)
        if months > OLDEST_MONTHS:
            self._note(row, "born_on", f"the child would be over {OLDEST_MONTHS // 12} years old")
            return AGE_NOT_KNOWN
        return Age(months)

    def _read_age(self, words: str) -> Age:
        is_number = words.replace(".", "", 1).isdecimal()
        return read_age(f"{words} {self.age_unit}" if is_number else words)

    def _interval(self, row: NamedRow, began_on: date | None) -> int | None:
        ended_on: date | None = self._value(row, "previous_ended_on", _read_day)
        if "interval" in row.values:
            interval: int | None = self._value(
                row, "interval", lambda words: read_months(words, self.interval_unit)
            )
            return interval
        if began_on is None or ended_on is None:
            return None
        if ended_on > began_on:
            self._note(row, "previous_ended_on", "this is after the day on which the plan began")
            return None
        return months_between(ended_on, began_on)


def _read_cell(cell: object, read: Callable[[str], Any]) -> tuple[Any, str]:
    """What a cell says and what is wrong with it, one of which is empty."""
    wrong = mistake_in(cell)
    if wrong:
        return None, wrong
    try:
        return read(cell_line(cell)), ""
    except ValueError as error:
        return None, str(error)


def _read_day(words: str) -> date:
    """The day that a cell names; an export adds the time of midnight."""
    day, _, time = words.partition(" ")
    try:
        return read_date(day if time and set(time) <= set("0:.") else words)
    except NotADate as error:
        raise ValueError(f"“{words[:20]}” is not a day: {error}") from None


def _read_number(words: str) -> int:
    if not words.isdecimal() or not 1 <= int(words[:9]) <= _MOST_PLANS:
        raise ValueError(f"“{words[:20]}” is not a number from 1 to {_MOST_PLANS}")
    return int(words)


def _read_repeat(words: str) -> int:
    """The number of plans of a child on a repeat plan, 2, or of another, 1."""
    ticked = read_tick(words)
    if ticked is None:
        raise ValueError("write yes or no")
    return 2 if ticked else 1


def _read_words(words: str, name: str) -> str:
    kind = identifier_kind(words)
    if kind:
        raise ValueError(f"this looks like {kind}, so it is not kept")
    if len(words) > _LONGEST[name]:
        raise ValueError(f"use {_LONGEST[name]} characters or fewer")
    return _USUAL_WORDS[name].get(name_key(words), words)
