"""Downloads of an audit's figures and answers, from its collation."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from surveyapp.exports.data_formats import CSV, JSON, RETURNS_PDF, XLSX
from surveyapp.exports.download import download_audit
from surveyapp.foundation.web.file_response import answer_file_head

bp = Blueprint("exports", __name__)
bp.before_request(answer_file_head)


@bp.get("/audits/<int:audit_id>/collation/export.xlsx")
def download_workbook(audit_id: int) -> ResponseReturnValue:
    """Send the collation of an audit as a workbook."""
    return download_audit(audit_id, XLSX)


@bp.get("/audits/<int:audit_id>/collation/export.csv")
def download_csv(audit_id: int) -> ResponseReturnValue:
    """Send the answers of an audit as CSV, a row for each."""
    return download_audit(audit_id, CSV)


@bp.get("/audits/<int:audit_id>/collation/export.json")
def download_json(audit_id: int) -> ResponseReturnValue:
    """Send the collation and the returns of an audit as JSON."""
    return download_audit(audit_id, JSON)


@bp.get("/audits/<int:audit_id>/collation/export.returns.pdf")
def download_returns(audit_id: int) -> ResponseReturnValue:
    """Send every return of an audit as one PDF."""
    return download_audit(audit_id, RETURNS_PDF)
