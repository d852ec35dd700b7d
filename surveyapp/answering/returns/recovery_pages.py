"""When something went wrong: the same page, the typed text in its fields, what happened and what to do."""

from dataclasses import dataclass, replace

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from surveyapp.answering.access.code_pages import CodePrompt, code_prompt
from surveyapp.answering.access.contact_access import (
    DelegationOver,
    ended_delegation_for_browser,
    page_signature_from_form,
    pasted_link_error,
    press_from_form,
)
from surveyapp.answering.forms import NotInvolvedForm
from surveyapp.answering.models import Revision
from surveyapp.answering.returns.answers_in_words import answers_in_words, differences, nil_in_words
from surveyapp.answering.returns.form_rendering import (
    FormPage,
    Notice,
    NotInvolvedPage,
    form_answers_in_words,
    form_class_for_request,
    form_page,
    remembered_form,
    render_form_page,
    render_not_involved_page,
)
from surveyapp.answering.returns.operations import LinkWithdrawn, SaveOutcome
from surveyapp.answering.returns.queries import returned_revision, revision_answers, working_revision
from surveyapp.defining.answer_form import AnswerForm
from surveyapp.foundation.errors import CouldNotSave
from surveyapp.foundation.web.access import grants_in_cookie
from surveyapp.foundation.web.problem_pages import RETRY_SECONDS
from surveyapp.foundation.words.dates_and_lists import clock_time
from surveyapp.issuing.delegation_queries import open_delegation_from_links
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.queries import has_ever_had_access, request_with_public_id


@dataclass(frozen=True)
class AccessRefusal:
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
            press=press_from_form(),
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
            press=press_from_form(),
            mark=mark,
        )
    return _busy(body, error)


def nil_not_saved_page(public_id: str, form: NotInvolvedForm, error: CouldNotSave) -> ResponseReturnValue:
    """The same for the page that asks why an agency has nothing to audit."""
    notice = Notice(error.message, "What you chose is below. Press the button again in a moment.")
    page = NotInvolvedPage(
        public_id, form, press_from_form(), page_signature_from_form(public_id), notice=notice
    )
    return _busy(render_not_involved_page(page), error)


def _busy(body: str, error: CouldNotSave) -> Response:
    response = make_response(body, error.status)
    response.headers["Retry-After"] = RETRY_SECONDS
    return response


def access_refused_page(public_id: str, status: int, *, may_send: bool = True) -> ResponseReturnValue | None:
    """What was typed, for a browser that does not open the page any more: link withdrawn or lost, no code.

    Nothing for a page that we never showed: another agency's request is not told from one that never was.
    """
    audit_request = _request_of_page(public_id)
    if audit_request is None:
        return None
    why = _access_refusal(audit_request, status, may_send=may_send)
    form = form_class_for_request(audit_request)(request.form)
    # Nothing about the case: whose page this is has not been proved.
    page = FormPage(
        public_id,
        form,
        press_from_form(),
        page_signature_from_form(public_id),
        notice=why.notice,
        asks_link=why.asks_link,
        link_error=why.link_error,
        code=why.code,
        can_save=why.can_save,
    )
    return render_form_page(page), why.status


def access_refused_nil_page(
    public_id: str, form: NotInvolvedForm, status: int, *, may_send: bool = True
) -> ResponseReturnValue | None:
    """The same for the page that asks why an agency has nothing to audit."""
    audit_request = _request_of_page(public_id)
    if audit_request is None:
        return None
    why = _access_refusal(audit_request, status, may_send=may_send)
    page = NotInvolvedPage(
        public_id,
        form,
        press_from_form(),
        page_signature_from_form(public_id),
        notice=why.notice,
        asks_link=why.asks_link,
        link_error=why.link_error,
        code=why.code,
        can_save=why.can_save,
    )
    return render_not_involved_page(page), why.status


def access_refusal_of(public_id: str, status: int) -> AccessRefusal | None:
    """Why a page that we have shown could not be stored; nothing for one that we never showed."""
    audit_request = _request_of_page(public_id)
    return _access_refusal(audit_request, status, may_send=False) if audit_request is not None else None


def _request_of_page(public_id: str) -> AuditRequest | None:
    return request_with_public_id(public_id) if page_signature_from_form(public_id) else None


def _access_refusal(audit_request: AuditRequest, status: int, *, may_send: bool) -> AccessRefusal:
    code = code_prompt(audit_request.public_id, may_send=may_send)
    if code is not None:
        notice = Notice(
            "This page needs a code from your email. Nothing has been stored yet: your text is below.",
            "Enter the code in the box, then press the button.",
        )
        return AccessRefusal(notice, status, code=code)
    held = grants_in_cookie()
    passed = open_delegation_from_links(held, audit_request.public_id)
    if passed is not None:
        notice = Notice(
            f"You passed this to {passed.colleague}. Nothing has been stored yet: your text is below.",
            "To go on with it, open your returns in another tab, take it back, then press the button here.",
        )
        return AccessRefusal(notice, LinkWithdrawn.status, is_passed=True)
    ended = ended_delegation_for_browser(held, audit_request.public_id)
    if ended is not None:
        return AccessRefusal(
            Notice(DelegationOver(ended).message, LinkWithdrawn.way_on), LinkWithdrawn.status
        )
    if has_ever_had_access(held, audit_request):
        gone = LinkWithdrawn()
        return AccessRefusal(Notice(gone.message, gone.way_on), gone.status)
    notice = Notice(
        "This browser does not hold your link any more. Nothing has been stored yet: your text is below.",
        "Paste the link from your email into the box, then press the button.",
    )
    return AccessRefusal(notice, status, asks_link=True, link_error=pasted_link_error())
