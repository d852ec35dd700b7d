"""Pages on which staff key in a contact's answers: the form, the check before returning, a nil return."""

from dataclasses import replace
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.answering.access.notice import Notice
from surveyapp.answering.models import Return
from surveyapp.answering.returns import operations
from surveyapp.answering.returns.answers_in_words import answers_in_words, by_section, differences
from surveyapp.answering.returns.form_rendering import FormPage, form_answers_in_words, form_page
from surveyapp.answering.returns.operations import SaveOutcome, takes_answers
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.answering.returns.privacy_hints import detail_hints
from surveyapp.answering.returns.queries import (
    answers_seen,
    form_contents,
    put_together,
    return_of,
    revision_answers,
    working_revision,
)
from surveyapp.defining.answer_form import AnswerForm, answer_form
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.web.access import acting_staff, record_reading
from surveyapp.foundation.words.dates_and_lists import clock_time
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.queries import request_of
from surveyapp.keying.forms import NilReturnForm, ReceivedForm


def key_in(audit_id: int, request_id: int) -> ResponseReturnValue:
    """Show the contact's form with what is saved so far, for staff to key answers in."""
    audit_request, now = request_of(audit_id, request_id), clock.now()
    audit_return = return_of(audit_request)
    if not _takes_answers(audit_request, audit_return, now):
        return _closed_page(audit_request)
    contents = form_contents(audit_return)
    form = _form_class(audit_request)(given=revision_answers(contents.saved))
    if "missing" in request.args:
        form.check_return(clock.local_day(now))
    received_by = contents.saved.received_by if contents.saved else ""
    page = form_page(audit_request, audit_return, form)
    shown = _form_page(
        audit_request,
        page,
        ReceivedForm(formdata=None, data={"received_by": received_by or "telephone"}),
        is_typing=contents.opens_with_autosave,
    )
    if contents.saved:
        record_reading("saw_return", f"request {request_id}", "draft")
    return shown


def save_keyed(audit_id: int, request_id: int) -> ResponseReturnValue:
    """Save what was keyed in as a draft, then show it to be checked, or the request's page."""
    now, received = clock.now(), ReceivedForm()
    audit_request = request_of(audit_id, request_id)
    form = _form_class(audit_request)(request.form)
    wants_check = request.form.get("next-step") == "check"
    is_valid = received.validate()
    if not (form.check_draft() and is_valid):
        if wants_check:
            form.check_return(clock.local_day(now))
        page = replace(form_page(audit_request, return_of(audit_request), form), press=_press(received))
        return _form_page(audit_request, page, received), 422
    with transaction():
        outcome = operations.save_draft(audit_request, form.given(everything=True), _press(received), now=now)
        if outcome.kind == "clash":
            page = _clash_page(audit_request, outcome, form)
            return _form_page(audit_request, page, received), 409
    if outcome.kind == "late":
        return _late_page(audit_request)
    if wants_check:
        return redirect(_url(audit_request, "check_keyed"), 303)
    flash(f"Saved as a draft at {clock_time(now)}. It is not returned yet.", "success")
    return redirect(_request_url(audit_request), 303)


def check_keyed(audit_id: int, request_id: int) -> ResponseReturnValue:
    """Show what was keyed in, with what is missing first, before it is returned."""
    audit_request, now = request_of(audit_id, request_id), clock.now()
    audit_return = return_of(audit_request)
    if not _takes_answers(audit_request, audit_return, now):
        return _closed_page(audit_request)
    if audit_return is None or working_revision(audit_return) is None:
        return redirect(_url(audit_request, "key_in"), 303)
    page = _check_page(audit_request, audit_return, now=now)
    record_reading("saw_return", f"request {request_id}", "draft")
    return page


def return_keyed(audit_id: int, request_id: int) -> ResponseReturnValue:
    """Return what the check page showed, on behalf of the contact."""
    now, received = clock.now(), ReceivedForm()
    audit_request = request_of(audit_id, request_id)
    audit_return = return_of(audit_request)
    if audit_return is None or not received.validate():
        return redirect(_url(audit_request, "key_in"), 303)
    form = _form_class(audit_request)(given=revision_answers(working_revision(audit_return)))
    if not form.check_return(clock.local_day(now)):
        return _check_page(audit_request, audit_return, now=now), 422
    with transaction():
        outcome = operations.return_audit(audit_request, form.given(), _press(received), now=now)
    if outcome.kind == "clash":
        problem = "These answers were changed in another place after you opened this page. Check them again."
        return _check_page(audit_request, outcome.audit_return, problem=problem, now=now), 409
    return _after_return(audit_request, outcome)


def key_in_nil(audit_id: int, request_id: int) -> ResponseReturnValue:
    """Make a nil return on behalf of a contact who said that their agency was not involved."""
    audit_request, now = request_of(audit_id, request_id), clock.now()
    audit_return = return_of(audit_request)
    if not _takes_answers(audit_request, audit_return, now):
        return _closed_page(audit_request)
    form = NilReturnForm(data={"received_by": "telephone"})
    press, notice = ButtonPress.fresh(audit_return), ""
    if request.method == "POST":
        press = _press(form)
        if form.validate():
            with transaction():
                outcome = operations.return_nil(
                    audit_request, form.reason.data, press, whereabouts=form.whereabouts.data or "", now=now
                )
            if outcome.kind != "clash":
                return _after_return(audit_request, outcome)
            notice = "This was saved or returned in another place meanwhile. Look at it, or press again."
            press = ButtonPress.after_clash(press.submission_id, outcome.audit_return)
    page = render_template(
        "survey/keying/key_in_nil.html",
        audit_request=audit_request,
        contact=audit_request.grant.contact,
        form=form,
        press=press,
        notice=notice,
        limit=operations.LONGEST_WHERE,
        back=_request_url(audit_request),
        errors=form.errors,
    )
    return page, 409 if notice else 422 if form.errors else 200


def _form_class(audit_request: AuditRequest) -> type[AnswerForm]:
    return answer_form(audit_request.audit.form, audit_request.agency.kind)


def _clash_page(audit_request: AuditRequest, outcome: SaveOutcome, form: AnswerForm) -> FormPage:
    """What was keyed in put together with what was saved meanwhile; where they differ, both are shown."""
    audit_return, version = outcome.audit_return, outcome.revision.seen_version
    theirs = type(form)(given=revision_answers(working_revision(audit_return)))
    seen = answers_seen(audit_return, version)
    merged = put_together(
        None if seen is None else type(form)(given=seen).given(everything=True),
        form.given(everything=True),
        theirs.given(everything=True),
    )
    conflicting = (
        type(form)(given=[one for one in each.given(everything=True) if one.question in merged.conflicting])
        for each in (form, theirs)
    )
    mine, other = (form_answers_in_words(audit_request, each) for each in conflicting)
    return replace(
        form_page(audit_request, audit_return, type(form)(given=merged.answers)),
        press=ButtonPress.after_clash(outcome.revision.submission_id, audit_return),
        differences=differences(mine, other),
        notice=Notice(
            "This was saved or returned in another place after you opened it. What you keyed in is kept.",
            "The form below has it, together with what was saved. Press again to let it count.",
        ),
    )


def _press(received: ReceivedForm) -> ButtonPress:
    """The press of the page that was sent, by the acting member of staff."""
    press = ButtonPress.from_form(request.form)
    return replace(
        press, keyed_by=received.keyed_by(acting_staff().name) if received.received_by.data else None
    )


def _takes_answers(audit_request: AuditRequest, audit_return: Return | None, now: datetime) -> bool:
    return audit_request.withdrawn_at is None and takes_answers(audit_request, audit_return, now=now)


def _after_return(audit_request: AuditRequest, outcome: SaveOutcome) -> ResponseReturnValue:
    if outcome.kind == "late":
        return _late_page(audit_request)
    contact = audit_request.grant.contact.name
    flash(f"Returned on behalf of {contact}, and marked so. They get the usual receipt.", "success")
    return redirect(_request_url(audit_request), 303)


def _late_page(audit_request: AuditRequest) -> ResponseReturnValue:
    """The request's page after returns closed meanwhile: the text is kept, and does not count yet."""
    flash(
        "Returns have closed meanwhile. What you keyed in is kept and does not count: allow a late return, "
        "then key in again."
    )
    return redirect(_request_url(audit_request), 303)


def _closed_page(audit_request: AuditRequest) -> ResponseReturnValue:
    """The page for a request that takes no answers: it is withdrawn, or returns are closed."""
    return render_template("survey/keying/closed.html", audit_request=audit_request), 409


def _form_page(
    audit_request: AuditRequest, page: FormPage, received: ReceivedForm, *, is_typing: bool = False
) -> str:
    return render_template(
        "survey/keying/key_in.html",
        audit_request=audit_request,
        contact=audit_request.grant.contact,
        page=page,
        form=page.form,
        received=received,
        is_typing=is_typing,
        back=_request_url(audit_request),
        errors=page.form.errors or received.errors,
    )


def _check_page(
    audit_request: AuditRequest, audit_return: Return, *, now: datetime, problem: str = ""
) -> str:
    saved = working_revision(audit_return)
    given = revision_answers(saved)
    form = _form_class(audit_request)(given=given)
    form.check_return(clock.local_day(now))
    there = _url(audit_request, "key_in")
    answers = answers_in_words(audit_request.audit.form, audit_request.agency.kind, given)
    received_by = (saved.received_by if saved else "") or "telephone"
    return render_template(
        "survey/keying/check.html",
        audit_request=audit_request,
        audit_return=audit_return,
        contact=audit_request.grant.contact,
        passed=audit_request.open_delegation,
        press=ButtonPress.fresh(audit_return),
        received=ReceivedForm(formdata=None, data={"received_by": received_by}),
        said=by_section(answers),
        unanswered=[answer for answer in answers if not answer.lines],
        questions=sum(answer.question is not None for answer in answers),
        missing=[(field.errors[0], f"{there}?missing=1#{field.id}") for field in form if field.errors],
        looks=detail_hints(audit_request.audit.form, form.given(), audit_return),
        problem=problem,
        there=there,
    )


def _url(audit_request: AuditRequest, view: str) -> str:
    return url_for(f"survey.keying.{view}", audit_id=audit_request.audit_id, request_id=audit_request.id)


def _request_url(audit_request: AuditRequest) -> str:
    return url_for(
        "survey.tracking.show_request", audit_id=audit_request.audit_id, request_id=audit_request.id
    )
