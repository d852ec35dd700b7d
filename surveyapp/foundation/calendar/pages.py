"""The page of closed days: list, add and remove them."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.validators import InputRequired

from surveyapp.foundation import clock
from surveyapp.foundation.calendar.closed_days import close_day, closed_days, open_day
from surveyapp.foundation.errors import NotFound, Refused
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import DayField, MaxCharacters
from surveyapp.foundation.words.dates_and_lists import day_in_words

bp = Blueprint("closed_days", __name__)

LONGEST_REASON = 200


class ClosedDayForm(SurveyForm):
    """A day to close, and the reason."""

    day = DayField("Closed on", [InputRequired("Enter a day, such as 24 12 2026")])
    reason = LineField("Why?", [MaxCharacters(LONGEST_REASON)])


@bp.get("/closed-days")
def show_closed_days() -> ResponseReturnValue:
    """Show the closed days and the form for adding one."""
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
    """Remove a closed day; `day` is an ISO date."""
    try:
        closed_day = date.fromisoformat(day)
    except ValueError:
        raise NotFound from None
    with transaction():
        open_day(closed_day, actor=acting_staff().name, now=clock.now())
    flash(f"{day_in_words(closed_day)} is a day like any other again.", "success")
    return redirect(url_for("survey.closed_days.show_closed_days"), 303)


def _page(form: ClosedDayForm) -> str:
    days = closed_days()
    return render_template("survey/calendar/closed_days.html", days=days, form=form, errors=form.errors)
