"""The pages of the involvement check for staff: who was asked and has answered, the emails, one reminder."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation.clock import local_day
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.mail.chosen_transport import ExampleTextLeft, held_by_example_text
from surveyapp.foundation.mail.compose import render_email
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.models import MAIL_STATE_WORDS
from surveyapp.foundation.web.access import actor_and_now
from surveyapp.foundation.web.base import short_day_today
from surveyapp.foundation.words.shares import counted
from surveyapp.involvement import operations
from surveyapp.involvement.emails import check_preview
from surveyapp.involvement.forms import AskForm
from surveyapp.involvement.operations import DayHasPassed
from surveyapp.involvement.queries import AgencyInCheck, involvement_check
from surveyapp.planning import queries as audits
from surveyapp.planning.grid.queries import involvement_answers
from surveyapp.planning.models import Audit

_SAID_IN_WORDS = (
    ("known", "known"),
    ("not_known", "not known"),
    ("relative_only", "only a parent or sibling"),
)


def show_check(audit_id: int) -> ResponseReturnValue:
    """Show who was asked which children they knew, who has answered and what is left to decide."""
    audit = audits.audit_by_id(audit_id)
    return _check_page(audit, AskForm(formdata=None, data={"answer_by": audit.involvement_answer_by}))


def ask(audit_id: int) -> ResponseReturnValue:
    """Send the check to every contact who has not been asked."""
    audit, form = audits.audit_by_id(audit_id), AskForm()
    if not form.validate():
        return _check_page(audit, form), 422
    try:
        with transaction():
            count = operations.ask_agencies(audit, answer_by=form.answer_by.data, **actor_and_now())
    except DayHasPassed as error:
        form.answer_by.errors = [error.message]
        return _check_page(audit, form), error.status
    if count:
        flash(f"{counted(count, 'agency is', 'agencies are')} asked. The emails are on their way.", "success")
    else:
        flash("Every agency was asked already. No email was sent twice.")
    return redirect(url_for("survey.involvement.show_check", audit_id=audit_id), 303)


def remind(audit_id: int) -> ResponseReturnValue:
    """Remind each contact with something left to answer, once."""
    with transaction():
        count = operations.remind_agencies(audits.audit_by_id(audit_id), **actor_and_now())
    if count:
        flash(f"{counted(count, 'agency is', 'agencies are')} reminded.", "success")
    else:
        flash("Nobody is left to remind. No email was sent twice.")
    return redirect(url_for("survey.involvement.show_check", audit_id=audit_id), 303)


def preview_check(audit_id: int, contact_id: int) -> ResponseReturnValue:
    """Show the email that one contact gets."""
    audit = audits.audit_by_id(audit_id)
    lines = involvement_check(audit).agencies
    line = next((line for line in lines if line.contact and line.contact.id == contact_id), None)
    if line is None or line.contact is None or audit.is_issued:
        raise NotFound("No email of the check goes to this contact.", way_on="Go back to the audit.")
    worded = render_email(check_preview(audit, line.agency, line.contact))
    return render_template("survey/involvement/email.html", audit=audit, contact=line.contact, worded=worded)


def _check_page(audit: Audit, form: AskForm) -> str:
    check = involvement_check(audit)
    to_decide = {cell for cell, answer in involvement_answers(audit).items() if answer == "relative_only"}
    return render_template(
        "survey/involvement/check.html",
        audit=audit,
        check=check,
        lines=[(line, _state_in_words(line), _mail_in_words(line)) for line in check.agencies],
        to_decide=check.grid.in_words(to_decide),
        held=held_by_example_text(),
        held_way_on=ExampleTextLeft.way_on,
        form=form,
        errors=form.errors,
    )


def _state_in_words(line: AgencyInCheck) -> str:
    """How an agency stands: what it has said, or that it was not asked."""
    if line.checked is None:
        return "Not asked yet"
    said = [f"{line.said[answer]} {words}" for answer, words in _SAID_IN_WORDS if line.said[answer]]
    words = ", ".join(said) if said else "Not answered yet"
    if said and not line.has_answered:
        words = f"{line.answered} of {line.cases} answered: {words}"
    if line.was_asked_elsewhere:
        return f"{words}. The address was corrected: ask again"
    return f"{words}. Somebody else answers now: ask them" if line.is_to_ask else words


def _mail_in_words(line: AgencyInCheck) -> str:
    """The newest email to the contact who was asked, and when they were reminded; empty if none."""
    if line.checked is None or line.mail is None:
        return ""
    at = line.checked.reminded_at
    reminded = f", reminded {short_day_today(local_day(at))}" if at else ""
    return f"{MAIL_STATE_WORDS[line.mail.state]}{reminded}"
