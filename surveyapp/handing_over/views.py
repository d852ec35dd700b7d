"""Pages of a contact who has left, and of one whose address was wrong."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from surveyapp.agencies.models import ALL_CONTACT_ROLES, Contact
from surveyapp.agencies.operations import AddressTaken, InvalidContactAddress, add_contact
from surveyapp.agencies.queries import contact_by_id
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.web.access import actor_and_now
from surveyapp.foundation.web.fields import posted_number
from surveyapp.foundation.words.dates_and_lists import list_in_words
from surveyapp.handing_over import operations
from surveyapp.handing_over.forms import NEW, NOBODY, AddressForm, TakeOverForm
from surveyapp.handing_over.operations import EmailQueued, links_seen
from surveyapp.handing_over.queries import Holding, holdings_of
from surveyapp.involvement.queries import audits_that_asked

bp = Blueprint("handing_over", __name__)

_CONTACT = "/agencies/<int:agency_id>/contacts/<int:contact_id>"


@bp.route(f"{_CONTACT}/left", methods=["GET", "POST"])
def has_left(agency_id: int, contact_id: int) -> ResponseReturnValue:
    """Record that a contact has left, and choose who takes over what they hold in all open audits."""
    contact = contact_by_id(agency_id, contact_id)
    holdings = holdings_of(contact, now=clock.now())
    colleagues = [each for each in contact.agency.contacts if each.left_at is None and each.id != contact.id]
    form = _take_over_form(colleagues)
    if request.method == "POST" and (not holdings or form.check()):
        try:
            with transaction():
                successor = _successor(contact, form) if holdings else None
                others = _others(holdings, colleagues) if successor else {}
                emails = operations.note_left(contact, successor, others, **actor_and_now())
        except (InvalidContactAddress, AddressTaken) as error:
            form.email.errors = [error.message]
        else:
            flash(_left_message(contact, holdings, emails), "success")
            return redirect(url_for("survey.agencies.show_agency", agency_id=agency_id), 303)
    page = render_template(
        "survey/handing_over/has_left.html",
        contact=contact,
        holdings=holdings,
        colleagues=colleagues,
        chosen=request.form,
        form=form,
        errors=form.errors,
    )
    return page, 422 if form.errors else 200


def _take_over_form(colleagues: Sequence[Contact]) -> TakeOverForm:
    form = TakeOverForm()
    form.successor.choices = [
        *(SelectChoice(str(each.id), _in_words(each)) for each in colleagues),
        SelectChoice(NEW, "Somebody who is not listed here"),
        SelectChoice(NOBODY, "Nobody yet: their requests wait until I choose"),
    ]
    return form


def _in_words(contact: Contact) -> str:
    return f"{contact.name}, {ALL_CONTACT_ROLES[contact.role].lower()}, {contact.email}"


def _successor(contact: Contact, form: TakeOverForm) -> Contact | None:
    """The contact who takes over, added to the agency if they were typed in; None for nobody yet."""
    if form.successor.data == NOBODY:
        return None
    if form.successor.data == NEW:
        role = contact.role if contact.role in {"lead", "deputy"} else "lead"
        return add_contact(contact.agency, **form.typed_in, role=role, **actor_and_now())
    return session.get_one(Contact, int(form.successor.data))


def _others(holdings: Sequence[Holding], colleagues: Sequence[Contact]) -> dict[int, Contact]:
    """The colleagues chosen for single requests, by request id."""
    by_id = {each.id: each for each in colleagues}
    chosen = {
        held.audit_request.id: by_id.get(posted_number(request.form.get(f"request-{held.audit_request.id}")))
        for holding in holdings
        for held in holding.requests
    }
    return {request_id: colleague for request_id, colleague in chosen.items() if colleague is not None}


def _left_message(contact: Contact, holdings: Sequence[Holding], emails: Sequence[EmailQueued]) -> str:
    left = f"{contact.name} has left: their link opens nothing any more."
    if not holdings:
        return f"{left} They held no request of an open audit."
    if not emails:
        waiting = sum(len(holding.requests) for holding in holdings)
        return f"{left} Nobody has taken over, and no email leaves: {waiting} of their requests wait for you."
    return f"{left} {emails_in_words(emails)}"


def emails_in_words(emails: Sequence[EmailQueued]) -> str:
    """Who gets an email with a link about which audit, and which audits no email is about."""
    leaving = [f"{email.contact} about “{email.audit}”" for email in emails if email.queued]
    missing = [f"“{email.audit}”" for email in emails if not email.queued]
    sentences = [f"An email with a new link leaves to {list_in_words(leaving)}."] if leaving else []
    if missing:
        sentences.append(f"No email leaves about {list_in_words(missing)}.")
    return " ".join(sentences) or "No email leaves: nothing of an open audit is asked of them."


@bp.route(f"{_CONTACT}/address", methods=["GET", "POST"])
def correct_address(agency_id: int, contact_id: int) -> ResponseReturnValue:
    """Correct a contact's address, and send new links to it in all open audits."""
    contact = contact_by_id(agency_id, contact_id)
    holdings = holdings_of(contact, now=clock.now())
    form = AddressForm(data={"email": contact.email})
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                emails = operations.correct_address(
                    contact,
                    form.email.data or "",
                    seen=form.links.data or "",
                    takes_back=form.takes_back.data,
                    **actor_and_now(),
                )
        except (InvalidContactAddress, AddressTaken) as error:
            form.email.errors = [error.message]
        else:
            if emails is None:
                flash("New links were sent already. Nothing has been sent twice.")
            else:
                flash(f"{contact.email} is the address now. {emails_in_words(emails)}", "success")
            return redirect(url_for("survey.agencies.show_agency", agency_id=agency_id), 303)
    page = render_template(
        "survey/handing_over/correct_address.html",
        contact=contact,
        holdings=holdings,
        checks=audits_that_asked(contact),
        has_passed_on=any(held.passed_to for holding in holdings for held in holding.requests),
        links=links_seen(holdings),
        form=form,
        errors=form.errors,
    )
    return page, 422 if form.errors else 200
