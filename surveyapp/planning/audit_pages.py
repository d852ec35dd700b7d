"""Pages of an audit's details and of its set-up."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.defining.queries import usable_forms
from surveyapp.foundation import clock
from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.web.access import actor_and_now
from surveyapp.planning import operations, queries
from surveyapp.planning.cases.size_note import size_note
from surveyapp.planning.chaser_days import chaser_days
from surveyapp.planning.chaser_rules import FURTHEST_CHASER, ChasersUnusable
from surveyapp.planning.date_rules import DatesOutOfOrder, date_problems, notes_on_days_off
from surveyapp.planning.days.chaser_choice import AuditDays, chaser_choice, offset_in_words
from surveyapp.planning.days.default_days import OfferedDays, close_day, due_day, issue_day, posted_day
from surveyapp.planning.details import details_digests, stored_details
from surveyapp.planning.forms import DAYS, AuditDetailsForm
from surveyapp.planning.grid.queries import planned_grid
from surveyapp.planning.models import EMPHASES, Audit
from surveyapp.planning.next_step import next_step
from surveyapp.planning.readiness import readiness

# The form field below which each refusal is shown.
_REFUSED_FIELDS = {
    operations.AuditExists: "title",
    DatesOutOfOrder: "due_on",
    ChasersUnusable: "chasers",
}


def plan_audit() -> ResponseReturnValue:
    """Plan an audit: the empty form, or a post that stores it."""
    form, forms = AuditDetailsForm(data=_offered_days()), _forms()
    form.offer(forms)
    if not form.is_submitted():
        form.form_id.data = request.args.get("form") or (forms[0][0] if len(forms) == 1 else None)
    if request.form.get("next") == "days":
        return _days_page(form, None)
    if form.validate_on_submit():
        try:
            with transaction():
                audit_id = operations.plan_audit(form.details(), **actor_and_now()).id
        except SurveyError as error:
            _show_refusal(form, error)
        else:
            flash("Audit planned. Nobody is asked before you issue it.", "success")
            return redirect(url_for("survey.planning.list_cases", audit_id=audit_id), 303)
    return _audit_page(form, None)


def _offered_days() -> dict[str, date]:
    """The days that the page offers for a new audit, counted from today."""
    days = working_calendar()
    issue_on = issue_day(clock.local_day(clock.now()), days)
    due_on = due_day(issue_on, days)
    return {"issue_on": issue_on, "due_on": due_on, "close_on": close_day(due_on, days)}


def change_audit(audit_id: int) -> ResponseReturnValue:
    """Change the details of an audit, and its form and dates before it is issued."""
    audit = queries.audit_by_id(audit_id)
    form = AuditDetailsForm(obj=audit)
    seen = request.form.get("seen", "") or details_digests(stored_details(audit))
    form.offer(_forms())
    if audit.is_issued:
        form.remove_fixed_fields()
    if request.form.get("next") == "days":
        return _days_page(form, audit, seen=seen)
    if form.validate_on_submit():
        was_planned = audit.issues_by_itself
        try:
            with transaction():
                others = operations.change_audit(audit, form.details(audit), seen=seen, **actor_and_now())
        except operations.AuditDetailsChanged as error:
            seen = error.seen
            form.show_conflicts(error.there)
        except SurveyError as error:
            _show_refusal(form, error)
        else:
            dropped = was_planned and not audit.issues_by_itself
            again = " Its day has changed, so it is not issued by itself until you plan that again."
            flash(f"Audit changed.{again if dropped else ''}", "success")
            if others:
                flash(f"Someone else changed this too, and it stays: {form.labels_of(others)}.")
            return _redirect_to_set_up(audit_id)
    return _audit_page(form, audit, seen=seen)


def show_set_up(audit_id: int) -> ResponseReturnValue:
    """Show the planning of an audit so far, and what is still missing before it can be issued."""
    audit, days = queries.audit_by_id(audit_id), working_calendar()
    size = size_note(audit)
    days_off = notes_on_days_off(days, issue_on=audit.issue_on, due_on=audit.due_on, close_on=audit.close_on)
    return render_template(
        "survey/planning/set_up.html",
        audit=audit,
        grid=planned_grid(audit),
        ready=readiness(audit, today=clock.local_day(clock.now())),
        notes=((size,) if size else ()) + tuple(words for _name, words in days_off),
        chasers=[chaser.day for chaser in chaser_days(audit, days)],
        escalation="" if audit.escalate_from is None else offset_in_words(audit.escalate_from),
        emphasis=EMPHASES[audit.emphasis],
        form_title=dict(_forms()).get(audit.form_id, audit.form_id),
        closed=audit.is_closed(clock.now()),
        next=next_step(audit),
    )


def _redirect_to_set_up(audit_id: int) -> ResponseReturnValue:
    return redirect(url_for("survey.planning.show_set_up", audit_id=audit_id), 303)


def _forms() -> list[tuple[str, str]]:
    return [(form.form, form.title) for form in usable_forms()]


def _show_refusal(form: AuditDetailsForm, error: SurveyError) -> None:
    """Show a refusal below the field it concerns, or below the title if that field is not on the page."""
    field_name = next((name for kind, name in _REFUSED_FIELDS.items() if isinstance(error, kind)), "title")
    form[field_name if field_name in form else "title"].errors = [f"{error.message} {error.way_on}".strip()]


def _days_page(form: AuditDetailsForm, audit: Audit | None, *, seen: str = "") -> ResponseReturnValue:
    """Show the page again with the days that go with those typed, and with their chasers; store nothing."""
    if "issue_on" in form:
        shown = [posted_day(word) for word in f"{request.form.get('shown_days', '')} - -".split()[:2]]
        due_on, close_on = OfferedDays(*shown).follow(
            form.issue_on.data, form.due_on.data, form.close_on.data, working_calendar()
        )
        form.show_day("due_on", due_on)
        form.show_day("close_on", close_on)
    return _audit_page(form, audit, seen=seen)


def _audit_page(form: AuditDetailsForm, audit: Audit | None, *, seen: str = "") -> ResponseReturnValue:
    calendar = working_calendar()
    days = {name: form[name].data for name in DAYS if name in form}
    if audit is not None and not days:
        days = {"issue_on": audit.asked_on, "due_on": audit.due_on, "close_on": audit.close_on}
    offsets = [offset for offset in form.chasers.data or () if abs(offset) <= FURTHEST_CHASER]
    choice = chaser_choice(offsets, AuditDays(**days), calendar)
    form.escalate_from.offer((box.offset, box.in_words) for box in choice.chosen)
    notes = dict(notes_on_days_off(calendar, **days))
    notes |= {name: f"{words}." for name, words in date_problems(**days)}
    page = render_template(
        "survey/planning/audit_form.html",
        form=form,
        audit=audit,
        seen=seen,
        choice=choice,
        shown_days=" ".join(str(days[name] or "-") for name in DAYS[:2]),
        notes={name: words for name, words in notes.items() if name in form and not form[name].errors},
        errors=form.errors,
    )
    return page, 422 if form.errors else 200
