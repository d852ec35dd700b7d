"""Where a contact asks a question or for more time; what was typed comes back whatever goes wrong."""

from dataclasses import dataclass, field

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from surveyapp.answering.access.contact_access import (
    CodeNeeded,
    authorised_request,
    grants_with_pasted_link,
    page_signature,
    page_signature_from_form,
    press_from_form,
    redirect_to,
    use_pasted_link,
)
from surveyapp.answering.enquiries import operations as enquiring
from surveyapp.answering.enquiries.operations import EmptyQuestion, EnquiryContent, UnusableDueDay
from surveyapp.answering.enquiries.queries import enquiries_of
from surveyapp.answering.forms import EnquiryForm
from surveyapp.answering.models import Enquiry
from surveyapp.answering.returns.form_rendering import Notice
from surveyapp.answering.returns.operations import ButtonPress, LinkWithdrawn, takes_answers
from surveyapp.answering.returns.queries import return_of
from surveyapp.answering.returns.recovery_pages import AccessRefusal, access_refusal_of
from surveyapp.foundation import clock
from surveyapp.foundation.errors import CouldNotSave, NotFound
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import DATABASE_ERRORS, session, transaction
from surveyapp.foundation.web.problem_pages import RETRY_SECONDS
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.operations import ReturnsClosed


@dataclass(frozen=True)
class EnquiryPage:
    """The page on which a contact asks, as it is shown; about which request, once that is proved."""

    public_id: str
    form: EnquiryForm
    press: ButtonPress
    mark: str
    audit_request: AuditRequest | None = None
    notice: Notice | None = None
    unproved: AccessRefusal | None = None
    can_send: bool = True
    # What was asked before, so that nobody asks twice.
    enquiries: list[Enquiry] = field(default_factory=list)


def show_ask(public_id: str) -> ResponseReturnValue:
    """Show where to ask a question or for more time about one request, and what was asked before."""
    audit_request = authorised_request(public_id)
    if not takes_answers(audit_request, return_of(audit_request), now=clock.now()):
        return redirect_to("show_copy", public_id)
    return _show(_page(audit_request, EnquiryForm(formdata=None)))


def send_enquiry(public_id: str) -> ResponseReturnValue:
    """Ask the partnership about one request."""
    now = clock.now()
    form = EnquiryForm()
    page: ResponseReturnValue | None = None
    try:
        with transaction():
            held, pasted = grants_with_pasted_link()
            audit_request = authorised_request(public_id, held)
            page = _store_enquiry(audit_request, form)
            proved = use_pasted_link(pasted, now=now)
    except CouldNotSave as error:
        return _busy(public_id, form, error)
    except CodeNeeded:
        # Asked for beside what was typed, as on every page.
        raise
    except (LinkWithdrawn, NotFound) as error:
        unproved = _access_refused_page(public_id, form, error.status)
        if unproved is None:
            raise
        return unproved
    proved()
    return page or redirect_to("asked", public_id)


def _store_enquiry(audit_request: AuditRequest, form: EnquiryForm) -> ResponseReturnValue | None:
    """Store what is asked; the page to show where it could not be."""
    if not form.validate():
        return _show(_page(audit_request, form)), 422
    asked = EnquiryContent(form.kind.data, form.text.data or "", form.wanted_on.data)
    try:
        enquiring.make_enquiry(audit_request, asked, press_from_form().submission_id, now=clock.now())
    except EmptyQuestion as error:
        form.text.errors = [error.message]
    except UnusableDueDay as error:
        form.wanted_on.errors = [error.message]
    except ReturnsClosed as error:
        whom = f"Ring {settings().contact_line}. Quote the reference {audit_request.reference}."
        notice = Notice(f"{error.message} Nothing has been sent: your text is below.", whom)
        return _show(_page(audit_request, form, notice=notice, can_send=False)), error.status
    else:
        return None
    return _show(_page(audit_request, form)), 422


def show_asked(public_id: str) -> ResponseReturnValue:
    """Say that it has been sent and what happens next, with all that was asked and answered."""
    audit_request = authorised_request(public_id)
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
    """Show what was typed again when the page had been open too long; nothing is stored."""
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
        press_from_form() if request.method == "POST" else ButtonPress.fresh(None),
        page_signature(audit_request.public_id),
        audit_request=audit_request,
        notice=notice,
        can_send=can_send,
        enquiries=enquiries_of(audit_request),
    )


def _access_refused_page(public_id: str, form: EnquiryForm, status: int) -> ResponseReturnValue | None:
    """What was typed, for a browser whose link does not open the page any more; nothing about the case."""
    why = access_refusal_of(public_id, status)
    if why is None:
        return None
    page = EnquiryPage(
        public_id,
        form,
        press_from_form(),
        page_signature_from_form(public_id),
        notice=why.notice,
        unproved=why,
        can_send=why.asks_link,
    )
    return _show(page), why.status


def _busy(public_id: str, form: EnquiryForm, error: CouldNotSave) -> ResponseReturnValue:
    notice = Notice(error.message, "What you typed is below. Press the button again in a moment.")
    page = EnquiryPage(public_id, form, press_from_form(), page_signature_from_form(public_id), notice=notice)
    response = make_response(_show(page), error.status)
    response.headers["Retry-After"] = RETRY_SECONDS
    return response


def _show(page: EnquiryPage) -> str:
    link_error = page.unproved.link_error if page.unproved else ""
    return render_template(
        "survey/answering/enquiries/ask.html",
        page=page,
        form=page.form,
        audit_request=page.audit_request,
        link_error=link_error,
        limit=enquiring.LONGEST_ENQUIRY,
        errors=page.form.errors or link_error,
    )
