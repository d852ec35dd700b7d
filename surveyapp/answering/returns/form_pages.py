"""Pages of the form: showing it and saving a draft."""

from dataclasses import replace
from datetime import datetime

from flask import flash, get_flashed_messages, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from surveyapp.answering.access.contact_access import authorised_request, redirect_to
from surveyapp.answering.access.copy_period import check_copy
from surveyapp.answering.access.locks import LinkWithdrawn
from surveyapp.answering.access.pasted_link import grants_with_pasted_link, use_pasted_link
from surveyapp.answering.concerns.queries import is_told_by_request, told_in_words
from surveyapp.answering.returns import operations
from surveyapp.answering.returns.autosave import delete_autosaves, store_clash_autosave
from surveyapp.answering.returns.form_rendering import form_page, form_page_as_opened, render_form_page
from surveyapp.answering.returns.operations import SaveOutcome, takes_answers
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.answering.returns.privacy_hints import keep_wordings
from surveyapp.answering.returns.queries import form_contents, return_of, revision_answers
from surveyapp.answering.returns.recovery_pages import (
    access_refused_page,
    clash_page,
    ended_copy_page,
    late_page,
    not_saved_page,
    open_too_long,
    say_not_returned,
)
from surveyapp.defining.answer_form import AnswerForm, answer_form
from surveyapp.foundation import clock
from surveyapp.foundation.errors import CouldNotSave, NotFound
from surveyapp.foundation.store.db import DATABASE_ERRORS, after_commit, session, transaction
from surveyapp.foundation.web.form_sending import is_sent_by_script
from surveyapp.foundation.words.dates_and_lists import clock_time
from surveyapp.issuing.models import AuditRequest

TOLD_OF_CONCERN = (
    "An email to the partnership is on its way. It says, without details, that you have a current practice "
    "concern."
)


def answer(public_id: str) -> ResponseReturnValue:
    """Show the form with the answers saved so far."""
    now = clock.now()
    audit_request = authorised_request(public_id)
    audit_return = return_of(audit_request)
    check_copy(audit_request, audit_return, now=now)
    if not takes_answers(audit_request, audit_return, now=now):
        return redirect_to("show_copy", public_id)
    if audit_return is not None and audit_return.nil_reason:
        return redirect_to("done", public_id)
    contents = form_contents(audit_return)
    form = answer_form(audit_request.audit.form, audit_request.agency.kind)(
        given=revision_answers(contents.revision)
    )
    if "missing" in request.args:
        form.check_return(clock.local_day(now))
    return render_form_page(form_page_as_opened(audit_request, audit_return, contents, form, now=now))


def save(public_id: str) -> ResponseReturnValue:
    """Save a draft, then show the check page or the list of returns."""
    now = clock.now()
    try:
        with transaction():
            held, pasted = grants_with_pasted_link()
            page = _store_draft(authorised_request(public_id, held), now)
            keep_link = use_pasted_link(pasted, now=now)
    except CouldNotSave as error:
        return not_saved_page(public_id, error)
    except (LinkWithdrawn, NotFound) as error:
        refused_page = access_refused_page(public_id, error.status)
        if refused_page is None:
            raise
        return refused_page
    keep_link()
    if page is not None:
        return page
    next_step = request.form.get("next-step")
    if next_step == "check":
        return redirect_to("check", public_id)
    if next_step == "stay" or _cleared_question():
        return _stay_on_form(public_id, now)
    flash(f"Saved at {clock_time(now)}. Come back with the same link whenever you like.")
    return redirect(url_for("survey_contact.answering.show_returns"), 303)


def _cleared_question() -> str:
    """The id of the question whose answer the pressed button takes back; empty for another button."""
    return request.form.get("clear-answer", "")


def _answers_on_page() -> MultiDict[str, str]:
    """The posted fields, without the answer that is taken back."""
    return MultiDict(
        (name, value) for name, value in request.form.items(multi=True) if name != _cleared_question()
    )


def _stay_on_form(public_id: str, now: datetime) -> ResponseReturnValue:
    """Go on with the form after a save: a script that sent it gets a fresh press for the same page."""
    audit_request = authorised_request(public_id)
    form_url = url_for("survey_contact.answering.answer", public_id=public_id)
    if is_sent_by_script():
        press = ButtonPress.fresh(return_of(audit_request))
        is_told = is_told_by_request([audit_request.id]).get(audit_request.id)
        return jsonify(
            kept=clock_time(now),
            told=told_in_words(is_told=is_told),
            waiting=is_told is False,
            says=" ".join(map(str, get_flashed_messages())),
            id=press.submission_id,
            version=press.seen_version,
            page=form_url,
        )
    numbers = {question.id: question.number for question in audit_request.audit.form.questions}
    number = numbers.get(_cleared_question())
    return redirect(f"{form_url}#question-{number}" if number else form_url, 303)


def _store_draft(audit_request: AuditRequest, now: datetime) -> ResponseReturnValue | None:
    """Store a draft. Returns the page to show if the form has errors, was late or clashed, else None."""
    press = ButtonPress.from_form(request.form)
    form = answer_form(audit_request.audit.form, audit_request.agency.kind)(_answers_on_page())
    if not form.check_draft():
        audit_return = return_of(audit_request)
        ended = ended_copy_page(audit_request, audit_return, form, is_stored=False)
        if ended is not None:
            return ended
        if request.form.get("next-step") == "check":
            # List everything that is missing for a return, not only what prevents a draft.
            form.check_return(clock.local_day(now))
        return render_form_page(replace(form_page(audit_request, audit_return, form), press=press)), 422
    outcome = operations.save_draft(audit_request, form.given(everything=True), press, now=now)
    delete_autosaves(outcome.audit_return, press.supersedes)
    keep_wordings(outcome.audit_return, request.form.getlist("keep-wording"))
    if outcome.raised_concern:
        after_commit(lambda: flash(TOLD_OF_CONCERN))
    return _after_save(audit_request, outcome, form)


def _after_save(
    audit_request: AuditRequest, outcome: SaveOutcome, form: AnswerForm
) -> ResponseReturnValue | None:
    """The page after a draft that was late, clashed or lacks answers for the check; else None."""
    audit_return = outcome.audit_return
    ended = ended_copy_page(audit_request, audit_return, form, is_stored=True)
    if ended is not None:
        return ended
    if outcome.kind == "late":
        return late_page(audit_request, outcome)
    if outcome.kind == "clash":
        page = clash_page(audit_request, outcome, form)
        store_clash_autosave(
            outcome.revision, page.form.given(everything=True), page.press, now=outcome.revision.created_at
        )
        return render_form_page(page), 409
    if request.form.get("next-step") == "check" and not form.check_return(
        clock.local_day(outcome.revision.created_at)
    ):
        status = f"Saved at {clock_time(outcome.revision.created_at)}"
        return render_form_page(form_page(audit_request, audit_return, form, status=status)), 422
    return None


def expired_form_page(public_id: str) -> ResponseReturnValue:
    """The form with the typed text, when it had been open too long; nothing is stored.

    Raises NotFound for a browser that may not open the request, unless we have shown this page before.
    """
    try:
        try:
            audit_request = authorised_request(public_id)
        except NotFound:
            # No valid form token came with this press, so no code is sent for it.
            page = access_refused_page(public_id, 400, may_send=False)
            if page is None:
                raise
            return page
        form = answer_form(audit_request.audit.form, audit_request.agency.kind)(request.form)
        shown = form_page(audit_request, return_of(audit_request), form)
        press = ButtonPress.from_form(request.form)
        notice = open_too_long("Press Save again.")
        if request.form.get("next-step") == "check":
            notice = say_not_returned(open_too_long("Press the button again."))
        return render_form_page(replace(shown, notice=notice, press=press)), 400
    except DATABASE_ERRORS:
        session.rollback()
        return not_saved_page(public_id, CouldNotSave())
