"""Pages for delegating a case to a colleague, taking it back and sending it back."""

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
from surveyapp.answering.access.notice import Notice
from surveyapp.answering.delegation.forms import PassOnForm
from surveyapp.answering.delegation.operations import delegate_to_colleague, remove_own_colleague
from surveyapp.answering.returns.form_rendering import can_be_delegated
from surveyapp.answering.returns.progress_queries import return_progress
from surveyapp.answering.returns.queries import ended_by_return, return_of
from surveyapp.foundation import clock
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.web.access import grants_in_cookie
from surveyapp.foundation.words.dates_and_lists import list_in_words
from surveyapp.foundation.words.email_addresses import unlisted_domain
from surveyapp.issuing import delegation_operations
from surveyapp.issuing.access_queries import requests_open_to
from surveyapp.issuing.delegation_locks import DelegatedToSelf
from surveyapp.issuing.delegation_operations import TooManyColleagues
from surveyapp.issuing.delegation_queries import has_opened, open_delegation_from_links
from surveyapp.issuing.models import AuditRequest, Delegation


def ask_colleague(public_id: str) -> ResponseReturnValue:
    """Show the form for the colleague's name and address."""
    audit_request = authorised_request(public_id)
    if not can_be_delegated(audit_request, return_of(audit_request), now=clock.now()):
        return redirect_to("answer", public_id)
    return _colleague_page(audit_request, PassOnForm(formdata=None))


def pass_on(public_id: str) -> ResponseReturnValue:
    """Delegate a case to a colleague; an unlisted domain is asked about first."""
    audit_request = authorised_request(public_id)
    form = PassOnForm()
    if not form.validate():
        return _colleague_page(audit_request, form), 422
    domain = unlisted_domain(form.email.data or "", settings().known_domains)
    if domain and form.warned_of.data != domain:
        return _colleague_page(audit_request, form, domain=domain)
    try:
        with transaction():
            delegation = delegate_to_colleague(
                audit_request,
                name=form.name.data or "",
                email=form.email.data or "",
                sends_back=form.how.data == "back",
                now=clock.now(),
            )
            message = f"{audit_request.case.pseudonym} is with {delegation.colleague} now."
    except (DelegatedToSelf, ContactHasLeft) as error:
        form.email.errors = [error.message]
        return _colleague_page(audit_request, form), 422
    except TooManyColleagues as error:
        notice = Notice(f"{error.message} Nothing was passed on.", error.way_on)
        return _colleague_page(audit_request, form, notice=notice), error.status
    flash(f"{message} They get an email with a link of their own.", "success")
    return redirect_to("show_passed", public_id)


def expired_pass_on_page(public_id: str) -> ResponseReturnValue:
    """The page with the typed text, when it had been open too long."""
    words = "This page had been open too long. Nothing was passed on: press the button again."
    return _colleague_page(authorised_request(public_id), PassOnForm(), notice=Notice(words, "")), 400


def _colleague_page(
    audit_request: AuditRequest, form: PassOnForm, *, domain: str = "", notice: Notice | None = None
) -> str:
    # Replace whatever was posted by the domain that this page asks about.
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
    """Show which colleague has a case and how far they are, and offer to take it back."""
    delegation = _delegation_by_viewer(public_id)
    if delegation is None:
        authorised_request(public_id)
        return redirect_to("answer", public_id)
    progress = return_progress([delegation.audit_request])[0]
    return render_template(
        "survey/answering/delegation/passed_on.html",
        audit_request=delegation.audit_request,
        passed=delegation,
        started=progress.has_started_since(delegation.passed_at),
        progress=progress,
        may_remove=delegation.to_grant.contact.role == "colleague"
        and not has_opened(delegation.to_grant.contact),
    )


def remove_colleague(public_id: str) -> ResponseReturnValue:
    """Remove a colleague who never opened their link; what was passed to them comes back."""
    with transaction():
        delegation = _delegation_by_viewer(public_id)
        if delegation is None:
            # The button was pressed twice, or the case came back meanwhile.
            authorised_request(public_id)
            return redirect_to("answer", public_id)
        name = delegation.colleague
        ended = remove_own_colleague(delegation, now=clock.now())
        cases = list_in_words([passed.audit_request.case.pseudonym for passed in ended])
    flash(f"{name} is removed. {cases} {'is' if len(ended) == 1 else 'are'} with you again.", "success")
    return redirect_to("answer", public_id)


def take_back(public_id: str) -> ResponseReturnValue:
    """Take a case back from a colleague; their link to it stops working at once."""
    with transaction():
        delegation = _delegation_by_viewer(public_id)
        if delegation is None:
            # The button was pressed twice, or after the colleague had finished: the case is back already.
            authorised_request(public_id)
            return redirect_to("answer", public_id)
        is_taken_back, name = (
            delegation_operations.take_back_delegation(delegation, now=clock.now()),
            delegation.colleague,
        )
    if is_taken_back:
        flash(
            f"It is with you again, with what was saved. {name}’s link does not open it any more.", "success"
        )
    return redirect_to("answer", public_id)


def ask_send_back(public_id: str) -> ResponseReturnValue:
    """Ask whether to send a case back to the contact who delegated it."""
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
    """Send a case back to the contact who delegated it, with the saved answers."""
    with transaction():
        delegation_operations.send_back_delegation(authorised_request(public_id), now=clock.now())
    return redirect_to("show_given_back", public_id)


def show_given_back(public_id: str) -> ResponseReturnValue:
    """Say how a delegation to this link ended; shows no answers."""
    held = grants_in_cookie()
    if not held:
        raise LinkNeeded
    delegation = ended_delegation_for_browser(held, public_id)
    if delegation is None:
        authorised_request(public_id)
        return redirect_to("answer", public_id)
    return render_template(
        "survey/answering/delegation/given_back.html",
        audit_request=delegation.audit_request,
        passed=delegation,
        returned=ended_by_return(delegation),
        more=bool(requests_open_to(held)),
    )


def _delegation_by_viewer(public_id: str) -> Delegation | None:
    held = grants_in_cookie()
    if not held:
        raise LinkNeeded
    delegation = open_delegation_from_links(held, public_id)
    # Which colleague has the case and how far they are is about the case too: not shown before the code.
    if delegation is not None and not is_proved(delegation.audit_request, by=delegation.from_grant):
        raise CodeNeeded(public_id)
    return delegation


def redirect_to_delegation(error: HeldByColleague) -> ResponseReturnValue:
    """From any page of a case that a colleague has, redirect to the page that says so."""
    return redirect_to("show_passed", error.public_id)


def redirect_to_ended_delegation(error: DelegationOver) -> ResponseReturnValue:
    """From any page of a case that is no longer with this colleague, redirect to the page that says so."""
    return redirect_to("show_given_back", error.public_id)
