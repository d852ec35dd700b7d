"""The URLs of keying in, of a return's answers, and of opening one return again."""

from flask import Blueprint

from surveyapp.keying import correction_pages, pages

bp = Blueprint("keying", __name__)

_REQUEST = "/audits/<int:audit_id>/requests/<int:request_id>"
bp.add_url_rule(f"{_REQUEST}/key-in", "key_in", pages.key_in)
bp.add_url_rule(f"{_REQUEST}/key-in", "save_keyed", pages.save_keyed, methods=["POST"])
bp.add_url_rule(f"{_REQUEST}/key-in/check", "check_keyed", pages.check_keyed)
bp.add_url_rule(f"{_REQUEST}/key-in/check", "return_keyed", pages.return_keyed, methods=["POST"])
bp.add_url_rule(f"{_REQUEST}/key-in/not-involved", "key_in_nil", pages.key_in_nil, methods=["GET", "POST"])
bp.add_url_rule(f"{_REQUEST}/answers", "show_answers", correction_pages.show_answers)
bp.add_url_rule(
    f"{_REQUEST}/reopen", "reopen_return", correction_pages.reopen_return, methods=["GET", "POST"]
)
bp.add_url_rule(
    f"{_REQUEST}/take-back-reopening",
    "take_back_reopening",
    correction_pages.take_back_reopening,
    methods=["POST"],
)
