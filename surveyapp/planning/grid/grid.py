"""The grid of cases and agencies, with a tick for each request that would be sent."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from surveyapp.agencies.models import Agency
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.models import Case

# What an agency may say of a child in the involvement check, in words for the grid.
ANSWERS_IN_WORDS = {
    "known": "Known",
    "not_known": "Not known",
    "relative_only": "Only a parent or sibling",
}


class TickedCell(NamedTuple):
    """One case and one agency, by their ids."""

    case_id: int
    agency_id: int


@dataclass(frozen=True)
class PlannedGrid:
    """Which agency knew which child: a row for each case, a column for each agency chosen for the audit."""

    cases: tuple[Case, ...]
    agencies: tuple[Agency, ...]
    ticked: frozenset[TickedCell]

    @property
    def asked(self) -> tuple[Agency, ...]:
        """The agencies with a tick."""
        with_tick = {cell.agency_id for cell in self.ticked}
        return tuple(agency for agency in self.agencies if agency.id in with_tick)

    def row_or_column(self, *, case_id: int | None = None, agency_id: int | None = None) -> set[TickedCell]:
        """Every cell of one case's row or one agency's column."""
        return {cell for cell in self.cells if case_id == cell.case_id or agency_id == cell.agency_id}

    @property
    def unasked_cases(self) -> tuple[Case, ...]:
        """The cases about which no agency is asked."""
        with_tick = {cell.case_id for cell in self.ticked}
        return tuple(case for case in self.cases if case.id not in with_tick)

    @property
    def unreachable(self) -> tuple[Agency, ...]:
        """The agencies with a tick but without a contact to ask."""
        return tuple(agency for agency in self.asked if agency.answering_contact is None)

    def with_ticks(self, ticked: Collection[TickedCell]) -> "PlannedGrid":
        """The same grid with other ticks."""
        return PlannedGrid(self.cases, self.agencies, frozenset(ticked))

    def shown(self, *, cases: str = "", agencies: str = "") -> "PlannedGrid":
        """The part of the grid whose pseudonyms and names of agencies hold these words, in either case."""
        shown_cases = tuple(case for case in self.cases if cases.casefold() in case.pseudonym.casefold())
        shown_agencies = tuple(
            agency for agency in self.agencies if agencies.casefold() in agency.name.casefold()
        )
        return self._part(shown_cases, shown_agencies)

    def part(self, cells: Collection[TickedCell]) -> "PlannedGrid":
        """The rows and columns of these cells."""
        case_ids, agency_ids = ({cell[place] for cell in cells} for place in (0, 1))
        return self._part(
            tuple(case for case in self.cases if case.id in case_ids),
            tuple(agency for agency in self.agencies if agency.id in agency_ids),
        )

    def _part(self, cases: tuple[Case, ...], agencies: tuple[Agency, ...]) -> "PlannedGrid":
        case_ids, agency_ids = {case.id for case in cases}, {agency.id for agency in agencies}
        ticked = (cell for cell in self.ticked if cell[0] in case_ids and cell[1] in agency_ids)
        return PlannedGrid(cases, agencies, frozenset(ticked))

    @property
    def cells(self) -> frozenset[TickedCell]:
        """Every cell, ticked or not."""
        return frozenset(TickedCell(case.id, agency.id) for case in self.cases for agency in self.agencies)

    def in_words(self, cells: Collection[TickedCell]) -> list[str]:
        """Cells in words, by case and then by agency: “Police about Child 3”."""
        cases = {case.id: (place, case.pseudonym) for place, case in enumerate(self.cases)}
        agencies = {agency.id: (place, agency.name) for place, agency in enumerate(self.agencies)}
        known = [cell for cell in cells if cell.case_id in cases and cell.agency_id in agencies]
        known.sort(key=lambda cell: (cases[cell.case_id], agencies[cell.agency_id]))
        return [f"{agencies[cell.agency_id][1]} about {cases[cell.case_id][1]}" for cell in known]

    def __str__(self) -> str:
        """The size in words, counting only what has a tick: 15 cases, 9 agencies, 90 requests."""
        cases = len(self.cases) - len(self.unasked_cases)
        return grid_in_words(cases, len(self.asked), len(self.ticked))


def grid_in_words(cases: int, agencies: int, requests: int) -> str:
    """The size of an audit in words: 15 cases, 9 agencies, 90 requests."""
    words = counted(cases, "case"), counted(agencies, "agency", "agencies"), counted(requests, "request")
    return ", ".join(words)
