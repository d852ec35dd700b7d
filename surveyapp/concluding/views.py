"""URL map of concluding, and the page of an audit's conclusions."""

from collections import Counter

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from surveyapp.collating.queries import collate
from surveyapp.concluding.across_audits import pages as across_audits_pages
from surveyapp.concluding.actions import pages as action_pages
from surveyapp.concluding.actions.progress import action_progress
from surveyapp.concluding.conclusions_in_words import questions_in_order, repeated_in_words
from surveyapp.concluding.findings import pages as finding_pages
from surveyapp.concluding.plan_review import pages as plan_review_pages
from surveyapp.concluding.queries import (
    conclusion_with_actions,
    findings_of,
    recommendations_of,
)
from surveyapp.concluding.re_audit import pages as re_audit_pages
from surveyapp.concluding.recommendations import pages as recommendation_pages
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session
from surveyapp.foundation.web.file_response import answer_file_head
from surveyapp.foundation.web.typed_text import name_unread_fields
from surveyapp.gathering.models import SOURCES
from surveyapp.gathering.quotes.queries import outdated_quote_ids
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit

bp = Blueprint("concluding", __name__)
bp.before_request(answer_file_head)
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
bp.add_url_rule(f"{_ACTIONS}/review", view_func=plan_review_pages.plan_review, methods=["GET", "POST"])
bp.add_url_rule(f"{_ACTIONS}/add", view_func=action_pages.add_action, methods=["GET", "POST"])
bp.add_url_rule(_ACTION, view_func=action_pages.show_action)
bp.add_url_rule(_ACTION, view_func=action_pages.update_action, methods=["POST"])
bp.add_url_rule(f"{_ACTION}/change", view_func=action_pages.change_action, methods=["GET", "POST"])
bp.add_url_rule(f"{_ACTION}/remove", view_func=action_pages.remove_action, methods=["POST"])
bp.add_url_rule(f"{_AUDIT}/re-audit", view_func=re_audit_pages.plan_re_audit, methods=["GET", "POST"])
bp.add_url_rule("/overdue-actions", view_func=across_audits_pages.list_overdue_actions)
bp.add_url_rule("/recurring", view_func=across_audits_pages.show_recurring)
bp.add_url_rule("/recurring.docx", view_func=across_audits_pages.download_recurring)


@bp.get(f"{_AUDIT}/conclusions")
def show_conclusions(audit_id: int) -> ResponseReturnValue:
    """Show findings with their evidence, recommendations, progress of the actions, and the next audit."""
    audit = session.get_one(Audit, audit_id)
    now = clock.now()
    findings, recommendations = findings_of(audit_id), recommendations_of(audit_id)
    conclusion, actions = conclusion_with_actions(audit_id)
    form = form_of(audit)
    figures = (
        {question.id: question for question in collate(audit, now=now).questions}
        if any(finding.questions for finding in findings)
        else {}
    )
    return render_template(
        "survey/concluding/conclusions.html",
        audit=audit,
        findings=findings,
        recommendations=recommendations,
        questions={finding.id: questions_in_order(finding, form) for finding in findings},
        figures=figures,
        repeats=repeated_in_words,
        sources=SOURCES,
        gone=outdated_quote_ids(audit, {quote for finding in findings for quote in finding.quotes}),
        answered=Counter((action.finding_id, action.recommendation_id) for action in actions),
        progress=action_progress(actions, clock.local_day(now)),
        re_audit_on=conclusion.re_audit_on if conclusion else None,
    )
