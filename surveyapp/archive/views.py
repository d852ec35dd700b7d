"""The downloads of an audit's archive."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from surveyapp.archive.export_format import RESULTS_ZIP, ZIP
from surveyapp.exports.download import download_audit
from surveyapp.foundation.web.file_response import answer_file_head

bp = Blueprint("archive", __name__)
bp.before_request(answer_file_head)


@bp.get("/audits/<int:audit_id>/collation/export.zip")
def download_archive(audit_id: int) -> ResponseReturnValue:
    """Download everything of an audit in one archive, whatever filters the page has."""
    return download_audit(audit_id, ZIP)


@bp.get("/audits/<int:audit_id>/collation/results.zip")
def download_results(audit_id: int) -> ResponseReturnValue:
    """Download the results of an audit in one archive, without its log and the list of its emails."""
    return download_audit(audit_id, RESULTS_ZIP)
