"""URL map of retention."""

from flask import Blueprint

from surveyapp.foundation.web.file_response import answer_file_head
from surveyapp.retention import certificate_pages, pages

bp = Blueprint("retention", __name__)
bp.before_request(answer_file_head)

_AUDIT = "/audits/<int:audit_id>"
_RETENTION = f"{_AUDIT}/retention"
_BOTH = ["GET", "POST"]
bp.add_url_rule(_RETENTION, view_func=pages.show_retention)
bp.add_url_rule(f"{_RETENTION}/days", view_func=pages.change_days, methods=_BOTH)
bp.add_url_rule(f"{_RETENTION}/hold", view_func=pages.set_hold, methods=_BOTH)
bp.add_url_rule(f"{_RETENTION}/hold/end", view_func=pages.end_hold, methods=_BOTH)
bp.add_url_rule(f"{_RETENTION}/purge", view_func=pages.preview_purge, methods=_BOTH)
bp.add_url_rule(f"{_RETENTION}/delete", view_func=pages.delete_issued_audit, methods=_BOTH)
bp.add_url_rule(f"{_AUDIT}/kept", view_func=pages.show_kept)

_CERTIFICATE = "/retention/certificates/<int:certificate_id>"
bp.add_url_rule("/retention", view_func=certificate_pages.list_retention)
bp.add_url_rule(_CERTIFICATE, view_func=certificate_pages.show_certificate)
bp.add_url_rule(f"{_CERTIFICATE}/certificate.pdf", view_func=certificate_pages.download_certificate)
