"""Downloads of an audit: its collation by the filters and rule of the page, and its report."""

from mimetypes import guess_type

from flask import Blueprint, Response, request, send_file
from flask.typing import ResponseReturnValue

from surveyapp.brief import pages as brief_pages
from surveyapp.collating.figure_selection import FigureSelection
from surveyapp.exports.export import EXPORT_FORMATS, export_audit
from surveyapp.foundation import clock
from surveyapp.foundation.web.access import acting_staff
from surveyapp.meeting import pages as meeting_pages
from surveyapp.report import release_pages
from surveyapp.report.pages import add_report_pages

bp = Blueprint("reporting", __name__)
brief_pages.add_pages(bp)
meeting_pages.add_pages(bp)
release_pages.add_pages(bp)
add_report_pages(bp)


@bp.before_request
def answer_file_head() -> Response | None:
    """Answer a HEAD of a file without building it: nothing is taken, so nothing is noted (promises P10)."""
    mimetype, _ = guess_type(request.path)
    if request.method != "HEAD" or mimetype is None:
        return None
    return Response(mimetype=mimetype)


@bp.get("/audits/<int:audit_id>/collation/export.xlsx")
def download_workbook(audit_id: int) -> ResponseReturnValue:
    """Give an audit's collation as a workbook."""
    return _download(audit_id, "xlsx")


@bp.get("/audits/<int:audit_id>/collation/export.csv")
def download_csv(audit_id: int) -> ResponseReturnValue:
    """Give an audit's answers, a row for each."""
    return _download(audit_id, "csv")


@bp.get("/audits/<int:audit_id>/collation/export.json")
def download_json(audit_id: int) -> ResponseReturnValue:
    """Give an audit's collation and returns for programs."""
    return _download(audit_id, "json")


@bp.get("/audits/<int:audit_id>/report.docx")
def download_report_in_word(audit_id: int) -> ResponseReturnValue:
    """Give an audit's report as a Word file, fresh each time: one that was taken before stays as it is."""
    return _download(audit_id, "docx")


@bp.get("/audits/<int:audit_id>/report.pdf")
def download_report_as_pdf(audit_id: int) -> ResponseReturnValue:
    """Give an audit's report as a tagged PDF."""
    return _download(audit_id, "pdf")


@bp.get("/audits/<int:audit_id>/collation/export.returns.pdf")
def download_returns(audit_id: int) -> ResponseReturnValue:
    """Give each return as it was returned, to read or to print."""
    return _download(audit_id, "returns.pdf")


@bp.get("/audits/<int:audit_id>/collation/export.zip")
def download_archive(audit_id: int) -> ResponseReturnValue:
    """Give everything of an audit in one archive, whatever the page is filtered by."""
    return _download(audit_id, "zip")


def _download(audit_id: int, ending: str) -> Response:
    view = FigureSelection.from_request()
    built = export_audit(
        audit_id,
        EXPORT_FORMATS[ending],
        filters=view.filters,
        rule=view.rule,
        actor=acting_staff().name,
        now=clock.now(),
    )
    answer = send_file(built.file, mimetype=built.mimetype, as_attachment=True, download_name=built.name)
    # Flask would let a browser keep it; without this line our own header says that nobody does.
    del answer.headers["Cache-Control"]
    return answer
