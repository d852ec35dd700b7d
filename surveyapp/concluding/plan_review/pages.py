"""The page on which staff set the day of the next review of the action plan."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.concluding.form_saving import save_form
from surveyapp.concluding.plan_review import operations
from surveyapp.concluding.plan_review.forms import PlanReviewForm
from surveyapp.concluding.queries import conclusion_of
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.planning.models import Audit


def plan_review(audit_id: int) -> ResponseReturnValue:
    """Set or clear the day of the next review."""
    audit = session.get_one(Audit, audit_id)
    conclusion = conclusion_of(audit_id)
    form = PlanReviewForm(data={"review_on": conclusion.review_on if conclusion else None})
    status = 200
    if form.is_submitted():
        on = form.review_on.data
        status = save_form(
            form,
            lambda: operations.plan_review(audit, on, actor=acting_staff().name, now=clock.now()),
            beside=form.review_on,
        )
        if not status:
            flash(
                f"The plan is next reviewed on {day_in_words(on)}."
                if on
                else "There is no day for the next review.",
                "success",
            )
            return redirect(url_for("survey.concluding.show_action_plan", audit_id=audit_id), 303)
    errors = form.errors if request.method == "POST" else {}
    return (
        render_template("survey/concluding/plan_review.html", audit=audit, form=form, errors=errors),
        status,
    )
