"""Pages for failed saves: the form with the typed text, what went wrong and what to do next."""

from collections.abc import Iterable
from dataclasses import replace

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from surveyapp.answering.access.access_refusal import refusal_of_request, request_of_signed_page
from surveyapp.answering.access.contact_access import authorised_request
from surveyapp.answering.access.copy_period import CopyEnded, check_copy
from surveyapp.answering.access.notice import Notice
from surveyapp.answering.access.page_signature import page_signature_from_form
from surveyapp.answering.access.pasted_link import grants_with_pasted_link
from surveyapp.answering.access.typed_text import typed_text
from surveyapp.answering.models import Return, Revision
from surveyapp.answering.returns.answers_in_words import (
    answers_in_words,
    by_section,
    differences,
    nil_in_words,
)
from surveyapp.answering.returns.form_rendering import (
    FormPage,
    form_answers_in_words,
    form_page,
    own_text,
    render_form_page,
)
from surveyapp.answering.returns.operations import SaveOutcome
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.answering.returns.queries import (
    PutTogether,
    answers_seen,
    put_together,
    return_of,
    returned_revision,
    revision_answers,
    working_revision,
)
from surveyapp.answering.returns.remembered_forms import remembered_form
from surveyapp.defining.answer_form import AnswerForm, answer_form
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation import clock
from surveyapp.foundation.errors import CouldNotSave, NotFound
from surveyapp.foundation.store.db import DATABASE_ERRORS, session
from surveyapp.foundation.web.problem_pages import RETRY_SECONDS
from surveyapp.foundation.words.dates_and_lists import clock_time
from surveyapp.issuing.models import AuditRequest


def clash_page(audit_request: AuditRequest, outcome: SaveOutcome, form: AnswerForm) -> FormPage:
    """An older page put together with what was saved since, and both texts where both changed a question.

    A question that was not changed on the page has the answer that is saved now.
    """
    audit_return = outcome.audit_return
    theirs = working_revision(audit_return)
    changed_by, did = theirs, "saved"
    if audit_return.nil_reason:
        changed_by, did = returned_revision(audit_return), "returned as not involved"
    elif audit_return.returned_at and (theirs is None or theirs.kind == "submit"):
        did = "returned"
    merged = _merged(outcome, form, theirs)
    differing = _differing(audit_request, form, theirs, merged)
    change = change_elsewhere_in_words(did, changed_by, outcome.revision)
    page = replace(
        form_page(audit_request, audit_return, type(form)(given=merged.answers)),
        press=ButtonPress.after_clash(outcome.revision.submission_id, audit_return),
        own_text=own_text(audit_request, _only(form, merged.changed)),
        differences=differing,
        takes_place=bool(differing),
    )
    if differing or audit_return.nil_reason:
        notice = Notice(
            f"{change}, after you opened it. Your answers are kept.",
            "Compare the two, and copy what you need. A question that you had not changed has the answer "
            "that is saved now.",
        )
        return replace(page, notice=notice)
    if not merged.changed:
        notice = Notice(
            f"{change}, after you opened it. You had changed nothing.",
            "The form below has what is saved now.",
        )
        return replace(page, notice=notice)
    notice = Notice(
        f"{change}, after you opened it. Both were put together.",
        "The form below has your answers and what was saved: no question was answered differently in the "
        "two. Save it to keep both.",
    )
    return replace(page, notice=notice, save_words="Save both")


def _merged(outcome: SaveOutcome, form: AnswerForm, theirs: Revision | None) -> PutTogether:
    seen = answers_seen(outcome.audit_return, outcome.revision.seen_version)
    return put_together(
        None if seen is None else _as_sent(form, seen),
        form.given(everything=True),
        _as_sent(form, revision_answers(theirs)),
    )


def _as_sent(form: AnswerForm, answers: Iterable[GivenAnswer]) -> tuple[GivenAnswer, ...]:
    """Stored answers as a page that shows them would send them."""
    return type(form)(given=answers).given(everything=True)


def _only(form: AnswerForm, questions: frozenset[str]) -> AnswerForm:
    """The same form with the answers to these questions alone."""
    return type(form)(given=[one for one in form.given(everything=True) if one.question in questions])


def _differing(
    audit_request: AuditRequest, form: AnswerForm, theirs: Revision | None, merged: PutTogether
) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """The questions that were changed differently in the two, in words."""
    saved = type(form)(given=revision_answers(theirs))
    mine, other = (_only(version, merged.conflicting) for version in (form, saved))
    return differences(
        form_answers_in_words(audit_request, mine), form_answers_in_words(audit_request, other)
    )


def change_elsewhere_in_words(did: str, theirs: Revision | None, mine: Revision) -> str:
    """A sentence saying that this was saved or returned elsewhere meanwhile, and when.

    It says “someone else” only if another link was used: with the same link it may have been another tab.
    """
    theirs = theirs or mine
    saved_at = clock_time(theirs.created_at)
    same_link = theirs.grant_id == mine.grant_id
    return (
        f"This was {did} in another place at {saved_at}"
        if same_link
        else f"Someone else {did} this at {saved_at}"
    )


def late_page(audit_request: AuditRequest, outcome: SaveOutcome) -> ResponseReturnValue:
    """The page after returns closed while the form was open: the text is stored but not returned."""
    audit = audit_request.audit
    return render_template(
        "survey/answering/returns/late.html",
        audit_request=audit_request,
        saved=outcome.revision.created_at,
        nil=nil_in_words(revision_answers(outcome.revision)),
        said=by_section(
            answers_in_words(audit.form, audit_request.agency.kind, revision_answers(outcome.revision))
        ),
    ), 409


def ended_copy_page(
    audit_request: AuditRequest,
    audit_return: Return | None,
    form: AnswerForm | None = None,
    *,
    is_stored: bool,
) -> ResponseReturnValue | None:
    """The answer to any press once the contact's own copy has ended; None before that.

    It shows what this press sent, in `form` or otherwise, and nothing that was stored before. `is_stored`
    says whether that has been stored.
    """
    try:
        check_copy(audit_request, audit_return, now=clock.now())
    except CopyEnded as error:
        return render_template(
            "survey/answering/returns/copy_ended.html",
            title=error.message.removesuffix("."),
            text=error.way_on,
            typed=own_text(audit_request, form) if form is not None else typed_text(),
            is_stored=is_stored,
        ), error.status
    return None


def refused_after_copy(public_id: str) -> ResponseReturnValue | None:
    """The page that refuses a press of which nothing is stored, once the copy has ended; else None.

    None too for a browser that may not open the request, and while the database is out of reach: the pages
    themselves say so.
    """
    try:
        audit_request = authorised_request(public_id, grants_with_pasted_link()[0])
        return ended_copy_page(audit_request, return_of(audit_request), is_stored=False)
    except NotFound:
        return None
    except DATABASE_ERRORS:
        return None
    finally:
        # The page's own view begins anew, with the locks that it needs.
        session.rollback()


def not_saved_page(public_id: str, error: CouldNotSave) -> ResponseReturnValue:
    """The form with the typed text while the database is busy, full or unavailable; it runs no query."""
    form_class, mark = remembered_form(public_id), page_signature_from_form(public_id)
    # The questions are shown only to a page that had them before: we cannot ask now whose page it is.
    if form_class is not None and mark:
        page = FormPage(
            public_id=public_id,
            form=form_class(request.form),
            press=ButtonPress.from_form(request.form),
            mark=mark,
            notice=Notice(error.message, error.way_on),
        )
        body = render_form_page(page)
    else:
        hidden = {"csrf_token", "submission-id", "seen-version", "page-mark", "next-step", "pasted-link"}
        hidden |= {"proof-code", "proof-send"}
        typed = [(name, text) for name, text in request.form.items(multi=True) if name not in hidden]
        body = render_template(
            "survey/answering/returns/kept_text.html",
            title=error.message.removesuffix("."),
            error=error,
            public_id=public_id,
            typed=typed,
            press=ButtonPress.from_form(request.form),
            mark=mark,
        )
    return busy_response(body, error)


def busy_response(body: str, error: CouldNotSave) -> Response:
    """A page that asks to press the button again in a moment."""
    response = make_response(body, error.status)
    response.headers["Retry-After"] = RETRY_SECONDS
    return response


def access_refused_page(public_id: str, status: int, *, may_send: bool = True) -> ResponseReturnValue | None:
    """The form with the typed text, for a browser that may not open it: link withdrawn or lost, no code.

    None for a page that we never showed, so that nobody can tell another agency's request from one that does
    not exist.
    """
    audit_request = request_of_signed_page(public_id)
    if audit_request is None:
        return None
    refusal = refusal_of_request(audit_request, status, may_send=may_send)
    form = answer_form(audit_request.audit.form, audit_request.agency.kind)(request.form)
    is_return = request.form.get("next-step") == "check"
    # The page says nothing about the case, since this browser has not proved that it may open it.
    page = FormPage(
        public_id,
        form,
        ButtonPress.from_form(request.form),
        page_signature_from_form(public_id),
        notice=say_not_returned(refusal.notice) if is_return else refusal.notice,
        own_text=own_text(audit_request, form),
        asks_link=refusal.asks_link,
        link_error=refusal.link_error,
        code=refusal.code,
        can_save=refusal.can_save,
    )
    return render_form_page(page), refusal.status


def say_not_returned(notice: Notice) -> Notice:
    """A notice that first says that nothing was returned, for a button that returns or leads to it."""
    return replace(notice, title=f"Not returned yet. {notice.title}")


def open_too_long(what_to_do: str) -> Notice:
    """The notice on a page whose form token had expired when its button was pressed."""
    words = "This page had been open too long. Nothing has been stored yet: your text is below."
    return Notice(words, what_to_do)
