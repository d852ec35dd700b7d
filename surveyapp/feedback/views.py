"""What came of it: the page for contacts after the release, behind the same link as their answers."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from surveyapp.answering.access.contact_access import authorised_request
from surveyapp.brief.pdf import as_brief_pdf
from surveyapp.brief.queries import released_brief
from surveyapp.feedback.feedback import agency_feedback
from surveyapp.foundation import clock
from surveyapp.foundation.settings import settings
from surveyapp.foundation.web.file_response import file_response
from surveyapp.report.release.release import released_report

bp = Blueprint("feedback", __name__)


@bp.context_processor
def contact_words() -> dict[str, object]:
    """The contact line at the foot of each of these pages."""
    return {"contact_line": f"Questions: {settings().contact_line}"}


@bp.get("/returns/<public_id>/what-came-of-it")
def show_what_came_of_it(public_id: str) -> ResponseReturnValue:
    """Show the released brief, this agency's figures beside all agencies', and its actions."""
    audit_request = authorised_request(public_id)
    feedback = agency_feedback(audit_request, now=clock.now())
    return render_template(
        "survey/feedback/what_came_of_it.html", audit_request=audit_request, feedback=feedback
    )


@bp.get("/returns/<public_id>/brief.pdf")
def brief_as_pdf(public_id: str) -> ResponseReturnValue:
    """Download the released brief as a PDF; not found before its release."""
    brief = released_brief(authorised_request(public_id).audit_id)
    return file_response(as_brief_pdf(brief), "application/pdf", "learning-brief.pdf")


@bp.get("/returns/<public_id>/report.pdf")
def report_as_pdf(public_id: str) -> ResponseReturnValue:
    """Download the public version of the report; not found before its release."""
    return file_response(
        released_report(authorised_request(public_id).audit_id), "application/pdf", "report.pdf"
    )
