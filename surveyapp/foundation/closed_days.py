"""Days on which the partnership is closed: nobody is chased then (PROMISES T7)."""

from datetime import date, datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms.validators import InputRequired, Length

from surveyapp.foundation import clock
from surveyapp.foundation.access import acting_staff
from surveyapp.foundation.db import session, transaction
from surveyapp.foundation.errors import NotFound, Refused
from surveyapp.foundation.events import record
from surveyapp.foundation.fields import DayField
from surveyapp.foundation.models import ClosedDay
from surveyapp.foundation.pages import LineField, SurveyForm
from surveyapp.foundation.wording import day_in_words

bp = Blueprint("closed_days", __name__)

LONGEST_REASON = 200


class ClosedDayForm(SurveyForm):
    """A day to be closed, and why."""

    day = DayField("Closed on", [InputRequired("Enter a day, such as 24 12 2026")])
    reason = LineField("Why?", [Length(max=LONGEST_REASON, message="Use 200 characters at most")])


def close_day(day: date, reason: str, *, actor: str, now: datetime) -> None:
    """Add a closed day: chasers of that day move to the next working day. Raises Refused when it is there."""
    if session.get(ClosedDay, day) is not None:
        raise Refused(f"{day_in_words(day)} is closed already.", way_on="It is in the list.")
    session.add(ClosedDay(day=day, reason=reason))
    record(actor, "closed_day", f"day {day}", now=now)


def open_day(day: date, *, actor: str, now: datetime) -> None:
    """Take a closed day away again. Raises NotFound when it is none."""
    closed = session.get(ClosedDay, day)
    if closed is None:
        raise NotFound
    session.delete(closed)
    record(actor, "opened_day", f"day {day}", now=now)


@bp.get("/closed-days")
def show_closed_days() -> ResponseReturnValue:
    """Show the closed days, and ask for another."""
    return _page(ClosedDayForm(formdata=None))


@bp.post("/closed-days")
def add_closed_day() -> ResponseReturnValue:
    """Add a closed day."""
    form = ClosedDayForm()
    if not form.validate() or form.day.data is None:
        return _page(form), 422
    day = form.day.data
    try:
        with transaction():
            close_day(day, form.reason.data or "", actor=acting_staff().name, now=clock.now())
    except Refused as refused:
        form.day.errors = [refused.message]
        return _page(form), refused.status
    flash(f"Nobody is chased on {day_in_words(day)}.", "success")
    return redirect(url_for("survey.closed_days.show_closed_days"), 303)


@bp.post("/closed-days/<string:day>/remove")
def remove_closed_day(day: str) -> ResponseReturnValue:
    """Take a closed day away again."""
    try:
        chosen = date.fromisoformat(day)
    except ValueError:
        raise NotFound from None
    with transaction():
        open_day(chosen, actor=acting_staff().name, now=clock.now())
    flash(f"{day_in_words(chosen)} is a day like any other again.", "success")
    return redirect(url_for("survey.closed_days.show_closed_days"), 303)


def _page(form: ClosedDayForm) -> str:
    days: list[Any] = list(session.scalars(select(ClosedDay).order_by(ClosedDay.day)))
    return render_template("survey/mail/closed_days.html", days=days, form=form, errors=form.errors)
