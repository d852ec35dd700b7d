"""Compares the agencies of a file with the directory, and plans what is stored by the choices made."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from surveyapp.agencies.directory_import.contact_matching import stored_contacts
from surveyapp.agencies.directory_import.contested_places import ContestedPlace, contested_places
from surveyapp.agencies.directory_import.directory_differences import (
    AS_DEPUTY,
    AS_IN_DIRECTORY,
    AS_IN_FILE,
    Difference,
)
from surveyapp.agencies.directory_import.directory_plan import DirectoryPlan, PlannedAgency, PlannedContact
from surveyapp.agencies.directory_import.imported_agencies import ImportedAgency, ImportedContact
from surveyapp.agencies.directory_import.planned_contacts import (
    COMPARED_FIELDS,
    as_in_directory,
    as_in_file,
    role_in_words,
)
from surveyapp.agencies.models import ALL_CONTACT_ROLES, Agency, Contact
from surveyapp.agencies.queries import AgenciesByName
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.foundation.store.edit_conflicts import row_digest
from surveyapp.foundation.words.clean_text import name_key
from surveyapp.foundation.words.dates_and_lists import list_in_words

# What becomes of those whose place a contact of the file takes. A deputy is asked where there is no lead. A
# colleague is neither asked nor sent copies, and keeps the links already sent.
_ROLE_AFTERWARDS = {"lead": "deputy", "deputy": "colleague", "escalation": "colleague"}


def plan_directory(
    agencies: Sequence[ImportedAgency], directory: AgenciesByName, choices: Mapping[str, str]
) -> DirectoryPlan:
    """What storing a file makes of the agencies that it names, by the choices for each difference.

    `choices` are keyed by `Difference.key`; a difference that is not among them takes its default.
    """
    comparisons = [_Comparison(agency, directory.named(agency.name), choices) for agency in agencies]
    planned = tuple(comparison.plan() for comparison in comparisons)
    differences = tuple(found for comparison in comparisons for found in comparison.differences)
    return DirectoryPlan(
        planned,
        differences,
        {difference.key: difference.choice(choices) for difference in differences},
        row_digest(agencies=[agency_values(comparison.stored) for comparison in comparisons]),
    )


def choose_for_all(plan: DirectoryPlan, choice: str) -> dict[str, str]:
    """The same choice for every difference; the contacts who are not in the file stay in either case."""
    return {
        difference.key: AS_IN_DIRECTORY if difference.is_absence else choice
        for difference in plan.differences
    }


def agency_values(agency: Agency | None) -> object:
    """What is compared of an agency, for a digest; None for one that is not in the directory."""
    if agency is None:
        return None
    contacts = [
        [contact.id, contact.name, contact.email, contact.telephone, contact.role, contact.left_at is None]
        for contact in agency.contacts
    ]
    return [agency.id, agency.name, agency.kind, contacts]


@dataclass
class _Settled:
    """Who has the contested places: roles of contacts of the directory by id, and addresses of the file."""

    roles: dict[int, str] = field(default_factory=dict)
    not_added: set[str] = field(default_factory=set)
    deputies: set[str] = field(default_factory=set)


@dataclass
class _Comparison:
    """One agency of the file beside the directory; `plan` also fills `differences`."""

    agency: ImportedAgency
    stored: Agency | None
    choices: Mapping[str, str]
    differences: list[Difference] = field(default_factory=list)

    def plan(self) -> PlannedAgency:
        if self.stored is None:
            contacts = tuple(as_in_file(contact, None) for contact in self.agency.contacts)
            return PlannedAgency(None, self.agency.name, self.agency.kind, contacts)
        name, kind = self._name(self.stored), self._kind(self.stored)
        return PlannedAgency(self.stored, name, kind, self._contacts(self.stored))

    def _takes_file(self, difference: Difference) -> bool:
        """Note a difference; whether the version of the file is chosen for it."""
        self.differences.append(difference)
        return difference.choice(self.choices) == AS_IN_FILE

    def _difference(
        self, key: str, about: str, in_file: str, in_directory: str, *, default: str = AS_IN_FILE
    ) -> Difference:
        agency = self.stored.name if self.stored else self.agency.name
        return Difference(key, agency, about, in_file, in_directory, default)

    # All audits share an agency’s name and kind, and count their figures by kind: these stay by default.
    def _name(self, stored: Agency) -> str:
        name, key = self.agency.name, f"agency-{stored.id}-name"
        if name == stored.name:
            return name
        spelling = self._difference(key, "Spelling of the name", name, stored.name, default=AS_IN_DIRECTORY)
        return name if self._takes_file(replace(spelling, is_spelling=True)) else stored.name

    def _kind(self, stored: Agency) -> str:
        kind, key = self.agency.kind, f"agency-{stored.id}-kind"
        if kind in {"", stored.kind}:
            return stored.kind
        in_file, in_directory = AGENCY_KINDS[kind], AGENCY_KINDS[stored.kind]
        of_agency = self._difference(key, "Kind of agency", in_file, in_directory, default=AS_IN_DIRECTORY)
        return kind if self._takes_file(of_agency) else stored.kind

    def _contacts(self, stored: Agency) -> tuple[PlannedContact, ...]:
        """The contacts in the order of the directory, then those who are added, in the order of the file."""
        current = [contact for contact in stored.contacts if contact.left_at is None]
        entries = stored_contacts(self.agency.contacts, current)
        in_file = {contact.id: entry for entry, contact in entries.items()}
        new = [entry for entry in range(len(self.agency.contacts)) if entry not in entries]
        absent = [
            contact
            for contact in current
            # The file does not list colleagues: contacts add them by passing cases on.
            if self.agency.contacts and contact.id not in in_file and contact.role != "colleague"
        ]
        by_file = [
            as_in_file(self.agency.contacts[in_file[contact.id]], contact)
            if contact.id in in_file
            else as_in_directory(contact)
            for contact in current
        ]
        by_file += [as_in_file(self.agency.contacts[entry], None) for entry in new]
        places = contested_places(stored, by_file, absent)
        settled = self._settle(places)
        planned = [
            self._known(self.agency.contacts[in_file[contact.id]], contact, settled.roles, places)
            if contact.id in in_file
            else self._absent(contact, settled.roles)
            if contact in absent
            else as_in_directory(contact)
            for contact in current
        ]
        takers = {place.taker.email for place in places}
        for entry in new:
            contact = as_in_file(self.agency.contacts[entry], None)
            if contact.email in settled.deputies:
                contact = replace(contact, role="deputy")
            is_taken = (
                contact.email not in settled.not_added if contact.email in takers else self._added(contact)
            )
            planned += [contact] if is_taken else []
        return tuple(planned)

    def _settle(self, places: Iterable[ContestedPlace]) -> "_Settled":
        settled = _Settled()
        for place in places:
            taker, stored = place.taker, place.taker.stored
            rivals = list_in_words([rival.name for rival in place.rivals])
            afterwards = ALL_CONTACT_ROLES[_ROLE_AFTERWARDS[taker.role]].partition(",")[0].lower()
            verb = "becomes" if len(place.rivals) == 1 else "become"
            instead = f"{taker.name} is not added"
            if stored is not None:
                instead = f"{taker.name} stays {role_in_words(stored.role).lower()}"
            difference = self._difference(
                place.key,
                place.about,
                f"{taker.name} ({taker.email}); {rivals} {verb} {afterwards}",
                f"{place.rivals[0].name} ({place.rivals[0].email}); {instead}",
            )
            if stored is None and taker.role == "lead":
                third = f"{rivals}; {taker.name} ({taker.email}) as deputy"
                difference = replace(difference, as_deputy=third)
            self.differences.append(difference)
            choice = difference.choice(self.choices)
            if choice == AS_IN_FILE:
                settled.roles |= {rival.id: _ROLE_AFTERWARDS[rival.role] for rival in place.rivals}
            elif choice == AS_DEPUTY:
                settled.deputies.add(taker.email)
            elif stored is None:
                settled.not_added.add(taker.email)
            else:
                settled.roles[stored.id] = stored.role
        return settled

    def _known(
        self,
        entry: ImportedContact,
        contact: Contact,
        roles: Mapping[int, str],
        places: Iterable[ContestedPlace],
    ) -> PlannedContact:
        """A contact of the directory who is in the file."""
        is_taker = any(place.taker.stored is contact for place in places)
        planned = as_in_file(entry, contact)
        values = {}
        for name, label, in_words in COMPARED_FIELDS:
            in_file, in_directory = getattr(planned, name), getattr(contact, name)
            if in_file == in_directory or (name == "role" and is_taker):
                continue
            about = f"{label} of {contact.name}"
            difference = self._difference(
                f"contact-{contact.id}-{name}", about, in_words(in_file), in_words(in_directory)
            )
            if not self._takes_file(difference):
                values[name] = in_directory
        if is_taker and contact.id in roles:
            values["role"] = roles[contact.id]
        return replace(planned, **values)

    def _absent(self, contact: Contact, roles: Mapping[int, str]) -> PlannedContact:
        """A contact of the directory who is not in the file; they stay, unless staff say that they left."""
        role = ALL_CONTACT_ROLES[contact.role].lower()
        about = f"{contact.name}, {role}, {contact.email}"
        difference = self._difference(
            f"contact-{contact.id}-left", about, "has left", "stays", default=AS_IN_DIRECTORY
        )
        leaves = self._takes_file(replace(difference, is_absence=True))
        planned = replace(as_in_directory(contact), leaves=leaves)
        return planned if leaves else replace(planned, role=roles.get(contact.id, contact.role))

    def _added(self, contact: PlannedContact) -> bool:
        """Whether somebody is added to an agency of the directory."""
        role = ALL_CONTACT_ROLES[contact.role].lower()
        words = ", ".join(filter(None, (contact.name, role, contact.email, contact.telephone)))
        # By the address, so that the choice stays with the person when other choices change the order.
        key = row_digest(agency=name_key(self.agency.name), email=contact.email.casefold())[:12]
        difference = self._difference(f"new-{key}", "Not in the directory yet", words, "Not added")
        return self._takes_file(replace(difference, is_addition=True))
