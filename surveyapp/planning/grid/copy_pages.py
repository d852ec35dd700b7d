"""The page on which staff copy the grid of another audit, after a preview."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.web.access import actor_and_now
from surveyapp.foundation.words.shares import counted
from surveyapp.planning import queries as audits
from surveyapp.planning.grid import operations, queries
from surveyapp.planning.grid.grid_copy import CASE_MATCHES, CaseMatch, GridCopy, plan_grid_copy
from surveyapp.planning.models import Audit

_MATCHES_IN_WORDS: dict[CaseMatch, str] = {
    "none": "Only the agencies, without ticks",
    "pseudonym": "Agencies, and ticks of cases with the same pseudonym",
    "order": "Agencies, and ticks of cases in the same place of the list",
}


def show_copy(audit_id: int) -> ResponseReturnValue:
    """Show the audits whose grid can be copied and, once one is chosen, what the copy would bring."""
    audit = audits.audit_by_id(audit_id)
    return _copy_page(audit, _audit_named(audit, request.args.get("from", "")))


def copy_grid(audit_id: int) -> ResponseReturnValue:
    """Copy the grid as the preview showed it."""
    audit = audits.audit_by_id(audit_id)
    source = _audit_named(audit, request.form.get("from", ""))
    if source is None:
        return redirect(url_for("survey.planning.show_grid_copy", audit_id=audit_id), 303)
    try:
        with transaction():
            copied = operations.copy_grid(
                audit, source, match=_match(), seen=request.form.get("seen"), **actor_and_now()
            )
            done = _in_words(copied)
    except SurveyError as error:
        return _copy_page(audit, source, errors=(f"{error.message} {error.way_on}".strip(),)), error.status
    flash(f"Copied: {done}.", "success")
    return redirect(url_for("survey.planning.show_grid", audit_id=audit_id), 303)


def _audit_named(audit: Audit, number: str) -> Audit | None:
    """The audit with this number among those that can be copied; None for anything else."""
    others = queries.audits_with_agencies(besides=audit)
    return next((other for other in others if str(other.id) == number), None)


def _match() -> CaseMatch:
    """How cases are matched, as chosen on the page; only the agencies if nothing was."""
    chosen = request.values.get("match", "")
    return chosen if chosen in CASE_MATCHES else "none"


def _in_words(copied: GridCopy) -> str:
    agencies = counted(len(copied.agencies), "more agency", "more agencies")
    return f"{agencies}, {counted(len(copied.cells), 'more tick')}"


def _copy_page(audit: Audit, source: Audit | None, *, errors: tuple[str, ...] = ()) -> str:
    match, copied, unmatched = _match(), None, 0
    if source is not None:
        planned = queries.planned_grid(source)
        copied = plan_grid_copy(planned, queries.planned_grid(audit), match)
        unmatched = len(planned.cases) - len(copied.pairs)
    return render_template(
        "survey/planning/grid_copy.html",
        audit=audit,
        source=source,
        others=queries.audits_with_agencies(besides=audit),
        matches=_MATCHES_IN_WORDS,
        match=match,
        copied=copied,
        size=_in_words(copied) if copied else "",
        unmatched=unmatched,
        errors=errors,
    )
