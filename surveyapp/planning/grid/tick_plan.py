"""What a table of ticks makes of the grid, by the choices about ticks that it does not have."""

from collections.abc import Mapping
from dataclasses import dataclass

from surveyapp.planning.grid.grid import PlannedGrid, TickedCell
from surveyapp.planning.grid.tick_table import ImportedTicks

UNTICK, KEEP = "untick", "keep"
# The choice about cells in which the table says no, and about those that it leaves empty.
SAYS_NO, IS_EMPTY = "no", "empty"


@dataclass(frozen=True)
class TickPlan:
    """The grid as it will be. `denied` has a tick and a no in the table, `unnamed` a tick and an empty cell.

    `kept` are cells about which agencies have been asked: they stay ticked, whatever the table says.
    """

    grid: PlannedGrid
    added: tuple[TickedCell, ...]
    denied: tuple[TickedCell, ...]
    unnamed: tuple[TickedCell, ...]
    kept: tuple[TickedCell, ...]
    choices: Mapping[str, str]

    @property
    def removed(self) -> tuple[TickedCell, ...]:
        """The cells that lose their tick."""
        denied = self.denied if self.choices[SAYS_NO] == UNTICK else ()
        return (*denied, *(self.unnamed if self.choices[IS_EMPTY] == UNTICK else ()))


def plan_ticks(
    imported: ImportedTicks, stored: PlannedGrid, choices: Mapping[str, str], *, is_issued: bool
) -> TickPlan:
    """What storing a table of ticks makes of the grid.

    Where the table says no, a tick goes unless it is kept; where it says nothing, a tick stays unless it is
    taken away. Once the audit is issued, every tick stays.
    """
    ticked = sorted(cell for cell in imported.cells if cell in stored.ticked)
    differing = [cell for cell in ticked if not imported.cells[cell]]
    open_cells = [] if is_issued else differing
    to_tick = {cell for cell, is_ticked in imported.cells.items() if is_ticked}
    added = tuple(sorted(to_tick - stored.ticked))
    chosen = {
        SAYS_NO: KEEP if choices.get(SAYS_NO) == KEEP else UNTICK,
        IS_EMPTY: UNTICK if choices.get(IS_EMPTY) == UNTICK else KEEP,
    }
    plan = TickPlan(
        stored,
        added,
        tuple(cell for cell in open_cells if imported.cells[cell] is False),
        tuple(cell for cell in open_cells if imported.cells[cell] is None),
        tuple(differing) if is_issued else (),
        chosen,
    )
    grid = stored.with_ticks(stored.ticked - set(plan.removed) | set(added))
    return TickPlan(grid, plan.added, plan.denied, plan.unnamed, plan.kept, chosen)
