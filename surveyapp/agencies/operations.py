"""What the business manager does with the directory of agencies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from surveyapp.agencies.models import ALL_CONTACT_ROLES, Agency, Contact
from surveyapp.agencies.queries import AgenciesByName, agencies_by_name
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.foundation.errors import Refused, SurveyError
from surveyapp.foundation.store.db import insert_once, session
from surveyapp.foundation.store.event_log import record_event
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
    existing, agencies = agencies_by_name(), []
    for name, kind in details:
        _check_name(name, kind, existing)
        agencies.append(Agency(name=name, kind=kind, contacts=[]))
    session.add_all(agencies)
    session.flush()
    for agency in agencies:
        record_event(actor, "added_agency", f"agency {agency.id}", now=now)
    return agencies


def change_agency(agency: Agency, *, name: str, kind: str, actor: str, now: datetime) -> None:
    """Change an agency's name and kind. Raises AgencyExists if another agency has the name."""
    _check_name(name, kind, agencies_by_name(), changing=agency)
    agency.name, agency.kind = name, kind
    record_event(actor, "changed_agency", f"agency {agency.id}", now=now)


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
    contacts = []
    for agency, contact in details:
        address = _checked_address(agency, contact.email, contact.role)
        added = Contact(name=contact.name, email=address, telephone=contact.telephone, role=contact.role)
        agency.contacts.append(added)
        contacts.append(added)
    session.flush()
    for added in contacts:
        record_event(actor, "added_contact", f"contact {added.id}", f"agency {added.agency_id}", now=now)
    return contacts


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
    contact.email = _checked_address(contact.agency, email, role, changing=contact)
    contact.name, contact.telephone, contact.role = name, telephone, role
    record_event(actor, "changed_contact", f"contact {contact.id}", now=now)


def note_contact_left(contact: Contact, *, actor: str, now: datetime) -> None:
    """Record that a contact no longer answers for their agency; emails sent to them stay on record."""
    if contact.left_at is None:
        contact.left_at = now
        record_event(actor, "noted_contact_left", f"contact {contact.id}", now=now)


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
