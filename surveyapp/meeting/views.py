"""The executive's page before its meeting."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from surveyapp.concluding.conclusions_in_words import excerpt
from surveyapp.foundation import clock
from surveyapp.foundation.documents.emphasis import text_runs, without_marks
from surveyapp.meeting.key_figures import MOST_FIGURES
from surveyapp.meeting.meeting_paper import meeting_paper

# Characters of a recommendation or an action: two lines of the printed page, with a link to the whole text.
LONGEST_EXTRACT = 200

bp = Blueprint("meeting", __name__)


@bp.get("/audits/<int:audit_id>/before-the-meeting")
def show_before_meeting(audit_id: int) -> ResponseReturnValue:
    """Show the meeting paper, on one page to print."""
    paper = meeting_paper(audit_id, now=clock.now())
    return render_template(
        "survey/meeting/before_meeting.html",
        paper=paper,
        in_runs=text_runs,
        most=MOST_FIGURES,
        recommended=[
            (recommendation, excerpt(without_marks(recommendation.text), LONGEST_EXTRACT))
            for recommendation in paper.recommendations
        ],
        overdue=[(action, excerpt(action.what, LONGEST_EXTRACT)) for action in paper.overdue],
    )
