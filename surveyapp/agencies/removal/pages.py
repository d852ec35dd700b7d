"""The pages that delete an agency or a contact, or set an agency aside."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from surveyapp.agencies import queries
from surveyapp.agencies.models import Agency, Contact
from surveyapp.agencies.removal import operations
from surveyapp.agencies.removal.forms import ConfirmNameForm
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.web.access import actor_and_now


def delete_agency(agency_id: int) -> ResponseReturnValue:
    """Show what would be deleted with an agency; a post with its name deletes it."""
    agency = queries.agency_by_id(agency_id)
    form = ConfirmNameForm()
    name = agency.name
    if form.deletes(
        form.name,
        lambda typed: operations.delete_agency(agency, typed_name=typed, **actor_and_now()),
    ):
        flash(f"{name} is deleted.", "success")
        return redirect(url_for("survey.agencies.list_agencies"), 303)
    return _confirm_page(
        form, agency, None, goes=operations.what_goes(agency), asked=operations.was_asked(agency)
    )


def delete_contact(agency_id: int, contact_id: int) -> ResponseReturnValue:
    """Ask whether a contact is to be deleted; a post with their name deletes them."""
    contact = queries.contact_by_id(agency_id, contact_id)
    form = ConfirmNameForm()
    name = contact.name
    if form.deletes(
        form.name,
        lambda typed: operations.delete_contact(contact, typed_name=typed, **actor_and_now()),
    ):
        flash(f"{name} is deleted.", "success")
        return redirect(url_for("survey.agencies.show_agency", agency_id=agency_id), 303)
    return _confirm_page(form, contact.agency, contact, goes=[], asked=operations.contact_was_asked(contact))


def _confirm_page(
    form: ConfirmNameForm, agency: Agency, contact: Contact | None, *, goes: list[str], asked: bool
) -> ResponseReturnValue:
    page = render_template(
        "survey/agencies/delete.html",
        form=form,
        agency=agency,
        contact=contact,
        goes=goes,
        asked=asked,
        errors=form.errors,
    )
    return page, 422 if form.errors else 200


def set_agency_aside(agency_id: int) -> ResponseReturnValue:
    """Take an agency off the lists."""
    agency = queries.agency_by_id(agency_id)
    with transaction():
        operations.set_agency_aside(agency, **actor_and_now())
    flash(f"{agency.name} is set aside. Nothing of it is deleted.", "success")
    return redirect(url_for("survey.agencies.list_agencies"), 303)


def bring_agency_back(agency_id: int) -> ResponseReturnValue:
    """Put an agency that was set aside back on the lists."""
    agency = queries.agency_by_id(agency_id)
    with transaction():
        operations.bring_agency_back(agency, **actor_and_now())
    flash(f"{agency.name} is back in the directory.", "success")
    return redirect(url_for("survey.agencies.show_agency", agency_id=agency_id), 303)


def list_agencies_set_aside() -> ResponseReturnValue:
    """List the agencies that were set aside."""
    return render_template("survey/agencies/set_aside.html", agencies=queries.agencies_set_aside())
