"""Reads a table of cases, and reports all mistakes at once, each with its row and column."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from surveyapp.foundation.personal_details.person_names import person_name_spans
from surveyapp.foundation.tables.columns import Column, ColumnMatch, NamedRow, columns_left_out, named_rows
from surveyapp.foundation.tables.opened_table import OpenedTable
from surveyapp.foundation.tables.table_mistakes import TableMistake, TableMistakes, gathered_notices
from surveyapp.foundation.tables.typed_cells import cell_line, mistake_in
from surveyapp.foundation.words.clean_text import has_letter_or_digit, name_key
from surveyapp.foundation.words.dates_and_lists import list_in_words
from surveyapp.planning.cases.ages import AGE_NOT_KNOWN, Age, has_no_unit, read_age
from surveyapp.planning.cases.case_columns import (
    AGE,
    CASE,
    CATEGORY,
    GENDER,
    NEEDS,
    PLAN,
    SIBLING_GROUP,
)
from surveyapp.planning.cases.details import GENDERS, CaseDetails
from surveyapp.planning.cases.pseudonyms import LONGEST_PSEUDONYM, identifier_kind
from surveyapp.planning.cases.typed_words import usual_word

_LONGEST = {"case": LONGEST_PSEUDONYM, "gender": 40, "category": 80, "plan": 80, "sibling_group": 40}
_LONGEST_NEED = 80


@dataclass(frozen=True)
class ImportedCases:
    """The cases of a table, and what was noticed in reading."""

    cases: tuple[CaseDetails, ...]
    notices: tuple[str, ...]


def read_cases(table: OpenedTable, match: ColumnMatch) -> ImportedCases:
    """Read cases from the rows of a table. Raises TableMistakes with every mistake.

    An age without a unit is years, unless the head of its column says months.
    """
    reader = _CaseReader(has_months=_has_months(table, match))
    cases = [reader.read(row) for row in named_rows(table.sheet, match)]
    if reader.mistakes:
        raise TableMistakes(reader.mistakes)
    if not cases:
        raise TableMistakes([TableMistake(0, "", "There is no row below the heads")])
    notices = [*table.notices, *gathered_notices(reader.notices)]
    left_out = columns_left_out(table.sheet, match)
    if left_out:
        notices.append(f"Left out: {list_in_words([f'“{head}”' for head in left_out])}")
    return ImportedCases(tuple(case for case in cases if case is not None), tuple(notices))


def _has_months(table: OpenedTable, match: ColumnMatch) -> bool:
    heads = table.sheet.rows[0].cells if match.has_heads else ()
    return any(
        column is AGE and position < len(heads) and "month" in str(heads[position]).casefold()
        for position, column in match.columns.items()
    )


class _CaseReader:
    """Reads cases row by row, with mistakes and notices."""

    def __init__(self, *, has_months: bool) -> None:
        self.has_months = has_months
        self.mistakes: list[TableMistake] = []
        self.notices: list[TableMistake] = []
        self._first_rows: dict[str, int] = {}

    def read(self, row: NamedRow) -> CaseDetails | None:
        before = len(self.mistakes)
        texts = {
            column.name: self._text(row, column) for column in (CASE, GENDER, CATEGORY, PLAN, SIBLING_GROUP)
        }
        age, needs = self._age(row), tuple(self._needs(row))
        self._check_pseudonym(row.number, texts["case"])
        if len(self.mistakes) > before:
            return None
        self._point_out(row.number, texts, needs)
        return CaseDetails(
            pseudonym=texts["case"],
            age=age,
            gender=texts["gender"],
            category=texts["category"],
            plan=texts["plan"],
            sibling_group=texts["sibling_group"],
            needs=needs,
        )

    def _mistake(self, row: int, column: Column, words: str) -> None:
        self.mistakes.append(TableMistake(row, column.label, words))

    def _notice(self, row: int, column: Column, words: str) -> None:
        self.notices.append(TableMistake(row, column.label, words))

    def _text(self, row: NamedRow, column: Column) -> str:
        cell = row.values.get(column.name, "")
        if mistake_in(cell):
            self._mistake(row.number, column, mistake_in(cell))
            return ""
        if isinstance(cell, date):
            words = f"a date stands here, {cell:%d/%m/%Y}: format the column as Text"
            self._mistake(row.number, column, words)
            return ""
        typed = cell_line(cell)
        text = usual_word(column.name, typed)
        if name_key(text) != name_key(typed):
            self._notice(row.number, column, f"“{typed}” is taken as “{text}”")
        if len(text) > _LONGEST[column.name]:
            self._mistake(row.number, column, f"use {_LONGEST[column.name]} characters or fewer")
        return text

    def _age(self, row: NamedRow) -> Age:
        cell = row.values.get(AGE.name, "")
        text = "" if isinstance(cell, date) or mistake_in(cell) else cell_line(cell)
        if isinstance(cell, date):
            self._mistake(row.number, AGE, "a date stands here: write the age, and never a date of birth")
        elif mistake_in(cell):
            self._mistake(row.number, AGE, mistake_in(cell))
        if has_no_unit(text) and self.has_months:
            text = f"{text} months"
        elif has_no_unit(text):
            self._notice(row.number, AGE, "a number without a unit is taken as years")
        try:
            return read_age(text)
        except ValueError as error:
            self._mistake(row.number, AGE, str(error))
            return AGE_NOT_KNOWN

    def _needs(self, row: NamedRow) -> Iterator[str]:
        cell = row.values.get(NEEDS.name, "")
        if mistake_in(cell):
            self._mistake(row.number, NEEDS, mistake_in(cell))
            return
        needs = (cell_line(need) for need in re.split(r"[;,\n]", str(cell)))
        for need in dict.fromkeys(filter(None, needs)):
            if len(need) > _LONGEST_NEED:
                self._mistake(row.number, NEEDS, f"use {_LONGEST_NEED} characters or fewer for each need")
            yield need

    def _check_pseudonym(self, row: int, pseudonym: str) -> None:
        if not has_letter_or_digit(pseudonym):
            self._mistake(row, CASE, "write a pseudonym, such as Child 1")
            return
        first = self._first_rows.setdefault(name_key(pseudonym), row)
        if first != row:
            self._mistake(row, CASE, f"“{pseudonym}” is there twice, first in row {first}")

    def _point_out(self, row: int, texts: dict[str, str], needs: tuple[str, ...]) -> None:
        """Point out what may identify the child (stories 4.5), and words of no usual kind."""
        pseudonym = texts["case"]
        if identifier_kind(pseudonym):
            self._notice(row, CASE, f"“{pseudonym}” looks like {identifier_kind(pseudonym)}: use a pseudonym")
        elif any(person_name_spans(pseudonym)):
            self._notice(row, CASE, f"“{pseudonym}” looks like a name: use a pseudonym")
        for column in (GENDER, CATEGORY, PLAN, SIBLING_GROUP):
            text = texts[column.name]
            if identifier_kind(text):
                self._notice(row, column, f"“{text}” looks like {identifier_kind(text)}: leave it out")
        for need in filter(identifier_kind, needs):
            self._notice(row, NEEDS, f"“{need}” looks like {identifier_kind(need)}: leave it out")
        if texts["gender"] and texts["gender"].casefold() not in GENDERS:
            usual = ", ".join(GENDERS)
            self._notice(row, GENDER, f"“{texts['gender']}” is none of the usual words {usual}")
