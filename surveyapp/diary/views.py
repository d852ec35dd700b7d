"""The page of an audit's days, and the address at which calendar programs read those of all audits."""

from collections import defaultdict
from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from surveyapp.diary import operations
from surveyapp.diary.feed_tokens import feed_address, feed_for_token
from surveyapp.diary.icalendar_file import icalendar_file
from surveyapp.diary.queries import audits_with_days, diary_days, feed_of
from surveyapp.foundation import clock
from surveyapp.foundation.calendar.month_tables import DayMark, month_tables
from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.web.access import acting_staff, actor_and_now
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.planning.models import Audit

bp = Blueprint("diary", __name__)
# Open to calendar programs, which do not sign in: the token in the address opens it.
feed_bp = Blueprint("diary_feed", __name__)

_ADDRESS = "/audits/<int:audit_id>/calendar"


@bp.get(_ADDRESS)
def show_calendar(audit_id: int) -> ResponseReturnValue:
    """Show every day of an audit in months and as a list."""
    audit, days = session.get_one(Audit, audit_id), working_calendar()
    entries = diary_days([audit], days)
    marks: defaultdict[date, list[DayMark]] = defaultdict(list)
    for entry in entries:
        marks[entry.day].append(DayMark(entry.short, f"{day_in_words(entry.day)}: {entry.words}"))
    feed = feed_of(acting_staff().name)
    return render_template(
        "survey/diary/calendar.html",
        audit=audit,
        entries=entries,
        months=month_tables(min(marks), max(marks), days, marks) if marks else (),
        today=clock.local_day(clock.now()),
        address=feed_address(feed) if feed else "",
    )


@bp.post(f"{_ADDRESS}/address")
def make_address(audit_id: int) -> ResponseReturnValue:
    """Make the reader's private address for calendar programs."""
    session.get_one(Audit, audit_id)
    with transaction():
        operations.make_feed(**actor_and_now())
    flash("Your address is made. Give it only to your own calendar program.", "success")
    return redirect(url_for("survey.diary.show_calendar", audit_id=audit_id), 303)


@bp.post(f"{_ADDRESS}/withdraw")
def withdraw_address(audit_id: int) -> ResponseReturnValue:
    """Withdraw the reader's private address."""
    session.get_one(Audit, audit_id)
    with transaction():
        operations.withdraw_feed(**actor_and_now())
    flash("The address is withdrawn. Programs that read it find nothing from now on.", "success")
    return redirect(url_for("survey.diary.show_calendar", audit_id=audit_id), 303)


@feed_bp.get("/calendar/<path:token>")
def show_feed(token: str) -> ResponseReturnValue:
    """Answer a calendar program with the days of all audits."""
    feed_for_token(token)
    content = icalendar_file(diary_days(audits_with_days(), working_calendar()), now=clock.now())
    headers = {
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Disposition": "inline; filename=audits.ics",
    }
    return content, 200, headers
