"""The pages of the directory: agencies and their contacts."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from surveyapp.agencies import operations, queries
from surveyapp.agencies.directory_import import pages as import_pages
from surveyapp.agencies.forms import AgencyForm, ContactForm
from surveyapp.agencies.models import ALL_CONTACT_ROLES, Agency, Contact
from surveyapp.agencies.removal import pages as removal_pages
from surveyapp.agencies.role_notes import role_notes
from surveyapp.agencies.work_addresses import domain_mark
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.tables.posted_table import FIELD_PREFIXES, HIDDEN_FIELDS, TableForm
from surveyapp.foundation.web.access import actor_and_now
from surveyapp.foundation.web.base import SurveyForm
from surveyapp.foundation.web.typed_text import name_unread_fields
from surveyapp.foundation.words.clean_text import clean_line
from surveyapp.foundation.words.email_addresses import clean_address

bp = Blueprint("agencies", __name__)
name_unread_fields(bp, hidden=HIDDEN_FIELDS, prefixes=FIELD_PREFIXES)
bp.add_url_rule("/agencies/from-file", view_func=import_pages.import_agencies, methods=["GET", "POST"])
_AGENCY = "/agencies/<int:agency_id>"
_SHOW_AND_DELETE = ["GET", "POST"]
bp.add_url_rule("/agencies/set-aside", view_func=removal_pages.list_agencies_set_aside)
bp.add_url_rule(f"{_AGENCY}/delete", view_func=removal_pages.delete_agency, methods=_SHOW_AND_DELETE)
bp.add_url_rule(f"{_AGENCY}/set-aside", view_func=removal_pages.set_agency_aside, methods=["POST"])
bp.add_url_rule(f"{_AGENCY}/bring-back", view_func=removal_pages.bring_agency_back, methods=["POST"])
bp.add_url_rule(
    f"{_AGENCY}/contacts/<int:contact_id>/delete",
    view_func=removal_pages.delete_contact,
    methods=_SHOW_AND_DELETE,
)

# Links sent before an address was corrected keep working until staff send a new one.
ADDRESS_CHANGED = (
    "A link already sent to the old address keeps working until you send a new one: the next page does that."
)


@bp.get("/agencies")
def list_agencies() -> ResponseReturnValue:
    """List the agencies with their contacts, a page at a time; words and a kind narrow the list."""
    kind = request.args.get("kind", "")
    wanted = queries.AgencyFilter(
        words=clean_line(request.args.get("words", "")), kind=kind if kind in AGENCY_KINDS else ""
    )
    page = queries.agency_page(wanted, number=request.args.get("page", 1, type=int))

    def page_link(number: int) -> str:
        return url_for(
            "survey.agencies.list_agencies",
            words=wanted.words or None,
            kind=wanted.kind or None,
            page=number if number > 1 else None,
        )

    return render_template(
        "survey/agencies/list.html",
        wanted=wanted,
        narrows=wanted != queries.AgencyFilter(),
        page=page,
        page_link=page_link,
        set_aside=queries.count_set_aside(),
        kinds=AGENCY_KINDS,
        roles=ALL_CONTACT_ROLES,
        mark=domain_mark,
        table_form=TableForm(formdata=None),
        has_stored="stored" in request.args,
    )


@bp.get("/agencies/<int:agency_id>")
def show_agency(agency_id: int) -> ResponseReturnValue:
    """Show one agency: its kind, its contacts and those who have left."""
    agency = queries.agency_by_id(agency_id)
    current_contacts = [contact for contact in agency.contacts if contact.left_at is None]
    former_contacts = [contact for contact in agency.contacts if contact.left_at and not contact.removed_at]
    return render_template(
        "survey/agencies/agency.html",
        agency=agency,
        here=current_contacts,
        notes=list(role_notes(agency.name, current_contacts)),
        left=former_contacts,
        kinds=AGENCY_KINDS,
        roles=ALL_CONTACT_ROLES,
        mark=domain_mark,
    )


@bp.route("/agencies/add", methods=["GET", "POST"])
def add_agency() -> ResponseReturnValue:
    """Add an agency to the directory."""
    form = AgencyForm()
    if form.validate_on_submit():
        try:
            with transaction():
                agency = operations.add_agency(**_form_values(form), **actor_and_now())
                agency_id, name = agency.id, agency.name
        except SurveyError as error:
            form.name.errors = [error.message]
        else:
            flash(f"{name} added. Add who answers for it.", "success")
            return redirect(url_for("survey.agencies.show_agency", agency_id=agency_id), 303)
    return _agency_page(form, None)


@bp.route("/agencies/<int:agency_id>/edit", methods=["GET", "POST"])
def change_agency(agency_id: int) -> ResponseReturnValue:
    """Change an agency's name or kind."""
    agency = queries.agency_by_id(agency_id)
    form = AgencyForm(obj=agency)
    if form.validate_on_submit():
        try:
            with transaction():
                operations.change_agency(agency, **_form_values(form), **actor_and_now())
        except SurveyError as error:
            form.name.errors = [error.message]
        else:
            flash("Agency changed.", "success")
            return redirect(url_for("survey.agencies.show_agency", agency_id=agency_id), 303)
    return _agency_page(form, agency)


@bp.route("/agencies/<int:agency_id>/contacts/add", methods=["GET", "POST"])
def add_contact(agency_id: int) -> ResponseReturnValue:
    """Add a person who answers for an agency."""
    agency = queries.agency_by_id(agency_id)
    form = ContactForm()
    if form.validate_on_submit():
        other = queries.agencies_by_name().by_address.get(clean_address(form.email.data or "").casefold())
        try:
            with transaction():
                operations.add_contact(agency, **_form_values(form), **actor_and_now())
        except SurveyError as error:
            form.email.errors = [error.message]
        else:
            elsewhere = f" {other.name} has a contact with this address too." if other else ""
            flash(f"{form.name.data} added.{elsewhere}", "success")
            return redirect(url_for("survey.agencies.show_agency", agency_id=agency_id), 303)
    return _contact_page(form, agency, None)


@bp.route("/agencies/<int:agency_id>/contacts/<int:contact_id>", methods=["GET", "POST"])
def change_contact(agency_id: int, contact_id: int) -> ResponseReturnValue:
    """Change a contact."""
    contact = queries.contact_by_id(agency_id, contact_id)
    form = ContactForm(obj=contact)
    if contact.role == "colleague":
        form.role.choices = [SelectChoice(role, words) for role, words in ALL_CONTACT_ROLES.items()]
    if form.validate_on_submit():
        old_address = contact.email
        try:
            with transaction():
                operations.change_contact(contact, **_form_values(form), **actor_and_now())
        except SurveyError as error:
            form.email.errors = [error.message]
        else:
            flash(f"{form.name.data} changed.", "success")
            if contact.email != old_address:
                # Its page says whether anything is asked of them, and sends the new links.
                address = url_for(
                    "survey.handing_over.correct_address", agency_id=agency_id, contact_id=contact_id
                )
                return redirect(address, 303)
            return redirect(url_for("survey.agencies.show_agency", agency_id=agency_id), 303)
    return _contact_page(form, contact.agency, contact)


@bp.post("/agencies/<int:agency_id>/contacts/<int:contact_id>/back")
def contact_is_back(agency_id: int, contact_id: int) -> ResponseReturnValue:
    """Record that a contact answers again."""
    with transaction():
        contact = queries.contact_by_id(agency_id, contact_id)
        operations.note_contact_back(contact, **actor_and_now())
        name = contact.name
    flash(f"{name} answers again.", "success")
    return redirect(url_for("survey.agencies.show_agency", agency_id=agency_id), 303)


def _form_values(form: SurveyForm) -> dict[str, Any]:
    return {field.name: field.data or "" for field in form}


def _agency_page(form: AgencyForm, agency: Agency | None) -> ResponseReturnValue:
    page = render_template("survey/agencies/agency_form.html", form=form, agency=agency, errors=form.errors)
    return page, 422 if form.errors else 200


def _contact_page(form: ContactForm, agency: Agency, contact: Contact | None) -> ResponseReturnValue:
    hint = "One address that a person reads. Requests and chasers go there."
    page = render_template(
        "survey/agencies/contact_form.html",
        form=form,
        agency=agency,
        contact=contact,
        email_hint=f"{hint} {ADDRESS_CHANGED}" if contact else hint,
        errors=form.errors,
    )
    return page, 422 if form.errors else 200
