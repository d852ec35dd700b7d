"""Workshops: when, what was put to those who came, how many came of each agency, what was said."""

import re
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.agencies.models import Agency
from surveyapp.collating.queries import agencies_asked
from surveyapp.foundation import clock
from surveyapp.foundation.errors import FieldRefused
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.gathering.forms import WorkshopForm
from surveyapp.gathering.models import Workshop
from surveyapp.gathering.workshops import operations as meeting
from surveyapp.planning.models import Audit


def add_workshop(audit_id: int) -> ResponseReturnValue:
    """Write down a workshop."""
    audit = session.get_one(Audit, audit_id)
    form = WorkshopForm()
    if form.is_submitted():
        return _save(audit, form, None)
    return _workshop_page(audit, form, None)


def change_workshop(audit_id: int, workshop_id: int) -> ResponseReturnValue:
    """Change what is written of one workshop."""
    audit = session.get_one(Audit, audit_id)
    workshop = meeting.workshop_named(audit_id, workshop_id)
    if request.method == "POST":
        return _save(audit, WorkshopForm(), workshop)
    form = WorkshopForm(formdata=None, data={"seen": meeting.workshop_digest(workshop)})
    form.show(workshop)
    return _workshop_page(audit, form, workshop)


def remove_workshop(audit_id: int, workshop_id: int) -> ResponseReturnValue:
    """Take one workshop away."""
    session.get_one(Audit, audit_id)
    workshop = meeting.workshop_named(audit_id, workshop_id)
    with transaction():
        meeting.remove_workshop(workshop, **_actor_and_now())
    flash("The workshop is removed.", "success")
    return redirect(url_for("survey.gathering.show_voices", audit_id=audit_id), 303)


def _save(audit: Audit, form: WorkshopForm, workshop: Workshop | None) -> ResponseReturnValue:
    people, mistake = _people()
    if not form.validate() or mistake:
        return _workshop_page(audit, form, workshop, mistake=mistake), 422
    details, audit_id = form.details(people), audit.id
    try:
        with transaction():
            if workshop is None:
                meeting.add_workshop(audit, details, **_actor_and_now())
            else:
                meeting.change_workshop(workshop, details, seen=form.seen.data or "", **_actor_and_now())
    except FieldRefused as error:
        if error.field == "people":
            return _workshop_page(audit, form, workshop, mistake=error.message), 422
        form[error.field].errors = [error.message]
        return _workshop_page(audit, form, workshop), 422
    except EditConflict as error:
        return _workshop_page(audit, form, workshop, changed=error), error.status
    flash("The workshop is saved.", "success")
    return redirect(url_for("survey.gathering.show_voices", audit_id=audit_id), 303)


def _people() -> tuple[dict[int, int], str]:
    """How many came of each agency, as typed; and what is wrong with it, or nothing."""
    people = {}
    for name, text in request.form.items():
        agency = re.fullmatch(r"people-([1-9][0-9]{0,8})", name)
        if agency is None or not text.strip():
            continue
        if not re.fullmatch(r"[0-9]{1,3}", text.strip()):
            return {}, "Enter how many people came as a whole number, such as 3"
        people[int(agency[1])] = int(text)
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
        form.seen.data = meeting.workshop_digest(workshop)
    there = workshop.attendances if workshop else []
    typed = {f"people-{each.agency_id}": str(each.people) for each in there}
    if request.method == "POST":
        typed = {name: text for name, text in request.form.items() if name.startswith("people-")}
    first, rest = _agencies(audit, {name for name, text in typed.items() if text.strip()})
    return render_template(
        "survey/gathering/workshop.html",
        audit=audit,
        form=form,
        workshop=workshop,
        agencies=first,
        other_agencies=rest,
        people=typed,
        mistake=mistake,
        changed=changed,
        there=_stored_values(workshop) if workshop else [],
        errors=form.errors or mistake,
    )


def _agencies(audit: Audit, came: set[str]) -> tuple[list[Agency], list[Agency]]:
    """The agencies that were asked or came, and all others of the directory."""
    asked = {each.id for each in agencies_asked(audit)}
    everybody = meeting.agencies_in_name_order()
    first = [each for each in everybody if each.id in asked or f"people-{each.id}" in came]
    return first, [each for each in everybody if each not in first]


def _stored_values(workshop: Workshop) -> list[tuple[str, str]]:
    """What is stored of a workshop, for whoever typed something else meanwhile."""
    people = ", ".join(f"{each.agency.name} {each.people}" for each in workshop.attendances)
    return [
        ("Name", workshop.title),
        ("Day", day_in_words(workshop.held_on)),
        ("Put to those who came", workshop.scenarios or ""),
        ("Said", workshop.notes or ""),
        ("Suggested", workshop.suggestions or ""),
        ("Came", people),
    ]


def _actor_and_now() -> dict[str, Any]:
    return {"actor": acting_staff().name, "now": clock.now()}
