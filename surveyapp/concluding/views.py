"""An audit's conclusions on one page, the day of the next audit, and where every page of this step stands."""

from collections import Counter

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.collating.queries import collate
from surveyapp.concluding.actions import pages as action_pages
from surveyapp.concluding.conclusions_in_words import questions_in_order, repeats
from surveyapp.concluding.findings import operations
from surveyapp.concluding.findings import pages as finding_pages
from surveyapp.concluding.form_saving import store
from surveyapp.concluding.forms import ReAuditForm
from surveyapp.concluding.programme import pages as programme_pages
from surveyapp.concluding.queries import (
    conclusion_of,
    conclusion_with_actions,
    findings_of,
    progress,
    recommendations_of,
)
from surveyapp.concluding.recommendations import pages as recommendation_pages
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.gathering.models import SOURCES
from surveyapp.gathering.quotes.operations import no_longer_said
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit

bp = Blueprint("concluding", __name__)

_AUDIT = "/audits/<int:audit_id>"
for _rows, _pages, _noun in (
    (f"{_AUDIT}/findings", finding_pages, "finding"),
    (f"{_AUDIT}/recommendations", recommendation_pages, "recommendation"),
):
    _one = f"{_rows}/<int:{_noun}_id>"
    bp.add_url_rule(f"{_rows}/add", f"add_{_noun}", _pages.add, methods=["GET", "POST"])
    bp.add_url_rule(_one, f"change_{_noun}", _pages.change, methods=["GET", "POST"])
    bp.add_url_rule(f"{_one}/move", f"move_{_noun}", _pages.move, methods=["POST"])
    bp.add_url_rule(f"{_one}/remove", f"remove_{_noun}", _pages.remove, methods=["POST"])
_ACTIONS = f"{_AUDIT}/actions"
_ACTION = f"{_ACTIONS}/<int:action_id>"
bp.add_url_rule(_ACTIONS, "show_action_plan", action_pages.show_plan)
bp.add_url_rule(f"{_ACTIONS}/add", "add_action", action_pages.add, methods=["GET", "POST"])
bp.add_url_rule(_ACTION, "show_action", action_pages.show)
bp.add_url_rule(_ACTION, "update_action", action_pages.update, methods=["POST"])
bp.add_url_rule(f"{_ACTION}/change", "change_action", action_pages.change, methods=["GET", "POST"])
bp.add_url_rule(f"{_ACTION}/remove", "remove_action", action_pages.remove, methods=["POST"])
bp.add_url_rule("/overdue-actions", "list_overdue_actions", programme_pages.list_overdue_actions)
bp.add_url_rule("/recurring", "show_recurring", programme_pages.show_recurring)


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
        repeats=repeats,
        sources=SOURCES,
        gone=no_longer_said(audit, {quote for finding in findings for quote in finding.quotes}),
        answered=Counter((each.finding_id, each.recommendation_id) for each in actions),
        progress=progress(actions, clock.local_day(now)),
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
        status = store(
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
