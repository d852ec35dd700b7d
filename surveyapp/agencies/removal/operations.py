"""Operations that delete agencies and contacts that were never asked, and that set agencies aside."""

from datetime import datetime

from surveyapp.agencies.models import Agency, Contact
from surveyapp.foundation.errors import FieldRefused, Refused
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.owned_rows import delete_with_owned_rows, mentions, owned_rows
from surveyapp.foundation.words.clean_text import name_key
from surveyapp.foundation.words.shares import counted

# What an agency may have although nobody there was ever asked, in the words of the page.
_GOES_WITH_AGENCY = {
    "survey_contact": ("contact", "contacts"),
    "survey_involvement": ("tick of a grid", "ticks of a grid"),
    "survey_chosen_agency": ("audit that lists it", "audits that list it"),
}


class WasAsked(Refused):
    """The agency or contact has been asked for returns, or is named in an audit, so the record stays."""

    def __init__(self, name: str, *, way_on: str) -> None:
        """Name the agency or contact."""
        super().__init__(
            f"{name} has been asked or is named in an audit, so it stays on record.", way_on=way_on
        )


def was_asked(agency: Agency) -> bool:
    """Whether anything of an audit depends on the agency, apart from ticks."""
    return bool(owned_rows(agency).keys() - _GOES_WITH_AGENCY.keys() or mentions(agency))


def contact_was_asked(contact: Contact) -> bool:
    """Whether anything of an audit depends on the contact."""
    return bool(owned_rows(contact) or mentions(contact))


def what_goes(agency: Agency) -> list[str]:
    """What deleting an agency would delete with it, such as “2 contacts”."""
    counts = owned_rows(agency)
    return [counted(counts[table], *words) for table, words in _GOES_WITH_AGENCY.items() if table in counts]


def delete_agency(agency: Agency, *, typed_name: str, actor: str, now: datetime) -> None:
    """Delete an agency that was never asked, with its contacts and ticks.

    `typed_name` is its name as the person typed it to confirm; case and spaces do not matter. Raises
    FieldRefused for another name, and WasAsked.
    """
    if was_asked(agency):
        raise WasAsked(
            agency.name, way_on="Set it aside instead: it leaves the lists and can be brought back."
        )
    _check_typed(typed_name, agency.name)
    record_event(actor, "deleted_agency", f"agency {agency.id}", agency.name, now=now)
    delete_with_owned_rows(agency)


def delete_contact(contact: Contact, *, typed_name: str, actor: str, now: datetime) -> None:
    """Delete a contact who was never asked. Raises FieldRefused for another name, and WasAsked."""
    if contact_was_asked(contact):
        raise WasAsked(contact.name, way_on="Note on the agency’s page that they have left.")
    _check_typed(typed_name, contact.name)
    # No event holds a contact's name.
    record_event(actor, "deleted_contact", f"contact {contact.id}", f"agency {contact.agency_id}", now=now)
    delete_with_owned_rows(contact)


def _check_typed(typed: str, name: str) -> None:
    if name_key(typed) != name_key(name):
        raise FieldRefused("name", f"Type “{name}” to confirm")


def set_agency_aside(agency: Agency, *, actor: str, now: datetime) -> None:
    """Take an agency off the directory's list and out of new grids; requests that were sent go on."""
    if agency.set_aside_at is None:
        agency.set_aside_at = now
        record_event(actor, "set_agency_aside", f"agency {agency.id}", now=now)


def bring_agency_back(agency: Agency, *, actor: str, now: datetime) -> None:
    """Put an agency that was set aside back on the directory's list."""
    if agency.set_aside_at is not None:
        agency.set_aside_at = None
        record_event(actor, "brought_agency_back", f"agency {agency.id}", now=now)
