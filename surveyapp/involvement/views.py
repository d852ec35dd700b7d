"""URL map of the involvement check: the pages of staff, and those of contacts behind their link."""

from flask import Blueprint
from flask_wtf.csrf import CSRFError

from surveyapp.foundation.settings import settings
from surveyapp.involvement import contact_pages, pages

bp = Blueprint("involvement", __name__)
contact_bp = Blueprint("involvement_check", __name__)

_CHECK = "/audits/<int:audit_id>/involvement"
bp.add_url_rule(_CHECK, view_func=pages.show_check)
bp.add_url_rule(_CHECK, view_func=pages.ask, methods=["POST"])
bp.add_url_rule(f"{_CHECK}/remind", view_func=pages.remind, methods=["POST"])
bp.add_url_rule(f"{_CHECK}/emails/<int:contact_id>", view_func=pages.preview_check)

_ANSWER = "/involvement/<public_id>/"
contact_bp.add_url_rule(_ANSWER, view_func=contact_pages.show_check)
contact_bp.add_url_rule(_ANSWER, view_func=contact_pages.answer, methods=["POST"])
contact_bp.add_url_rule(f"{_ANSWER}code", view_func=contact_pages.show_code)
contact_bp.add_url_rule(f"{_ANSWER}code", view_func=contact_pages.give_code, methods=["POST"])
contact_bp.add_url_rule(f"{_ANSWER}code/send", view_func=contact_pages.send_code, methods=["POST"])


@contact_bp.context_processor
def contact_words() -> dict[str, object]:
    """The line at the foot of each of these pages that says whom to ring."""
    return {"contact_line": f"Questions: {settings().contact_line}"}


contact_bp.register_error_handler(CSRFError, contact_pages.expired_check)
