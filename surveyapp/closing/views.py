"""Pages of closing: close, extend and reopen returns, and allow a late return."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from surveyapp.closing import operations
from surveyapp.closing.forms import ExtendForm, ReopenForm
from surveyapp.closing.operations import (
    LONGEST_REASON,
    ReopeningWithoutReason,
    UnusableClosingDay,
    close_returns,
)
from surveyapp.closing.queries import drafts_left, late_texts
from surveyapp.foundation import clock
from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.issuing.queries import request_of
from surveyapp.planning.date_rules import notes_on_days_off
from surveyapp.planning.models import Audit
from surveyapp.tracking.queries import tally

bp = Blueprint("closing", __name__)


@bp.get("/audits/<int:audit_id>/close")
def show_close(audit_id: int) -> ResponseReturnValue:
    """Show what closing would do; once closed, the drafts that are left and the texts saved too late."""
    audit = session.get_one(Audit, audit_id)
    now = clock.now()
    closed = audit.is_closed(now)
    return render_template(
        "survey/closing/closed.html" if closed else "survey/closing/close.html",
        audit=audit,
        tally=tally(audit, now=now),
        drafts=drafts_left(audit),
        late=late_texts(audit) if closed else [],
    )


@bp.post("/audits/<int:audit_id>/close")
def close(audit_id: int) -> ResponseReturnValue:
    """Close returns now."""
    audit = session.get_one(Audit, audit_id)
    with transaction():
        closed = close_returns(audit, actor=acting_staff().name, now=clock.now())
    flash(
        "Returns are closed. Nobody is chased any more." if closed else "Returns were closed already.",
        "success",
    )
    return redirect(url_for("survey.closing.show_close", audit_id=audit_id), 303)


@bp.route("/audits/<int:audit_id>/extend", methods=["GET", "POST"])
def extend(audit_id: int) -> ResponseReturnValue:
    """Give agencies longer: a later close, and a later due day if chosen."""
    audit = session.get_one(Audit, audit_id)
    form = ExtendForm(data={"close_on": audit.close_on, "due_on": audit.due_on})
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate() and form.close_on.data:
            try:
                with transaction():
                    moved = operations.extend_returns(
                        audit,
                        to=form.close_on.data,
                        due_on=form.due_on.data,
                        actor=acting_staff().name,
                        now=clock.now(),
                    )
            except UnusableClosingDay as error:
                form.close_on.errors = [error.message]
            else:
                if moved:
                    closes = day_in_words(form.close_on.data)
                    flash(f"Returns close on {closes}. The chasers follow the day to return by.", "success")
                    _note_days_off(audit)
                else:
                    flash("Nothing was changed: these were the days already.")
                return redirect(url_for("survey.tracking.show_audit", audit_id=audit_id), 303)
    return render_template("survey/closing/extend.html", audit=audit, form=form, errors=form.errors), status


def _note_days_off(audit: Audit) -> None:
    """Flash a notice for each of the audit's dates that is not a working day."""
    for _name, words in notes_on_days_off(working_calendar(), due_on=audit.due_on, close_on=audit.close_on):
        flash(words)


@bp.route("/audits/<int:audit_id>/reopen", methods=["GET", "POST"])
def reopen(audit_id: int) -> ResponseReturnValue:
    """Reopen returns for a reason, until a day."""
    audit = session.get_one(Audit, audit_id)
    form = ReopenForm(data={"close_on": operations.default_reopening_day(audit, now=clock.now())})
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate() and form.close_on.data:
            try:
                with transaction():
                    operations.reopen(
                        audit,
                        to=form.close_on.data,
                        reason=form.reason.data or "",
                        actor=acting_staff().name,
                        now=clock.now(),
                    )
            except UnusableClosingDay as error:
                form.close_on.errors = [error.message]
            except ReopeningWithoutReason as error:
                form.reason.errors = [error.message]
            else:
                flash(f"Returns are open again until {day_in_words(form.close_on.data)}.", "success")
                _note_days_off(audit)
                return redirect(url_for("survey.tracking.show_audit", audit_id=audit_id), 303)
    page = render_template(
        "survey/closing/reopen.html", audit=audit, form=form, errors=form.errors, limit=LONGEST_REASON
    )
    return page, status


@bp.post("/audits/<int:audit_id>/requests/<int:request_id>/allow-late")
def allow_late(audit_id: int, request_id: int) -> ResponseReturnValue:
    """Allow one request to be returned after the close."""
    audit_request = request_of(audit_id, request_id)
    with transaction():
        operations.allow_late(audit_request, actor=acting_staff().name, now=clock.now())
    flash(
        "This one may still be returned, from the same link. It will be marked late. Tell the contact.",
        "success",
    )
    return redirect(url_for("survey.tracking.show_request", audit_id=audit_id, request_id=request_id), 303)
