"""The page on which staff copy an audit."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.web.access import actor_and_now
from surveyapp.planning import queries as audits
from surveyapp.planning.audit_copy.forms import CopyAuditForm
from surveyapp.planning.audit_copy.operations import copy_audit as plan_copy
from surveyapp.planning.date_rules import DatesOutOfOrder


def copy_audit(audit_id: int) -> ResponseReturnValue:
    """Show what a copy takes over; a post plans the new audit."""
    source = audits.audit_by_id(audit_id)
    form = CopyAuditForm()
    if form.validate_on_submit():
        try:
            with transaction():
                copy_id = plan_copy(
                    source,
                    title=form.title.data or "",
                    issue_on=form.issue_on.data,
                    with_grid=form.grid.data == "all",
                    **actor_and_now(),
                ).id
        except SurveyError as error:
            field = form.issue_on if isinstance(error, DatesOutOfOrder) else form.title
            field.errors = [f"{error.message} {error.way_on}".strip()]
        else:
            flash("Copied. Look at its days and cases next.", "success")
            return redirect(url_for("survey.planning.show_set_up", audit_id=copy_id), 303)
    page = render_template("survey/planning/copy_audit.html", audit=source, form=form, errors=form.errors)
    return page, 422 if form.errors else 200
