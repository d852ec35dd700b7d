"""The executive's page before a meeting."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from surveyapp.concluding.conclusions_in_words import excerpt
from surveyapp.foundation import clock
from surveyapp.foundation.documents.emphasis import text_runs, without_marks
from surveyapp.meeting.key_figures import MOST_FIGURES
from surveyapp.meeting.meeting_paper import meeting_paper

# A recommendation and an action have two lines of the printed page, and a link to the whole of them.
LONGEST_EXTRACT = 200


bp = Blueprint("meeting", __name__)


@bp.get("/audits/<int:audit_id>/before-the-meeting")
def show_before_meeting(audit_id: int) -> ResponseReturnValue:
    """Show what the executive reads before its meeting, on one page that prints; nothing of one case."""
    found = meeting_paper(audit_id, now=clock.now())
    return render_template(
        "survey/meeting/before_meeting.html",
        found=found,
        in_runs=text_runs,
        most=MOST_FIGURES,
        recommended=[
            (each, excerpt(without_marks(each.text), LONGEST_EXTRACT)) for each in found.recommendations
        ],
        overdue=[(each, excerpt(each.what, LONGEST_EXTRACT)) for each in found.overdue],
    )
