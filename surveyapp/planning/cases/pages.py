"""Pages of an audit's cases: the list, adding several or one, correcting and removing."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.tables.posted_table import TableForm
from surveyapp.foundation.web.access import actor_and_now
from surveyapp.foundation.words.shares import counted
from surveyapp.planning import queries
from surveyapp.planning.cases import operations
from surveyapp.planning.cases.ages import Age
from surveyapp.planning.cases.details import CATEGORIES, GENDERS, PLANS, CaseDetails
from surveyapp.planning.cases.forms import CaseForm, SeveralCasesForm, stored_case_values
from surveyapp.planning.cases.pseudonyms import pseudonym_range
from surveyapp.planning.cases.size_note import size_note
from surveyapp.planning.models import Audit, Case
from surveyapp.planning.next_step import next_step


def list_cases(audit_id: int) -> ResponseReturnValue:
    """List the cases of an audit, with the form to add several."""
    return _cases_page(queries.audit_by_id(audit_id), SeveralCasesForm())


def add_several_cases(audit_id: int) -> ResponseReturnValue:
    """Add a numbered range of cases, such as Child 1 to Child 15."""
    audit = queries.audit_by_id(audit_id)
    form = SeveralCasesForm()
    if form.validate_on_submit():
        names = pseudonym_range(form.first.data or "", form.last.data or "")
        try:
            with transaction():
                operations.add_cases(audit, [CaseDetails(name) for name in names], **actor_and_now())
        except SurveyError as error:
            form.first.errors = [error.message]
        else:
            flash(f"{counted(len(names), 'case')} added.", "success")
            return redirect(url_for("survey.planning.list_cases", audit_id=audit_id), 303)
    return _cases_page(audit, form)


def add_case(audit_id: int) -> ResponseReturnValue:
    """Add one case."""
    audit = queries.audit_by_id(audit_id)
    form = CaseForm()
    if form.validate_on_submit():
        try:
            with transaction():
                operations.add_cases(audit, [form.details()], **actor_and_now())
        except SurveyError as error:
            form.pseudonym.errors = [error.message]
        else:
            flash(f"{form.pseudonym.data} added.", "success")
            return redirect(url_for("survey.planning.list_cases", audit_id=audit_id), 303)
    return _case_page(form, audit, None)


def change_case(audit_id: int, case_id: int) -> ResponseReturnValue:
    """Correct the details of a case."""
    case = queries.case_by_id(audit_id, case_id)
    form, changed = CaseForm(stored=case), None
    if not form.is_submitted():
        form.show(case)
        form.seen.data = operations.case_digest(case)
    if form.validate_on_submit():
        try:
            with transaction():
                operations.change_case(case, form.details(), seen=request.form.get("seen"), **actor_and_now())
        except EditConflict as error:
            changed, form.seen.data = error, operations.case_digest(case)
        except SurveyError as error:
            form.pseudonym.errors = [error.message]
        else:
            flash(f"{form.pseudonym.data} changed.", "success")
            return redirect(url_for("survey.planning.list_cases", audit_id=audit_id), 303)
    return _case_page(form, case.audit, case, changed=changed)


def remove_case(audit_id: int, case_id: int) -> ResponseReturnValue:
    """Remove a case from an audit."""
    with transaction():
        case = queries.case_by_id(audit_id, case_id)
        pseudonym = case.pseudonym
        operations.remove_case(case, **actor_and_now())
    flash(f"{pseudonym} removed.", "success")
    return redirect(url_for("survey.planning.list_cases", audit_id=audit_id), 303)


def _cases_page(audit: Audit, form: SeveralCasesForm) -> ResponseReturnValue:
    rows = [(case, str(Age(case.age_months, case.unborn))) for case in audit.cases]
    template_values = {
        "audit": audit,
        "rows": rows,
        "form": form,
        "table_form": TableForm(formdata=None),
        "next": next_step(audit) if rows else None,
        "note": size_note(audit),
        "errors": form.errors,
    }
    return render_template("survey/planning/cases.html", **template_values), 422 if form.errors else 200


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
