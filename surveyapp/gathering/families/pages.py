"""Talks with families: whom an agency can help to reach, how far each talk came, what was said."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation import clock
from surveyapp.foundation.errors import FieldRefused
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.gathering.families import operations as talking
from surveyapp.gathering.forms import FamilyForm
from surveyapp.gathering.models import FAMILY_AREAS, FAMILY_STATES, FamilyContact
from surveyapp.gathering.queries import families_of
from surveyapp.gathering.workshops.operations import agencies_in_name_order
from surveyapp.planning.models import Audit


def list_families(audit_id: int) -> ResponseReturnValue:
    """Show the families on the list, and those that an agency can help to reach."""
    audit = session.get_one(Audit, audit_id)
    families = families_of(audit_id)
    return render_template(
        "survey/gathering/families.html",
        audit=audit,
        families=families,
        states=FAMILY_STATES,
        offers=talking.offers_of_help(audit),
        sentence=talking.families_in_words(each.state for each in families),
    )


def add_family(audit_id: int) -> ResponseReturnValue:
    """Put a family on the list."""
    audit = session.get_one(Audit, audit_id)
    if request.method == "POST":
        return _save(audit, FamilyForm(), None)
    chosen = {name: request.args.get(name, 0, type=int) for name in ("case", "agency")}
    return _family_page(audit, FamilyForm(formdata=None, data=chosen), None)


def change_family(audit_id: int, family_id: int) -> ResponseReturnValue:
    """Change what is written of a talk with one family."""
    audit = session.get_one(Audit, audit_id)
    family = talking.family_named(audit_id, family_id)
    if request.method == "POST":
        return _save(audit, FamilyForm(), family)
    form = FamilyForm(formdata=None, data={"seen": talking.family_digest(family)})
    form.show(family)
    return _family_page(audit, form, family)


def remove_family(audit_id: int, family_id: int) -> ResponseReturnValue:
    """Take one family off the list."""
    audit = session.get_one(Audit, audit_id)
    family = talking.family_named(audit_id, family_id)
    with transaction():
        talking.remove_family(audit, family, **_actor_and_now())
    flash("The family is off the list.", "success")
    return redirect(url_for("survey.gathering.list_families", audit_id=audit_id), 303)


def _save(audit: Audit, form: FamilyForm, family: FamilyContact | None) -> ResponseReturnValue:
    audit_id = audit.id
    if not form.validate():
        return _family_page(audit, form, family), 422
    try:
        with transaction():
            if family is None:
                talking.add_family(audit, form.details(), **_actor_and_now())
            else:
                talking.change_family(
                    audit, family, form.details(), seen=form.seen.data or "", **_actor_and_now()
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
        form.seen.data = talking.family_digest(family)
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
    """What is stored of a talk, for whoever typed something else meanwhile."""
    notes = {each.area: each.text for each in family.notes}
    return [
        ("Child", family.case.pseudonym),
        ("Through", family.agency.name if family.agency else ""),
        ("State", FAMILY_STATES[family.state]),
        ("Held", day_in_words(family.held_on) if family.held_on else ""),
        ("Who calls", family.caller),
        *((words, notes.get(area, "")) for area, words in FAMILY_AREAS.items()),
    ]


def _actor_and_now() -> dict[str, Any]:
    return {"actor": acting_staff().name, "now": clock.now()}
