"""The URL map of the contacts' pages, and what these pages share."""

from collections.abc import Callable

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from surveyapp.answering.access import code_pages
from surveyapp.answering.access.contact_access import CodeNeeded, DelegationOver, HeldByColleague, LinkNeeded
from surveyapp.answering.arrival import fresh_link_pages, landing_pages, returns_list_pages
from surveyapp.answering.delegation import pages as delegation_pages
from surveyapp.answering.enquiries import pages as enquiry_pages
from surveyapp.answering.returns import (
    autosave_pages,
    check_pages,
    download_pages,
    form_pages,
    nil_return_pages,
)
from surveyapp.answering.returns.recovery_pages import refused_after_copy
from surveyapp.answering.several import pages as several_pages
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import DATABASE_ERRORS
from surveyapp.foundation.web.problem_pages import show_database_busy, show_expired_form, show_refusal
from surveyapp.foundation.web.request_checks import is_from_other_site
from surveyapp.issuing.links import LinkUnknown

bp = Blueprint("answering", __name__)

# A token is looked for in everything after /r/: email programs add a full stop, or drop the last slash.
bp.add_url_rule("/r/<path:token>/", "land", landing_pages.land, strict_slashes=False)
# The link as some gateways and people write it: all in capitals.
bp.add_url_rule("/R/<path:token>/", "land_in_capitals", landing_pages.land, strict_slashes=False)
bp.add_url_rule("/start/", "start", landing_pages.start, methods=["POST"])
bp.add_url_rule("/fresh-link/", "ask_for_link", fresh_link_pages.ask_for_link)
bp.add_url_rule("/fresh-link/", "send_link", fresh_link_pages.send_link, methods=["POST"])
bp.add_url_rule("/fresh-link/sent", "link_sent", fresh_link_pages.link_sent)
bp.add_url_rule("/returns/", "show_returns", returns_list_pages.show_returns)
bp.add_url_rule("/finish/", "finish", returns_list_pages.finish, methods=["POST"])
bp.add_url_rule("/finished/", "finished", returns_list_pages.finished)

_SEVERAL = "/returns/several/"
bp.add_url_rule(_SEVERAL, "choose_several", several_pages.choose)
bp.add_url_rule(
    f"{_SEVERAL}not-involved", "several_not_involved", several_pages.not_involved, methods=["POST"]
)
bp.add_url_rule(f"{_SEVERAL}more-time", "several_more_time", several_pages.ask_more_time, methods=["POST"])
bp.add_url_rule(f"{_SEVERAL}question", "several_question", several_pages.ask_question, methods=["POST"])

_RETURN = "/returns/<public_id>/"
bp.add_url_rule(_RETURN, "answer", form_pages.answer)
bp.add_url_rule(_RETURN, "save", form_pages.save, methods=["POST"])
bp.add_url_rule(f"{_RETURN}autosave", "autosave", autosave_pages.autosave, methods=["POST"])
bp.add_url_rule(f"{_RETURN}keep-wording", "keep_wording", autosave_pages.keep_wording, methods=["POST"])
bp.add_url_rule(f"{_RETURN}check", "check", check_pages.check)
bp.add_url_rule(f"{_RETURN}check", "return_audit", check_pages.return_audit, methods=["POST"])
bp.add_url_rule(f"{_RETURN}done", "done", check_pages.done)
bp.add_url_rule(f"{_RETURN}copy", "show_copy", check_pages.show_copy)
bp.add_url_rule(f"{_RETURN}copy.pdf", "copy_as_pdf", download_pages.copy_as_pdf)
bp.add_url_rule(f"{_RETURN}blank", "show_blank", download_pages.show_blank)
bp.add_url_rule(f"{_RETURN}blank.docx", "blank_in_word", download_pages.blank_in_word)
bp.add_url_rule(f"{_RETURN}blank.pdf", "blank_as_pdf", download_pages.blank_as_pdf)
_NOT_INVOLVED, _INVOLVED = f"{_RETURN}not-involved", f"{_RETURN}involved"
bp.add_url_rule(_NOT_INVOLVED, "not_involved", nil_return_pages.not_involved)
bp.add_url_rule(_NOT_INVOLVED, "return_not_involved", nil_return_pages.return_not_involved, methods=["POST"])
bp.add_url_rule(_INVOLVED, "involved_after_all", nil_return_pages.involved_after_all, methods=["POST"])

bp.add_url_rule(f"{_RETURN}ask", "show_ask", enquiry_pages.show_ask)
bp.add_url_rule(f"{_RETURN}ask", "send_enquiry", enquiry_pages.send_enquiry, methods=["POST"])
bp.add_url_rule(f"{_RETURN}asked", "asked", enquiry_pages.show_asked)

bp.add_url_rule(f"{_RETURN}pass-on", "ask_colleague", delegation_pages.ask_colleague)
bp.add_url_rule(f"{_RETURN}pass-on", "pass_on", delegation_pages.pass_on, methods=["POST"])
bp.add_url_rule(f"{_RETURN}passed-on", "show_passed", delegation_pages.show_passed)
bp.add_url_rule(f"{_RETURN}take-back", "take_back", delegation_pages.take_back, methods=["POST"])
bp.add_url_rule(
    f"{_RETURN}remove-colleague", "remove_colleague", delegation_pages.remove_colleague, methods=["POST"]
)
bp.add_url_rule(f"{_RETURN}send-back", "ask_send_back", delegation_pages.ask_send_back)
bp.add_url_rule(f"{_RETURN}send-back", "send_back", delegation_pages.send_back, methods=["POST"])
bp.add_url_rule(f"{_RETURN}given-back", "show_given_back", delegation_pages.show_given_back)

# The code from the mailbox, where an audit asks for one.
_PROVE = "/prove/<public_id>/"
bp.add_url_rule(_PROVE, "show_proving", code_pages.show_proving)
bp.add_url_rule(_PROVE, "prove", code_pages.prove, methods=["POST"])
bp.add_url_rule(f"{_PROVE}send", "send_another", code_pages.send_another, methods=["POST"])
bp.before_request(code_pages.take_code)

# They store what was typed, however late, and answer accordingly; or they take the code. The check page
# refuses its button by itself, so that the request is not read twice.
_STILL_TAKEN = {"save", "autosave", "return_audit", "return_not_involved", "prove", "send_another"}


@bp.before_request
def refuse_after_copy() -> ResponseReturnValue | None:
    """Once the contact's own copy of a case has ended, refuse every press about it that stores no text."""
    public_id = (request.view_args or {}).get("public_id")
    view = (request.endpoint or "").rpartition(".")[2]
    if request.method != "POST" or public_id is None or view in _STILL_TAKEN:
        return None
    return refused_after_copy(public_id)


def register_access_pages(contacts: Blueprint) -> None:
    """Register the pages for a browser that may not open a request: no link, no code, or it is delegated.

    They hold for every step below this blueprint, since a later step may have pages behind a contact's link.
    """
    contacts.register_error_handler(HeldByColleague, delegation_pages.redirect_to_delegation)
    contacts.register_error_handler(DelegationOver, delegation_pages.redirect_to_ended_delegation)
    contacts.register_error_handler(CodeNeeded, code_pages.code_needed)
    contacts.register_error_handler(LinkUnknown, fresh_link_pages.unknown_link)
    contacts.register_error_handler(LinkNeeded, fresh_link_pages.unknown_link)


def register_link_in_capitals(capitals: Blueprint) -> None:
    """Register the address of a link whose whole path is in capitals, the host’s prefix too."""
    capitals.add_url_rule("/R/<path:token>/", "land", landing_pages.redirect_to_landing, strict_slashes=False)


@bp.context_processor
def contact_words() -> dict[str, object]:
    """The line at the foot of each of these pages that says whom to ring."""
    return {"contact_line": f"Questions: {settings().contact_line}"}


@bp.errorhandler(CSRFError)
def expired_form(error: CSRFError) -> ResponseReturnValue:
    """Show the typed text again when the page had been open too long; nothing is stored."""
    view = (request.endpoint or "").rpartition(".")[2]
    public_id = str((request.view_args or {}).get("public_id", ""))
    pages: dict[str, Callable[[], ResponseReturnValue]] = {
        "autosave": lambda: autosave_pages.autosave_failed(error),
        "start": lambda: landing_pages.start_without_cookie(error),
        "send_enquiry": lambda: enquiry_pages.expired_enquiry_page(public_id),
        "pass_on": lambda: delegation_pages.expired_pass_on_page(public_id),
        "save": lambda: form_pages.expired_form_page(public_id),
        "return_audit": lambda: check_pages.expired_check_page(public_id),
        "return_not_involved": lambda: nil_return_pages.expired_nil_page(public_id),
    }
    if view.startswith("several_"):
        pages[view] = lambda: several_pages.expired_several_page(view)
    # A fresh token in answer to another site's form would end whatever visit this browser has.
    if view not in pages or is_from_other_site():
        return show_expired_form(error)
    ended = refused_after_copy(public_id) if public_id and view != "autosave" else None
    if ended is not None:
        return ended
    # The forms of a return ask for the code themselves, on pages that we have shown; nowhere else.
    return _page_or_refusal(pages[view], asks_code=view not in {"save", "return_not_involved"})


def _page_or_refusal(page: Callable[[], ResponseReturnValue], *, asks_code: bool) -> ResponseReturnValue:
    """A page, or why this browser may not have it: Flask calls no error handler for an error in another."""
    try:
        return page()
    except CodeNeeded as error:
        return code_pages.code_needed(error) if asks_code else show_refusal(error)
    except LinkNeeded as error:
        return fresh_link_pages.unknown_link(error)
    except NotFound as error:
        return show_refusal(error)
    except DATABASE_ERRORS as error:
        return show_database_busy(error)
