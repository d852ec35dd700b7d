"""The page “Paste or upload” of the grid: a table of ticks, shown before it is stored."""

from collections.abc import Iterable
from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.agencies.queries import listed_agencies
from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.edit_conflicts import check_unchanged, row_digest
from surveyapp.foundation.tables.posted_table import CHOICE, PostedTable, TablePage, take_table
from surveyapp.foundation.web.access import actor_and_now
from surveyapp.planning import queries as audits
from surveyapp.planning.grid import operations, queries
from surveyapp.planning.grid.grid import PlannedGrid, TickedCell
from surveyapp.planning.grid.tick_plan import TickPlan, plan_ticks
from surveyapp.planning.grid.tick_table import ImportedTicks, read_ticks, tick_columns, turned
from surveyapp.planning.models import Audit

_GRID_CHANGED = "Someone else changed the grid after you opened the page."
_LOOK_AGAIN = "Nothing was stored. What is stored now is below: look at it again, then store it."


def import_ticks(audit_id: int) -> ResponseReturnValue:
    """Take ticks from pasted cells or a file; store them once they have been looked at."""
    audit = audits.audit_by_id(audit_id)
    grid = queries.planned_grid(audit)
    # Any agency of the list may stand in the table; one that gets a tick becomes part of the grid.
    grid = replace(grid, agencies=tuple(dict.fromkeys((*grid.agencies, *listed_agencies()))))
    page = TablePage(
        title="Paste or upload ticks",
        caption=audit.title,
        about="Cases go down and agencies across: a Y, yes, x or 1 where the agency knew the child.",
        example=(
            ("Case", "Northside Police", "Northside Social Care"),
            ("Child 1", "Y", "Y"),
            ("Child 2", "", "x"),
        ),
        columns=tick_columns(grid.agencies),
        back=(url_for("survey.planning.show_grid", audit_id=audit_id), "Grid"),
        asks_about_all=True,
        prepare=lambda table: turned(table, grid.cases, grid.agencies),
    )
    return take_table(page, lambda posted: _look(audit, grid, posted))


def _look(audit: Audit, grid: PlannedGrid, posted: PostedTable) -> ResponseReturnValue:
    imported = read_ticks(posted.table, posted.match, grid.cases)
    plan = plan_ticks(imported, grid, posted.choices, is_issued=audit.is_issued)
    if not posted.is_confirmed:
        return _preview_page(audit, posted, imported, plan, grid)
    try:
        seen = request.form.get("seen")
        check_unchanged(seen, _digest(grid), message=_GRID_CHANGED, way_on=_LOOK_AGAIN)
        if request.form.get("shown") != row_digest(**plan.choices):
            return _preview_page(audit, posted, imported, plan, grid, has_new_choices=True)
        with transaction():
            # `seen` lets ticks stay that somebody else makes at this moment.
            saved = operations.tick_cells(audit, plan.grid.ticked, seen=grid.ticked, **actor_and_now())
            size, audit_id = str(saved), audit.id
    except SurveyError as error:
        return _preview_page(audit, posted, imported, plan, grid, refusal=error), error.status
    flash(f"Grid saved: {size}.", "success")
    return redirect(url_for("survey.planning.show_grid", audit_id=audit_id), 303)


def _preview_page(  # noqa: PLR0913 — what is shown, and why again
    audit: Audit,
    posted: PostedTable,
    imported: ImportedTicks,
    plan: TickPlan,
    grid: PlannedGrid,
    *,
    has_new_choices: bool = False,
    refusal: SurveyError | None = None,
) -> str:
    return render_template(
        "survey/planning/ticks_preview.html",
        audit=audit,
        posted=posted,
        plan=plan,
        size=str(plan.grid),
        size_now=str(grid),
        added=_in_words(grid, plan.added),
        denied=_in_words(grid, plan.denied),
        unnamed=_in_words(grid, plan.unnamed),
        kept=_in_words(grid, plan.kept),
        has_changes=bool(plan.added or plan.denied or plan.unnamed),
        notices=imported.notices,
        seen=_digest(grid),
        shown=row_digest(**plan.choices),
        choice_prefix=CHOICE,
        errors=(),
        has_new_choices=has_new_choices,
        refusal=refusal,
    )


def _digest(grid: PlannedGrid) -> str:
    return row_digest(ticked=sorted(grid.ticked))


def _in_words(grid: PlannedGrid, cells: Iterable[TickedCell]) -> list[tuple[str, str]]:
    """The cells by case: each case with the agencies, in words, in the order of the grid."""
    agencies = {agency.id: agency.name for agency in grid.agencies}
    by_case: dict[int, list[str]] = {}
    for cell in cells:
        by_case.setdefault(cell.case_id, []).append(agencies[cell.agency_id])
    return [(case.pseudonym, ", ".join(by_case[case.id])) for case in grid.cases if case.id in by_case]
