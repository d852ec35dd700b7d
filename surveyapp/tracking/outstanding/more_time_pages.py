"""The page on which staff give a contact more time without their asking for it."""

import secrets

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from surveyapp.answering.enquiries import time_operations
from surveyapp.answering.enquiries.operations import LONGEST_ENQUIRY, UnusableDueDay
from surveyapp.answering.outstanding_queries import outstanding
from surveyapp.foundation import clock
from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.web.access import actor_and_now
from surveyapp.foundation.words.dates_and_lists import day_in_words, list_in_words
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.issuing.queries import grant_of
from surveyapp.planning.errors import ReturnsClosed
from surveyapp.tracking.forms import MoreTimeForm


def give_time(audit_id: int, contact_id: int) -> ResponseReturnValue:
    """Choose which of a contact's outstanding cases get a later day, and which day."""
    grant = grant_of(audit_id, contact_id)
    requests = outstanding(grant)
    form = _form(requests)
    if request.method == "POST" and form.check() and form.due_on.data:
        ticked = set(form.requests.data or ())
        chosen = [audit_request for audit_request in requests if str(audit_request.id) in ticked]
        try:
            with transaction():
                given = time_operations.give_time(
                    chosen,
                    form.due_on.data,
                    days=working_calendar(),
                    note=form.note.data or "",
                    press_id=form.press.data or "",
                    **actor_and_now(),
                )
        except (UnusableDueDay, ReturnsClosed) as error:
            form.due_on.errors = [error.message]
        else:
            flash(_given_message(grant, chosen, form) if given else "This was given already.", "success")
            return redirect(_card(grant), 303)
    page = render_template(
        "survey/tracking/outstanding/more_time.html",
        audit=grant.audit,
        contact=grant.contact,
        requests=requests,
        closed=grant.audit.is_closed(clock.now()),
        form=form,
        press=form.press.data if form.errors else secrets.token_urlsafe(16),
        limit=LONGEST_ENQUIRY,
        back=_card(grant),
        errors=form.errors,
    )
    return page, 422 if form.errors else 200


def _form(requests: list[AuditRequest]) -> MoreTimeForm:
    """The form with a box for each outstanding case, all of them ticked at first."""
    ids = [str(audit_request.id) for audit_request in requests]
    form = MoreTimeForm(data={"requests": ids})
    form.requests.choices = [
        SelectChoice(str(audit_request.id), _in_words(audit_request)) for audit_request in requests
    ]
    return form


def _in_words(audit_request: AuditRequest) -> str:
    due = audit_request.due_day
    return f"{audit_request.case.pseudonym}, due {day_in_words(due)}" if due else audit_request.case.pseudonym


def _given_message(grant: Grant, chosen: list[AuditRequest], form: MoreTimeForm) -> str:
    cases = list_in_words([audit_request.case.pseudonym for audit_request in chosen])
    day = day_in_words(form.due_on.data) if form.due_on.data else ""
    return f"{grant.contact.name} has until {day} for {cases}, and gets an email that says so."


def _card(grant: Grant) -> str:
    return url_for(
        "survey.tracking.show_outstanding", audit_id=grant.audit_id, _anchor=f"contact-{grant.contact_id}"
    )
