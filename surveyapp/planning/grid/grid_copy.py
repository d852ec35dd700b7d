"""What copying the grid of another audit would bring: agencies, and ticks of the cases that match."""

from dataclasses import dataclass
from typing import Literal, get_args

from surveyapp.agencies.models import Agency
from surveyapp.foundation.store.edit_conflicts import row_digest
from surveyapp.foundation.words.clean_text import name_key
from surveyapp.planning.grid.grid import PlannedGrid, TickedCell
from surveyapp.planning.models import Case

# How the cases of two audits are matched. “none”: only the agencies are copied, without ticks.
CaseMatch = Literal["pseudonym", "order", "none"]
CASE_MATCHES: tuple[CaseMatch, ...] = get_args(CaseMatch)


@dataclass(frozen=True)
class GridCopy:
    """What a copy would add to a grid; nothing is ever removed or unticked."""

    # The agencies that the grid lacks so far.
    agencies: tuple[Agency, ...]
    # The cases that match: that of the other audit, then this audit's.
    pairs: tuple[tuple[Case, Case], ...]
    # This audit's cells that would be ticked and are not so far.
    cells: frozenset[TickedCell]

    @property
    def digest(self) -> str:
        """A digest of all that the preview shows, for detecting a change before it is carried out."""
        return row_digest(
            agencies=[agency.id for agency in self.agencies],
            pairs=[(one.id, other.id) for one, other in self.pairs],
            cells=sorted(self.cells),
        )

    def ticks_for(self, case: Case) -> int:
        """How many boxes of one of this audit's cases would be ticked."""
        return sum(cell.case_id == case.id for cell in self.cells)


def plan_grid_copy(source: PlannedGrid, target: PlannedGrid, match: CaseMatch) -> GridCopy:
    """What copying `source` would add to `target`.

    Pseudonyms match as a person would recognise them (`name_key`); by order, the first case of one audit
    matches the first of the other, and cases beyond the shorter list match none.
    """
    pairs = _matching_cases(source, target, match)
    here = {agency.id for agency in target.agencies}
    ticked_about: dict[int, list[int]] = {}
    for cell in source.ticked:
        ticked_about.setdefault(cell.case_id, []).append(cell.agency_id)
    cells = {
        TickedCell(own.id, agency_id) for other, own in pairs for agency_id in ticked_about.get(other.id, ())
    }
    return GridCopy(
        agencies=tuple(agency for agency in source.agencies if agency.id not in here),
        pairs=pairs,
        cells=frozenset(cells - target.ticked),
    )


def _matching_cases(
    source: PlannedGrid, target: PlannedGrid, match: CaseMatch
) -> tuple[tuple[Case, Case], ...]:
    if match == "order":
        return tuple(zip(source.cases, target.cases, strict=False))
    if match == "none":
        return ()
    by_pseudonym = {name_key(case.pseudonym): case for case in source.cases}
    own = ((by_pseudonym.get(name_key(case.pseudonym)), case) for case in target.cases)
    return tuple((other, case) for other, case in own if other is not None)
