"""Pages of issuing: whom an audit will ask, a preview of each email, and a test copy."""

import secrets

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from surveyapp.agencies.work_addresses import domain_mark, unlisted_in_words
from surveyapp.foundation import clock
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.mail.chosen_transport import ExampleTextLeft, held_by_example_text
from surveyapp.foundation.mail.compose import render_email
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.web.typed_text import name_unread_fields
from surveyapp.foundation.words.shares import counted
from surveyapp.issuing import correction_pages, operations
from surveyapp.issuing.emails import request_preview
from surveyapp.issuing.forms import TestCopyForm
from surveyapp.issuing.issue_plan_queries import contacts_to_ask
from surveyapp.issuing.operations import NotReady
from surveyapp.issuing.planned_issue import pages as planned_issue_pages
from surveyapp.planning.issue_day import by_itself_at, early_issue_note
from surveyapp.planning.models import Audit
from surveyapp.planning.readiness import readiness

bp = Blueprint("issuing", __name__)
name_unread_fields(bp, hidden=("press",))

_REQUEST = "/audits/<int:audit_id>/requests/<int:request_id>"
_SHOW_AND_SEND = ["GET", "POST"]
bp.add_url_rule(f"{_REQUEST}/withdraw", "withdraw", correction_pages.withdraw, methods=_SHOW_AND_SEND)
bp.add_url_rule(f"{_REQUEST}/ask-again", "ask_again", correction_pages.ask_again, methods=["POST"])
bp.add_url_rule(
    f"{_REQUEST}/change-contact", "change_contact", correction_pages.change_contact, methods=_SHOW_AND_SEND
)
bp.add_url_rule(f"{_REQUEST}/send-again", "send_again", correction_pages.send_again, methods=_SHOW_AND_SEND)
bp.add_url_rule(f"{_REQUEST}/new-link", "send_new_link", correction_pages.send_new_link, methods=["POST"])
bp.add_url_rule(
    "/audits/<int:audit_id>/links", "end_all_links", correction_pages.end_all_links, methods=_SHOW_AND_SEND
)
_ISSUE = "/audits/<int:audit_id>/issue"
bp.add_url_rule(f"{_ISSUE}/plan", view_func=planned_issue_pages.plan_issue, methods=["POST"])
bp.add_url_rule(f"{_ISSUE}/plan/drop", view_func=planned_issue_pages.drop_planned_issue, methods=["POST"])


@bp.get(_ISSUE)
def before_issue(audit_id: int) -> ResponseReturnValue:
    """Show whom an audit is about to ask, after any problems that prevent it."""
    audit = session.get_one(Audit, audit_id)
    return _before_issue(audit, _test_copy())


def _test_copy() -> TestCopyForm:
    return TestCopyForm(formdata=None, data={"to": settings().contact_email})


def _before_issue(audit: Audit, form: TestCopyForm) -> str:
    form.press.data = secrets.token_urlsafe(12)
    plan, now = contacts_to_ask(audit), clock.now()
    return render_template(
        "survey/issuing/before_issue.html",
        audit=audit,
        plan=plan,
        returns=sum(len(asking.new) for asking in plan),
        held=held_by_example_text(),
        held_way_on=ExampleTextLeft.way_on,
        ready=readiness(audit, today=clock.local_day(now)),
        early=early_issue_note(audit, now=now),
        by_itself_at=by_itself_at(audit, now=now),
        unlisted=unlisted_in_words([asking.contact.email for asking in plan]),
        mark=domain_mark,
        form=form,
        errors=form.errors,
    )


@bp.post(_ISSUE)
def issue(audit_id: int) -> ResponseReturnValue:
    """Issue all requests that have not been issued yet."""
    now = clock.now()
    audit = session.get_one(Audit, audit_id)
    try:
        with transaction():
            issued = operations.issue_requests(audit, actor=acting_staff().name, now=now)
    except (NotReady, ExampleTextLeft) as error:
        # The page lists the problems, and links to where they can be put right.
        return _before_issue(audit, _test_copy()), error.status
    if issued.requests:
        flash(
            f"{counted(issued.requests, 'request')} issued. {counted(issued.contacts, 'email')} on the way.",
            "success",
        )
    else:
        flash("All requests were issued already. No email was sent twice.")
    return redirect(url_for("survey.tracking.show_audit", audit_id=audit_id), 303)


@bp.get(f"{_ISSUE}/emails/<int:contact_id>")
def preview_email(audit_id: int, contact_id: int) -> ResponseReturnValue:
    """Show the email that one contact is about to get."""
    audit = session.get_one(Audit, audit_id)
    asking = next((plan for plan in contacts_to_ask(audit) if plan.contact.id == contact_id), None)
    if asking is None:
        raise NotFound("No email to this contact is waiting to be issued.", way_on="Go back to the audit.")
    worded = render_email(request_preview(audit, asking))
    return render_template("survey/issuing/email.html", audit=audit, asking=asking, worded=worded)


@bp.post(f"{_ISSUE}/test-copy")
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
        flash(correction_pages.SENT_BEFORE)
    return redirect(url_for("survey.issuing.before_issue", audit_id=audit_id), 303)
