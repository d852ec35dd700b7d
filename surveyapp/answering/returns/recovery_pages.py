"""When something went wrong: the same page, the typed text in its fields, what happened and what to do."""

from dataclasses import replace

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from surveyapp.answering.access.access_refusal import refusal_of_request, request_of_signed_page
from surveyapp.answering.access.notice import Notice
from surveyapp.answering.access.page_signature import page_signature_from_form
from surveyapp.answering.models import Revision
from surveyapp.answering.returns.answers_in_words import answers_in_words, differences, nil_in_words
from surveyapp.answering.returns.form_rendering import (
    FormPage,
    form_answers_in_words,
    form_page,
    remembered_form,
    render_form_page,
)
from surveyapp.answering.returns.operations import SaveOutcome
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.answering.returns.queries import returned_revision, revision_answers, working_revision
from surveyapp.defining.answer_form import AnswerForm, answer_form
from surveyapp.foundation.errors import CouldNotSave
from surveyapp.foundation.web.base import RETRY_SECONDS
from surveyapp.foundation.words.dates_and_lists import clock_time
from surveyapp.issuing.models import AuditRequest


def clash_page(audit_request: AuditRequest, outcome: SaveOutcome, form: AnswerForm) -> FormPage:
    """Both texts on one page: mine in the form, the other person's beside it where they differ."""
    kept = outcome.audit_return
    theirs = working_revision(kept)
    counts, did = theirs, "saved"
    if kept.nil_reason:
        counts, did = returned_revision(kept), "returned as not involved"
    elif kept.returned_at and (theirs is None or theirs.kind == "submit"):
        did = "returned"
    definition, kind = audit_request.audit.form, audit_request.agency.kind
    what = change_elsewhere_in_words(did, counts, outcome.revision)
    notice = Notice(
        f"{what}, after you opened it. Your answers are kept, in the form below.",
        "Compare the two, then press a button: what is in the form takes the place of theirs.",
    )
    return replace(
        form_page(audit_request, kept, form),
        notice=notice,
        differences=differences(
            form_answers_in_words(audit_request, form),
            answers_in_words(definition, kind, revision_answers(theirs)),
        ),
    )


def change_elsewhere_in_words(did: str, counts: Revision | None, mine: Revision) -> str:
    """Say what was done meanwhile and when; from one link it may as well be the same person’s other tab."""
    counts = counts or mine
    at = clock_time(counts.created_at)
    same_link = counts.grant_id == mine.grant_id
    return f"This was {did} in another place at {at}" if same_link else f"Someone else {did} this at {at}"


def late_page(audit_request: AuditRequest, outcome: SaveOutcome) -> ResponseReturnValue:
    """Returns closed while the page was open: the text is stored, and the page says that it was not sent."""
    audit = audit_request.audit
    return render_template(
        "survey/answering/returns/late.html",
        audit_request=audit_request,
        saved=outcome.revision.created_at,
        nil=nil_in_words(revision_answers(outcome.revision)),
        said=answers_in_words(audit.form, audit_request.agency.kind, revision_answers(outcome.revision)),
    ), 409


def not_saved_page(public_id: str, error: CouldNotSave) -> ResponseReturnValue:
    """The same page while the database is busy, full or away: nothing of it may be asked."""
    made, mark = remembered_form(public_id), page_signature_from_form(public_id)
    # Only to a page that has shown these questions before: whose it is cannot be asked now.
    if made is not None and mark:
        page = FormPage(
            public_id=public_id,
            form=made(request.form),
            press=ButtonPress.from_form(request.form),
            mark=mark,
            notice=Notice(error.message, error.way_on),
        )
        body = render_form_page(page)
    else:
        ours = {"csrf_token", "submission-id", "seen-version", "page-mark", "next-step", "pasted-link"}
        ours |= {"proof-code", "proof-send"}
        typed = [(name, text) for name, text in request.form.items(multi=True) if name not in ours]
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
    """What was typed, for a browser that does not open the page any more: link withdrawn or lost, no code.

    Nothing for a page that we never showed: another agency's request is not told from one that never was.
    """
    audit_request = request_of_signed_page(public_id)
    if audit_request is None:
        return None
    why = refusal_of_request(audit_request, status, may_send=may_send)
    form = answer_form(audit_request.audit.form, audit_request.agency.kind)(request.form)
    # Nothing about the case: whose page this is has not been proved.
    page = FormPage(
        public_id,
        form,
        ButtonPress.from_form(request.form),
        page_signature_from_form(public_id),
        notice=why.notice,
        asks_link=why.asks_link,
        link_error=why.link_error,
        code=why.code,
        can_save=why.can_save,
    )
    return render_form_page(page), why.status


def open_too_long(what_to_do: str) -> Notice:
    """The notice on a page whose form token had expired when its button was pressed."""
    words = "This page had been open too long. Nothing has been stored yet: your text is below."
    return Notice(words, what_to_do)
