"""The contacts' pages: where each stands, and the form itself."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from surveyapp.answering.access import code_pages as proving
from surveyapp.answering.access.contact_access import (
    CodeNeeded,
    DelegationOver,
    HeldByColleague,
    LinkNeeded,
    authorised_request,
    grants_with_pasted_link,
    press_from_form,
    redirect_to,
    superseded_autosaves,
    use_pasted_link,
)
from surveyapp.answering.arrival import landing_pages as arriving
from surveyapp.answering.delegation import pages as passing_pages
from surveyapp.answering.enquiries import pages as enquiring_pages
from surveyapp.answering.forms import NotInvolvedForm
from surveyapp.answering.returns import autosave_pages as while_typing
from surveyapp.answering.returns import check_pages as returning
from surveyapp.answering.returns import download_pages as papers
from surveyapp.answering.returns import operations
from surveyapp.answering.returns.autosave import delete_autosaves, store_clash_autosave
from surveyapp.answering.returns.form_rendering import (
    Notice,
    form_class_for_request,
    form_page,
    form_page_as_opened,
    render_form_page,
)
from surveyapp.answering.returns.operations import LinkWithdrawn, SaveOutcome, takes_answers
from surveyapp.answering.returns.privacy_hints import keep_wordings
from surveyapp.answering.returns.queries import form_contents, return_of, revision_answers
from surveyapp.answering.returns.recovery_pages import (
    access_refused_nil_page,
    access_refused_page,
    clash_page,
    late_page,
    nil_not_saved_page,
    not_saved_page,
)
from surveyapp.defining.answer_form import AnswerForm
from surveyapp.foundation import clock
from surveyapp.foundation.errors import CouldNotSave, NotFound
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import DATABASE_ERRORS, after_commit, session, transaction
from surveyapp.foundation.web.problem_pages import show_expired_form, show_refusal
from surveyapp.foundation.words.dates_and_lists import clock_time
from surveyapp.issuing.links import LinkUnknown
from surveyapp.issuing.models import AuditRequest

TOLD_OF_CONCERN = (
    "The partnership has been told by email, without details, that you have a current practice concern."
)

bp = Blueprint("answering", __name__)

# A token is looked for in all that stands behind /r/: mail programs add a full stop, or drop the last slash.
bp.add_url_rule("/r/<path:token>/", "land", arriving.land, strict_slashes=False)
bp.add_url_rule("/start/", "start", arriving.start, methods=["POST"])
bp.add_url_rule("/fresh-link/", "ask_for_link", arriving.ask_for_link)
bp.add_url_rule("/fresh-link/", "send_link", arriving.send_link, methods=["POST"])
bp.add_url_rule("/fresh-link/sent", "link_sent", arriving.link_sent)
bp.add_url_rule("/returns/", "show_returns", arriving.show_returns)
bp.add_url_rule("/finish/", "finish", arriving.finish, methods=["POST"])
bp.add_url_rule("/finished/", "finished", arriving.finished)
bp.add_url_rule("/returns/<public_id>/check", "check", returning.check)
bp.add_url_rule("/returns/<public_id>/check", "return_audit", returning.return_audit, methods=["POST"])
bp.add_url_rule("/returns/<public_id>/done", "done", returning.done)
bp.add_url_rule("/returns/<public_id>/copy", "show_copy", returning.show_copy)
bp.add_url_rule("/returns/<public_id>/copy.pdf", "copy_as_pdf", papers.copy_as_pdf)
bp.add_url_rule("/returns/<public_id>/blank", "show_blank", papers.show_blank)
bp.add_url_rule("/returns/<public_id>/blank.docx", "blank_in_word", papers.blank_in_word)
bp.add_url_rule("/returns/<public_id>/blank.pdf", "blank_as_pdf", papers.blank_as_pdf)
bp.add_url_rule("/returns/<public_id>/autosave", "autosave", while_typing.autosave, methods=["POST"])
bp.add_url_rule(
    "/returns/<public_id>/keep-wording", "keep_wording", while_typing.keep_wording, methods=["POST"]
)
_NOT_INVOLVED = "/returns/<public_id>/not-involved"
bp.add_url_rule(_NOT_INVOLVED, "not_involved", returning.not_involved)
bp.add_url_rule(_NOT_INVOLVED, "return_not_involved", returning.return_not_involved, methods=["POST"])
bp.add_url_rule(
    "/returns/<public_id>/involved", "involved_after_all", returning.involved_after_all, methods=["POST"]
)
_ASK = "/returns/<public_id>/ask"
bp.add_url_rule(_ASK, "show_ask", enquiring_pages.show_ask)
bp.add_url_rule(_ASK, "send_enquiry", enquiring_pages.send_enquiry, methods=["POST"])
bp.add_url_rule("/returns/<public_id>/asked", "asked", enquiring_pages.show_asked)
_PASS_ON, _SEND_BACK = "/returns/<public_id>/pass-on", "/returns/<public_id>/send-back"
bp.add_url_rule(_PASS_ON, "ask_colleague", passing_pages.ask_colleague)
bp.add_url_rule(_PASS_ON, "pass_on", passing_pages.pass_on, methods=["POST"])
bp.add_url_rule("/returns/<public_id>/passed-on", "show_passed", passing_pages.show_passed)
bp.add_url_rule("/returns/<public_id>/take-back", "take_back", passing_pages.take_back, methods=["POST"])
bp.add_url_rule(_SEND_BACK, "ask_send_back", passing_pages.ask_send_back)
bp.add_url_rule(_SEND_BACK, "send_back", passing_pages.send_back, methods=["POST"])
bp.add_url_rule("/returns/<public_id>/given-back", "show_given_back", passing_pages.show_given_back)
# The code from the mailbox, where an audit asks for one.
_PROVE = "/prove/<public_id>/"
bp.add_url_rule(_PROVE, "show_proving", proving.show_proving)
bp.add_url_rule(_PROVE, "prove", proving.prove, methods=["POST"])
bp.add_url_rule(f"{_PROVE}send", "send_another", proving.send_another, methods=["POST"])
bp.before_request(proving.take_code)


def register_access_pages(contacts: Blueprint) -> None:
    """Answer below a blueprint for whoever has no right to a request: no link, no code, or it is passed on.

    A page behind a link may stand in a later step; it asks for its request as those here do.
    """
    contacts.register_error_handler(HeldByColleague, passing_pages.redirect_to_delegation)
    contacts.register_error_handler(DelegationOver, passing_pages.redirect_to_ended_delegation)
    contacts.register_error_handler(CodeNeeded, proving.code_needed)
    contacts.register_error_handler(LinkUnknown, arriving.unknown_link)
    contacts.register_error_handler(LinkNeeded, arriving.unknown_link)


@bp.context_processor
def contact_words() -> dict[str, object]:
    """Whom to ring stands under each of these pages."""
    return {"contact_line": f"Questions: {settings().contact_line}"}


@bp.get("/returns/<public_id>/")
def answer(public_id: str) -> ResponseReturnValue:
    """Show the form, with what was saved."""
    now = clock.now()
    audit_request = authorised_request(public_id)
    kept = return_of(audit_request)
    if not takes_answers(audit_request, kept, now=now):
        return redirect_to("show_copy", public_id)
    if kept is not None and kept.nil_reason:
        return redirect_to("done", public_id)
    found = form_contents(kept)
    form = form_class_for_request(audit_request)(given=revision_answers(found.revision))
    if "missing" in request.args:
        form.check_return()
    return render_form_page(form_page_as_opened(audit_request, kept, found, form, now=now))


@bp.post("/returns/<public_id>/")
def save(public_id: str) -> ResponseReturnValue:
    """Keep what was typed, and go on to the check, or back to the list."""
    now = clock.now()
    try:
        with transaction():
            held, pasted = grants_with_pasted_link()
            page = _store_draft(authorised_request(public_id, held), now)
            proved = use_pasted_link(pasted, now=now)
    except CouldNotSave as error:
        return not_saved_page(public_id, error)
    except (LinkWithdrawn, NotFound) as error:
        unproved = access_refused_page(public_id, error.status)
        if unproved is None:
            raise
        return unproved
    proved()
    if page is not None:
        return page
    if request.form.get("next-step") == "check":
        return redirect_to("check", public_id)
    flash(f"Saved at {clock_time(now)}. Come back with the same link whenever you like.")
    return redirect(url_for("survey_contact.answering.show_returns"), 303)


def _store_draft(audit_request: AuditRequest, now: datetime) -> ResponseReturnValue | None:
    """Store a draft; the page to show where it could not simply go on."""
    press = press_from_form()
    form = form_class_for_request(audit_request)(request.form)
    if not form.check_draft():
        if request.form.get("next-step") == "check":
            # All that stands in the way of returning it, in one list.
            form.check_return()
        return render_form_page(
            replace(form_page(audit_request, return_of(audit_request), form), press=press)
        ), 422
    outcome = operations.save_draft(audit_request, form.given(everything=True), press, now=now)
    delete_autosaves(outcome.audit_return, superseded_autosaves(press))
    keep_wordings(outcome.audit_return, request.form.getlist("keep-wording"))
    if outcome.raised_concern:
        after_commit(lambda: flash(TOLD_OF_CONCERN))
    return _after_save(audit_request, outcome, form)


def _after_save(
    audit_request: AuditRequest, outcome: SaveOutcome, form: AnswerForm
) -> ResponseReturnValue | None:
    """The page after a press that could not simply go on: late, a clash, or something missing."""
    kept = outcome.audit_return
    if outcome.became == "late":
        return late_page(audit_request, outcome)
    if outcome.became == "clash":
        page = clash_page(audit_request, outcome, form)
        store_clash_autosave(
            outcome.revision, form.given(everything=True), page.press, now=outcome.revision.created_at
        )
        return render_form_page(page), 409
    if request.form.get("next-step") == "check" and not form.check_return():
        status = f"Saved at {clock_time(outcome.revision.created_at)}"
        return render_form_page(form_page(audit_request, kept, form, status=status)), 422
    return None


@bp.errorhandler(CSRFError)
def expired_form(error: CSRFError) -> ResponseReturnValue:
    """Show what was typed again when the page had been open too long; nothing is stored."""
    view = (request.endpoint or "").rpartition(".")[2]
    public_id = str((request.view_args or {}).get("public_id", ""))
    own: dict[str, Callable[[], ResponseReturnValue]] = {
        "autosave": lambda: while_typing.autosave_failed(error),
        "start": lambda: arriving.start_without_cookie(error),
        "send_enquiry": lambda: enquiring_pages.expired_enquiry_page(public_id),
        "pass_on": lambda: passing_pages.expired_pass_on_page(public_id),
    }
    if view in own:
        return _or_refusal(own[view])
    if view not in {"save", "return_not_involved"}:
        return show_expired_form(error)
    nil = NotInvolvedForm() if view == "return_not_involved" else None
    try:
        return _expired_page(public_id, nil)
    except DATABASE_ERRORS:
        session.rollback()
        busy = CouldNotSave()
        return nil_not_saved_page(public_id, nil, busy) if nil else not_saved_page(public_id, busy)


def _or_refusal(page: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    """A page, or why this browser may not have it: no handler looks at what another raises."""
    try:
        return page()
    except CodeNeeded as error:
        return proving.code_needed(error)
    except LinkNeeded as error:
        return arriving.unknown_link(error)
    except NotFound as error:
        return show_refusal(error)


def _expired_page(public_id: str, nil: NotInvolvedForm | None) -> ResponseReturnValue:
    try:
        audit_request = authorised_request(public_id)
    except NotFound as error:
        # Nobody's token came with this press, so nothing is sent for it.
        page = (
            access_refused_nil_page(public_id, nil, 400, may_send=False)
            if nil
            else access_refused_page(public_id, 400, may_send=False)
        )
        if page is not None:
            return page
        return arriving.unknown_link(error) if isinstance(error, LinkNeeded) else show_refusal(error)
    notice = Notice(
        "This page had been open too long. Nothing has been stored yet: your text is below.",
        "Press the button again." if nil else "Press Save again.",
    )
    if nil:
        return returning.not_involved_page(audit_request, nil, notice=notice), 400
    shown = form_page(
        audit_request, return_of(audit_request), form_class_for_request(audit_request)(request.form)
    )
    return render_form_page(replace(shown, notice=notice, press=press_from_form())), 400
