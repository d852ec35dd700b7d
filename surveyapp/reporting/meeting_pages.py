"""The executive's page before a meeting."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from surveyapp.concluding.wording import figures_in_a_sentence
from surveyapp.foundation import clock
from surveyapp.reporting.before_meeting import before_meeting


def add_pages(bp: Blueprint) -> None:
    """Put the page below a blueprint."""
    bp.add_url_rule("/audits/<int:audit_id>/before-the-meeting", "show_before_meeting", show_before_meeting)


def show_before_meeting(audit_id: int) -> ResponseReturnValue:
    """Show what the executive reads before its meeting, on one page that prints; nothing of one case."""
    found = before_meeting(audit_id, now=clock.now())
    return render_template(
        "survey/reporting/before_meeting.html",
        found=found,
        figures=[
            (f"{each.question.number}. {each.label}", figures_in_a_sentence(each)) for each in found.figures
        ],
    )
