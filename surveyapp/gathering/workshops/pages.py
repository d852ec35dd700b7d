"""The pages on which a workshop is added, changed and removed."""

import re

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.agencies.models import Agency
from surveyapp.agencies.queries import agencies_in_name_order
from surveyapp.collating.queries import agencies_asked
from surveyapp.foundation import clock
from surveyapp.foundation.errors import FieldRefused
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.gathering.models import Workshop
from surveyapp.gathering.workshops import operations
from surveyapp.gathering.workshops.forms import WorkshopForm
from surveyapp.gathering.workshops.queries import workshop_by_id
from surveyapp.planning.models import Audit


def add_workshop(audit_id: int) -> ResponseReturnValue:
    """Add a workshop."""
    audit = session.get_one(Audit, audit_id)
    form = WorkshopForm()
    if form.is_submitted():
        return _save(audit, form, None)
    return _workshop_page(audit, form, None)


def change_workshop(audit_id: int, workshop_id: int) -> ResponseReturnValue:
    """Change one workshop."""
    audit = session.get_one(Audit, audit_id)
    workshop = workshop_by_id(audit_id, workshop_id)
    if request.method == "POST":
        return _save(audit, WorkshopForm(), workshop)
    form = WorkshopForm(formdata=None, data={"seen": operations.workshop_digest(workshop)})
    form.show(workshop)
    return _workshop_page(audit, form, workshop)


def remove_workshop(audit_id: int, workshop_id: int) -> ResponseReturnValue:
    """Remove one workshop."""
    session.get_one(Audit, audit_id)
    workshop = workshop_by_id(audit_id, workshop_id)
    with transaction():
        operations.remove_workshop(workshop, actor=acting_staff().name, now=clock.now())
    flash("The workshop is removed.", "success")
    return redirect(url_for("survey.gathering.show_voices", audit_id=audit_id), 303)


def _save(audit: Audit, form: WorkshopForm, workshop: Workshop | None) -> ResponseReturnValue:
    """Add a workshop, or change the given one, from the posted form."""
    people, mistake = _posted_attendance()
    if not form.validate() or mistake:
        return _workshop_page(audit, form, workshop, mistake=mistake), 422
    details, audit_id = form.details(people), audit.id
    try:
        with transaction():
            if workshop is None:
                operations.add_workshop(audit, details, actor=acting_staff().name, now=clock.now())
            else:
                operations.change_workshop(
                    workshop, details, seen=form.seen.data or "", actor=acting_staff().name, now=clock.now()
                )
    except FieldRefused as error:
        if error.field == "people":
            return _workshop_page(audit, form, workshop, mistake=error.message), 422
        form[error.field].errors = [error.message]
        return _workshop_page(audit, form, workshop), 422
    except EditConflict as error:
        return _workshop_page(audit, form, workshop, changed=error), error.status
    flash("The workshop is saved.", "success")
    return redirect(url_for("survey.gathering.show_voices", audit_id=audit_id), 303)


def _posted_attendance() -> tuple[dict[int, int], str]:
    """The posted attendance by agency id, and an error message, empty if there is none."""
    people = {}
    for name, text in request.form.items():
        field = re.fullmatch(r"people-([1-9][0-9]{0,8})", name)
        if field is None or not text.strip():
            continue
        if not re.fullmatch(r"[0-9]{1,3}", text.strip()):
            return {}, "Enter how many people came as a whole number, such as 3"
        people[int(field[1])] = int(text)
    return people, ""


def _workshop_page(
    audit: Audit,
    form: WorkshopForm,
    workshop: Workshop | None,
    *,
    mistake: str = "",
    changed: EditConflict | None = None,
) -> str:
    if changed is not None and workshop is not None:
        form.seen.data = operations.workshop_digest(workshop)
    attendances = workshop.attendances if workshop else []
    people = {f"people-{attendance.agency_id}": str(attendance.people) for attendance in attendances}
    if request.method == "POST":
        people = {name: text for name, text in request.form.items() if name.startswith("people-")}
    agencies, other_agencies = _agencies(audit, {name for name, text in people.items() if text.strip()})
    return render_template(
        "survey/gathering/workshop.html",
        audit=audit,
        form=form,
        workshop=workshop,
        agencies=agencies,
        other_agencies=other_agencies,
        people=people,
        mistake=mistake,
        changed=changed,
        there=_stored_values(workshop) if workshop else [],
        errors=form.errors or mistake,
    )


def _agencies(audit: Audit, filled: set[str]) -> tuple[list[Agency], list[Agency]]:
    """The agencies that the audit asked or whose field is filled, and all others of the directory."""
    asked_ids = {agency.id for agency in agencies_asked(audit)}
    directory = agencies_in_name_order()
    first = [agency for agency in directory if agency.id in asked_ids or f"people-{agency.id}" in filled]
    return first, [agency for agency in directory if agency not in first]


def _stored_values(workshop: Workshop) -> list[tuple[str, str]]:
    """The stored workshop, shown to somebody whose edit conflicts with it."""
    people = ", ".join(f"{attendance.agency.name} {attendance.people}" for attendance in workshop.attendances)
    return [
        ("Name", workshop.title),
        ("Day", day_in_words(workshop.held_on)),
        ("Put to those who came", workshop.scenarios or ""),
        ("Said", workshop.notes or ""),
        ("Suggested", workshop.suggestions or ""),
        ("Came", people),
    ]
