"""The URLs of keying in, of a request's blank form, of a return's answers, and of reopening one return."""

from flask import Blueprint

from surveyapp.foundation.web.file_response import answer_file_head
from surveyapp.keying import blank_form_pages, correction_pages, pages

bp = Blueprint("keying", __name__)
bp.before_request(answer_file_head)

_REQUEST = "/audits/<int:audit_id>/requests/<int:request_id>"
bp.add_url_rule(f"{_REQUEST}/key-in", "key_in", pages.key_in)
bp.add_url_rule(f"{_REQUEST}/key-in", "save_keyed", pages.save_keyed, methods=["POST"])
bp.add_url_rule(f"{_REQUEST}/key-in/check", "check_keyed", pages.check_keyed)
bp.add_url_rule(f"{_REQUEST}/key-in/check", "return_keyed", pages.return_keyed, methods=["POST"])
bp.add_url_rule(f"{_REQUEST}/key-in/not-involved", "key_in_nil", pages.key_in_nil, methods=["GET", "POST"])
bp.add_url_rule(f"{_REQUEST}/blank-form.docx", "blank_form_in_word", blank_form_pages.blank_form_in_word)
bp.add_url_rule(f"{_REQUEST}/blank-form.pdf", "blank_form_as_pdf", blank_form_pages.blank_form_as_pdf)
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
