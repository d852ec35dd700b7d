"""The list of talks with families, and the pages on which one is added, changed and removed."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.agencies.queries import agencies_in_name_order
from surveyapp.foundation import clock
from surveyapp.foundation.errors import FieldRefused
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.web.access import acting_staff, record_reading
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.gathering.families import operations
from surveyapp.gathering.families.forms import FamilyForm
from surveyapp.gathering.families.queries import family_by_id, offers_of_help
from surveyapp.gathering.families.talks_in_words import families_in_words
from surveyapp.gathering.models import FAMILY_AREAS, FAMILY_STATES, FamilyContact
from surveyapp.gathering.queries import families_of
from surveyapp.planning.models import Audit


def list_families(audit_id: int) -> ResponseReturnValue:
    """Show the talks with families, and the families that an agency can help to reach."""
    audit = session.get_one(Audit, audit_id)
    families = families_of(audit_id)
    return render_template(
        "survey/gathering/families.html",
        audit=audit,
        families=families,
        states=FAMILY_STATES,
        offers=offers_of_help(audit),
        sentence=families_in_words(family.state for family in families),
    )


def add_family(audit_id: int) -> ResponseReturnValue:
    """Add a talk with a family."""
    audit = session.get_one(Audit, audit_id)
    if request.method == "POST":
        return _save(audit, FamilyForm(), None)
    preset = {name: request.args.get(name, 0, type=int) for name in ("case", "agency")}
    return _family_page(audit, FamilyForm(formdata=None, data=preset), None)


def change_family(audit_id: int, family_id: int) -> ResponseReturnValue:
    """Change a talk with a family."""
    audit = session.get_one(Audit, audit_id)
    family = family_by_id(audit_id, family_id)
    if request.method == "POST":
        return _save(audit, FamilyForm(), family)
    form = FamilyForm(formdata=None, data={"seen": operations.family_digest(family)})
    form.show(family)
    page = _family_page(audit, form, family)
    record_reading("saw_family", f"audit {audit_id}")
    return page


def remove_family(audit_id: int, family_id: int) -> ResponseReturnValue:
    """Remove a talk with a family."""
    audit = session.get_one(Audit, audit_id)
    family = family_by_id(audit_id, family_id)
    with transaction():
        operations.remove_family(audit, family, actor=acting_staff().name, now=clock.now())
    flash("The family is off the list.", "success")
    return redirect(url_for("survey.gathering.list_families", audit_id=audit_id), 303)


def _save(audit: Audit, form: FamilyForm, family: FamilyContact | None) -> ResponseReturnValue:
    """Add a talk, or change the given one, from the posted form."""
    audit_id = audit.id
    if not form.validate():
        return _family_page(audit, form, family), 422
    try:
        with transaction():
            if family is None:
                operations.add_family(audit, form.details(), actor=acting_staff().name, now=clock.now())
            else:
                operations.change_family(
                    audit,
                    family,
                    form.details(),
                    seen=form.seen.data or "",
                    actor=acting_staff().name,
                    now=clock.now(),
                )
    except FieldRefused as error:
        form[error.field].errors = [error.message]
        return _family_page(audit, form, family), 422
    except EditConflict as error:
        return _family_page(audit, form, family, changed=error), error.status
    flash("The family is saved.", "success")
    return redirect(url_for("survey.gathering.list_families", audit_id=audit_id), 303)


def _family_page(
    audit: Audit,
    form: FamilyForm,
    family: FamilyContact | None,
    *,
    changed: EditConflict | None = None,
) -> str:
    if changed is not None and family is not None:
        form.seen.data = operations.family_digest(family)
    form.offer(audit.cases, agencies_in_name_order())
    return render_template(
        "survey/gathering/family.html",
        audit=audit,
        form=form,
        family=family,
        keeps_numbers=settings().keep_telephone_numbers,
        changed=changed,
        there=_stored_values(family) if family else [],
        errors=form.errors,
    )


def _stored_values(family: FamilyContact) -> list[tuple[str, str]]:
    """The stored talk, shown to somebody whose edit conflicts with it."""
    notes = {note.area: note.text for note in family.notes}
    return [
        ("Child", family.case.pseudonym),
        ("Through", family.agency.name if family.agency else ""),
        ("State", FAMILY_STATES[family.state]),
        ("Held", day_in_words(family.held_on) if family.held_on else ""),
        ("Who calls", family.caller),
        *((words, notes.get(area, "")) for area, words in FAMILY_AREAS.items()),
    ]
