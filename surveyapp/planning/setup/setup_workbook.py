"""Reading a set-up workbook: bounded, nothing evaluated, each mistake with its sheet and row."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from surveyapp.defining.strict_yaml import Loc, Mistake, StrictDocument
from surveyapp.foundation.documents.zip_limits import member_chunks
from surveyapp.foundation.words.clean_text import clean_text
from surveyapp.planning.setup.setup_schema import as_line

SHEETS = ("Audit", "Agencies", "Contacts", "Cases", "Grid")
# What an agency itself calls its file, in the shape of the grid; most set-ups have none.
REFERENCES_SHEET = "References"
LARGEST = 1_000_000
MOST_UNPACKED = 50_000_000
MOST_MEMBERS = 200
# Four million empty cells are 92 kB of zip, and took a minute and 2.5 GB: so what opens a tag is counted.
MOST_TAGS = 300_000
MOST_ROWS = 1_000
MOST_COLUMNS = 100

# What a column is for, by its heading; the first of each sheet names the row and cannot be left out.
COLUMNS = {
    "Agencies": ("name", "kind"),
    "Contacts": ("agency", "name", "email", "role", "telephone"),
    "Cases": ("case", "age", "gender", "category", "plan", "sibling_group", "needs"),
}
NEEDED = {"Agencies": 2, "Contacts": 3, "Cases": 1}
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

NOT_A_WORKBOOK = "This is not an .xlsx workbook. Save it as “Excel workbook (.xlsx)” and send that."

UNPACKS_TOO_LARGE = (
    "This workbook unpacks to far more than a set-up needs. Copy its sheets into the blank workbook."
)


class SheetMistake(Mistake):
    """One thing wrong in a workbook: `file` is its sheet, `line` its row, 0 for the sheet as a whole."""

    def __str__(self) -> str:
        return f"{self.file} row {self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"

    @property
    def sheet_position(self) -> int:
        """Where its sheet stands among ours."""
        return SHEETS.index(self.file) if self.file in SHEETS else len(SHEETS)


@dataclass(frozen=True)
class WorkbookDocument(StrictDocument):
    """What a workbook says, in the shape of a YAML file, and in which row it says it."""

    places: Mapping[Loc, tuple[str, int]] = field(default_factory=dict)
    # What to say of a sheet that holds nothing, or is not there.
    empty_sheet_messages: Mapping[str, str] = field(default_factory=dict)

    def _sheet_and_row(self, loc: Loc) -> tuple[str, int]:
        while loc not in self.places:
            loc = loc[:-1]
        return self.places[loc]

    def place(self, loc: Loc, *, of_key: bool = False) -> tuple[int, int]:  # noqa: ARG002 — a row has no key
        """The row of what stands at `loc`, or of the nearest thing round it."""
        return self._sheet_and_row(loc)[1], 1

    def mistake(self, loc: Loc, message: str, *, of_key: bool = False) -> Mistake:  # noqa: ARG002 — likewise
        """A mistake in the row of what stands at `loc`."""
        sheet, row = self._sheet_and_row(loc)
        return SheetMistake(sheet, row, 1, message if row else self.empty_sheet_messages.get(sheet, message))


def _no_sheet(sheet: str) -> str:
    return f"there is no sheet called {sheet}"


def no_such_agency(name: str, known: Iterable[str]) -> str:
    """Say that a name is no agency's of the file."""
    names = ", ".join(f"“{each}”" for each in dict.fromkeys(known) if each)
    return f"there is no agency “{name}”; the agencies are {names or 'none yet'}"


def read_workbook(content: bytes, name: str) -> WorkbookDocument | list[Mistake]:
    """Read a workbook, or say why it is none; its own mistakes are kept with it."""
    refused = _reason_to_refuse(content)
    if refused:
        return [SheetMistake(name, 0, 1, refused)]
    try:
        return _WorkbookReader(name).all(_rows(content))
    except Exception:  # noqa: BLE001 — openpyxl raises whatever a broken part leads it to
        return [SheetMistake(name, 0, 1, NOT_A_WORKBOOK)]


def _reason_to_refuse(content: bytes) -> str:  # noqa: PLR0911 — one for each reason
    """Why a file is not opened, said before anything of it is unpacked (promises I3, I4)."""
    if len(content) > LARGEST:
        return f"The file is larger than {LARGEST // 1_000_000} MB."
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return "This is an old .xls workbook, or one with a password. Save it as .xlsx without a password."
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return NOT_A_WORKBOOK
    names = {member.filename for member in members}
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
        return NOT_A_WORKBOOK
    if any(each.endswith("vbaProject.bin") for each in names):
        return "This workbook holds macros. Save it as .xlsx, which has none."
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
        return UNPACKS_TOO_LARGE
    try:
        return UNPACKS_TOO_LARGE if _has_too_many_tags(content) else ""
    except Exception:  # noqa: BLE001 — a broken, locked or strangely packed part has an error for each fault
        return NOT_A_WORKBOOK


def _has_too_many_tags(content: bytes) -> bool:
    """Whether parsing would take longer than a set-up may; the parts are unpacked by turns and not kept."""
    tags = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.infolist():
            # Raises where a part is larger than it says, which openpyxl would unpack all the same.
            for piece in member_chunks(archive, member):
                tags += piece.count(b"<")
                if tags > MOST_TAGS:
                    return True
    return False


@dataclass(frozen=True)
class _Row:
    number: int
    cells: tuple[Any, ...]


def _rows(content: bytes) -> dict[str, list[_Row]]:
    """The rows of our sheets that hold anything, one row and column more than allowed at most."""
    # Imported here: only set-up from a workbook needs it, and it is heavy.
    import openpyxl  # noqa: PLC0415 — as said above

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl's, about decorations that it does not read
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        found = {}
        for sheet in book.worksheets:
            wanted = sheet.title.strip().capitalize()
            if wanted not in (*SHEETS, REFERENCES_SHEET) or wanted in found:
                continue
            sheet.reset_dimensions()  # what a sheet says of its own size may be false
            rows = sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS)
            read = (_Row(number, tuple(_value(cell) for cell in row)) for number, row in enumerate(rows, 1))
            found[wanted] = [row for row in read if any(cell != "" for cell in row.cells)]
        book.close()
    return found


class _CellMistake(str):
    """A cell that holds no value of its own, in words."""

    __slots__ = ()


def _value(cell: Any) -> Any:  # noqa: ANN401 — whatever a cell holds
    kind, value = getattr(cell, "data_type", "n"), cell.value
    if kind == "f":
        return _CellMistake("a formula stands here: put its value instead")
    if kind == "e":
        return _CellMistake(f"the cell says {value}: put a value instead")
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, float):
        return int(value) if value.is_integer() else str(value)
    return value if isinstance(value, bool | int | date) else clean_text(str(value)).strip()


def _column_name(heading: object) -> str:
    words = re.sub(r"[\s_-]+", "_", str(as_line(heading) or "")).strip("_").casefold()
    return _COLUMN_ALIASES.get(words, words)


class _WorkbookReader:
    """One reading of one workbook: what it says, where, and what is wrong with it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.data: dict[str, Any] = {}
        self.places: dict[Loc, tuple[str, int]] = {(): ("Audit", 1)}
        self.mistakes: list[Mistake] = []
        self.empty_sheet_messages = dict(_EMPTY_SHEET_MESSAGES)

    def all(self, sheets: dict[str, list[_Row]]) -> WorkbookDocument | list[Mistake]:
        missing = [sheet for sheet in SHEETS if sheet not in sheets]
        if len(missing) == len(SHEETS):
            return [SheetMistake(sheet, 0, 1, _no_sheet(sheet)) for sheet in missing]
        # The other sheets are read all the same, so that every mistake is told at once.
        self.empty_sheet_messages |= {sheet: _no_sheet(sheet) for sheet in missing}
        for sheet in missing:
            self.wrong(sheet, 0, self.empty_sheet_messages[sheet])
        sheets = {sheet: sheets.get(sheet, []) for sheet in (*SHEETS, REFERENCES_SHEET)}
        for sheet, rows in sheets.items():
            if rows and rows[-1].number > MOST_ROWS:
                self.wrong(sheet, 0, f"there are more than {MOST_ROWS:,} rows")
        self.audit(sheets["Audit"])
        self.agencies(sheets["Agencies"], sheets["Contacts"])
        self.cases(sheets["Cases"])
        self.grid(sheets["Grid"])
        self.references(sheets[REFERENCES_SHEET])
        mistakes = tuple(self.mistakes)
        return WorkbookDocument(
            self.name,
            self.data,
            None,
            mistakes,
            places=self.places,
            empty_sheet_messages=self.empty_sheet_messages,
        )

    def wrong(self, sheet: str, row: int, message: str) -> None:
        self.mistakes.append(SheetMistake(sheet, row, 1, message))

    def right(self, sheet: str, row: int, cell: Any) -> bool:  # noqa: ANN401 — whatever a cell holds
        if isinstance(cell, _CellMistake):
            self.wrong(sheet, row, str(cell))
        return not isinstance(cell, _CellMistake)

    def audit(self, rows: Sequence[_Row]) -> None:
        for row in rows:
            name, value = _column_name(row.cells[0]), row.cells[1] if len(row.cells) > 1 else ""
            if name in {"name", ""} or value == "" or not self.right("Audit", row.number, value):
                continue
            if (name,) in self.places:
                self.wrong(
                    "Audit", row.number, f"“{name}” is given twice, first in row {self.places[name,][1]}"
                )
                continue
            self.places[name,] = ("Audit", row.number)
            self.data[name] = _audit_value(name, value)

    def table(self, sheet: str, rows: Sequence[_Row]) -> Iterator[tuple[int, dict[str, Any]]]:
        """Each row below the headings, by their names."""
        known = COLUMNS[sheet]
        heads = [_column_name(cell) for cell in rows[0].cells] if rows else []
        for head in heads:
            if head and head not in known:
                self.wrong(
                    sheet, rows[0].number, f"“{head}” is no column of {sheet}; there are {', '.join(known)}"
                )
        for name in known[: NEEDED[sheet]]:
            if rows and name not in heads:
                self.wrong(sheet, rows[0].number, f"there is no column “{name}”")
        if len(rows) <= 1:
            self.wrong(sheet, 0, self.empty_sheet_messages[sheet])
        for row in rows[1:]:
            cells = [(head, cell) for head, cell in zip(heads, row.cells, strict=False) if head in known]
            said = {head: cell for head, cell in cells if cell != "" and self.right(sheet, row.number, cell)}
            if said:
                yield row.number, said

    def agencies(self, rows: Sequence[_Row], contacts: Sequence[_Row]) -> None:
        agencies: list[dict[str, Any]] = []
        self.data["agencies"], self.places["agencies",] = agencies, ("Agencies", 0)
        places: dict[str, int] = {}
        for row, said in self.table("Agencies", rows):
            self.places["agencies", len(agencies)] = ("Agencies", row)
            places.setdefault(str(as_line(said.get("name", ""))).casefold(), len(agencies))
            agencies.append({**said, "contacts": []})
        for row, said in self.table("Contacts", contacts):
            name = str(as_line(said.pop("agency", "")))
            place = places.get(name.casefold()) if name else None
            if place is None:
                known = [str(as_line(each.get("name", ""))) for each in agencies]
                self.wrong("Contacts", row, no_such_agency(name, known) if name else "“agency” is missing")
                continue
            theirs = agencies[place]["contacts"]
            self.places["agencies", place, "contacts", len(theirs)] = ("Contacts", row)
            theirs.append(said)

    def cases(self, rows: Sequence[_Row]) -> None:
        cases: list[dict[str, Any]] = []
        self.data["cases"], self.places["cases",] = cases, ("Cases", 0)
        for row, said in self.table("Cases", rows):
            self.places["cases", len(cases)] = ("Cases", row)
            if "needs" in said:
                said["needs"] = [
                    each.strip() for each in re.split(r"[;,\n]", str(said["needs"])) if each.strip()
                ]
            cases.append({**said, "agencies": []})

    def grid(self, rows: Sequence[_Row]) -> None:
        agencies = [str(as_line(each.get("name", ""))) for each in self.data["agencies"]]
        columns = self._grid_columns("Grid", rows[0], agencies) if rows else {}
        cases = {str(as_line(each.get("case", ""))).casefold(): each for each in self.data["cases"]}
        seen: dict[str, int] = {}
        ticks = 0
        for row in rows[1:]:
            pseudonym = str(as_line(row.cells[0]))
            case = cases.get(pseudonym.casefold())
            if case is None or pseudonym.casefold() in seen:
                first = seen.get(pseudonym.casefold())
                words = (
                    f"“{pseudonym}” is there twice, first in row {first}"
                    if first
                    else _no_such_case(pseudonym)
                )
                self.wrong("Grid", row.number, words)
                continue
            seen[pseudonym.casefold()] = row.number
            for column, name in columns.items():
                cell = row.cells[column] if column < len(row.cells) else ""
                ticked = self._tick(row.number, name, cell)
                ticks += ticked
                if ticked:
                    case["agencies"].append(name)
        if not ticks:
            self.wrong("Grid", 0, self.empty_sheet_messages["Grid"])

    def references(self, rows: Sequence[_Row]) -> None:
        agencies = [str(as_line(each.get("name", ""))) for each in self.data["agencies"]]
        columns = self._grid_columns(REFERENCES_SHEET, rows[0], agencies) if rows else {}
        cases = {str(as_line(each.get("case", ""))).casefold(): each for each in self.data["cases"]}
        for row in rows[1:]:
            pseudonym = str(as_line(row.cells[0]))
            case = cases.get(pseudonym.casefold())
            if case is None or "references" in case:
                words = f"“{pseudonym}” is there twice" if case else _no_such_case(pseudonym)
                self.wrong(REFERENCES_SHEET, row.number, words)
                continue
            said = {name: row.cells[column] for column, name in columns.items() if column < len(row.cells)}
            case["references"] = {
                name: cell
                for name, cell in said.items()
                if cell != "" and self.right(REFERENCES_SHEET, row.number, cell)
            }
            place = next(number for number, each in enumerate(self.data["cases"]) if each is case)
            self.places["cases", place, "references"] = (REFERENCES_SHEET, row.number)

    def _grid_columns(self, sheet: str, heads: _Row, agencies: Sequence[str]) -> dict[int, str]:
        known = {name.casefold(): name for name in agencies}
        columns: dict[int, str] = {}
        for column, cell in enumerate(heads.cells[1:], 1):
            name = str(as_line(cell))
            if cell == "" or not self.right(sheet, heads.number, cell):
                continue
            if name.casefold() not in known:
                self.wrong(sheet, heads.number, no_such_agency(name, agencies))
            elif known[name.casefold()] in columns.values():
                self.wrong(sheet, heads.number, f"“{name}” is there twice")
            else:
                columns[column] = known[name.casefold()]
        return columns

    def _tick(self, row: int, name: str, cell: Any) -> bool:  # noqa: ANN401 — whatever a cell holds
        if not self.right("Grid", row, cell):
            return False
        ticked = _TICKS.get(str(as_line(cell)).casefold())
        if ticked is None:
            self.wrong("Grid", row, f"“{cell}” under {name} is neither an x nor empty")
        return bool(ticked)


def _no_such_case(pseudonym: str) -> str:
    return f"there is no case “{pseudonym}” in the sheet Cases" if pseudonym else "the row names no case"


def _audit_value(name: str, value: Any) -> Any:  # noqa: ANN401 — whatever a cell holds
    if name == "chasers":
        return [_whole_number(each) for each in re.split(r"[\s,;]+", str(value)) if each]
    if name == "escalate_from":
        return _whole_number(str(value))
    if name == "ask_for_code" and isinstance(value, str):
        return {"yes": True, "true": True, "no": False, "false": False}.get(value.casefold(), value)
    return value


def _whole_number(text: str) -> int | str:
    """A whole number, whichever dash stands before it; anything else as it is, to be refused in words."""
    plain = re.sub("^[−–]", "-", text)
    return int(plain) if re.fullmatch(r"[+-]?\d{1,6}", plain) else text
