"""The page of one contact's chaser: its very text, a personal line, and "leave out this time"."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import ValidationError

from surveyapp.chasing import choice_operations
from surveyapp.chasing.choice_operations import LONGEST_LINE, ContactsChaser, contacts_chaser
from surveyapp.chasing.emails import chaser_preview
from surveyapp.chasing.forms import LineForm
from surveyapp.foundation import clock
from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.foundation.errors import FieldRefused, NotFound
from surveyapp.foundation.mail.compose import render_email
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.foundation.words.typed_dates import NotADate, read_date
from surveyapp.planning.models import Audit


def show_contact(audit_id: int, grant_id: int) -> ResponseReturnValue:
    """Show the chaser that one contact gets on a day, as it will be sent."""
    audit, on = session.get_one(Audit, audit_id), day_in_address()
    found = contacts_chaser(audit, grant_id, on=on, now=clock.now())
    return _page(audit, found, LineForm(formdata=None, data={"line": found.line}))


def write_line(audit_id: int, grant_id: int) -> ResponseReturnValue:
    """Store the personal line of one contact's chaser."""
    audit, on, form = session.get_one(Audit, audit_id), day_in_address(), LineForm()
    try:
        with transaction():
            choice_operations.write_line(
                audit,
                grant_id,
                form.line.data or "",
                keep=bool(form.keep.data),
                on=on,
                actor=acting_staff().name,
                now=clock.now(),
            )
    except FieldRefused as error:
        form.line.errors = [error.message]
        return _page(audit, contacts_chaser(audit, grant_id, on=on, now=clock.now()), form), 422
    flash("The chaser is saved as you see it below.", "success")
    return redirect(_address(audit_id, grant_id, on), 303)


def leave_out(audit_id: int, grant_id: int) -> ResponseReturnValue:
    """Leave one contact out of the chaser of a day."""
    audit, on = session.get_one(Audit, audit_id), day_in_address()
    with transaction():
        name = choice_operations.leave_out(audit, grant_id, on=on, actor=acting_staff().name, now=clock.now())
    flash(f"{name} gets no chaser on {day_in_words(on)}. Later ones are as before.", "success")
    return redirect(url_for("survey.chasing.show_chasers", audit_id=audit_id, on=on.isoformat()), 303)


def put_back(audit_id: int, grant_id: int) -> ResponseReturnValue:
    """Chase one contact on a day after all."""
    audit, on = session.get_one(Audit, audit_id), day_in_address()
    with transaction():
        name = choice_operations.put_back(audit, grant_id, on=on, actor=acting_staff().name, now=clock.now())
    flash(f"{name} gets the chaser of {day_in_words(on)}.", "success")
    return redirect(url_for("survey.chasing.show_chasers", audit_id=audit_id, on=on.isoformat()), 303)


def day_in_address() -> date:
    """The day that a page is about, from `on` in its address. Raises NotFound without one."""
    try:
        return read_date(request.args.get("on", ""))
    except (NotADate, ValidationError):
        raise NotFound("The address names no day.", way_on="Go back to the chasers of the audit.") from None


def _address(audit_id: int, grant_id: int, on: date) -> str:
    return url_for("survey.chasing.show_contact", audit_id=audit_id, grant_id=grant_id, on=on.isoformat())


def _page(audit: Audit, found: ContactsChaser, form: LineForm) -> str:
    on, grant = found.slot.day, found.entry.grant
    email = chaser_preview(grant, working_calendar(), on=on, line=found.line)
    worded = render_email(email) if email else None
    return render_template(
        "survey/chasing/contact.html",
        audit=audit,
        found=found,
        on=on,
        worded=worded,
        form=form,
        errors=form.errors,
        longest=LONGEST_LINE,
    )
