"""An audit's conclusions on one page, the day of the next audit, and where every page of this step stands."""

from collections import Counter

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.collating.queries import collate
from surveyapp.concluding.actions import pages as action_pages
from surveyapp.concluding.conclusions_in_words import questions_in_order, repeated_in_words
from surveyapp.concluding.findings import operations
from surveyapp.concluding.findings import pages as finding_pages
from surveyapp.concluding.form_saving import save_form
from surveyapp.concluding.forms import ReAuditForm
from surveyapp.concluding.programme import pages as programme_pages
from surveyapp.concluding.queries import (
    action_progress,
    conclusion_of,
    conclusion_with_actions,
    findings_of,
    recommendations_of,
)
from surveyapp.concluding.recommendations import pages as recommendation_pages
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.web.typed_text import name_unread_fields
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.gathering.models import SOURCES
from surveyapp.gathering.quotes.operations import outdated_quote_ids
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit

bp = Blueprint("concluding", __name__)
name_unread_fields(bp, choices=("to",))

_AUDIT = "/audits/<int:audit_id>"
_FINDINGS = f"{_AUDIT}/findings"
_FINDING = f"{_FINDINGS}/<int:finding_id>"
bp.add_url_rule(f"{_FINDINGS}/add", view_func=finding_pages.add_finding, methods=["GET", "POST"])
bp.add_url_rule(_FINDING, view_func=finding_pages.change_finding, methods=["GET", "POST"])
bp.add_url_rule(f"{_FINDING}/move", view_func=finding_pages.move_finding, methods=["POST"])
bp.add_url_rule(f"{_FINDING}/remove", view_func=finding_pages.remove_finding, methods=["POST"])
_RECOMMENDATIONS = f"{_AUDIT}/recommendations"
_RECOMMENDATION = f"{_RECOMMENDATIONS}/<int:recommendation_id>"
bp.add_url_rule(
    f"{_RECOMMENDATIONS}/add", view_func=recommendation_pages.add_recommendation, methods=["GET", "POST"]
)
bp.add_url_rule(
    _RECOMMENDATION, view_func=recommendation_pages.change_recommendation, methods=["GET", "POST"]
)
bp.add_url_rule(
    f"{_RECOMMENDATION}/move", view_func=recommendation_pages.move_recommendation, methods=["POST"]
)
bp.add_url_rule(
    f"{_RECOMMENDATION}/remove", view_func=recommendation_pages.remove_recommendation, methods=["POST"]
)
_ACTIONS = f"{_AUDIT}/actions"
_ACTION = f"{_ACTIONS}/<int:action_id>"
bp.add_url_rule(_ACTIONS, view_func=action_pages.show_action_plan)
bp.add_url_rule(f"{_ACTIONS}/add", view_func=action_pages.add_action, methods=["GET", "POST"])
bp.add_url_rule(_ACTION, view_func=action_pages.show_action)
bp.add_url_rule(_ACTION, view_func=action_pages.update_action, methods=["POST"])
bp.add_url_rule(f"{_ACTION}/change", view_func=action_pages.change_action, methods=["GET", "POST"])
bp.add_url_rule(f"{_ACTION}/remove", view_func=action_pages.remove_action, methods=["POST"])
bp.add_url_rule("/overdue-actions", view_func=programme_pages.list_overdue_actions)
bp.add_url_rule("/recurring", view_func=programme_pages.show_recurring)


@bp.get("/audits/<int:audit_id>/conclusions")
def show_conclusions(audit_id: int) -> ResponseReturnValue:
    """Show findings with what they rest on, recommendations, how far the actions are, and the next audit."""
    audit = session.get_one(Audit, audit_id)
    now = clock.now()
    findings, recommendations = findings_of(audit_id), recommendations_of(audit_id)
    conclusion, actions = conclusion_with_actions(audit_id)
    form = form_of(audit)
    figures = (
        {each.id: each for each in collate(audit, now=now).questions}
        if any(finding.questions for finding in findings)
        else {}
    )
    return render_template(
        "survey/concluding/conclusions.html",
        audit=audit,
        findings=findings,
        recommendations=recommendations,
        questions={each.id: questions_in_order(each, form) for each in findings},
        figures=figures,
        repeats=repeated_in_words,
        sources=SOURCES,
        gone=outdated_quote_ids(audit, {quote for finding in findings for quote in finding.quotes}),
        answered=Counter((each.finding_id, each.recommendation_id) for each in actions),
        progress=action_progress(actions, clock.local_day(now)),
        re_audit_on=conclusion.re_audit_on if conclusion else None,
    )


@bp.route("/audits/<int:audit_id>/re-audit", methods=["GET", "POST"])
def plan_re_audit(audit_id: int) -> ResponseReturnValue:
    """Say when the same is audited again."""
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
