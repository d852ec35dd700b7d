"""The contacts' pages: where each stands, and the form itself."""

from dataclasses import replace
from datetime import datetime

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from surveyapp.answering import arriving, operations, returning
from surveyapp.answering.forms import NotInvolvedForm
from surveyapp.answering.going_wrong import (
    clash_page,
    late_page,
    nil_not_saved_page,
    not_saved_page,
    unproved_nil_page,
    unproved_page,
)
from surveyapp.answering.operations import LinkWithdrawn, Outcome, takes_answers
from surveyapp.answering.own import LinkNeeded, held_with_pasted, hold_pasted, own_request, press_of_page, to
from surveyapp.answering.queries import given_of, return_of, working_revision
from surveyapp.answering.showing import Notice, form_of_request, form_page, show_form, when
from surveyapp.defining.compiling import AnswerForm
from surveyapp.foundation import clock
from surveyapp.foundation.db import OUT_OF_REACH, session, transaction
from surveyapp.foundation.errors import CouldNotSave, NotFound
from surveyapp.foundation.pages import show_expired_form, show_refusal
from surveyapp.foundation.settings import settings
from surveyapp.foundation.wording import clock_time
from surveyapp.issuing.links import LinkUnknown
from surveyapp.issuing.models import AuditRequest

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
_NOT_INVOLVED = "/returns/<public_id>/not-involved"
bp.add_url_rule(_NOT_INVOLVED, "not_involved", returning.not_involved)
bp.add_url_rule(_NOT_INVOLVED, "return_not_involved", returning.return_not_involved, methods=["POST"])
bp.add_url_rule(
    "/returns/<public_id>/involved", "involved_after_all", returning.involved_after_all, methods=["POST"]
)
bp.register_error_handler(LinkUnknown, arriving.unknown_link)
bp.register_error_handler(LinkNeeded, arriving.unknown_link)


@bp.context_processor
def contact_words() -> dict[str, object]:
    """Whom to ring stands under each of these pages."""
    return {"contact_line": f"Questions: {settings().contact_line}"}


@bp.get("/returns/<public_id>/")
def answer(public_id: str) -> ResponseReturnValue:
    """Show the form, with what was saved."""
    now = clock.now()
    audit_request = own_request(public_id)
    kept = return_of(audit_request)
    if not takes_answers(audit_request, kept, now=now):
        return to("show_copy", public_id)
    if kept is not None and kept.nil_reason:
        return to("done", public_id)
    revision = working_revision(kept)
    form = form_of_request(audit_request)(given=given_of(revision))
    if "missing" in request.args:
        form.check_return()
    status = f"Saved {when(revision.created_at, now=now)}" if revision else ""
    return show_form(form_page(audit_request, kept, form, status=status))


@bp.post("/returns/<public_id>/")
def save(public_id: str) -> ResponseReturnValue:
    """Keep what was typed, and go on to the check, or back to the list."""
    now = clock.now()
    try:
        with transaction():
            held, pasted = held_with_pasted()
            page = _keep(own_request(public_id, held), now)
            proved = hold_pasted(pasted, now=now)
    except CouldNotSave as error:
        return not_saved_page(public_id, error)
    except (LinkWithdrawn, NotFound) as error:
        unproved = unproved_page(public_id, error.status)
        if unproved is None:
            raise
        return unproved
    proved()
    if page is not None:
        return page
    if request.form.get("next-step") == "check":
        return to("check", public_id)
    flash(f"Saved at {clock_time(now)}. Come back with the same link whenever you like.")
    return redirect(url_for("survey_contact.answering.show_returns"), 303)


def _keep(audit_request: AuditRequest, now: datetime) -> ResponseReturnValue | None:
    """Store a draft; the page to show where it could not simply go on."""
    press = press_of_page()
    form = form_of_request(audit_request)(request.form)
    if not form.check_draft():
        if request.form.get("next-step") == "check":
            # All that stands in the way of returning it, in one list.
            form.check_return()
        return show_form(replace(form_page(audit_request, return_of(audit_request), form), press=press)), 422
    outcome = operations.save_draft(audit_request, form.given(everything=True), press, now=now)
    return _after_save(audit_request, outcome, form)


def _after_save(
    audit_request: AuditRequest, outcome: Outcome, form: AnswerForm
) -> ResponseReturnValue | None:
    """The page after a press that could not simply go on: late, a clash, or something missing."""
    kept = outcome.audit_return
    if outcome.became == "late":
        return late_page(audit_request, outcome)
    if outcome.became == "clash":
        return show_form(clash_page(audit_request, outcome, form)), 409
    if request.form.get("next-step") == "check" and not form.check_return():
        status = f"Saved at {clock_time(outcome.revision.created_at)}"
        return show_form(form_page(audit_request, kept, form, status=status)), 422
    return None


@bp.errorhandler(CSRFError)
def expired_form(error: CSRFError) -> ResponseReturnValue:
    """Show what was typed again when the page had been open too long; nothing is stored."""
    view = (request.endpoint or "").rpartition(".")[2]
    public_id = str((request.view_args or {}).get("public_id", ""))
    if view == "start":
        return arriving.start_without_cookie(error)
    if view not in {"save", "return_not_involved"}:
        return show_expired_form(error)
    nil = NotInvolvedForm() if view == "return_not_involved" else None
    try:
        return _expired_page(public_id, nil)
    except OUT_OF_REACH:
        session.rollback()
        busy = CouldNotSave()
        return nil_not_saved_page(public_id, nil, busy) if nil else not_saved_page(public_id, busy)


def _expired_page(public_id: str, nil: NotInvolvedForm | None) -> ResponseReturnValue:
    try:
        audit_request = own_request(public_id)
    except NotFound as error:
        page = unproved_nil_page(public_id, nil, 400) if nil else unproved_page(public_id, 400)
        if page is not None:
            return page
        return arriving.unknown_link(error) if isinstance(error, LinkNeeded) else show_refusal(error)
    notice = Notice(
        "This page had been open too long. Nothing has been stored yet: your text is below.",
        "Press the button again." if nil else "Press Save again.",
    )
    if nil:
        return returning.not_involved_page(audit_request, nil, notice=notice), 400
    shown = form_page(audit_request, return_of(audit_request), form_of_request(audit_request)(request.form))
    return show_form(replace(shown, notice=notice, press=press_of_page())), 400
