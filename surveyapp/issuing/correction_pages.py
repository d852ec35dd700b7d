"""Pages on which staff correct what was sent: withdraw a request, change its contact, replace links."""

import re
from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from surveyapp.agencies.models import ALL_CONTACT_ROLES, Contact
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.words.shares import counted
from surveyapp.issuing import link_operations
from surveyapp.issuing.delegation_operations import take_back_delegation
from surveyapp.issuing.delegation_queries import open_delegations_from
from surveyapp.issuing.forms import LinkAgainForm, ReplacementContactForm, WithdrawForm
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.queries import emails_queued, grants_in_force, links_mark, live_requests, request_of
from surveyapp.issuing.replacement_operations import replace_contact
from surveyapp.issuing.withdrawal_operations import take_back_withdrawal, withdraw_request
from surveyapp.planning.models import Audit

# Shown to anybody who presses a button a second time, or after a colleague.
SENT_BEFORE = "This was sent already. Nothing has been sent twice."


def withdraw(audit_id: int, request_id: int) -> ResponseReturnValue:
    """Ask why a request is withdrawn, and withdraw it."""
    audit_request = request_of(audit_id, request_id)
    if request.method != "POST" and audit_request.withdrawn_at is not None:
        # The request’s page shows the reason and a button that takes the withdrawal back.
        return redirect(_request_page(audit_request), 303)
    form = WithdrawForm()
    if request.method == "POST" and form.validate():
        now = clock.now()
        with transaction():
            withdraw_request(audit_request, reason=form.reason.data or "", actor=acting_staff().name, now=now)
        flash("The request is withdrawn. No figure counts it any more.", "success")
        return redirect(_request_page(audit_request), 303)
    page = render_template(
        "survey/issuing/withdraw.html",
        audit_request=audit_request,
        back=_request_page(audit_request),
        form=form,
        errors=form.errors,
    )
    return page, 422 if form.errors else 200


def ask_again(audit_id: int, request_id: int) -> ResponseReturnValue:
    """Take back a withdrawal."""
    audit_request = request_of(audit_id, request_id)
    now = clock.now()
    with transaction():
        take_back_withdrawal(audit_request, actor=acting_staff().name, now=now)
    flash("The request is on the contact’s list again. To tell them, send the link again.", "success")
    return redirect(_request_page(audit_request), 303)


def change_contact(audit_id: int, request_id: int) -> ResponseReturnValue:
    """Choose the contact who answers instead, and send them a link of their own."""
    audit_request = request_of(audit_id, request_id)
    grant = audit_request.grant
    others = [
        contact
        for contact in audit_request.agency.contacts
        if contact.left_at is None and contact.id != grant.contact_id
    ]
    form = _replacement_form(others)
    if request.method == "POST" and form.validate():
        now = clock.now()
        with transaction():
            contact = session.get_one(Contact, int(form.contact.data))
            replacement = replace_contact(grant, contact, actor=acting_staff().name, now=now)
        sent = (
            f"{contact.name} gets an email with a link of their own."
            if replacement.queued
            else f"No email goes to {contact.name} now: reopen returns, then send the link."
        )
        flash(f"The old link no longer works. {sent}", "success")
        return redirect(_request_page(audit_request), 303)
    page = render_template(
        "survey/issuing/change_contact.html",
        audit_request=audit_request,
        grant=grant,
        requests=live_requests(grant),
        others=others,
        closed=audit_request.audit.is_closed(clock.now()),
        back=_request_page(audit_request),
        form=form,
        errors=form.errors,
    )
    return page, 422 if form.errors else 200


def _replacement_form(contacts: Sequence[Contact]) -> ReplacementContactForm:
    form = ReplacementContactForm()
    form.contact.choices = [
        SelectChoice(
            str(contact.id), f"{contact.name}, {ALL_CONTACT_ROLES[contact.role].lower()}, {contact.email}"
        )
        for contact in contacts
    ]
    return form


def send_again(audit_id: int, request_id: int) -> ResponseReturnValue:
    """Show how often the link was sent, and send it again."""
    audit_request = request_of(audit_id, request_id)
    grant = audit_request.grant
    so_far = emails_queued("request", grant.id)
    if request.method == "POST":
        seen = _number(LinkAgainForm().seen.data)
        now = clock.now()
        with transaction():
            queued = link_operations.send_link_again(grant, seen=seen, actor=acting_staff().name, now=now)
        if queued:
            flash(f"The email with the link is on its way to {grant.contact.name} again.", "success")
        else:
            flash(SENT_BEFORE)
        return redirect(_request_page(audit_request), 303)
    return render_template(
        "survey/issuing/send_again.html",
        audit_request=audit_request,
        grant=grant,
        so_far=so_far,
        closed=audit_request.audit.is_closed(clock.now()),
        back=_request_page(audit_request),
    )


def send_new_link(audit_id: int, request_id: int) -> ResponseReturnValue:
    """Withdraw a contact's link and send them a new one."""
    audit_request = request_of(audit_id, request_id)
    now = clock.now()
    with transaction():
        grant, seen = audit_request.grant, _number(LinkAgainForm().seen.data)
        if grant.version == seen:
            # A link that reached the wrong person may have been used to pass cases to the wrong people.
            for delegation in open_delegations_from(grant):
                take_back_delegation(delegation, actor=acting_staff().name, now=now)
        queued = link_operations.send_new_link(grant, seen=seen, actor=acting_staff().name, now=now)
    if queued:
        flash(f"The old link no longer works. {audit_request.grant.contact.name} gets a new one.", "success")
    else:
        flash(SENT_BEFORE)
    return redirect(_request_page(audit_request), 303)


def end_all_links(audit_id: int) -> ResponseReturnValue:
    """Say what ends and who gets a new link; a post does it."""
    audit, now = session.get_one(Audit, audit_id), clock.now()
    if request.method == "POST":
        seen = _number(LinkAgainForm().seen.data)
        with transaction():
            replaced = link_operations.replace_all_links(audit, seen=seen, actor=acting_staff().name, now=now)
        if replaced is None:
            flash("Links were replaced after you opened this page. Nothing has been sent twice.")
        else:
            ended = counted(replaced.links, "link has ended", "links have ended")
            flash(f"{ended}. {counted(replaced.emails, 'email')} with a new one on the way.", "success")
        return redirect(url_for("survey.tracking.show_audit", audit_id=audit_id), 303)
    grants = grants_in_force(audit_id)
    return render_template(
        "survey/issuing/all_links.html",
        audit=audit,
        links=len(grants),
        mark=links_mark(grants),
        closed=audit.is_closed(now),
    )


def _number(text: str | None) -> int:
    """The whole number in a hidden field of a page; -1 for any other text."""
    return int(text) if text and re.fullmatch(r"[0-9]{1,9}", text) else -1


def _request_page(audit_request: AuditRequest) -> str:
    return url_for(
        "survey.tracking.show_request", audit_id=audit_request.audit_id, request_id=audit_request.id
    )
