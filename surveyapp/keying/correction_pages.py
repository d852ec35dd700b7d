"""Pages on which staff read a return's answers, and open it again for correction."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.answering.keyed_in import keyed_in
from surveyapp.answering.reopening import operations
from surveyapp.answering.returns.answers_in_words import answers_in_words, by_section, nil_in_words
from surveyapp.answering.returns.queries import (
    return_of,
    returned_revision,
    revision_answers,
    working_revision,
)
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.web.access import actor_and_now, record_reading
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.queries import request_of
from surveyapp.keying.forms import ReopenReturnForm


def show_answers(audit_id: int, request_id: int) -> ResponseReturnValue:
    """Show what a return says, or its draft; the log keeps who saw it."""
    audit_request = request_of(audit_id, request_id)
    audit_return = return_of(audit_request)
    has_returned = audit_return is not None and audit_return.has_returned
    revision = (
        returned_revision(audit_return) if audit_return and has_returned else working_revision(audit_return)
    )
    given = revision_answers(revision)
    page = render_template(
        "survey/keying/answers.html",
        audit_request=audit_request,
        audit_return=audit_return,
        revision=revision,
        keyed=keyed_in(audit_return),
        nil=nil_in_words(given),
        said=by_section(answers_in_words(audit_request.audit.form, audit_request.agency.kind, given)),
        back=_request_url(audit_request),
    )
    record_reading("saw_return", f"request {request_id}", "return" if has_returned else "draft")
    return page


def reopen_return(audit_id: int, request_id: int) -> ResponseReturnValue:
    """Open one return again for correction; the contact is told why by email."""
    audit_request = request_of(audit_id, request_id)
    form = ReopenReturnForm()
    if request.method == "POST" and form.validate():
        with transaction():
            operations.reopen_return(
                audit_request, form.reason.data, note=form.note.data or "", **actor_and_now()
            )
        contact = audit_request.grant.contact.name
        flash(
            f"{contact} gets an email that says why. Until they return it again, this version counts.",
            "success",
        )
        return redirect(_request_url(audit_request), 303)
    page = render_template(
        "survey/keying/reopen_return.html",
        audit_request=audit_request,
        audit_return=return_of(audit_request),
        contact=audit_request.grant.contact,
        closed=audit_request.audit.is_closed(clock.now()),
        form=form,
        limit=operations.LONGEST_NOTE,
        back=_request_url(audit_request),
        errors=form.errors,
    )
    return page, 422 if form.errors else 200


def take_back_reopening(audit_id: int, request_id: int) -> ResponseReturnValue:
    """Close a return that was opened for correction, as it was returned."""
    audit_request = request_of(audit_id, request_id)
    with transaction():
        closed = operations.take_back_reopening(audit_request, **actor_and_now())
    flash(
        "The return is as it was. An email that had not left is cancelled."
        if closed
        else "It was returned again meanwhile, so there is nothing to take back.",
        "success",
    )
    return redirect(_request_url(audit_request), 303)


def _request_url(audit_request: AuditRequest) -> str:
    return url_for(
        "survey.tracking.show_request", audit_id=audit_request.audit_id, request_id=audit_request.id
    )
