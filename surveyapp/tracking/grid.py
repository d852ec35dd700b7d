"""The case by agency grid of an audit's page, in pages of cases."""

from collections.abc import Callable
from dataclasses import dataclass

from surveyapp.tracking.status_queries import AuditStatus, TallyLine
from surveyapp.tracking.tally import NOT_SENT, returned_of

# About as many as a browser lays out without a noticeable pause. Fifteen cases and nine agencies make 135.
CELLS_ON_A_PAGE = 750
FEWEST_CASES = 10
KEYED_IN = "keyed in"

# The state, the address of the page, and a mark such as “keyed in” or nothing; None where the agency
# is not asked about the case.
GridCell = tuple[str, str, str] | None


@dataclass(frozen=True)
class Grid:
    """One page of the grid, as the macro `status_grid` takes it."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[GridCell, ...], str], ...]
    totals: tuple[str, ...]
    page: int
    pages: int


def lay_out_grid(status: AuditStatus, *, page: int, link: Callable[[int], str]) -> Grid:
    """Lay out one page of the grid; `page` counts from 1 and is moved to the nearest page that exists.

    `link` returns the address of a request's page. The totals at the foot are those of the whole audit.
    """
    cases_on_a_page = max(FEWEST_CASES, CELLS_ON_A_PAGE // max(1, len(status.agencies)))
    pages = max(1, -(-len(status.cases) // cases_on_a_page))
    page = min(max(1, page), pages)
    first = (page - 1) * cases_on_a_page
    cases = status.cases[first : first + cases_on_a_page]
    caption = "How each request stands"
    if pages > 1:
        caption += f": cases {first + 1:,} to {first + len(cases):,} of {len(status.cases):,}"
    return Grid(
        caption=caption,
        columns=tuple(agency.name for agency in status.agencies),
        rows=tuple((case.name, _row(status, case, link), returned_of(case.tally)) for case in cases),
        totals=(*(returned_of(agency.tally) for agency in status.agencies), returned_of(status.tally)),
        page=page,
        pages=pages,
    )


def _row(status: AuditStatus, case: TallyLine, link: Callable[[int], str]) -> tuple[GridCell, ...]:
    row: list[GridCell] = []
    for agency in status.agencies:
        cell = status.cells.get((case.id, agency.id))
        if cell is not None:
            row.append((cell.word, link(cell.request_id), KEYED_IN if cell.is_keyed else ""))
        else:
            row.append((NOT_SENT, "", "") if (case.id, agency.id) in status.not_issued else None)
    return tuple(row)
