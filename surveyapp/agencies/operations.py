"""What the business manager does with the directory of agencies."""

from datetime import datetime

from sqlalchemy import func, select

from surveyapp.agencies.models import AGENCY_KINDS, ALL_CONTACT_ROLES, Agency, Contact
from surveyapp.agencies.queries import agencies_by_name
from surveyapp.foundation.errors import Refused, SurveyError
from surveyapp.foundation.store.db import insert_once, session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.clean_text import address_problem, clean_address, is_address


class AgencyExists(Refused):
    """An agency of this name is in the directory already."""

    def __init__(self, name: str) -> None:
        """Name the one that is there."""
        super().__init__(f"There is an agency called “{name}” already. Use that one, or choose another name.")


class AddressTaken(Refused):
    """A contact of this agency has this address already."""

    def __init__(self, contact: Contact) -> None:
        """Say whose address it is, and the way on when they have left."""
        way_on = (
            "Change that contact instead."
            if contact.left_at is None
            else "They have left: bring them back instead."
        )
        super().__init__(f"{contact.name} has this address already. {way_on}", way_on=way_on)


class InvalidContactAddress(SurveyError):
    """What was given is not one email address."""

    def __init__(self, text: str) -> None:
        """Show what was given, and what one looks like."""
        super().__init__(address_problem(text))


class ContactHasLeft(Refused):
    """Somebody wants to hand a case to a person who no longer works there, as the directory has it."""

    way_on = "Choose someone else. If they are back, ring us and say so."

    def __init__(self) -> None:
        """Say so without the name: whoever asks knows whom they mean."""
        super().__init__("The person with this address has left your agency, as we have it.")


class UnknownKind(SurveyError):
    """There is no such kind of agency, or no such role of a contact."""


def add_agency(name: str, *, kind: str, actor: str, now: datetime) -> Agency:
    """Put an agency into the directory; raises AgencyExists for a name that is there in any capitals."""
    _check_name(name, kind)
    agency = Agency(name=name, kind=kind, contacts=[])
    session.add(agency)
    session.flush()
    record_event(actor, "added_agency", f"agency {agency.id}", now=now)
    return agency


def change_agency(agency: Agency, *, name: str, kind: str, actor: str, now: datetime) -> None:
    """Give an agency another name or kind; raises AgencyExists when another has that name."""
    _check_name(name, kind, but=agency)
    agency.name, agency.kind = name, kind
    record_event(actor, "changed_agency", f"agency {agency.id}", now=now)


def _check_name(name: str, kind: str, *, but: Agency | None = None) -> None:
    if kind not in AGENCY_KINDS:
        raise UnknownKind("Choose what kind of agency it is.")
    there = agencies_by_name().get(name.casefold())
    if there is not None and there is not but:
        raise AgencyExists(there.name)


def add_contact(  # noqa: PLR0913 — a contact has this much
    agency: Agency,
    *,
    name: str,
    email: str,
    telephone: str = "",
    role: str = "lead",
    actor: str,
    now: datetime,
) -> Contact:
    """Add a person who answers for an agency; their address is trimmed of what comes with pasting.

    Raises NotAnAddress, and AddressTaken when someone at this agency has that address.
    """
    address = _checked_address(agency, email, role)
    contact = Contact(name=name, email=address, telephone=telephone, role=role)
    agency.contacts.append(contact)
    session.flush()
    record_event(actor, "added_contact", f"contact {contact.id}", f"agency {agency.id}", now=now)
    return contact


def find_or_add_colleague(agency: Agency, *, name: str, email: str, actor: str, now: datetime) -> Contact:
    """The person of an agency who has this address: one of its contacts, or a colleague added now.

    A contact who is there already keeps their name and what they do. Raises NotAnAddress, and
    HasLeftTheAgency where the directory says so.
    """
    address = clean_address(email)
    if not is_address(address):
        raise InvalidContactAddress(address)
    wanted = select(Contact).where(
        Contact.agency_id == agency.id, func.lower(Contact.email) == address.lower()
    )
    there = session.scalars(wanted.order_by(Contact.left_at.is_not(None), Contact.id)).first()
    if there is None:
        # Two may pass a case to the same new colleague at once; the database lets one of them add them.
        there = insert_once(
            Contact,
            unique=["agency_id", "email"],
            agency_id=agency.id,
            name=name,
            email=address,
            telephone="",
            role="colleague",
        )
        if there is not None:
            session.expire(agency, ["contacts"])
            record_event(actor, "added_contact", f"contact {there.id}", f"agency {agency.id}", now=now)
    found = there or session.scalars(wanted).one()
    if found.left_at is not None:
        raise ContactHasLeft
    return found


def change_contact(  # noqa: PLR0913 — a contact has this much
    contact: Contact, *, name: str, email: str, telephone: str, role: str, actor: str, now: datetime
) -> None:
    """Correct what is known of a contact; raises NotAnAddress and AddressTaken as add_contact does."""
    contact.email = _checked_address(contact.agency, email, role, but=contact)
    contact.name, contact.telephone, contact.role = name, telephone, role
    record_event(actor, "changed_contact", f"contact {contact.id}", now=now)


def note_contact_left(contact: Contact, *, actor: str, now: datetime) -> None:
    """Note that a contact no longer answers for their agency; what they were sent stays on record."""
    if contact.left_at is None:
        contact.left_at = now
        record_event(actor, "noted_contact_left", f"contact {contact.id}", now=now)


def note_contact_back(contact: Contact, *, actor: str, now: datetime) -> None:
    """Note that a contact who had left answers again."""
    if contact.left_at is not None:
        contact.left_at = None
        record_event(actor, "noted_contact_back", f"contact {contact.id}", now=now)


def _checked_address(agency: Agency, email: str, role: str, *, but: Contact | None = None) -> str:
    if role not in ALL_CONTACT_ROLES:
        raise UnknownKind("Choose what this person does.")
    address = clean_address(email)
    if not is_address(address):
        raise InvalidContactAddress(address)
    for each in agency.contacts:
        if each is not but and each.email.casefold() == address.casefold():
            raise AddressTaken(each)
    return address
