"""How the counts are laid out on a page: the grid in pages of cases, and the lines of totals."""

from collections.abc import Callable
from dataclasses import dataclass

from surveyapp.foundation.words.shares import counted
from surveyapp.tracking.queries import AuditStatus, TallyLine
from surveyapp.tracking.request_state import NOT_SENT, Tally

# About what a browser lays out at once without a pause; fifteen cases and nine agencies are far below.
CELLS_ON_A_PAGE = 750
FEWEST_CASES = 10

GridCell = tuple[str, str] | None


@dataclass(frozen=True)
class Grid:
    """One page of the case by agency grid, as the macro `status_grid` takes it."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[GridCell, ...], str], ...]
    totals: tuple[str, ...]
    page: int
    pages: int


def lay_out_grid(found: AuditStatus, *, page: int, link: Callable[[int], str]) -> Grid:
    """Lay out one page of the grid; `page` counts from 1, and one that is not there is the nearest that is.

    The totals at the foot are the whole audit's, whichever page is shown.
    """
    on_a_page = max(FEWEST_CASES, CELLS_ON_A_PAGE // max(1, len(found.agencies)))
    pages = max(1, -(-len(found.cases) // on_a_page))
    page = min(max(1, page), pages)
    first = (page - 1) * on_a_page
    shown = found.cases[first : first + on_a_page]
    caption = "How each request stands"
    if pages > 1:
        caption += f": cases {first + 1:,} to {first + len(shown):,} of {len(found.cases):,}"
    return Grid(
        caption=caption,
        columns=tuple(line.name for line in found.agencies),
        rows=tuple((line.name, _row(found, line, link), returned_of(line.tally)) for line in shown),
        totals=(*(returned_of(line.tally) for line in found.agencies), returned_of(found.tally)),
        page=page,
        pages=pages,
    )


def _row(found: AuditStatus, case: TallyLine, link: Callable[[int], str]) -> tuple[GridCell, ...]:
    row: list[GridCell] = []
    for agency in found.agencies:
        cell = found.cells.get((case.id, agency.id))
        if cell is not None:
            row.append((cell.word, link(cell.request_id)))
        else:
            row.append((NOT_SENT, "") if (case.id, agency.id) in found.not_issued else None)
    return tuple(row)


def returned_of(tally: Tally) -> str:
    """The short count of a row or column: 4 of 5."""
    return f"{tally.returned:,} of {tally.requests:,}"


def outstanding_in_words(tally: Tally) -> list[str]:
    """What stands beside the return rate: what is outstanding first, then what only sometimes is there."""
    words = [f"{tally.outstanding:,} outstanding" if tally.outstanding else "Nothing is outstanding"]
    for count, word in (
        (tally.started, "started"),
        (tally.undelivered, "not delivered"),
        (tally.overdue, "overdue"),
    ):
        if count:
            words.append(f"{count:,} {word}")
    return words


def returned_in_words(tally: Tally) -> str:
    """What kinds of returns have come in, and what is not counted; empty when there is nothing to say."""
    parts = []
    kinds = [counted(n, one) for n, one in ((tally.nil, "nil return"), (tally.late, "late return")) if n]
    if kinds:
        parts.append(f"Of the returned, {' and '.join(kinds)}.")
    if tally.withdrawn:
        parts.append(f"{counted(tally.withdrawn, 'request')} withdrawn and not counted.")
    return " ".join(parts)


@dataclass(frozen=True)
class Totals:
    """The tables of totals: their heads, a row for each agency and case, and the foot that both share."""

    head: tuple[str, ...]
    agencies: tuple[tuple[str, ...], ...]
    cases: tuple[tuple[str, ...], ...]
    foot: tuple[str, ...]


def lay_out_totals(found: AuditStatus) -> Totals:
    """Lay out every count by agency and by case; a column in which nothing stands is left out."""
    shown = [column for column in COLUMNS if column.always or column.count(found.tally)]
    return Totals(
        head=tuple(column.head for column in shown),
        agencies=tuple(_line(line.name, line.tally, shown) for line in found.agencies),
        cases=tuple(_line(line.name, line.tally, shown) for line in found.cases),
        foot=_line("All", found.tally, shown),
    )


@dataclass(frozen=True)
class TotalsColumn:
    """One column of totals."""

    head: str
    count: Callable[[Tally], int]
    always: bool = False


COLUMNS = (
    TotalsColumn("Requests", lambda tally: tally.requests, always=True),
    TotalsColumn("Returned", lambda tally: tally.returned, always=True),
    TotalsColumn("Nil returns", lambda tally: tally.nil),
    TotalsColumn("Late returns", lambda tally: tally.late),
    TotalsColumn("Outstanding", lambda tally: tally.outstanding, always=True),
    TotalsColumn("Started", lambda tally: tally.started),
    TotalsColumn("Not delivered", lambda tally: tally.undelivered),
    TotalsColumn("Overdue", lambda tally: tally.overdue),
    TotalsColumn("Withdrawn", lambda tally: tally.withdrawn),
)


def _line(name: str, tally: Tally, shown: list[TotalsColumn]) -> tuple[str, ...]:
    cells = [f"{column.count(tally):,}" for column in shown]
    # The rate stands beside the count it is of.
    cells[1] += tally.share.in_brackets
    return (name, *cells)
