"""Pages of issuing: what is about to go out, and what one may do with one request."""

import re
import secrets

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from surveyapp.agencies.models import ALL_CONTACT_ROLES, Contact
from surveyapp.foundation import clock
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.mail.compose import render_email
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.web.typed_text import name_unread_fields
from surveyapp.foundation.words.shares import counted
from surveyapp.issuing import correction_operations as putting_right
from surveyapp.issuing import operations
from surveyapp.issuing.delegation_operations import take_back_delegation
from surveyapp.issuing.delegation_queries import open_delegations_from
from surveyapp.issuing.emails import request_preview
from surveyapp.issuing.forms import LinkAgainForm, ReplacementContactForm, TestCopyForm, WithdrawForm
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.operations import NotReady
from surveyapp.issuing.queries import contacts_to_ask, emails_queued, live_requests, request_of
from surveyapp.planning.models import Audit
from surveyapp.planning.queries import readiness

bp = Blueprint("issuing", __name__)
name_unread_fields(bp, hidden=("press",))

# For a second press of the same button, or of one that somebody else pressed first.
SENT_BEFORE = "This was sent already. Nothing has been sent twice."


@bp.get("/audits/<int:audit_id>/issue")
def before_issue(audit_id: int) -> ResponseReturnValue:
    """Show whom an audit is about to ask, with what stands in the way first."""
    audit = session.get_one(Audit, audit_id)
    return _before_issue(audit, _test_copy())


def _test_copy() -> TestCopyForm:
    return TestCopyForm(formdata=None, data={"to": settings().contact_email})


def _before_issue(audit: Audit, form: TestCopyForm) -> str:
    form.press.data = secrets.token_urlsafe(12)
    plan = contacts_to_ask(audit)
    return render_template(
        "survey/issuing/before_issue.html",
        audit=audit,
        plan=plan,
        returns=sum(len(asking.new) for asking in plan),
        ready=readiness(audit, today=clock.local_day(clock.now())),
        form=form,
        errors=form.errors,
    )


@bp.post("/audits/<int:audit_id>/issue")
def issue(audit_id: int) -> ResponseReturnValue:
    """Issue what is not yet issued."""
    now = clock.now()
    audit = session.get_one(Audit, audit_id)
    try:
        with transaction():
            issued = operations.issue_requests(audit, actor=acting_staff().name, now=now)
    except NotReady as error:
        # The page says each problem, and where it is mended.
        return _before_issue(audit, _test_copy()), error.status
    if issued.requests:
        flash(
            f"{counted(issued.requests, 'request')} issued. {counted(issued.contacts, 'email')} on the way.",
            "success",
        )
    else:
        flash("All requests were issued already. No email was sent twice.")
    return redirect(url_for("survey.tracking.show_audit", audit_id=audit_id), 303)


@bp.get("/audits/<int:audit_id>/issue/emails/<int:contact_id>")
def preview_email(audit_id: int, contact_id: int) -> ResponseReturnValue:
    """Show the email that one contact is about to get, as it will be sent."""
    audit = session.get_one(Audit, audit_id)
    asking = next((each for each in contacts_to_ask(audit) if each.contact.id == contact_id), None)
    if asking is None:
        raise NotFound("No email to this contact is waiting to be issued.", way_on="Go back to the audit.")
    worded = render_email(request_preview(audit, asking))
    # Our own template, escaped as it was rendered; only its frame is taken off.
    body = Markup(worded.html.partition("<body>")[2].partition("</body>")[0])  # noqa: S704 — as said above
    return render_template("survey/issuing/email.html", audit=audit, asking=asking, worded=worded, body=body)


@bp.post("/audits/<int:audit_id>/issue/test-copy")
def send_test_copy(audit_id: int) -> ResponseReturnValue:
    """Send a test copy of the first contact's email."""
    audit = session.get_one(Audit, audit_id)
    form = TestCopyForm()
    if not form.validate():
        return _before_issue(audit, form), 422
    now = clock.now()
    with transaction():
        queued = operations.send_test_copy(
            audit, to=form.to.data or "", press=form.press.data or "", actor=acting_staff().name, now=now
        )
    if queued:
        flash(f"A test copy is on its way to {form.to.data}. Its link opens nothing.", "success")
    else:
        flash(SENT_BEFORE)
    return redirect(url_for("survey.issuing.before_issue", audit_id=audit_id), 303)


@bp.route("/audits/<int:audit_id>/requests/<int:request_id>/withdraw", methods=["GET", "POST"])
def withdraw(audit_id: int, request_id: int) -> ResponseReturnValue:
    """Ask why a request is withdrawn, and withdraw it."""
    audit_request = request_of(audit_id, request_id)
    if request.method == "GET" and audit_request.withdrawn_at is not None:
        # Its page says why, and offers to ask again.
        return redirect(_request_page(audit_request), 303)
    form = WithdrawForm()
    if request.method == "POST" and form.validate():
        now = clock.now()
        with transaction():
            putting_right.withdraw_request(
                audit_request, reason=form.reason.data or "", actor=acting_staff().name, now=now
            )
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


@bp.post("/audits/<int:audit_id>/requests/<int:request_id>/ask-again")
def ask_again(audit_id: int, request_id: int) -> ResponseReturnValue:
    """Take back a withdrawal."""
    audit_request = request_of(audit_id, request_id)
    now = clock.now()
    with transaction():
        putting_right.take_back_withdrawal(audit_request, actor=acting_staff().name, now=now)
    flash("The request is on the contact’s list again. To tell them, send the link again.", "success")
    return redirect(_request_page(audit_request), 303)


@bp.route("/audits/<int:audit_id>/requests/<int:request_id>/change-contact", methods=["GET", "POST"])
def change_contact(audit_id: int, request_id: int) -> ResponseReturnValue:
    """Choose who answers instead, and send them a link of their own."""
    audit_request = request_of(audit_id, request_id)
    grant = audit_request.grant
    others = [
        contact
        for contact in audit_request.agency.contacts
        if contact.left_at is None and contact.id != grant.contact_id
    ]
    form = ReplacementContactForm()
    form.contact.choices = [
        SelectChoice(
            str(contact.id), f"{contact.name}, {ALL_CONTACT_ROLES[contact.role].lower()}, {contact.email}"
        )
        for contact in others
    ]
    if request.method == "POST" and form.validate():
        now = clock.now()
        with transaction():
            chosen = session.get_one(Contact, int(form.contact.data))
            successor = putting_right.replace_contact(grant, chosen, actor=acting_staff().name, now=now)
        sent = (
            f"{chosen.name} gets an email with a link of their own."
            if successor.queued
            else f"No email goes to {chosen.name} now: reopen returns, then send the link."
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


@bp.route("/audits/<int:audit_id>/requests/<int:request_id>/send-again", methods=["GET", "POST"])
def send_again(audit_id: int, request_id: int) -> ResponseReturnValue:
    """Ask whether the link is to be sent again, and send it."""
    audit_request = request_of(audit_id, request_id)
    grant = audit_request.grant
    so_far = emails_queued("request", grant.id)
    if request.method == "POST":
        seen = _number(LinkAgainForm().seen.data)
        now = clock.now()
        with transaction():
            queued = putting_right.send_link_again(grant, seen=seen, actor=acting_staff().name, now=now)
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


@bp.post("/audits/<int:audit_id>/requests/<int:request_id>/new-link")
def send_new_link(audit_id: int, request_id: int) -> ResponseReturnValue:
    """Withdraw a contact's link and send them a new one."""
    audit_request = request_of(audit_id, request_id)
    now = clock.now()
    with transaction():
        grant, seen = audit_request.grant, _number(LinkAgainForm().seen.data)
        if grant.version == seen:
            # What was passed on from a link that went too far may be with whoever should not have it.
            for passed in open_delegations_from(grant):
                take_back_delegation(passed, actor=acting_staff().name, now=now)
        queued = putting_right.send_new_link(grant, seen=seen, actor=acting_staff().name, now=now)
    if queued:
        flash(f"The old link no longer works. {audit_request.grant.contact.name} gets a new one.", "success")
    else:
        flash(SENT_BEFORE)
    return redirect(_request_page(audit_request), 303)


def _number(text: str | None) -> int:
    """A whole number that a page hid in its form; -1 for anything else."""
    return int(text) if text and re.fullmatch(r"[0-9]{1,9}", text) else -1


def _request_page(audit_request: AuditRequest) -> str:
    return url_for(
        "survey.tracking.show_request", audit_id=audit_request.audit_id, request_id=audit_request.id
    )
