"""The URLs of the learning brief and of the library of resources."""

from flask import Blueprint

from surveyapp.brief import download_pages, pages, release_pages
from surveyapp.brief.library import pages as library_pages
from surveyapp.foundation.web.file_response import answer_file_head
from surveyapp.foundation.web.typed_text import name_unread_fields

bp = Blueprint("brief", __name__)
# A digest of the content that the page showed.
name_unread_fields(bp, hidden=("content",))
bp.before_request(answer_file_head)

_BRIEF = "/audits/<int:audit_id>/brief"
_RELEASE = f"{_BRIEF}/release"
bp.add_url_rule(_BRIEF, view_func=pages.show_brief)
bp.add_url_rule(_BRIEF, view_func=pages.save_brief, methods=["POST"])
bp.add_url_rule(f"{_BRIEF}/page.png", view_func=download_pages.show_brief_picture)
bp.add_url_rule(f"{_BRIEF}/brief.pdf", view_func=download_pages.brief_as_pdf)
bp.add_url_rule(f"{_BRIEF}/brief.pptx", view_func=download_pages.brief_as_slide)
bp.add_url_rule(f"{_BRIEF}/released.pdf", view_func=download_pages.released_as_pdf)
bp.add_url_rule(f"{_BRIEF}/released.pptx", view_func=download_pages.released_as_slide)
bp.add_url_rule(f"{_BRIEF}/findings", view_func=release_pages.answer_findings, methods=["POST"])
bp.add_url_rule(_RELEASE, view_func=release_pages.show_brief_release)
bp.add_url_rule(f"{_RELEASE}/ask", view_func=release_pages.ask_for_brief_approval, methods=["POST"])
bp.add_url_rule(f"{_RELEASE}/withdraw", view_func=release_pages.withdraw_brief_proposal, methods=["POST"])
bp.add_url_rule(f"{_RELEASE}/approve", view_func=release_pages.approve_brief, methods=["POST"])
bp.add_url_rule(f"{_RELEASE}/send-back", view_func=release_pages.send_back_brief, methods=["POST"])

_RESOURCES = "/resources"
_RESOURCE = f"{_RESOURCES}/<int:resource_id>"
bp.add_url_rule(_RESOURCES, view_func=library_pages.list_resources)
bp.add_url_rule(_RESOURCES, view_func=library_pages.add_resource, methods=["POST"])
bp.add_url_rule(_RESOURCE, view_func=library_pages.show_resource)
bp.add_url_rule(_RESOURCE, view_func=library_pages.change_resource, methods=["POST"])
bp.add_url_rule(f"{_RESOURCE}/remove", view_func=library_pages.remove_resource, methods=["POST"])
