"""The page on which staff plan the day of the next audit."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.concluding.form_saving import save_form
from surveyapp.concluding.queries import conclusion_of
from surveyapp.concluding.re_audit import operations
from surveyapp.concluding.re_audit.forms import ReAuditForm
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.planning.models import Audit


def plan_re_audit(audit_id: int) -> ResponseReturnValue:
    """Set or clear the day of the next audit."""
    audit = session.get_one(Audit, audit_id)
    conclusion = conclusion_of(audit_id)
    form = ReAuditForm(data={"re_audit_on": conclusion.re_audit_on if conclusion else None})
    status = 200
    if form.is_submitted():
        on = form.re_audit_on.data
        status = save_form(
            form,
            lambda: operations.plan_re_audit(audit, on, actor=acting_staff().name, now=clock.now()),
            beside=form.re_audit_on,
        )
        if not status:
            flash(
                f"The next audit is on {day_in_words(on)}." if on else "There is no day for the next audit.",
                "success",
            )
            return redirect(url_for("survey.concluding.show_conclusions", audit_id=audit_id), 303)
    errors = form.errors if request.method == "POST" else {}
    return render_template("survey/concluding/re_audit.html", audit=audit, form=form, errors=errors), status
