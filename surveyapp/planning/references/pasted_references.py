"""Reads references pasted from a spreadsheet: a list of case, agency and reference, or cases by agencies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from surveyapp.foundation.tables.cells import SheetRow
from surveyapp.foundation.words.clean_text import clean_line, name_key
from surveyapp.planning.grid.grid import PlannedGrid, TickedCell


@dataclass
class PastedReferences:
    """The reference of each cell that was recognised, and a sentence for each row or cell that was not."""

    texts: dict[TickedCell, str] = field(default_factory=dict)
    mistakes: list[str] = field(default_factory=list)


def read_pasted(rows: Sequence[SheetRow], planned: PlannedGrid) -> PastedReferences:
    """Read pasted rows; an empty reference is passed over, and of two for one cell the last counts.

    A table whose first row names agencies after its first cell is read as cases by agencies. In any other,
    each row holds a case and an agency, in either order, then the reference; a first row without either is
    its heads.
    """
    names = _Names(
        {name_key(case.pseudonym): case.id for case in planned.cases},
        {name_key(agency.name): agency.id for agency in planned.agencies},
    )
    pasted = PastedReferences()
    texts = [(row.number, [clean_line(str(cell)) for cell in row.cells]) for row in rows]
    if not texts:
        return pasted
    head = texts[0][1]
    columns = {place: agency for place, cell in enumerate(head) if place and (agency := names.agency(cell))}
    if columns and not names.knows(head[0]):
        found = _of_columns(texts[1:], columns, names, pasted)
    else:
        begin = 0 if any(names.knows(cell) for cell in head[:2]) else 1
        found = _of_list(texts[begin:], names, pasted)
    for number, cell, text in found:
        if cell in planned.ticked:
            pasted.texts[cell] = text
        else:
            pasted.mistakes.append(f"Row {number}: this agency is not asked about this case.")
    return pasted


@dataclass(frozen=True)
class _Names:
    cases: Mapping[str, int]
    agencies: Mapping[str, int]

    def case(self, text: str) -> int | None:
        return self.cases.get(name_key(text))

    def agency(self, text: str) -> int | None:
        return self.agencies.get(name_key(text))

    def knows(self, text: str) -> bool:
        return self.case(text) is not None or self.agency(text) is not None


Rows = Sequence[tuple[int, list[str]]]
Found = list[tuple[int, TickedCell, str]]


def _of_columns(rows: Rows, columns: Mapping[int, int], names: _Names, pasted: PastedReferences) -> Found:
    found: Found = []
    for number, cells in rows:
        case_id = names.case(cells[0])
        if case_id is None:
            pasted.mistakes.append(f"Row {number}: no case is called “{cells[0]}”.")
            continue
        found += [
            (number, TickedCell(case_id, agency_id), cells[place])
            for place, agency_id in columns.items()
            if place < len(cells) and cells[place]
        ]
    return found


def _of_list(rows: Rows, names: _Names, pasted: PastedReferences) -> Found:
    found: Found = []
    for number, cells in rows:
        one, other, text, *_rest = [*cells, "", "", ""]
        case_id, agency_id = names.case(one), names.agency(other)
        if case_id is None and agency_id is None:
            case_id, agency_id = names.case(other), names.agency(one)
        if case_id is None or agency_id is None:
            unknown = "case" if case_id is None else "agency"
            pasted.mistakes.append(f"Row {number}: neither “{one}” nor “{other}” is the name of a {unknown}.")
        elif text:
            found.append((number, TickedCell(case_id, agency_id), text))
    return found
