"""Reads a table of ticks, cases down and agencies across, and reports all mistakes at once."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from surveyapp.agencies.models import Agency
from surveyapp.foundation.tables.cells import SheetRow
from surveyapp.foundation.tables.columns import Column, ColumnMatch, NamedRow, columns_left_out, named_rows
from surveyapp.foundation.tables.opened_table import OpenedTable
from surveyapp.foundation.tables.table_mistakes import TableMistake, TableMistakes, gathered_notices
from surveyapp.foundation.tables.typed_cells import cell_line, mistake_in, read_tick
from surveyapp.foundation.words.clean_text import name_key
from surveyapp.foundation.words.dates_and_lists import list_in_words
from surveyapp.planning.grid.grid import TickedCell
from surveyapp.planning.models import Case

CASE = Column("case", "Case", ("child", "pseudonym", "case number"), is_needed=True, pattern=r"^child\b")
_TURNED = "Agencies go down and cases across in this table: it was turned"


@dataclass(frozen=True)
class ImportedTicks:
    """What a table says about each cell of the grid: True for a tick, False for a no, None for nothing."""

    cells: Mapping[TickedCell, bool | None]
    notices: tuple[str, ...]


def tick_columns(agencies: Iterable[Agency]) -> tuple[Column, ...]:
    """The column of cases, and one for each agency of the directory."""
    return CASE, *(Column(f"agency-{agency.id}", agency.name, is_name=True) for agency in agencies)


def turned(table: OpenedTable, cases: Sequence[Case], agencies: Sequence[Agency]) -> OpenedTable:
    """The table with cases down and agencies across; turned, with a notice, if it is the other way round."""
    first, *others = table.sheet.rows
    names, pseudonyms = _keys(agency.name for agency in agencies), _keys(case.pseudonym for case in cases)
    down = [row.cells[0] for row in others if row.cells]
    if _known(first.cells, pseudonyms) <= _known(first.cells, names) or not _known(down, names):
        return table
    width = max(len(row.cells) for row in table.sheet.rows)
    columns = zip(*((*row.cells, *[""] * (width - len(row.cells))) for row in table.sheet.rows), strict=True)
    rows = tuple(SheetRow(number, tuple(cells)) for number, cells in enumerate(columns, 1))
    return replace(table, sheet=replace(table.sheet, rows=rows), notices=(*table.notices, _TURNED))


def read_ticks(table: OpenedTable, match: ColumnMatch, cases: Sequence[Case]) -> ImportedTicks:
    """Read the ticks of a table. Raises TableMistakes with every mistake.

    A number alone stands for the one case whose pseudonym ends with it, such as 3 for Child 3.
    """
    reader = _TickReader(cases, [column for column in match.columns.values() if column.name != CASE.name])
    for row in named_rows(table.sheet, match):
        reader.read(row)
    if not reader.agencies:
        reader.mistakes.append(TableMistake(0, "", "No column names an agency of the directory"))
    if reader.mistakes:
        raise TableMistakes(reader.mistakes)
    if not reader.cells:
        raise TableMistakes([TableMistake(0, "", "There is no row below the heads")])
    left_out = columns_left_out(table.sheet, match)
    notices = [*table.notices, *gathered_notices(reader.notices)]
    if left_out:
        notices.append(f"Left out: {list_in_words([f'“{head}”' for head in left_out])}")
    return ImportedTicks(reader.cells, tuple(notices))


def _keys(names: Iterable[str]) -> frozenset[str]:
    return frozenset(map(name_key, names))


def _known(cells: Iterable[object], keys: frozenset[str]) -> int:
    return sum(name_key(str(cell)) in keys for cell in cells)


class _TickReader:
    """Reads ticks row by row, with mistakes and notices."""

    def __init__(self, cases: Sequence[Case], agencies: Sequence[Column]) -> None:
        self.agencies = agencies
        self.cells: dict[TickedCell, bool | None] = {}
        self.mistakes: list[TableMistake] = []
        self.notices: list[TableMistake] = []
        self._cases = {name_key(case.pseudonym): case for case in cases}
        self._by_number: defaultdict[int, list[Case]] = defaultdict(list)
        for case in cases:
            number = re.search(r"[0-9]{1,6}$", case.pseudonym)
            if number:
                self._by_number[int(number[0])].append(case)
        self._first_rows: dict[int, int] = {}

    def read(self, row: NamedRow) -> None:
        case = self._case(row)
        if case is None:
            return
        for column in self.agencies:
            cell = row.values.get(column.name, "")
            ticked = read_tick(cell)
            if ticked is None:
                neither = f"“{cell_line(cell)}” is neither yes nor no: write x, or leave it empty"
                wrong = mistake_in(cell) or neither
                self.mistakes.append(TableMistake(row.number, column.label, wrong))
            agency_id = int(column.name.removeprefix("agency-"))
            self.cells[TickedCell(case.id, agency_id)] = None if cell == "" else ticked

    def _case(self, row: NamedRow) -> Case | None:
        typed = cell_line(row.values.get(CASE.name, ""))
        case = self._cases.get(name_key(typed)) or self._numbered_case(row.number, typed)
        wrong = ""
        if not typed:
            wrong = "the row names no case"
        elif case is None:
            wrong = f"there is no case “{typed}” in this audit: add it under Cases first"
        elif self._first_rows.setdefault(case.id, row.number) != row.number:
            wrong = f"“{case.pseudonym}” is there twice, first in row {self._first_rows[case.id]}"
        if wrong:
            self.mistakes.append(TableMistake(row.number, CASE.label, wrong))
            return None
        return case

    def _numbered_case(self, row: int, typed: str) -> Case | None:
        if not (typed.isascii() and typed.isdecimal() and len(typed) <= 6):  # noqa: PLR2004 — as above
            return None
        numbered = self._by_number[int(typed)]
        if len(numbered) != 1:
            return None
        self.notices.append(TableMistake(row, CASE.label, f"{typed} is taken as “{numbered[0].pseudonym}”"))
        return numbered[0]
