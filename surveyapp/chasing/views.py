"""Pages of chasing: the calendar of an audit's chasers, who is chased on one of its days, and "Chase now"."""

from datetime import date, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.chasing import contact_pages, operations
from surveyapp.chasing.chasing_list import ChasingState, list_for_day
from surveyapp.chasing.day_words import day_marks, line_in_words, place_in_words
from surveyapp.chasing.forms import ChaseNowForm, DayForm
from surveyapp.chasing.next_chaser import next_chaser_in, next_to_same
from surveyapp.chasing.queries import chasing_state
from surveyapp.chasing.slot_queries import SlotLine, chasers_of, slot_lines
from surveyapp.foundation import clock
from surveyapp.foundation.calendar.month_tables import MonthTable, month_tables
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

_CONTACT = "/audits/<int:audit_id>/chasers/<int:grant_id>"
bp.add_url_rule(_CONTACT, "show_contact", contact_pages.show_contact)
bp.add_url_rule(_CONTACT, "write_line", contact_pages.write_line, methods=["POST"])
bp.add_url_rule(f"{_CONTACT}/leave-out", "leave_out", contact_pages.leave_out, methods=["POST"])
bp.add_url_rule(f"{_CONTACT}/put-back", "put_back", contact_pages.put_back, methods=["POST"])


@bp.get("/audits/<int:audit_id>/chasers")
def show_chasers(audit_id: int) -> ResponseReturnValue:
    """Show the audit's days, and for one of them who gets a chaser, who does not, and why."""
    audit = session.get_one(Audit, audit_id)
    now, days = clock.now(), working_calendar()
    today, closed = clock.local_day(now), audit.is_closed(now)
    form = DayForm(request.args)
    state = chasing_state(audit, days)
    planned = next_chaser_in(state, now=now)
    on = _day_asked(form) or (planned.day if planned else today)
    lines = slot_lines(state, now=now)
    chosen = list_for_day(state, on, by_hand=on == today)
    may_send = on == today and audit.is_issued and not closed and days.is_working_day(on)
    page = render_template(
        "survey/chasing/chasers.html",
        audit=audit,
        months=_months(state, lines, now=now),
        lines=[(line, place_in_words(line), line_in_words(line, closed=closed)) for line in lines],
        chosen=chosen,
        line=next((line for line in lines if line.day == on), None),
        sent=chasers_of(audit, on),
        note=_note(audit, on, days, today=today, closed=closed),
        may_send=may_send,
        next_too=next_to_same(state, chosen, now=now) if may_send else None,
        skip=ChaseNowForm(formdata=None).skip,
        may_choose=on >= today and not closed,
        is_ahead=sending_begins_at(on) > now and on != today,
        today=today,
        mail_states=MAIL_STATE_WORDS,
        form=form,
        errors=form.errors,
    )
    return page, 422 if form.errors else 200


def _months(state: ChasingState, lines: list[SlotLine], *, now: datetime) -> tuple[MonthTable, ...]:
    """The months of the audit's calendar, from its first day to its last."""
    audit = state.audit
    marks = day_marks(
        audit,
        lines,
        closed=audit.is_closed(now),
        link=lambda day: url_for("survey.chasing.show_chasers", audit_id=audit.id, on=day.isoformat()),
    )
    return month_tables(min(marks), max(marks), state.days, marks) if marks else ()


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


@bp.post("/audits/<int:audit_id>/chasers")
def send_chasers(audit_id: int) -> ResponseReturnValue:
    """Send today's chasers now, and skip the next ones if that is ticked."""
    audit, form = session.get_one(Audit, audit_id), ChaseNowForm()
    actor, now = acting_staff().name, clock.now()
    with transaction():
        if form.skip.data:
            chasers, skipped = operations.chase_now_instead(audit, actor=actor, now=now)
        else:
            chasers, skipped = operations.chase_now(audit, actor=actor, now=now), None
    flash(chased_message(len(chasers), skipped), "success")
    return redirect(url_for("survey.tracking.show_audit", audit_id=audit_id), code=303)


@bp.post("/audits/<int:audit_id>/chasers/take-back-skip")
def send_after_all(audit_id: int) -> ResponseReturnValue:
    """Send the chaser of a skipped day after all."""
    audit, on = session.get_one(Audit, audit_id), contact_pages.day_in_address()
    with transaction():
        operations.take_back_skip(audit, on, actor=acting_staff().name, now=clock.now())
    flash(f"The chaser of {day_in_words(on)} is planned again.", "success")
    return redirect(url_for("survey.chasing.show_chasers", audit_id=audit_id, on=on.isoformat()), code=303)


def chased_message(count: int, skipped: date | None = None) -> str:
    """The message after a press; a second press queues nothing and says so."""
    if not count:
        return "No chaser was queued: whoever has something outstanding has had one today."
    queued = (
        f"{counted(count, 'chaser')} queued. Each leaves within minutes, unless the return comes in first."
    )
    return f"{queued} The chaser of {day_in_words(skipped)} is skipped." if skipped else queued
