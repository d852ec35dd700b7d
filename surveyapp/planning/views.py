"""Pages of planning: an audit's details, its cases, its grid, and the way to issuing it."""

import re
from collections.abc import Collection
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.defining.library import available_forms, forms_folder
from surveyapp.foundation import clock
from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.web.typed_text import name_unread_fields
from surveyapp.foundation.words.shares import counted
from surveyapp.planning import operations, queries, reference_pages
from surveyapp.planning.ages import Age
from surveyapp.planning.chaser_days import chaser_days, notes_on_days_off
from surveyapp.planning.details import (
    CATEGORIES,
    GENDERS,
    PLANS,
    CaseDetails,
    details_digests,
    stored_details,
)
from surveyapp.planning.forms import AuditDetailsForm, CaseForm, SeveralCasesForm, stored_case_values
from surveyapp.planning.models import Audit, Case
from surveyapp.planning.pseudonyms import pseudonym_range
from surveyapp.planning.queries import PlannedGrid, TickedCell
from surveyapp.planning.setup import pages as file_pages

# The field each refusal of an audit's details is about.
_REFUSED_FIELDS = {
    operations.AuditExists: "title",
    operations.DatesOutOfOrder: "due_on",
    operations.ChasersUnusable: "chasers",
}

bp = Blueprint("planning", __name__)
# The uploaded file, the button of the grid, and its ticks.
name_unread_fields(bp, hidden=("content", "next"), ticks=("cell",))
bp.add_url_rule("/audits/from-file", view_func=file_pages.set_up_from_file, methods=["GET", "POST"])
bp.add_url_rule("/audits/from-file/blank", view_func=file_pages.send_blank_workbook)

_REFERENCES = "/audits/<int:audit_id>/references"
bp.add_url_rule(_REFERENCES, view_func=reference_pages.show_references)
bp.add_url_rule(_REFERENCES, view_func=reference_pages.save_references, methods=["POST"])


@bp.route("/audits/new", methods=["GET", "POST"])
def plan_audit() -> ResponseReturnValue:
    """Begin an audit."""
    form = AuditDetailsForm()
    form.offer(_forms())
    if form.validate_on_submit():
        try:
            with transaction():
                audit_id = operations.plan_audit(form.details(), **_actor_and_now()).id
        except SurveyError as error:
            _show_refusal(form, error)
        else:
            flash("Audit planned. Add its cases next.", "success")
            return _redirect_to_set_up(audit_id)
    return _audit_page(form, None)


@bp.route("/audits/<int:audit_id>/edit", methods=["GET", "POST"])
def change_audit(audit_id: int) -> ResponseReturnValue:
    """Change what an audit is about, and its dates before it is issued."""
    audit = queries.audit_named(audit_id)
    form = AuditDetailsForm(obj=audit)
    seen = request.form.get("seen", "") or details_digests(stored_details(audit))
    form.offer(_forms())
    if audit.is_issued:
        form.remove_fixed_fields()
    if form.validate_on_submit():
        try:
            with transaction():
                operations.change_audit(audit, form.details(audit), seen=seen, **_actor_and_now())
        except operations.AuditDetailsChanged as error:
            seen = error.seen
            form.show_conflicts(error.there)
        except SurveyError as error:
            _show_refusal(form, error)
        else:
            flash("Audit changed.", "success")
            return _redirect_to_set_up(audit_id)
    return _audit_page(form, audit, seen=seen)


@bp.get("/audits/<int:audit_id>/set-up")
def show_set_up(audit_id: int) -> ResponseReturnValue:
    """Show how far an audit is planned: its details, cases and grid, and what stands in the way of issue."""
    audit, days = queries.audit_named(audit_id), working_calendar()
    size = queries.size_note(audit)
    off = notes_on_days_off(days, issue_on=audit.issue_on, due_on=audit.due_on, close_on=audit.close_on)
    return render_template(
        "survey/planning/set_up.html",
        audit=audit,
        grid=queries.planned_grid(audit),
        ready=queries.readiness(audit, today=clock.local_day(clock.now())),
        notes=((size,) if size else ()) + tuple(words for _name, words in off),
        chasers=[each.day for each in chaser_days(audit, days)],
        form_title=dict(_forms()).get(audit.form_id, audit.form_id),
    )


@bp.get("/audits/<int:audit_id>/cases")
def list_cases(audit_id: int) -> ResponseReturnValue:
    """Show the cases of an audit, and how to add more."""
    return _cases_page(queries.audit_named(audit_id), SeveralCasesForm())


@bp.post("/audits/<int:audit_id>/cases/several")
def add_several_cases(audit_id: int) -> ResponseReturnValue:
    """Add cases from Child 1 to Child 15 at once."""
    audit = queries.audit_named(audit_id)
    form = SeveralCasesForm()
    if form.validate_on_submit():
        names = pseudonym_range(form.first.data or "", form.last.data or "")
        try:
            with transaction():
                operations.add_cases(audit, [CaseDetails(name) for name in names], **_actor_and_now())
        except SurveyError as error:
            form.first.errors = [error.message]
        else:
            flash(f"{counted(len(names), 'case')} added.", "success")
            return redirect(url_for("survey.planning.list_cases", audit_id=audit_id), 303)
    return _cases_page(audit, form)


@bp.route("/audits/<int:audit_id>/cases/add", methods=["GET", "POST"])
def add_case(audit_id: int) -> ResponseReturnValue:
    """Add one case."""
    audit = queries.audit_named(audit_id)
    form = CaseForm()
    if form.validate_on_submit():
        try:
            with transaction():
                operations.add_cases(audit, [form.details()], **_actor_and_now())
        except SurveyError as error:
            form.pseudonym.errors = [error.message]
        else:
            flash(f"{form.pseudonym.data} added.", "success")
            return redirect(url_for("survey.planning.list_cases", audit_id=audit_id), 303)
    return _case_page(form, audit, None)


@bp.route("/audits/<int:audit_id>/cases/<int:case_id>", methods=["GET", "POST"])
def change_case(audit_id: int, case_id: int) -> ResponseReturnValue:
    """Correct what is known of a case."""
    case = queries.case_named(audit_id, case_id)
    form, changed = CaseForm(stored=case), None
    if not form.is_submitted():
        form.show(case)
        form.seen.data = operations.case_digest(case)
    if form.validate_on_submit():
        try:
            with transaction():
                operations.change_case(
                    case, form.details(), seen=request.form.get("seen"), **_actor_and_now()
                )
        except EditConflict as error:
            changed, form.seen.data = error, operations.case_digest(case)
        except SurveyError as error:
            form.pseudonym.errors = [error.message]
        else:
            flash(f"{form.pseudonym.data} changed.", "success")
            return redirect(url_for("survey.planning.list_cases", audit_id=audit_id), 303)
    return _case_page(form, case.audit, case, changed=changed)


@bp.post("/audits/<int:audit_id>/cases/<int:case_id>/remove")
def remove_case(audit_id: int, case_id: int) -> ResponseReturnValue:
    """Take a case out of an audit."""
    with transaction():
        case = queries.case_named(audit_id, case_id)
        pseudonym = case.pseudonym
        operations.remove_case(case, **_actor_and_now())
    flash(f"{pseudonym} removed.", "success")
    return redirect(url_for("survey.planning.list_cases", audit_id=audit_id), 303)


@bp.get("/audits/<int:audit_id>/grid")
def show_grid(audit_id: int) -> ResponseReturnValue:
    """Show which agency is asked about which case."""
    audit = queries.audit_named(audit_id)
    return _grid_page(audit, queries.planned_grid(audit))


@bp.post("/audits/<int:audit_id>/grid")
def tick_cells(audit_id: int) -> ResponseReturnValue:
    """Save the grid as it is ticked."""
    audit = queries.audit_named(audit_id)
    ticked = _posted_cells(request.form.getlist("cell")) | _posted_row_or_column(queries.planned_grid(audit))
    seen = _posted_cells(request.form["seen"].split()) if "seen" in request.form else None
    try:
        with transaction():
            saved = operations.tick_cells(audit, ticked, seen=seen, **_actor_and_now())
            counted_now, beside_others = str(saved), saved.ticked != ticked
    except SurveyError as error:
        refused = (f"{error.message} {error.way_on}".strip(),)
        shown = queries.planned_grid(audit).with_ticks(ticked)
        return _grid_page(audit, shown, seen=seen, errors=refused), error.status
    flash(f"Grid saved: {counted_now}.", "success")
    if beside_others:
        flash(
            "Someone else changed the grid after you opened it. Their changes are here too: look once more."
        )
    after = "show_set_up" if request.form.get("next") == "set-up" and not beside_others else "show_grid"
    return redirect(url_for(f"survey.planning.{after}", audit_id=audit_id), 303)


def _posted_cells(values: list[str]) -> set[TickedCell]:
    """The cells of a posted grid, each "case:agency"; what has another shape was sent by no page of ours."""
    pairs = (re.fullmatch(r"([0-9]{1,9}):([0-9]{1,9})", value) for value in values)
    return {TickedCell(int(pair[1]), int(pair[2])) for pair in pairs if pair}


def _posted_row_or_column(planned: PlannedGrid) -> set[TickedCell]:
    """The boxes of the row or column that a browser without JavaScript asks for by name: "case:5"."""
    chosen = re.fullmatch(r"(case|agency):([0-9]{1,9})", request.form.get("whole", ""))
    if chosen is None or request.form.get("next") != "whole":
        return set()
    return planned.whole(**{f"{chosen[1]}_id": int(chosen[2])})


def _actor_and_now() -> dict[str, Any]:
    return {"actor": acting_staff().name, "now": clock.now()}


def _redirect_to_set_up(audit_id: int) -> ResponseReturnValue:
    return redirect(url_for("survey.planning.show_set_up", audit_id=audit_id), 303)


def _forms() -> list[tuple[str, str]]:
    return [(form.form, form.title) for form in available_forms(forms_folder())]


def _show_refusal(form: AuditDetailsForm, error: SurveyError) -> None:
    """Put a refusal under the field it is about; under the title where that field is not on the page."""
    about = next((name for kind, name in _REFUSED_FIELDS.items() if isinstance(error, kind)), "title")
    form[about if about in form else "title"].errors = [f"{error.message} {error.way_on}".strip()]


def _audit_page(form: AuditDetailsForm, audit: Audit | None, *, seen: str = "") -> ResponseReturnValue:
    page = render_template(
        "survey/planning/audit_form.html", form=form, audit=audit, seen=seen, errors=form.errors
    )
    return page, 422 if form.errors else 200


def _cases_page(audit: Audit, form: SeveralCasesForm) -> ResponseReturnValue:
    rows = [(case, str(Age(case.age_months, case.unborn))) for case in audit.cases]
    shown = {
        "audit": audit,
        "rows": rows,
        "form": form,
        "note": queries.size_note(audit),
        "errors": form.errors,
    }
    return render_template("survey/planning/cases.html", **shown), 422 if form.errors else 200


def _case_page(
    form: CaseForm, audit: Audit, case: Case | None, *, changed: EditConflict | None = None
) -> ResponseReturnValue:
    page = render_template(
        "survey/planning/case_form.html",
        form=form,
        audit=audit,
        case=case,
        errors=form.errors,
        looks_like=form.looks_like,
        words={"gender": GENDERS, "category": CATEGORIES, "plan": PLANS},
        changed=changed,
        there=stored_case_values(case) if case else [],
    )
    if changed:
        return page, changed.status
    return page, 422 if form.errors else 200


def _grid_page(
    audit: Audit,
    planned: PlannedGrid,
    *,
    seen: Collection[TickedCell] | None = None,
    errors: tuple[str, ...] = (),
) -> str:
    locked = queries.ticked_cells(audit) if audit.is_issued else frozenset()
    begun = bool(planned.ticked)
    unasked = {case.id for case in planned.unasked_cases} if begun else set()
    return render_template(
        "survey/planning/grid.html",
        audit=audit,
        columns=[(agency.id, agency.name) for agency in planned.agencies_asked_first],
        rows=[(case.id, case.pseudonym) for case in planned.cases],
        counted=str(planned),
        errors=errors,
        ticked={f"{cell.case_id}:{cell.agency_id}" for cell in planned.ticked},
        seen=" ".join(
            f"{cell.case_id}:{cell.agency_id}" for cell in sorted(planned.ticked if seen is None else seen)
        ),
        locked={f"{cell.case_id}:{cell.agency_id}" for cell in locked},
        row_warnings=dict.fromkeys(unasked, "No agency ticked"),
        column_warnings={each.id: "Nobody to ask" for each in planned.agencies if not each.answering_contact},
    )
