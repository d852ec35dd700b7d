"""When something went wrong: the same page, the typed text in its fields, what happened and what to do."""

from dataclasses import dataclass, replace

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from surveyapp.answering.access.code_pages import CodePrompt, prompt
from surveyapp.answering.access.contact_access import (
    GivenBack,
    link_problem,
    mark_of_page,
    own_pass_ended,
    press_of_page,
)
from surveyapp.answering.forms import NotInvolvedForm
from surveyapp.answering.models import Revision
from surveyapp.answering.returns.answers_in_words import differences, nil_in_words, said
from surveyapp.answering.returns.form_rendering import (
    FormPage,
    Notice,
    NotInvolvedPage,
    form_of_request,
    form_page,
    remembered_form,
    said_in,
    show_form,
    show_not_involved,
)
from surveyapp.answering.returns.operations import LinkWithdrawn, Outcome
from surveyapp.answering.returns.queries import given_of, returned_revision, working_revision
from surveyapp.defining.answer_form import AnswerForm
from surveyapp.foundation.errors import CouldNotSave
from surveyapp.foundation.web.access import held_grants
from surveyapp.foundation.web.base import RETRY_SECONDS
from surveyapp.foundation.words.dates_and_lists import clock_time
from surveyapp.issuing.delegation_queries import pass_from
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.queries import opened_before, request_addressed


@dataclass(frozen=True)
class Unproved:
    """Why a page with text on it could not be stored, and whether a pasted link would help."""

    notice: Notice
    status: int
    asks_link: bool = False
    link_error: str = ""
    code: CodePrompt | None = None
    # Its buttons will do what they say once what stands in the way is out of it.
    is_passed: bool = False

    @property
    def can_save(self) -> bool:
        """Whether pressing once more, with what is asked for, can store it."""
        return self.asks_link or self.is_passed or self.code is not None


def clash_page(audit_request: AuditRequest, outcome: Outcome, form: AnswerForm) -> FormPage:
    """Both texts on one page: mine in the form, the other person's beside it where they differ."""
    kept = outcome.audit_return
    theirs = working_revision(kept)
    counts, did = theirs, "saved"
    if kept.nil_reason:
        counts, did = returned_revision(kept), "returned as not involved"
    elif kept.returned_at and (theirs is None or theirs.kind == "submit"):
        did = "returned"
    definition, kind = audit_request.audit.form, audit_request.agency.kind
    what = elsewhere(did, counts, outcome.revision)
    notice = Notice(
        f"{what}, after you opened it. Your answers are kept, in the form below.",
        "Compare the two, then press a button: what is in the form takes the place of theirs.",
    )
    return replace(
        form_page(audit_request, kept, form),
        notice=notice,
        differences=differences(said_in(audit_request, form), said(definition, kind, given_of(theirs))),
    )


def elsewhere(did: str, counts: Revision | None, mine: Revision) -> str:
    """Say what was done meanwhile and when; from one link it may as well be the same person’s other tab."""
    counts = counts or mine
    at = clock_time(counts.created_at)
    same_link = counts.grant_id == mine.grant_id
    return f"This was {did} in another place at {at}" if same_link else f"Someone else {did} this at {at}"


def late_page(audit_request: AuditRequest, outcome: Outcome) -> ResponseReturnValue:
    """Returns closed while the page was open: the text is stored, and the page says that it was not sent."""
    audit = audit_request.audit
    return render_template(
        "survey/answering/returns/late.html",
        audit_request=audit_request,
        saved=outcome.revision.created_at,
        nil=nil_in_words(given_of(outcome.revision)),
        said=said(audit.form, audit_request.agency.kind, given_of(outcome.revision)),
    ), 409


def not_saved_page(public_id: str, error: CouldNotSave) -> ResponseReturnValue:
    """The same page while the database is busy, full or away: nothing of it may be asked."""
    made, mark = remembered_form(public_id), mark_of_page(public_id)
    # Only to a page that has shown these questions before: whose it is cannot be asked now.
    if made is not None and mark:
        page = FormPage(
            public_id=public_id,
            form=made(request.form),
            press=press_of_page(),
            mark=mark,
            notice=Notice(error.message, error.way_on),
        )
        body = show_form(page)
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
            press=press_of_page(),
            mark=mark,
        )
    return _busy(body, error)


def nil_not_saved_page(public_id: str, form: NotInvolvedForm, error: CouldNotSave) -> ResponseReturnValue:
    """The same for the page that asks why an agency has nothing to audit."""
    notice = Notice(error.message, "What you chose is below. Press the button again in a moment.")
    page = NotInvolvedPage(public_id, form, press_of_page(), mark_of_page(public_id), notice=notice)
    return _busy(show_not_involved(page), error)


def _busy(body: str, error: CouldNotSave) -> Response:
    response = make_response(body, error.status)
    response.headers["Retry-After"] = RETRY_SECONDS
    return response


def unproved_page(public_id: str, status: int, *, may_send: bool = True) -> ResponseReturnValue | None:
    """What was typed, for a browser that does not open the page any more: link withdrawn or lost, no code.

    Nothing for a page that we never showed: another agency's request is not told from one that never was.
    """
    audit_request = _request_of_page(public_id)
    if audit_request is None:
        return None
    why = _unproved(audit_request, status, may_send=may_send)
    form = form_of_request(audit_request)(request.form)
    # Nothing about the case: whose page this is has not been proved.
    page = FormPage(
        public_id,
        form,
        press_of_page(),
        mark_of_page(public_id),
        notice=why.notice,
        asks_link=why.asks_link,
        link_error=why.link_error,
        code=why.code,
        can_save=why.can_save,
    )
    return show_form(page), why.status


def unproved_nil_page(
    public_id: str, form: NotInvolvedForm, status: int, *, may_send: bool = True
) -> ResponseReturnValue | None:
    """The same for the page that asks why an agency has nothing to audit."""
    audit_request = _request_of_page(public_id)
    if audit_request is None:
        return None
    why = _unproved(audit_request, status, may_send=may_send)
    page = NotInvolvedPage(
        public_id,
        form,
        press_of_page(),
        mark_of_page(public_id),
        notice=why.notice,
        asks_link=why.asks_link,
        link_error=why.link_error,
        code=why.code,
        can_save=why.can_save,
    )
    return show_not_involved(page), why.status


def unproved_of(public_id: str, status: int) -> Unproved | None:
    """Why a page that we have shown could not be stored; nothing for one that we never showed."""
    audit_request = _request_of_page(public_id)
    return _unproved(audit_request, status, may_send=False) if audit_request is not None else None


def _request_of_page(public_id: str) -> AuditRequest | None:
    return request_addressed(public_id) if mark_of_page(public_id) else None


def _unproved(audit_request: AuditRequest, status: int, *, may_send: bool) -> Unproved:
    code = prompt(audit_request.public_id, may_send=may_send)
    if code is not None:
        notice = Notice(
            "This page needs a code from your email. Nothing has been stored yet: your text is below.",
            "Enter the code in the box, then press the button.",
        )
        return Unproved(notice, status, code=code)
    held = held_grants()
    passed = pass_from(held, audit_request.public_id)
    if passed is not None:
        notice = Notice(
            f"You passed this to {passed.colleague}. Nothing has been stored yet: your text is below.",
            "To go on with it, open your returns in another tab, take it back, then press the button here.",
        )
        return Unproved(notice, LinkWithdrawn.status, is_passed=True)
    ended = own_pass_ended(held, audit_request.public_id)
    if ended is not None:
        return Unproved(Notice(GivenBack(ended).message, LinkWithdrawn.way_on), LinkWithdrawn.status)
    if opened_before(held, audit_request):
        gone = LinkWithdrawn()
        return Unproved(Notice(gone.message, gone.way_on), gone.status)
    notice = Notice(
        "This browser does not hold your link any more. Nothing has been stored yet: your text is below.",
        "Paste the link from your email into the box, then press the button.",
    )
    return Unproved(notice, status, asks_link=True, link_error=link_problem())
