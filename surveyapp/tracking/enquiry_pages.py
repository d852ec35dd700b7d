"""Pages of an audit’s enquiries: the list of questions and requests for more time, and answering one."""

from datetime import date

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from surveyapp.answering.enquiries.operations import (
    LONGEST_ENQUIRY,
    EmptyAnswer,
    EnquiryAnswer,
    UnusableDueDay,
    record_enquiry_answer,
)
from surveyapp.answering.enquiry_queries import enquirer_names, enquiries_in, enquiry_of
from surveyapp.answering.models import Enquiry
from surveyapp.foundation import clock
from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.planning.errors import ReturnsClosed
from surveyapp.planning.models import Audit
from surveyapp.tracking.forms import EnquiryAnswerForm


def list_enquiries(audit_id: int) -> ResponseReturnValue:
    """Show the enquiries of an audit, unanswered ones first."""
    audit = session.get_one(Audit, audit_id)
    enquiries = enquiries_in(audit)
    return render_template(
        "survey/tracking/enquiries.html",
        audit=audit,
        enquiries=enquiries,
        names=enquirer_names(enquiries),
        waiting=sum(enquiry.answered_at is None for enquiry in enquiries),
    )


def show_enquiry(audit_id: int, enquiry_id: int) -> ResponseReturnValue:
    """Show one enquiry in full, with the form for its answer."""
    return _page(enquiry_of(audit_id, enquiry_id), EnquiryAnswerForm(formdata=None))


def answer_enquiry(audit_id: int, enquiry_id: int) -> ResponseReturnValue:
    """Answer an enquiry; where it asks for more time, give the day asked for, another day, or none."""
    enquiry, form = enquiry_of(audit_id, enquiry_id), EnquiryAnswerForm()
    asks_time = enquiry.kind == "more_time"
    if not form.check(asks_time=asks_time):
        return _page(enquiry, form), 422
    due_on = form.day_given(enquiry.wanted_on) if asks_time else None
    try:
        with transaction():
            answer = EnquiryAnswer(form.text.data or "", due_on)
            record_enquiry_answer(
                enquiry, answer, days=working_calendar(), actor=acting_staff().name, now=clock.now()
            )
    except EmptyAnswer as error:
        form.text.errors = [error.message]
    except (UnusableDueDay, ReturnsClosed) as error:
        # The day asked for cannot be edited, so its error belongs to the choice.
        field = form.due_on if form.give.data == "another" else form.give
        field.errors = [error.message]
    else:
        flash(_answered_message(due_on), "success")
        return redirect(url_for("survey.tracking.list_enquiries", audit_id=audit_id), 303)
    return _page(enquiry_of(audit_id, enquiry_id), form), 422


def _answered_message(due_on: date | None) -> str:
    deadline = f" They have until {day_in_words(due_on)}, and are not chased for it before." if due_on else ""
    return f"Answered.{deadline} The contact gets an email that there is an answer."


def _page(enquiry: Enquiry, form: EnquiryAnswerForm) -> str:
    audit = enquiry.audit_request.audit
    return render_template(
        "survey/tracking/enquiry.html",
        enquiry=enquiry,
        audit_request=enquiry.audit_request,
        audit=audit,
        asked_by=enquirer_names([enquiry])[enquiry.id],
        form=form.offering(enquiry.wanted_on),
        closed=audit.is_closed(clock.now()),
        limit=LONGEST_ENQUIRY,
        errors=form.errors,
    )
