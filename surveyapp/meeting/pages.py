"""The executive's page before a meeting."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from surveyapp.concluding.conclusions_in_words import in_brief
from surveyapp.foundation import clock
from surveyapp.foundation.documents.emphasis import in_runs, without_marks
from surveyapp.meeting.key_figures import MOST_FIGURES
from surveyapp.meeting.meeting_paper import before_meeting

# A recommendation and an action have two lines of the printed page, and a link to the whole of them.
SHORT = 200


def add_pages(bp: Blueprint) -> None:
    """Put the page below a blueprint."""
    bp.add_url_rule("/audits/<int:audit_id>/before-the-meeting", "show_before_meeting", show_before_meeting)


def show_before_meeting(audit_id: int) -> ResponseReturnValue:
    """Show what the executive reads before its meeting, on one page that prints; nothing of one case."""
    found = before_meeting(audit_id, now=clock.now())
    return render_template(
        "survey/meeting/before_meeting.html",
        found=found,
        in_runs=in_runs,
        most=MOST_FIGURES,
        recommended=[(each, in_brief(without_marks(each.text), SHORT)) for each in found.recommendations],
        overdue=[(each, in_brief(each.what, SHORT)) for each in found.overdue],
    )
