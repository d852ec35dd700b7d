"""Pages of the grid: which agency is asked about which case."""

import re
from collections.abc import Collection

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.web.access import actor_and_now
from surveyapp.planning import queries as audits
from surveyapp.planning.grid import operations, queries
from surveyapp.planning.grid.grid import PlannedGrid, TickedCell
from surveyapp.planning.models import Audit


def show_grid(audit_id: int) -> ResponseReturnValue:
    """Show the grid."""
    audit = audits.audit_by_id(audit_id)
    return _grid_page(audit, queries.planned_grid(audit))


def tick_cells(audit_id: int) -> ResponseReturnValue:
    """Save the posted grid."""
    audit = audits.audit_by_id(audit_id)
    ticked = _posted_cells(request.form.getlist("cell")) | _posted_row_or_column(queries.planned_grid(audit))
    seen = _posted_cells(request.form["seen"].split()) if "seen" in request.form else None
    try:
        with transaction():
            saved = operations.tick_cells(audit, ticked, seen=seen, **actor_and_now())
            size, beside_others = str(saved), saved.ticked != ticked
    except SurveyError as error:
        messages = (f"{error.message} {error.way_on}".strip(),)
        planned = queries.planned_grid(audit).with_ticks(ticked)
        return _grid_page(audit, planned, seen=seen, errors=messages), error.status
    flash(f"Grid saved: {size}.", "success")
    if beside_others:
        flash(
            "Someone else changed the grid after you opened it. Their changes are here too: look once more."
        )
    next_view = "show_set_up" if request.form.get("next") == "set-up" and not beside_others else "show_grid"
    return redirect(url_for(f"survey.planning.{next_view}", audit_id=audit_id), 303)


def _posted_cells(values: list[str]) -> set[TickedCell]:
    """Cells from posted values "case:agency". Values of another shape come from no page and are ignored."""
    pairs = (re.fullmatch(r"([0-9]{1,9}):([0-9]{1,9})", value) for value in values)
    return {TickedCell(int(pair[1]), int(pair[2])) for pair in pairs if pair}


def _posted_row_or_column(planned: PlannedGrid) -> set[TickedCell]:
    """Every cell of the row or column ("case:5") that was chosen in a browser without JavaScript."""
    match = re.fullmatch(r"(case|agency):([0-9]{1,9})", request.form.get("whole", ""))
    if match is None or request.form.get("next") != "whole":
        return set()
    return planned.row_or_column(**{f"{match[1]}_id": int(match[2])})


def _grid_page(
    audit: Audit,
    planned: PlannedGrid,
    *,
    seen: Collection[TickedCell] | None = None,
    errors: tuple[str, ...] = (),
) -> str:
    locked = queries.ticked_cells(audit) if audit.is_issued else frozenset()
    # While no box is ticked at all, a warning beside every row would be no use.
    unasked = {case.id for case in planned.unasked_cases} if planned.ticked else set()
    return render_template(
        "survey/planning/grid.html",
        audit=audit,
        columns=[(agency.id, agency.name) for agency in planned.agencies],
        rows=[(case.id, case.pseudonym) for case in planned.cases],
        counted=str(planned),
        errors=errors,
        ticked={f"{cell.case_id}:{cell.agency_id}" for cell in planned.ticked},
        seen=" ".join(
            f"{cell.case_id}:{cell.agency_id}" for cell in sorted(planned.ticked if seen is None else seen)
        ),
        locked={f"{cell.case_id}:{cell.agency_id}" for cell in locked},
        row_warnings=dict.fromkeys(unasked, "No agency ticked"),
        column_warnings={
            agency.id: "Nobody to ask" for agency in planned.agencies if not agency.answering_contact
        },
    )
