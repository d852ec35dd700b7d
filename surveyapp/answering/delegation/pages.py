"""Pages of passing one case to a colleague: to whom, with whom it is, taking it back, sending it back."""

from flask import flash, render_template
from flask.typing import ResponseReturnValue

from surveyapp.agencies.operations import ContactHasLeft
from surveyapp.answering.access.contact_access import (
    CodeNeeded,
    DelegationOver,
    HeldByColleague,
    LinkNeeded,
    authorised_request,
    ended_delegation_for_browser,
    is_proved,
    redirect_to,
)
from surveyapp.answering.delegation.operations import delegate_to_colleague
from surveyapp.answering.forms import PassOnForm
from surveyapp.answering.returns.form_rendering import Notice, can_be_delegated
from surveyapp.answering.returns.queries import ended_by_return, return_of, return_progress
from surveyapp.foundation import clock
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.web.access import grants_in_cookie
from surveyapp.foundation.words.clean_text import unlisted_domain
from surveyapp.issuing import delegation_operations as passing_on
from surveyapp.issuing.access_queries import requests_open_to
from surveyapp.issuing.delegation_locks import DelegatedToSelf
from surveyapp.issuing.delegation_queries import open_delegation_from_links
from surveyapp.issuing.models import AuditRequest, Delegation


def ask_colleague(public_id: str) -> ResponseReturnValue:
    """Ask to whom a case is passed."""
    audit_request = authorised_request(public_id)
    if not can_be_delegated(audit_request, return_of(audit_request), now=clock.now()):
        return redirect_to("answer", public_id)
    return _colleague_page(audit_request, PassOnForm(formdata=None))


def pass_on(public_id: str) -> ResponseReturnValue:
    """Pass a case to a colleague; for a domain that is not among the known ones, once this has been said."""
    audit_request = authorised_request(public_id)
    form = PassOnForm()
    if not form.validate():
        return _colleague_page(audit_request, form), 422
    domain = unlisted_domain(form.email.data or "", settings().known_domains)
    if domain and form.warned_of.data != domain:
        return _colleague_page(audit_request, form, domain=domain)
    try:
        with transaction():
            passed = delegate_to_colleague(
                audit_request,
                name=form.name.data or "",
                email=form.email.data or "",
                sends_back=form.how.data == "back",
                now=clock.now(),
            )
            said = f"{audit_request.case.pseudonym} is with {passed.colleague} now."
    except (DelegatedToSelf, ContactHasLeft) as error:
        form.email.errors = [error.message]
        return _colleague_page(audit_request, form), 422
    flash(f"{said} They get an email with a link of their own.", "success")
    return redirect_to("show_passed", public_id)


def expired_pass_on_page(public_id: str) -> ResponseReturnValue:
    """The same page with what was typed, where it had been open too long."""
    words = "This page had been open too long. Nothing was passed on: press the button again."
    return _colleague_page(authorised_request(public_id), PassOnForm(), notice=Notice(words, "")), 400


def _colleague_page(
    audit_request: AuditRequest, form: PassOnForm, *, domain: str = "", notice: Notice | None = None
) -> str:
    # Whatever came is replaced by what this page says.
    form.warned_of.data = domain
    return render_template(
        "survey/answering/delegation/pass_on.html",
        audit_request=audit_request,
        form=form,
        errors=form.errors,
        domain=domain,
        notice=notice,
    )


def show_passed(public_id: str) -> ResponseReturnValue:
    """Show with whom a case is and how far they are, and offer to take it back."""
    passed = _own_pass(public_id)
    if passed is None:
        authorised_request(public_id)
        return redirect_to("answer", public_id)
    found = return_progress([passed.audit_request])[0]
    return render_template(
        "survey/answering/delegation/passed_on.html",
        audit_request=passed.audit_request,
        passed=passed,
        started=found.has_started_since(passed.passed_at),
        progress=found,
    )


def take_back(public_id: str) -> ResponseReturnValue:
    """Take a case back from a colleague; their link to it stops working at once."""
    with transaction():
        passed = _own_pass(public_id)
        if passed is None:
            # Pressed twice, or after the colleague had finished: it is with them again.
            authorised_request(public_id)
            return redirect_to("answer", public_id)
        taken, name = passing_on.take_back_delegation(passed, now=clock.now()), passed.colleague
    if taken:
        flash(
            f"It is with you again, with what was saved. {name}’s link does not open it any more.", "success"
        )
    return redirect_to("answer", public_id)


def ask_send_back(public_id: str) -> ResponseReturnValue:
    """Ask whether a case is to be sent back to the one who passed it on."""
    audit_request = authorised_request(public_id)
    if audit_request.open_delegation is None:
        return redirect_to("answer", public_id)
    return render_template(
        "survey/answering/delegation/send_back.html",
        audit_request=audit_request,
        passed=audit_request.open_delegation,
        progress=return_progress([audit_request])[0],
    )


def send_back(public_id: str) -> ResponseReturnValue:
    """Send a case back to the one who passed it on, with what was saved."""
    with transaction():
        passing_on.send_back_delegation(authorised_request(public_id), now=clock.now())
    return redirect_to("show_given_back", public_id)


def show_given_back(public_id: str) -> ResponseReturnValue:
    """Say what became of a case that was passed to this link and is not with it any more; no answers."""
    held = grants_in_cookie()
    if not held:
        raise LinkNeeded
    passed = ended_delegation_for_browser(held, public_id)
    if passed is None:
        authorised_request(public_id)
        return redirect_to("answer", public_id)
    return render_template(
        "survey/answering/delegation/given_back.html",
        audit_request=passed.audit_request,
        passed=passed,
        returned=ended_by_return(passed),
        more=bool(requests_open_to(held)),
    )


def _own_pass(public_id: str) -> Delegation | None:
    held = grants_in_cookie()
    if not held:
        raise LinkNeeded
    passed = open_delegation_from_links(held, public_id)
    # Who has it and how far they are is about the case too: no word of it before the code.
    if passed is not None and not is_proved(passed.audit_request, by=passed.from_grant):
        raise CodeNeeded(public_id)
    return passed


def redirect_to_delegation(error: HeldByColleague) -> ResponseReturnValue:
    """From any page of a case that a colleague has, on to the one that says so."""
    return redirect_to("show_passed", error.public_id)


def redirect_to_ended_delegation(error: DelegationOver) -> ResponseReturnValue:
    """From any page of a case that is not with a colleague any more, on to the one that says so."""
    return redirect_to("show_given_back", error.public_id)
