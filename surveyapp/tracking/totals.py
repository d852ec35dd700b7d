"""The tables of totals: every count by agency and by case."""

from collections.abc import Callable
from dataclasses import dataclass

from surveyapp.tracking.status_queries import AuditStatus
from surveyapp.tracking.tally import Tally


@dataclass(frozen=True)
class TotalsColumn:
    """One column of totals: its heading, its count, and whether it is shown when the count is 0."""

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


@dataclass(frozen=True)
class Totals:
    """Both tables of totals: their shared headings, a row for each agency and case, and the shared foot."""

    head: tuple[str, ...]
    agencies: tuple[tuple[str, ...], ...]
    cases: tuple[tuple[str, ...], ...]
    foot: tuple[str, ...]


def lay_out_totals(status: AuditStatus) -> Totals:
    """Lay out every count by agency and by case, without the optional columns whose total is 0."""
    columns = [column for column in COLUMNS if column.always or column.count(status.tally)]
    return Totals(
        head=tuple(column.head for column in columns),
        agencies=tuple(_row(line.name, line.tally, columns) for line in status.agencies),
        cases=tuple(_row(line.name, line.tally, columns) for line in status.cases),
        foot=_row("All", status.tally, columns),
    )


def _row(name: str, tally: Tally, columns: list[TotalsColumn]) -> tuple[str, ...]:
    cells = [f"{column.count(tally):,}" for column in columns]
    # The return rate follows the number of returns.
    cells[1] += tally.share.in_brackets
    return (name, *cells)
