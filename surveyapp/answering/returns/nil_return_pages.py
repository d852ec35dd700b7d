"""Pages of a nil return: ask why the agency has nothing to audit, store it, undo it."""

from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request
from flask.typing import ResponseReturnValue

from surveyapp.answering.access.access_refusal import refusal_of_request, request_of_signed_page
from surveyapp.answering.access.code_prompt import CodePrompt
from surveyapp.answering.access.contact_access import authorised_request, redirect_to
from surveyapp.answering.access.locks import LinkWithdrawn
from surveyapp.answering.access.notice import Notice
from surveyapp.answering.access.page_signature import page_signature, page_signature_from_form
from surveyapp.answering.access.pasted_link import grants_with_pasted_link, use_pasted_link
from surveyapp.answering.returns import operations
from surveyapp.answering.returns.forms import NotInvolvedForm
from surveyapp.answering.returns.operations import takes_answers
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.answering.returns.queries import return_of
from surveyapp.answering.returns.recovery_pages import (
    busy_response,
    ended_copy_page,
    late_page,
    open_too_long,
    say_not_returned,
)
from surveyapp.foundation import clock
from surveyapp.foundation.errors import CouldNotSave, NotFound
from surveyapp.foundation.store.db import DATABASE_ERRORS, session, transaction
from surveyapp.issuing.models import AuditRequest


def not_involved(public_id: str) -> ResponseReturnValue:
    """Ask why the agency has nothing to audit."""
    audit_request = authorised_request(public_id)
    if not takes_answers(audit_request, return_of(audit_request), now=clock.now()):
        return redirect_to("show_copy", public_id)
    if audit_request.open_delegation is not None and audit_request.open_delegation.sends_back:
        return redirect_to("ask_send_back", public_id)
    return not_involved_page(audit_request, NotInvolvedForm(formdata=None))


def not_involved_page(
    audit_request: AuditRequest, form: NotInvolvedForm, *, notice: Notice | None = None
) -> str:
    """The page that asks for the reason, with any reason chosen, for a browser that may open the request."""
    press, mark = ButtonPress.fresh(return_of(audit_request)), page_signature(audit_request.public_id)
    page = NotInvolvedPage(
        audit_request.public_id, form, press, mark, audit_request=audit_request, notice=notice
    )
    return render_not_involved_page(page)


def return_not_involved(public_id: str) -> ResponseReturnValue:
    """Make a nil return."""
    now = clock.now()
    form = NotInvolvedForm()
    page: ResponseReturnValue | None = None
    try:
        with transaction():
            held, pasted = grants_with_pasted_link()
            audit_request = authorised_request(public_id, held)
            if form.validate():
                page = _store_nil_return(audit_request, form, now=now)
            else:
                ended = ended_copy_page(audit_request, return_of(audit_request), is_stored=False)
                page = ended or (not_involved_page(audit_request, form), 422)
            keep_link = use_pasted_link(pasted, now=now)
    except CouldNotSave as error:
        return nil_not_saved_page(public_id, form, error)
    except (LinkWithdrawn, NotFound) as error:
        refused_page = access_refused_nil_page(public_id, form, error.status)
        if refused_page is None:
            raise
        return refused_page
    keep_link()
    return page or redirect_to("done", public_id)


def _store_nil_return(
    audit_request: AuditRequest, form: NotInvolvedForm, *, now: datetime
) -> ResponseReturnValue | None:
    """Store the nil return. Returns the page to show if it was late or clashed, else None."""
    where = form.whereabouts.data or ""
    outcome = operations.return_nil(
        audit_request, form.reason.data, ButtonPress.from_form(request.form), whereabouts=where, now=now
    )
    ended = ended_copy_page(audit_request, outcome.audit_return, is_stored=True)
    if ended is not None:
        return ended
    if outcome.kind == "late":
        return late_page(audit_request, outcome)
    if outcome.kind == "clash":
        notice = Notice(
            "This was saved or returned in another place meanwhile.", "Look at it, or press again."
        )
        return not_involved_page(audit_request, form, notice=notice), 409
    return None


def involved_after_all(public_id: str) -> ResponseReturnValue:
    """Undo a nil return."""
    with transaction():
        operations.take_back_nil(authorised_request(public_id), now=clock.now())
    return redirect_to("answer", public_id)


@dataclass(frozen=True)
class NotInvolvedPage:
    """The page that asks for the reason; `audit_request` is set only if this browser may open it."""

    public_id: str
    form: NotInvolvedForm
    press: ButtonPress
    mark: str
    audit_request: AuditRequest | None = None
    notice: Notice | None = None
    asks_link: bool = False
    link_error: str = ""
    code: CodePrompt | None = None
    can_save: bool = True


def render_not_involved_page(page: NotInvolvedPage) -> str:
    """The HTML of the page that asks for the reason."""
    return render_template(
        "survey/answering/returns/not_involved.html",
        page=page,
        form=page.form,
        audit_request=page.audit_request,
        errors=page.form.errors or page.link_error or (page.code and page.code.error),
    )


def nil_not_saved_page(public_id: str, form: NotInvolvedForm, error: CouldNotSave) -> ResponseReturnValue:
    """The page with the reason chosen, while the database is busy, full or unavailable."""
    notice = Notice(error.message, "What you chose is below. Press the button again in a moment.")
    page = NotInvolvedPage(
        public_id,
        form,
        ButtonPress.from_form(request.form),
        page_signature_from_form(public_id),
        notice=notice,
    )
    return busy_response(render_not_involved_page(page), error)


def access_refused_nil_page(
    public_id: str, form: NotInvolvedForm, status: int, *, may_send: bool = True
) -> ResponseReturnValue | None:
    """The page with the reason chosen, for a browser that may not open it; None if we never showed it."""
    audit_request = request_of_signed_page(public_id)
    if audit_request is None:
        return None
    refusal = refusal_of_request(audit_request, status, may_send=may_send)
    page = NotInvolvedPage(
        public_id,
        form,
        ButtonPress.from_form(request.form),
        page_signature_from_form(public_id),
        notice=say_not_returned(refusal.notice),
        asks_link=refusal.asks_link,
        link_error=refusal.link_error,
        code=refusal.code,
        can_save=refusal.can_save,
    )
    return render_not_involved_page(page), refusal.status


def expired_nil_page(public_id: str) -> ResponseReturnValue:
    """The page with the reason chosen, when it had been open too long; nothing is stored.

    Raises NotFound for a browser that may not open the request, unless we have shown this page before.
    """
    form = NotInvolvedForm()
    try:
        try:
            audit_request = authorised_request(public_id)
        except NotFound:
            # No valid form token came with this press, so no code is sent for it.
            page = access_refused_nil_page(public_id, form, 400, may_send=False)
            if page is None:
                raise
            return page
        notice = say_not_returned(open_too_long("Press the button again."))
        return not_involved_page(audit_request, form, notice=notice), 400
    except DATABASE_ERRORS:
        session.rollback()
        return nil_not_saved_page(public_id, form, CouldNotSave())
