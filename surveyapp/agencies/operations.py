"""What the business manager does with the directory of agencies."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm.attributes import set_committed_value

from surveyapp.agencies.models import ALL_CONTACT_ROLES, Agency, Contact
from surveyapp.agencies.queries import AgenciesByName, agencies_by_name
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.foundation.errors import Refused, SurveyError
from surveyapp.foundation.store.db import insert_once, session
from surveyapp.foundation.store.event_log import record_event, record_events
from surveyapp.foundation.words.email_addresses import address_problem, clean_address, is_address


@dataclass(frozen=True)
class ContactDetails:
    """What is stored of a person who answers for an agency."""

    name: str
    email: str
    telephone: str = ""
    role: str = "lead"


class AgencyExists(Refused):
    """An agency of this name is in the directory already."""

    def __init__(self, name: str) -> None:
        """Name the agency."""
        super().__init__(f"There is an agency called “{name}” already. Use that one, or choose another name.")


class AddressTaken(Refused):
    """A contact of this agency has this address already."""

    def __init__(self, contact: Contact) -> None:
        """Name the contact; the way on depends on whether they have left."""
        way_on = (
            "Change that contact instead."
            if contact.left_at is None
            else "They have left: bring them back instead."
        )
        super().__init__(f"{contact.name} has this address already. {way_on}", way_on=way_on)


class InvalidContactAddress(SurveyError):
    """The text is not one email address."""

    def __init__(self, text: str) -> None:
        """Quote the text, with an example of an address."""
        super().__init__(address_problem(text))


class ContactHasLeft(Refused):
    """A case cannot be passed to this person: according to the directory they have left the agency."""

    way_on = "Choose someone else. If they are back, ring us and say so."

    def __init__(self) -> None:
        """Leave the name out: the person passing the case on has just typed the address."""
        super().__init__("The person with this address has left your agency, as we have it.")


class UnknownKind(SurveyError):
    """There is no such kind of agency or role of a contact."""


def add_agency(name: str, *, kind: str, actor: str, now: datetime) -> Agency:
    """Add an agency to the directory. Raises AgencyExists if the name exists, however it is typed.

    `name_key` says what counts as the same name.
    """
    return add_agencies([(name, kind)], actor=actor, now=now)[0]


def add_agencies(details: Sequence[tuple[str, str]], *, actor: str, now: datetime) -> list[Agency]:
    """Add agencies by name and kind, in a few statements however many. Raises as add_agency does."""
    existing = agencies_by_name()
    for name, kind in details:
        _check_name(name, kind, existing)
    session.execute(insert(Agency), [{"name": name, "kind": kind} for name, kind in details])
    names = [name for name, _ in details]
    by_name = {
        agency.name: agency for agency in session.scalars(select(Agency).where(Agency.name.in_(names)))
    }
    agencies = [by_name[name] for name in names]
    for agency in agencies:
        set_committed_value(agency, "contacts", [])
    record_events(actor, [("added_agency", f"agency {agency.id}", "") for agency in agencies], now=now)
    return agencies


def change_agency(agency: Agency, *, name: str, kind: str, actor: str, now: datetime) -> None:
    """Change an agency's name and kind. Raises AgencyExists if another agency has the name."""
    change_agencies([(agency, name, kind)], actor=actor, now=now)


def change_agencies(changes: Sequence[tuple[Agency, str, str]], *, actor: str, now: datetime) -> None:
    """Give agencies another name and kind, in a few statements. Raises as change_agency does."""
    existing = agencies_by_name() if changes else AgenciesByName()
    for agency, name, kind in changes:
        _check_name(name, kind, existing, changing=agency)
        agency.name, agency.kind = name, kind
    about = [("changed_agency", f"agency {agency.id}", "") for agency, _, _ in changes]
    record_events(actor, about, now=now)


def _check_name(name: str, kind: str, directory: AgenciesByName, *, changing: Agency | None = None) -> None:
    if kind not in AGENCY_KINDS:
        raise UnknownKind("Choose what kind of agency it is.")
    existing = directory.named(name)
    if existing is not None and existing is not changing and (changing is None or changing.name != name):
        raise AgencyExists(existing.name)


def add_contact(  # noqa: PLR0913 — the fields of a contact
    agency: Agency,
    *,
    name: str,
    email: str,
    telephone: str = "",
    role: str = "lead",
    actor: str,
    now: datetime,
) -> Contact:
    """Add a person who answers for an agency.

    The address is cleaned first. Raises InvalidContactAddress, AddressTaken if another contact of the agency
    has the address, and UnknownKind for an unknown role.
    """
    details = ContactDetails(name, email, telephone, role)
    return add_contacts([(agency, details)], actor=actor, now=now)[0]


def add_contacts(
    details: Sequence[tuple[Agency, ContactDetails]], *, actor: str, now: datetime
) -> list[Contact]:
    """Add contacts to their agencies, in a few statements however many. Raises as add_contact does."""
    rows: list[dict[str, Any]] = [
        {
            "agency_id": agency.id,
            "name": contact.name,
            "email": _checked_address(agency, contact.email, contact.role),
            "telephone": contact.telephone,
            "role": contact.role,
        }
        for agency, contact in details
    ]
    session.execute(insert(Contact), rows)
    agencies = {agency.id: agency for agency, _ in details}
    in_order = select(Contact).where(Contact.agency_id.in_(list(agencies))).order_by(Contact.id)
    by_agency = defaultdict(list)
    for contact in session.scalars(in_order):
        by_agency[contact.agency_id].append(contact)
    for agency_id, contacts in by_agency.items():
        set_committed_value(agencies[agency_id], "contacts", contacts)
    stored = {
        (contact.agency_id, contact.email): contact for contacts in by_agency.values() for contact in contacts
    }
    added = [stored[row["agency_id"], row["email"]] for row in rows]
    acts = [("added_contact", f"contact {contact.id}", f"agency {contact.agency_id}") for contact in added]
    record_events(actor, acts, now=now)
    return added


def find_or_add_colleague(agency: Agency, *, name: str, email: str, actor: str, now: datetime) -> Contact:
    """The contact of an agency with this address, or a colleague who is added now.

    An existing contact keeps their name and role. A colleague who was removed is returned as they are, for
    `bring_back_removed`. Raises InvalidContactAddress, and ContactHasLeft if the contact has left the agency.
    """
    address = clean_address(email)
    if not is_address(address):
        raise InvalidContactAddress(address)
    query = select(Contact).where(
        Contact.agency_id == agency.id, func.lower(Contact.email) == address.lower()
    )
    contact = session.scalars(query.order_by(Contact.left_at.is_not(None), Contact.id)).first()
    if contact is None:
        # Two people may pass cases to the same new colleague at once; only one insert succeeds.
        contact = insert_once(
            Contact,
            unique=["agency_id", "email"],
            agency_id=agency.id,
            name=name,
            email=address,
            telephone="",
            role="colleague",
        )
        if contact is not None:
            session.expire(agency, ["contacts"])
            record_event(actor, "added_contact", f"contact {contact.id}", f"agency {agency.id}", now=now)
    contact = contact or session.scalars(query).one()
    if contact.left_at is not None and contact.removed_at is None:
        raise ContactHasLeft
    return contact


def remove_colleague(contact: Contact, *, actor: str, now: datetime) -> None:
    """Take a colleague who never opened a link off the agency's lists; their link opens nothing."""
    contact.left_at, contact.removed_at = now, now
    record_event(actor, "removed_colleague", f"contact {contact.id}", now=now)


def bring_back_removed(contact: Contact, *, name: str, actor: str, now: datetime) -> None:
    """Bring a removed colleague back, by the name with which a case is passed to them now.

    Does nothing if they were not removed. Raises ContactHasLeft if staff have marked them as having left.
    """
    if contact.left_at is None:
        return
    if contact.removed_at is None:
        raise ContactHasLeft
    contact.left_at, contact.removed_at, contact.name = None, None, name
    record_event(actor, "added_contact", f"contact {contact.id}", f"agency {contact.agency_id}", now=now)


def change_contact(  # noqa: PLR0913 — the fields of a contact
    contact: Contact, *, name: str, email: str, telephone: str, role: str, actor: str, now: datetime
) -> None:
    """Change a contact. Raises InvalidContactAddress, AddressTaken and UnknownKind, as add_contact does."""
    change_contacts([(contact, ContactDetails(name, email, telephone, role))], actor=actor, now=now)


def change_contacts(changes: Sequence[tuple[Contact, ContactDetails]], *, actor: str, now: datetime) -> None:
    """Change contacts, in a few statements however many. Raises as change_contact does."""
    for contact, details in changes:
        contact.email = _checked_address(contact.agency, details.email, details.role, changing=contact)
        contact.name, contact.telephone, contact.role = details.name, details.telephone, details.role
    record_events(
        actor, [("changed_contact", f"contact {contact.id}", "") for contact, _ in changes], now=now
    )


def note_contact_left(contact: Contact, *, actor: str, now: datetime) -> None:
    """Record that a contact no longer answers for their agency; emails sent to them stay on record."""
    note_contacts_left([contact], actor=actor, now=now)


def note_contacts_left(contacts: Sequence[Contact], *, actor: str, now: datetime) -> None:
    """Record that contacts no longer answer, in a few statements; who has left already stays as they are."""
    leaving = [contact for contact in contacts if contact.left_at is None]
    for contact in leaving:
        contact.left_at = now
    record_events(
        actor, [("noted_contact_left", f"contact {contact.id}", "") for contact in leaving], now=now
    )


def note_contact_back(contact: Contact, *, actor: str, now: datetime) -> None:
    """Record that a contact who had left answers again."""
    if contact.left_at is not None:
        contact.left_at = None
        record_event(actor, "noted_contact_back", f"contact {contact.id}", now=now)


def _checked_address(agency: Agency, email: str, role: str, *, changing: Contact | None = None) -> str:
    if role not in ALL_CONTACT_ROLES:
        raise UnknownKind("Choose what this person does.")
    address = clean_address(email)
    if not is_address(address):
        raise InvalidContactAddress(address)
    for contact in agency.contacts:
        if contact is not changing and contact.email.casefold() == address.casefold():
            raise AddressTaken(contact)
    return address
