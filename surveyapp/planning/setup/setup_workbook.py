"""Reads a set-up workbook (.xlsx) into one document, and reports each mistake by sheet and row."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from surveyapp.defining.mistakes import Mistake
from surveyapp.defining.strict_yaml import Loc
from surveyapp.foundation.tables.cells import CellMistake, NumberCell, Sheet, SheetRow
from surveyapp.foundation.tables.typed_cells import cell_line, mended_telephone, mistake_in
from surveyapp.foundation.words.clean_text import name_key
from surveyapp.planning.setup.setup_rules import agencies_in_words, no_such_agency
from surveyapp.planning.setup.setup_values import as_line
from surveyapp.planning.setup.workbook_document import (
    REFERENCES_SHEET,
    SET_UP_LIMITS,
    SHEETS,
    SheetMistake,
    WorkbookDocument,
)
from surveyapp.planning.setup.workbook_notices import NumbersAsText, hidden_notices

# The columns of each table, in order, and how many of them cannot be left out.
COLUMNS = {
    "Agencies": ("name", "kind"),
    "Contacts": ("agency", "name", "email", "role", "telephone"),
    "Cases": ("case", "age", "gender", "category", "plan", "sibling_group", "needs"),
}
NEEDED = {"Agencies": 1, "Contacts": 3, "Cases": 1}
# In these columns a nought in front counts, and a day is what Excel made of another text.
_TEXT_COLUMNS = ("case", "sibling_group", "telephone")
_COLUMN_ALIASES = {"title": "audit", "audit_title": "audit", "return_by": "due_on", "email_address": "email"}
_COLUMN_ALIASES |= {"agency_name": "name", "pseudonym": "case", "plan_type": "plan", "issue": "issue_on"}
_EMPTY_SHEET_MESSAGES = {
    "Agencies": "the sheet is empty: put one agency into each row, from row 2",
    "Contacts": "the sheet is empty: put one contact into each row, from row 2",
    "Cases": "the sheet is empty: put one case into each row, from row 2",
    "Grid": "no x stands anywhere: cases go down, agencies across, an x where the agency knew the child",
}
_TICKS = {"x": True, "yes": True, "✓": True, "✔": True, "1": True, "true": True}
_TICKS |= {"": False, "no": False, "-": False, "–": False, "0": False, "false": False}


def _no_sheet(sheet: str) -> str:
    return f"there is no sheet called {sheet}"


def workbook_document(sheets: Mapping[str, Sheet], name: str) -> WorkbookDocument | list[Mistake]:
    """The content of a workbook; mistakes if none of its sheets is one of a set-up.

    Mistakes in its sheets are kept in the document.
    """
    return _WorkbookReader(name).read(sheets)


def _column_name(heading: object) -> str:
    words = re.sub(r"[\s_-]+", "_", str(as_line(heading) or "")).strip("_").casefold()
    return _COLUMN_ALIASES.get(words, words)


class _WorkbookReader:
    """Collects the content of one workbook, the sheet and row of each part, and the mistakes."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.data: dict[str, Any] = {}
        self.places: dict[Loc, tuple[str, int]] = {(): ("Audit", 1)}
        self.mistakes: list[Mistake] = []
        self.empty_sheet_messages = dict(_EMPTY_SHEET_MESSAGES)
        self.numbers = NumbersAsText()

    def read(self, sheets: Mapping[str, Sheet]) -> WorkbookDocument | list[Mistake]:
        missing = [sheet for sheet in SHEETS if sheet not in sheets]
        if len(missing) == len(SHEETS):
            return [SheetMistake(sheet, 0, 1, _no_sheet(sheet)) for sheet in missing]
        # The other sheets are read all the same, so that every mistake is reported at once.
        self.empty_sheet_messages |= {sheet: _no_sheet(sheet) for sheet in missing}
        for sheet in missing:
            self.add_mistake(sheet, 0, self.empty_sheet_messages[sheet])
        rows = {name: sheets[name].rows if name in sheets else () for name in (*SHEETS, REFERENCES_SHEET)}
        for sheet, rows_of_sheet in rows.items():
            if rows_of_sheet and rows_of_sheet[-1].number > SET_UP_LIMITS.rows:
                self.add_mistake(sheet, 0, SET_UP_LIMITS.too_many_rows)
        self.audit(rows["Audit"])
        self.agencies(rows["Agencies"], rows["Contacts"])
        self.cases(rows["Cases"])
        self.grid(rows["Grid"])
        self.references(rows[REFERENCES_SHEET])
        notices = [*hidden_notices(sheets), *self.numbers.notices()]
        return WorkbookDocument(
            self.name,
            self.data,
            None,
            tuple(self.mistakes),
            tuple(notices),
            places=self.places,
            empty_sheet_messages=self.empty_sheet_messages,
        )

    def add_mistake(self, sheet: str, row: int, message: str) -> None:
        self.mistakes.append(SheetMistake(sheet, row, 1, message))

    def text_cell(self, sheet: str, row: int, column: str, cell: Any) -> bool:  # noqa: ANN401 — whatever a cell holds
        """Whether the cell of a column of texts holds text or a number that stands for it."""
        if not self.has_value(sheet, row, cell):
            return False
        problem = self.numbers.problem(sheet, row, column, cell)
        if problem:
            self.add_mistake(sheet, row, problem)
        return not problem

    def has_value(self, sheet: str, row: int, cell: Any) -> bool:  # noqa: ANN401 — whatever a cell holds
        if isinstance(cell, CellMistake):
            self.add_mistake(sheet, row, str(cell))
        return not isinstance(cell, CellMistake)

    def audit(self, rows: Sequence[SheetRow]) -> None:
        for row in rows:
            name, value = _column_name(row.cells[0]), row.cells[1] if len(row.cells) > 1 else ""
            if name in {"name", ""} or value == "" or not self.has_value("Audit", row.number, value):
                continue
            if (name,) in self.places:
                self.add_mistake(
                    "Audit", row.number, f"“{name}” is given twice, first in row {self.places[name,][1]}"
                )
                continue
            self.places[name,] = ("Audit", row.number)
            self.data[name] = _audit_value(name, value)

    def table(self, sheet: str, rows: Sequence[SheetRow]) -> Iterator[tuple[int, dict[str, Any]]]:
        """The number of each row below the headings, and its values by column."""
        known = COLUMNS[sheet]
        heads = [_column_name(cell) for cell in rows[0].cells] if rows else []
        for head in heads:
            if head and head not in known:
                self.add_mistake(
                    sheet, rows[0].number, f"“{head}” is no column of {sheet}; there are {', '.join(known)}"
                )
        for name in known[: NEEDED[sheet]]:
            if rows and name not in heads:
                self.add_mistake(sheet, rows[0].number, f"there is no column “{name}”")
        if len(rows) <= 1:
            self.add_mistake(sheet, 0, self.empty_sheet_messages[sheet])
        for row in rows[1:]:
            cells = [
                (head, self.telephone(sheet, row.number, cell) if head == "telephone" else cell)
                for head, cell in zip(heads, row.cells, strict=False)
                if head in known
            ]
            values = {
                head: cell
                for head, cell in cells
                if cell != ""
                and (
                    self.text_cell(sheet, row.number, head, cell)
                    if head in _TEXT_COLUMNS
                    else self.has_value(sheet, row.number, cell)
                )
            }
            if values:
                yield row.number, values

    def telephone(self, sheet: str, row: int, cell: Any) -> Any:  # noqa: ANN401 — whatever a cell holds
        """A telephone number with the nought that the workbook took away; any other cell as it is."""
        try:
            mended = "" if mistake_in(cell) else mended_telephone(cell)
        except ValueError:
            return cell
        if not mended or mended == cell_line(cell):
            return cell
        words = f"telephone {cell_line(cell)} had lost its nought or plus: taken as {mended}"
        self.numbers.notice(sheet, row, words)
        return mended

    def agencies(self, rows: Sequence[SheetRow], contacts: Sequence[SheetRow]) -> None:
        agencies: list[dict[str, Any]] = []
        self.data["agencies"], self.places["agencies",] = agencies, ("Agencies", 0)
        places: dict[str, int] = {}
        for row, values in self.table("Agencies", rows):
            self.places["agencies", len(agencies)] = ("Agencies", row)
            places.setdefault(name_key(str(as_line(values.get("name", "")))), len(agencies))
            agencies.append({**values, "contacts": []})
        known = agencies_in_words(self.agency_names())
        for row, values in self.table("Contacts", contacts):
            name = str(as_line(values.pop("agency", "")))
            place = places.get(name_key(name)) if name else None
            if place is None:
                message = no_such_agency(name, known) if name else "“agency” is missing"
                self.add_mistake("Contacts", row, message)
                continue
            contacts_of_agency = agencies[place]["contacts"]
            self.places["agencies", place, "contacts", len(contacts_of_agency)] = ("Contacts", row)
            contacts_of_agency.append(values)

    def cases(self, rows: Sequence[SheetRow]) -> None:
        cases: list[dict[str, Any]] = []
        self.data["cases"], self.places["cases",] = cases, ("Cases", 0)
        for row, values in self.table("Cases", rows):
            self.places["cases", len(cases)] = ("Cases", row)
            if "needs" in values:
                needs = (need.strip() for need in re.split(r"[;,\n]", str(values["needs"])))
                values["needs"] = [need for need in needs if need]
            cases.append({**values, "agencies": []})

    def agency_names(self) -> list[str]:
        return [str(as_line(agency.get("name", ""))) for agency in self.data["agencies"]]

    def cases_by_pseudonym(self) -> dict[str, dict[str, Any]]:
        return {name_key(str(as_line(case.get("case", "")))): case for case in self.data["cases"]}

    def grid(self, rows: Sequence[SheetRow]) -> None:
        columns = self._grid_columns("Grid", rows[0]) if rows else {}
        cases = self.cases_by_pseudonym()
        first_rows: dict[str, int] = {}
        ticks = 0
        for row in rows[1:]:
            pseudonym = self._pseudonym("Grid", row, cases)
            case = cases.get(name_key(pseudonym))
            if case is None or name_key(pseudonym) in first_rows:
                first = first_rows.get(name_key(pseudonym))
                twice = f"“{pseudonym}” is there twice, first in row {first}"
                self.add_mistake("Grid", row.number, twice if first else _no_such_case(pseudonym))
                continue
            first_rows[name_key(pseudonym)] = row.number
            for column, name in columns.items():
                cell = row.cells[column] if column < len(row.cells) else ""
                ticked = self._tick(row.number, name, cell)
                ticks += ticked
                if ticked:
                    case["agencies"].append(name)
        if not ticks:
            self.add_mistake("Grid", 0, self.empty_sheet_messages["Grid"])

    def references(self, rows: Sequence[SheetRow]) -> None:
        columns = self._grid_columns(REFERENCES_SHEET, rows[0]) if rows else {}
        cases = self.cases_by_pseudonym()
        for row in rows[1:]:
            pseudonym = self._pseudonym(REFERENCES_SHEET, row, cases)
            case = cases.get(name_key(pseudonym))
            if case is None or "references" in case:
                words = f"“{pseudonym}” is there twice" if case else _no_such_case(pseudonym)
                self.add_mistake(REFERENCES_SHEET, row.number, words)
                continue
            values = {name: row.cells[column] for column, name in columns.items() if column < len(row.cells)}
            case["references"] = {
                name: cell
                for name, cell in values.items()
                if cell != ""
                and self.text_cell(REFERENCES_SHEET, row.number, f"the reference of {name}", cell)
            }
            place = next(number for number, other in enumerate(self.data["cases"]) if other is case)
            self.places["cases", place, "references"] = (REFERENCES_SHEET, row.number)

    def _pseudonym(self, sheet: str, row: SheetRow, cases: Mapping[str, Any]) -> str:
        """The case of a row; a number stands for the one case whose pseudonym is that number, such as 01."""
        cell = row.cells[0]
        pseudonym = str(as_line(cell))
        if not isinstance(cell, NumberCell) or name_key(pseudonym) in cases:
            return pseudonym
        same = [name for name in cases if name.isdecimal() and pseudonym == str(int(name))]
        if len(same) != 1:
            return pseudonym
        self.numbers.notice(sheet, row.number, f"the number {pseudonym} is taken as the case “{same[0]}”")
        return same[0]

    def _grid_columns(self, sheet: str, headings: SheetRow) -> dict[int, str]:
        agencies = self.agency_names()
        known = {name_key(name): name for name in agencies}
        columns: dict[int, str] = {}
        for column, cell in enumerate(headings.cells[1:], 1):
            name = str(as_line(cell))
            if cell == "" or not self.has_value(sheet, headings.number, cell):
                continue
            if name_key(name) not in known:
                self.add_mistake(sheet, headings.number, no_such_agency(name, agencies_in_words(agencies)))
            elif known[name_key(name)] in columns.values():
                self.add_mistake(sheet, headings.number, f"“{name}” is there twice")
            else:
                columns[column] = known[name_key(name)]
        return columns

    def _tick(self, row: int, name: str, cell: Any) -> bool:  # noqa: ANN401 — whatever a cell holds
        if not self.has_value("Grid", row, cell):
            return False
        ticked = _TICKS.get(str(as_line(cell)).casefold())
        if ticked is None:
            self.add_mistake("Grid", row, f"“{cell}” under {name} is neither an x nor empty")
        return bool(ticked)


def _no_such_case(pseudonym: str) -> str:
    return f"there is no case “{pseudonym}” in the sheet Cases" if pseudonym else "the row names no case"


def _audit_value(name: str, value: Any) -> Any:  # noqa: ANN401 — whatever a cell holds
    if name == "chasers":
        return [_whole_number(offset) for offset in re.split(r"[\s,;]+", str(value)) if offset]
    if name == "escalate_from":
        return _whole_number(str(value))
    if name == "ask_for_code" and isinstance(value, str):
        return {"yes": True, "true": True, "no": False, "false": False}.get(value.casefold(), value)
    return value


def _whole_number(text: str) -> int | str:
    """A whole number, with any dash as its minus sign; other text stays, for the schema to refuse."""
    plain = re.sub("^[−–]", "-", text)
    return int(plain) if re.fullmatch(r"[+-]?\d{1,6}", plain) else text
