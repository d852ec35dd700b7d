"""The URLs of the report’s pages, and its downloads."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from surveyapp.exports.download import download_audit
from surveyapp.foundation.web.file_response import answer_file_head
from surveyapp.foundation.web.typed_text import name_unread_fields
from surveyapp.report import pages, template_pages
from surveyapp.report.export_formats import DOCX, PDF
from surveyapp.report.release import pages as release_pages

bp = Blueprint("report", __name__)
# A digest of the content that the page showed.
name_unread_fields(bp, hidden=("content",))
bp.before_request(answer_file_head)

_REPORT = "/audits/<int:audit_id>/report"
_RELEASE = f"{_REPORT}/release"
_SECTION = f"{_REPORT}/sections/<string:name>"
bp.add_url_rule(_REPORT, view_func=pages.show_report)
bp.add_url_rule(f"{_REPORT}/details", view_func=pages.change_details, methods=["GET", "POST"])
bp.add_url_rule(_SECTION, view_func=pages.show_section)
bp.add_url_rule(_SECTION, view_func=pages.save_section, methods=["POST"])
bp.add_url_rule(f"{_REPORT}/template", view_func=template_pages.change_template, methods=["GET", "POST"])
bp.add_url_rule(f"{_REPORT}/template.docx", view_func=template_pages.download_template)
bp.add_url_rule(f"{_REPORT}/template/remove", view_func=template_pages.remove_template, methods=["POST"])
bp.add_url_rule(_RELEASE, view_func=release_pages.show_report_release)
bp.add_url_rule(_RELEASE, view_func=release_pages.answer_report_findings, methods=["POST"])
bp.add_url_rule(f"{_RELEASE}/ask", view_func=release_pages.ask_for_report_approval, methods=["POST"])
bp.add_url_rule(f"{_RELEASE}/withdraw", view_func=release_pages.withdraw_report_proposal, methods=["POST"])
bp.add_url_rule(f"{_RELEASE}/approve", view_func=release_pages.approve_report, methods=["POST"])
bp.add_url_rule(f"{_RELEASE}/send-back", view_func=release_pages.send_back_report, methods=["POST"])
bp.add_url_rule(f"{_REPORT}/draft.pdf", view_func=release_pages.draft_report_as_pdf)
bp.add_url_rule(f"{_REPORT}/released.pdf", view_func=release_pages.released_report_as_pdf)


@bp.get(f"{_REPORT}.docx")
def download_report_in_word(audit_id: int) -> ResponseReturnValue:
    """Send an audit’s report as a Word file, built anew for each download."""
    return download_audit(audit_id, DOCX)


@bp.get(f"{_REPORT}.pdf")
def download_report_as_pdf(audit_id: int) -> ResponseReturnValue:
    """Send an audit’s report as a tagged PDF."""
    return download_audit(audit_id, PDF)
