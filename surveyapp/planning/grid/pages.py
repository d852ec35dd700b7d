"""Pages of the grid: which agency is asked about which case."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.tables.posted_table import TableForm
from surveyapp.foundation.web.access import actor_and_now
from surveyapp.foundation.words.clean_text import clean_line
from surveyapp.foundation.words.dates_and_lists import list_in_words, moment_in_words
from surveyapp.foundation.words.shares import counted
from surveyapp.planning import queries as audits
from surveyapp.planning.grid import operations, queries
from surveyapp.planning.grid.grid import ANSWERS_IN_WORDS, PlannedGrid, TickedCell
from surveyapp.planning.grid.operations import SavedGrid
from surveyapp.planning.models import Audit, GridChange
from surveyapp.planning.next_step import GRID, ISSUE, next_step

# So many cells are named in a message; the others are counted.
_MOST_CELLS_NAMED = 8


@dataclass(frozen=True)
class _PostedPage:
    """What a posted page of the grid held, so that it can be shown again."""

    ticked: frozenset[TickedCell]
    seen: frozenset[TickedCell]
    shown: frozenset[TickedCell]
    last_seen: int


def show_grid(audit_id: int) -> ResponseReturnValue:
    """Show the grid, or the part of it that a filter leaves."""
    audit = audits.audit_by_id(audit_id)
    return _grid_page(audit, queries.planned_grid(audit))


def tick_cells(audit_id: int) -> ResponseReturnValue:
    """Save the posted grid."""
    audit = audits.audit_by_id(audit_id)
    posted = _posted_page(queries.planned_grid(audit))
    try:
        with transaction():
            saved = operations.save_grid(
                audit,
                posted.ticked,
                seen=posted.seen,
                shown=posted.shown,
                last_seen=posted.last_seen,
                **actor_and_now(),
            )
            size, others = str(saved.grid), _others_in_words(saved)
    except SurveyError as error:
        return _grid_page_again(audit, posted, error)
    flash(f"Grid saved: {size}.", "success")
    if others:
        flash(others)
    return redirect(_page_after(audit, stay=bool(others)), 303)


def undo_change(audit_id: int) -> ResponseReturnValue:
    """Undo the last change of the grid."""
    audit = audits.audit_by_id(audit_id)
    change_id = request.form.get("change", "")
    try:
        with transaction():
            saved = operations.undo_last_change(
                audit, int(change_id) if re.fullmatch("[0-9]{1,9}", change_id) else 0, **actor_and_now()
            )
            size = str(saved)
    except SurveyError as error:
        message = f"{error.message} {error.way_on}".strip()
        return _grid_page(audit, queries.planned_grid(audit), errors=(message,)), error.status
    flash(f"The last change is undone: {size}.", "success")
    return redirect(url_for("survey.planning.show_grid", audit_id=audit_id), 303)


def _page_after(audit: Audit, *, stay: bool) -> str:
    """The address to which a button of the grid leads; after changes by others the grid is shown again."""
    if request.form.get("next", "") == "on" and not stay:
        return url_for(_endpoint_after(audit), audit_id=audit.id)
    cases, agencies = (clean_line(request.form.get(name, "")) or None for name in ("cases", "agencies"))
    return url_for("survey.planning.show_grid", audit_id=audit.id, cases=cases, agencies=agencies)


def _endpoint_after(audit: Audit) -> str:
    """The page to go on to: the next step, or what is missing where the grid is not finished."""
    if audit.is_issued:
        return ISSUE.endpoint
    step = next_step(audit)
    return "survey.planning.show_set_up" if step is None or step == GRID else step.endpoint


def _posted_page(planned: PlannedGrid) -> _PostedPage:
    ticked = _posted_cells(request.form.getlist("cell")) | _posted_row_or_column(planned)
    if "seen" not in request.form:
        return _PostedPage(frozenset(ticked), planned.ticked, planned.cells, 0)
    last_seen = request.form.get("last", "")
    cases, agencies = ({int(value) for value in _posted_numbers(name)} for name in ("rows", "columns"))
    return _PostedPage(
        frozenset(ticked),
        frozenset(_posted_cells(request.form["seen"].split())),
        frozenset(TickedCell(case_id, agency_id) for case_id in cases for agency_id in agencies),
        int(last_seen) if re.fullmatch("[0-9]{1,9}", last_seen) else 0,
    )


def _posted_cells(values: list[str]) -> set[TickedCell]:
    """Cells from posted values "case:agency". Values of another shape come from no page and are ignored."""
    pairs = (re.fullmatch(r"([0-9]{1,9}):([0-9]{1,9})", value) for value in values)
    return {TickedCell(int(pair[1]), int(pair[2])) for pair in pairs if pair}


def _posted_numbers(name: str) -> list[str]:
    # A page has at most some hundred rows and columns; a longer line comes from no page.
    return [value for value in request.form.get(name, "")[:6000].split() if re.fullmatch("[0-9]{1,9}", value)]


def _posted_row_or_column(planned: PlannedGrid) -> set[TickedCell]:
    """Every cell of the row or column ("case:5") that was chosen in a browser without JavaScript."""
    match = re.fullmatch(r"(case|agency):([0-9]{1,9})", request.form.get("whole", ""))
    if match is None or request.form.get("next") != "whole":
        return set()
    return planned.row_or_column(**{f"{match[1]}_id": int(match[2])})


def _others_in_words(saved: SavedGrid) -> str:
    """What others changed since the page was opened: who, and which cells; empty if nothing."""
    changes = [
        f"{verb} {_cells_in_words(saved.grid, cells)}"
        for verb, cells in (("ticked", saved.ticked_by_others), ("cleared", saved.cleared_by_others))
        if cells
    ]
    if not changes:
        return ""
    who = list_in_words(saved.others) or "Someone else"
    return f"{who} changed the grid after you opened it: {list_in_words(changes)}. Nothing of yours is lost."


def _cells_in_words(planned: PlannedGrid, cells: Collection[TickedCell]) -> str:
    words = planned.in_words(cells)
    more = len(words) - _MOST_CELLS_NAMED
    return list_in_words([*words[:_MOST_CELLS_NAMED], f"{more:,} more"] if more > 0 else words)


def change_in_words(change: GridChange) -> str:
    """The last change of the grid in a sentence: who, when, how many boxes."""
    done = [
        f"{verb} {counted(len(cells), 'box', 'boxes')}"
        for verb, cells in (("ticked", change.added), ("cleared", change.removed))
        if cells
    ]
    who = f"The answers of {change.by}" if change.agency else change.by
    # The boxes of a case that was removed since are not counted.
    what = list_in_words(done) or "changed cases that were removed since,"
    return f"{who} {what}: {moment_in_words(change.changed_at)}."


def _grid_page_again(audit: Audit, posted: _PostedPage, error: SurveyError) -> ResponseReturnValue:
    """The page with the ticks as posted, after a refusal."""
    planned = queries.planned_grid(audit)
    ticked = planned.ticked - posted.shown | posted.ticked
    message = f"{error.message} {error.way_on}".strip()
    page = _grid_page(audit, planned.with_ticks(ticked), posted=posted, errors=(message,))
    return page, error.status


def _grid_page(
    audit: Audit, planned: PlannedGrid, *, posted: _PostedPage | None = None, errors: tuple[str, ...] = ()
) -> str:
    words = {
        name: clean_line(request.form.get(name, request.args.get(name, ""))) for name in ("cases", "agencies")
    }
    shown = planned.part(posted.shown) if posted else planned.shown(**words)
    locked = queries.ticked_cells(audit) if audit.is_issued else frozenset()
    change, said = queries.last_change(audit), queries.involvement_answers(audit)
    seen = posted.seen if posted else shown.ticked
    last_seen = posted.last_seen if posted else change.id if change else 0
    # While no box is ticked at all, a warning beside every row would be no use.
    unasked = {case.id for case in planned.unasked_cases} if planned.ticked else set()
    return render_template(
        "survey/planning/grid.html",
        audit=audit,
        is_empty=not (planned.cases and planned.agencies),
        has_cases=bool(planned.cases),
        columns=[(agency.id, agency.name) for agency in shown.agencies],
        rows=[(case.id, case.pseudonym) for case in shown.cases],
        words=words,
        filtered=(shown.cases, shown.agencies) != (planned.cases, planned.agencies),
        row_links={
            case.id: url_for("survey.planning.add_agency_for_child", audit_id=audit.id, case_id=case.id)
            for case in shown.cases
        },
        counted=str(planned),
        table_form=TableForm(formdata=None),
        errors=errors,
        ticked={f"{cell.case_id}:{cell.agency_id}" for cell in shown.ticked},
        seen=" ".join(f"{cell.case_id}:{cell.agency_id}" for cell in sorted(seen)),
        last_seen=last_seen,
        locked={f"{cell.case_id}:{cell.agency_id}" for cell in locked},
        row_warnings=dict.fromkeys(unasked, "No agency ticked"),
        column_warnings={
            agency.id: "Nobody to ask" for agency in planned.agencies if not agency.answering_contact
        },
        said={f"{cell.case_id}:{cell.agency_id}": ANSWERS_IN_WORDS[answer] for cell, answer in said.items()},
        to_decide=planned.in_words({cell for cell, answer in said.items() if answer == "relative_only"}),
        change=None if audit.is_issued else change,
        change_words=change_in_words(change) if change else "",
    )
