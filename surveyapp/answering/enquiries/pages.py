"""Pages on which a contact asks a question or for more time; typed text survives every error."""

from dataclasses import dataclass, field

from flask import render_template, request
from flask.typing import ResponseReturnValue

from surveyapp.answering.access.access_refusal import AccessRefusal, access_refusal_of
from surveyapp.answering.access.contact_access import CodeNeeded, authorised_request, redirect_to
from surveyapp.answering.access.copy_period import check_copy, copy_has_ended
from surveyapp.answering.access.locks import LinkWithdrawn
from surveyapp.answering.access.notice import Notice
from surveyapp.answering.access.page_signature import page_signature, page_signature_from_form
from surveyapp.answering.access.pasted_link import grants_with_pasted_link, use_pasted_link
from surveyapp.answering.enquiries.forms import EnquiryForm
from surveyapp.answering.enquiries.operations import (
    LONGEST_ENQUIRY,
    EmptyQuestion,
    EnquiryContent,
    TooManyEnquiries,
    UnusableDueDay,
    make_enquiry,
)
from surveyapp.answering.enquiry_queries import enquiries_of
from surveyapp.answering.models import Enquiry
from surveyapp.answering.returns.operations import takes_answers
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.answering.returns.queries import return_of
from surveyapp.answering.returns.recovery_pages import busy_response
from surveyapp.foundation import clock
from surveyapp.foundation.errors import CouldNotSave, NotFound
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import DATABASE_ERRORS, session, transaction
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.errors import ReturnsClosed


@dataclass(frozen=True)
class EnquiryPage:
    """The page on which a contact asks; `audit_request` is set only if this browser may open it."""

    public_id: str
    form: EnquiryForm
    press: ButtonPress
    mark: str
    audit_request: AuditRequest | None = None
    notice: Notice | None = None
    unproved: AccessRefusal | None = None
    can_send: bool = True
    # Earlier enquiries about the request, so that nobody asks twice.
    enquiries: list[Enquiry] = field(default_factory=list)


def show_ask(public_id: str) -> ResponseReturnValue:
    """Show the form for an enquiry about one request, with the earlier enquiries."""
    audit_request = authorised_request(public_id)
    if not takes_answers(audit_request, return_of(audit_request), now=clock.now()):
        return redirect_to("show_copy", public_id)
    return _show(_page(audit_request, EnquiryForm(formdata=None)))


def send_enquiry(public_id: str) -> ResponseReturnValue:
    """Send an enquiry about one request to the partnership."""
    now = clock.now()
    form = EnquiryForm()
    page: ResponseReturnValue | None = None
    try:
        with transaction():
            held, pasted = grants_with_pasted_link()
            audit_request = authorised_request(public_id, held)
            page = _store_enquiry(audit_request, form)
            keep_link = use_pasted_link(pasted, now=now)
    except CouldNotSave as error:
        return _busy(public_id, form, error)
    except CodeNeeded:
        # The error handler shows the box for the code with the typed text.
        raise
    except (LinkWithdrawn, NotFound) as error:
        refused_page = _access_refused_page(public_id, form, error.status)
        if refused_page is None:
            raise
        return refused_page
    keep_link()
    return page or redirect_to("asked", public_id)


def _store_enquiry(audit_request: AuditRequest, form: EnquiryForm) -> ResponseReturnValue | None:
    """Store an enquiry. Returns the page to show if it could not be stored, else None."""
    if not form.validate():
        return _show(_page(audit_request, form)), 422
    content = EnquiryContent(form.kind.data, form.text.data or "", form.wanted_on.data)
    try:
        make_enquiry(
            audit_request, content, ButtonPress.from_form(request.form).submission_id, now=clock.now()
        )
    except EmptyQuestion as error:
        form.text.errors = [error.message]
    except UnusableDueDay as error:
        form.wanted_on.errors = [error.message]
    except TooManyEnquiries as error:
        notice = Notice(f"{error.message} Nothing has been sent: your text is below.", error.way_on)
        return _show(_page(audit_request, form, notice=notice)), error.status
    except ReturnsClosed as error:
        whom = f"Ring {settings().contact_line}. Quote the reference {audit_request.reference}."
        notice = Notice(f"{error.message} Nothing has been sent: your text is below.", whom)
        return _show(_page(audit_request, form, notice=notice, can_send=False)), error.status
    else:
        return None
    return _show(_page(audit_request, form)), 422


def show_asked(public_id: str) -> ResponseReturnValue:
    """Confirm that the enquiry was sent and say what happens next, with all enquiries and their answers."""
    audit_request = authorised_request(public_id)
    now = clock.now()
    if copy_has_ended(audit_request.audit, now=now):
        # A return that may come in late ends later.
        check_copy(audit_request, return_of(audit_request), now=now)
    enquiries = enquiries_of(audit_request)
    if not enquiries:
        return redirect_to("show_ask", public_id)
    return render_template(
        "survey/answering/enquiries/asked.html",
        audit_request=audit_request,
        enquiries=enquiries,
        last=enquiries[-1],
    )


def expired_enquiry_page(public_id: str) -> ResponseReturnValue:
    """Show the typed text again when the page had been open too long; nothing is stored."""
    form = EnquiryForm()
    try:
        try:
            audit_request = authorised_request(public_id)
        except CodeNeeded:
            raise
        except NotFound:
            page = _access_refused_page(public_id, form, 400)
            if page is not None:
                return page
            raise
        notice = Notice(
            "This page had been open too long. Nothing has been sent yet: your text is below.",
            "Press the button again.",
        )
        return _show(_page(audit_request, form, notice=notice)), 400
    except DATABASE_ERRORS:
        session.rollback()
        return _busy(public_id, form, CouldNotSave())


def _page(
    audit_request: AuditRequest, form: EnquiryForm, *, notice: Notice | None = None, can_send: bool = True
) -> EnquiryPage:
    return EnquiryPage(
        audit_request.public_id,
        form,
        ButtonPress.from_form(request.form) if request.method == "POST" else ButtonPress.fresh(None),
        page_signature(audit_request.public_id),
        audit_request=audit_request,
        notice=notice,
        can_send=can_send,
        enquiries=enquiries_of(audit_request),
    )


def _access_refused_page(public_id: str, form: EnquiryForm, status: int) -> ResponseReturnValue | None:
    """The page with the typed text, for a browser that may not open the request; nothing about the case."""
    refusal = access_refusal_of(public_id, status)
    if refusal is None:
        return None
    page = EnquiryPage(
        public_id,
        form,
        ButtonPress.from_form(request.form),
        page_signature_from_form(public_id),
        notice=refusal.notice,
        unproved=refusal,
        can_send=refusal.asks_link,
    )
    return _show(page), refusal.status


def _busy(public_id: str, form: EnquiryForm, error: CouldNotSave) -> ResponseReturnValue:
    notice = Notice(error.message, "What you typed is below. Press the button again in a moment.")
    page = EnquiryPage(
        public_id,
        form,
        ButtonPress.from_form(request.form),
        page_signature_from_form(public_id),
        notice=notice,
    )
    return busy_response(_show(page), error)


def _show(page: EnquiryPage) -> str:
    link_error = page.unproved.link_error if page.unproved else ""
    return render_template(
        "survey/answering/enquiries/ask.html",
        page=page,
        form=page.form,
        audit_request=page.audit_request,
        link_error=link_error,
        limit=LONGEST_ENQUIRY,
        errors=page.form.errors or link_error,
    )
