"""Autosave while somebody types: the page is told in one sentence what happened to its text."""

from collections.abc import Iterable
from datetime import datetime

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from surveyapp.answering.access.contact_access import (
    DelegationOver,
    HeldByColleague,
    authorised_request,
    redirect_to,
)
from surveyapp.answering.access.locks import LinkWithdrawn, lock_request_for_contact
from surveyapp.answering.concerns.queries import is_told_by_request, told_in_words
from surveyapp.answering.models import Return
from surveyapp.answering.returns.autosave import AutosaveOutcome, store_autosave
from surveyapp.answering.returns.press import ButtonPress, continued_autosaves
from surveyapp.answering.returns.privacy_hints import detail_hints, keep_wordings
from surveyapp.answering.returns.revision_operations import lock_or_create_return
from surveyapp.defining.answer_form import AnswerForm, answer_form
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation import clock
from surveyapp.foundation.errors import CouldNotSave, NotFound
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.words.dates_and_lists import clock_time, moment_in_words
from surveyapp.issuing.models import AuditRequest

STAYS = "Your text stays on this page."


def autosave(public_id: str) -> ResponseReturnValue:
    """Autosave a form page; it does not count as a Save and changes no answers."""
    now = clock.now()
    try:
        with transaction():
            audit_request = authorised_request(public_id)
            form = answer_form(audit_request.audit.form, audit_request.agency.kind)(request.form)
            fits = form.check_draft()
            answers = form.storable()
            outcome = store_autosave(
                audit_request,
                answers,
                ButtonPress.from_form(request.form),
                continues=continued_autosaves(request.form),
                refused=None if fits else form.refused,
                now=now,
            )
            keep_wordings(outcome.audit_return, request.form.getlist("keep-wording"))
            left = _left_out_in_words(form, now)
            says = " ".join(filter(None, (left, _change_in_words(audit_request, outcome))))
            looks = _hints_json(audit_request, answers, outcome.audit_return)
            is_told = is_told_by_request([audit_request.id]).get(audit_request.id)
    except LinkWithdrawn as error:
        return _json_sentence(
            f"{error.message} Copy what you typed before you leave this page.", error.status
        )
    except (CouldNotSave, NotFound) as error:
        return autosave_failed(error)
    told = told_in_words(is_told=is_told)
    return jsonify(
        kept=clock_time(now), says=says, looks=looks, complete=not left, told=told, waiting=is_told is False
    )


def keep_wording(public_id: str) -> ResponseReturnValue:
    """From the check page: stop pointing out one wording."""
    with transaction():
        audit_request = authorised_request(public_id)
        lock_request_for_contact(audit_request)
        keep_wordings(lock_or_create_return(audit_request), request.form.getlist("keep-wording"))
    return redirect_to("check", public_id)


def autosave_failed(error: CSRFError | CouldNotSave | NotFound) -> ResponseReturnValue:
    """Tell a page that its text was not stored this time, and what to do."""
    if isinstance(error, CouldNotSave):
        return _json_sentence(f"Could not keep your text just now. {STAYS} It is tried again.", error.status)
    if isinstance(error, (DelegationOver, HeldByColleague)):
        return _json_sentence(f"{error.message} {STAYS}", error.status)
    words = f"This computer has let go of your link. {STAYS} Press Save, and paste the link from your email."
    return _json_sentence(words, 400 if isinstance(error, CSRFError) else error.status)


def _left_out_in_words(form: AnswerForm, now: datetime) -> str:
    """Which boxes could not be stored as they are, and why; empty if all was stored."""
    errors = [str(field.errors[0]) for field in form if field.errors]
    if not errors:
        return ""
    boxes = "one box" if len(errors) == 1 else f"{len(errors)} boxes"
    return f"Saved at {clock_time(now)}, except {boxes}. {'. '.join(errors)}. {STAYS}"


def _change_in_words(audit_request: AuditRequest, outcome: AutosaveOutcome) -> str:
    """Tell the reader what has changed since the page was opened and what to do; empty if nothing has."""
    if outcome.closed:
        ends_at = audit_request.audit.answers_end_at
        closed = f" on {moment_in_words(ends_at)}" if ends_at else ""
        return f"Returns closed{closed}. {STAYS} Press Save to hand it in late."
    if outcome.changed:
        return "This was saved in another place since you opened it. Go on: Save shows you both texts."
    return ""


def _hints_json(
    audit_request: AuditRequest, answers: Iterable[GivenAnswer], audit_return: Return
) -> list[dict[str, str]]:
    """The hints that the page shows beside its boxes, as JSON."""
    return [
        {"field": hint.field, "words": hint.wording, "like": hint.looks_like, "mark": hint.mark}
        for hint in detail_hints(audit_request.audit.form, answers, audit_return)
    ]


def _json_sentence(words: str, status: int) -> tuple[Response, int]:
    return jsonify(kept="", says=words), status
