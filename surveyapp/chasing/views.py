"""Pages of chasing: the days of an audit's chasers, who is chased on one of them, and "Chase now"."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.chasing.chasing_list import list_for_day
from surveyapp.chasing.forms import DayForm
from surveyapp.chasing.next_chaser import next_chaser_in
from surveyapp.chasing.operations import chase_now
from surveyapp.chasing.queries import chasing_state
from surveyapp.chasing.slot_queries import SlotLine, chasers_of, slot_lines
from surveyapp.foundation import clock
from surveyapp.foundation.calendar.working_days import WorkingCalendar, working_calendar
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.models import MAIL_STATE_WORDS
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.foundation.words.shares import counted
from surveyapp.foundation.words.typed_dates import NotADate, read_date
from surveyapp.planning.chaser_days import sending_begins_at
from surveyapp.planning.models import Audit

bp = Blueprint("chasing", __name__)


@bp.get("/audits/<int:audit_id>/chasers")
def show_chasers(audit_id: int) -> ResponseReturnValue:
    """Show the audit's slots, and for one day who gets a chaser, who does not, and why."""
    audit = session.get_one(Audit, audit_id)
    now, days = clock.now(), working_calendar()
    today = clock.local_day(now)
    form = DayForm(request.args)
    state = chasing_state(audit, days)
    planned = next_chaser_in(state, now=now)
    on = _day_asked(form) or (planned.day if planned else today)
    is_ahead = sending_begins_at(on) > now and on != today
    page = render_template(
        "survey/chasing/chasers.html",
        audit=audit,
        lines=[
            (line, place_in_words(line), line_in_words(line, closed=audit.is_closed(now)))
            for line in slot_lines(state, now=now)
        ],
        chosen=list_for_day(state, on, by_hand=on == today),
        sent=chasers_of(audit, on),
        note=_note(audit, on, days, today=today, closed=audit.is_closed(now)),
        may_send=on == today and audit.is_issued and not audit.is_closed(now) and days.is_working_day(on),
        is_ahead=is_ahead,
        today=today,
        mail_states=MAIL_STATE_WORDS,
        form=form,
        errors=form.errors,
    )
    return page, 422 if form.errors else 200


def _day_asked(form: DayForm) -> date | None:
    """The day in the address, from a link or the three boxes; None, with an error, if it is not a day."""
    written = request.args.getlist("on")
    if len(written) != 1:
        return form.on.data if form.validate() else None
    try:
        form.on.data = read_date(written[0]) if written[0] else None
    except NotADate as error:
        form.on.errors = [f"{form.on.label.text}: {error}"]
    else:
        form.on.errors, form.on.process_errors = [], []
    return form.on.data


def _note(audit: Audit, on: date, days: WorkingCalendar, *, today: date, closed: bool) -> str:
    """The sentence on why nobody is chased on a day; empty if somebody may be."""
    if not audit.is_issued:
        return "This audit has not been issued, so nobody is chased."
    if closed:
        return "Returns are closed, so nobody is chased any more."
    if not days.is_working_day(on):
        next_day = day_in_words(days.next_working_day(on))
        return f"This is not a working day, so nobody is chased. The next one is {next_day}."
    return "This day has passed." if on < today else ""


def place_in_words(line: SlotLine) -> str:
    """The place of a slot in words: “5 working days before the day to return by”."""
    if line.offset is None:
        return "For what was given more time" if line.is_planned else "Sent by hand"
    if line.offset == 0:
        return "On the day to return by"
    side = "before" if line.offset < 0 else "after"
    return f"{counted(abs(line.offset), 'working day')} {side} the day to return by"


def line_in_words(line: SlotLine, *, closed: bool) -> str:
    """The chasers of a slot in words: those sent, or those that would be."""
    if line.queued:
        not_sent = line.queued - line.sent
        return f"{line.sent:,} sent" + (f", {not_sent:,} not sent" if not_sent else "")
    if line.is_past or closed:
        return "None was sent"
    return f"{counted(line.due, 'contact')} as things stand"


@bp.post("/audits/<int:audit_id>/chasers")
def send_chasers(audit_id: int) -> ResponseReturnValue:
    """Send today's chasers now."""
    audit = session.get_one(Audit, audit_id)
    with transaction():
        chasers = chase_now(audit, actor=acting_staff().name, now=clock.now())
    flash(chased_message(len(chasers)), "success")
    return redirect(url_for("survey.tracking.show_audit", audit_id=audit_id), code=303)


def chased_message(count: int) -> str:
    """The message after a press; a second press queues nothing and says so."""
    if not count:
        return "No chaser was queued: whoever has something outstanding has had one today."
    return f"{counted(count, 'chaser')} queued. Each leaves within minutes, unless the return comes in first."
