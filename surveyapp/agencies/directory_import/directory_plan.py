"""The directory as a file would leave it: its agencies and contacts, and who of them is asked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from surveyapp.agencies.directory_import.directory_differences import Difference
from surveyapp.agencies.models import Agency, Contact, person_to_ask, person_to_copy
from surveyapp.agencies.role_notes import role_notes


@dataclass(frozen=True)
class PlannedContact:
    """A contact as it will be stored; `stored` is their row, None for somebody who is added."""

    stored: Contact | None
    name: str
    email: str
    telephone: str
    role: str
    leaves: bool = False

    @property
    def is_changed(self) -> bool:
        """Whether a row of the directory is changed."""
        return self.stored is not None and (self.name, self.email, self.telephone, self.role) != (
            self.stored.name,
            self.stored.email,
            self.stored.telephone,
            self.stored.role,
        )


@dataclass(frozen=True)
class PlannedAgency:
    """An agency of the file as it will be stored, with its contacts, oldest first; `stored` is its row."""

    stored: Agency | None
    name: str
    kind: str
    contacts: tuple[PlannedContact, ...]

    @property
    def is_changed(self) -> bool:
        """Whether the name or kind of an agency of the directory is changed."""
        return self.stored is not None and (self.name, self.kind) != (self.stored.name, self.stored.kind)

    @property
    def current_contacts(self) -> tuple[PlannedContact, ...]:
        """The contacts who will not have left."""
        return tuple(contact for contact in self.contacts if not contact.leaves)

    @property
    def to_ask(self) -> PlannedContact | None:
        """Who will be asked; None if the agency has nobody to ask."""
        return person_to_ask(self.current_contacts)

    @property
    def to_copy(self) -> PlannedContact | None:
        """Who will get a copy on escalation; None if the agency has nobody for that."""
        return person_to_copy(self.current_contacts)


@dataclass(frozen=True)
class DirectoryPlan:
    """The agencies of a file as they will be stored, with the choices that lead there.

    `agencies` are in the order of the file. `choices` has an entry for each difference. `seen` is the digest
    of what the directory holds about these agencies, for detecting that somebody else has changed it.
    """

    agencies: tuple[PlannedAgency, ...]
    differences: tuple[Difference, ...]
    choices: Mapping[str, str]
    seen: str

    @property
    def to_choose(self) -> tuple[Difference, ...]:
        """The differences between file and directory: what the file says otherwise or anew."""
        return tuple(difference for difference in self.differences if not difference.is_absence)

    @property
    def must_be_chosen(self) -> bool:
        """Whether the file contradicts the directory, so that a command needs to be told which is right."""
        return any(not difference.is_spelling for difference in self.to_choose)

    @property
    def additions(self) -> tuple[Difference, ...]:
        """The contacts whom the file adds to agencies of the directory, without taking a place."""
        return tuple(difference for difference in self.differences if difference.is_addition)

    @property
    def contradictions(self) -> tuple[Difference, ...]:
        """Where the file and the directory say different things, or give one place to two people."""
        return tuple(difference for difference in self.to_choose if not difference.is_addition)

    @property
    def new_agencies(self) -> int:
        """How many agencies are added."""
        return sum(agency.stored is None for agency in self.agencies)

    @property
    def new_contacts(self) -> int:
        """How many contacts are added."""
        return sum(contact.stored is None for agency in self.agencies for contact in agency.contacts)

    @property
    def changed_rows(self) -> int:
        """How many agencies and contacts of the directory are changed, or noted as having left."""
        contacts = (contact for agency in self.agencies for contact in agency.contacts)
        return sum(agency.is_changed for agency in self.agencies) + sum(
            contact.is_changed or contact.leaves for contact in contacts
        )

    @property
    def new_addresses(self) -> tuple[str, ...]:
        """The addresses that the directory does not have yet."""
        return tuple(
            contact.email
            for agency in self.agencies
            for contact in agency.contacts
            if contact.stored is None or contact.stored.email != contact.email
        )

    @property
    def absences(self) -> tuple[Difference, ...]:
        """The contacts of the directory who are not in the file."""
        return tuple(difference for difference in self.differences if difference.is_absence)


def plan_notices(plan: DirectoryPlan, addresses: Mapping[str, Agency]) -> Iterator[tuple[int, str]]:
    """Warnings about the agencies as they will be stored, each with the number of its agency in the file.

    `addresses` are those of the whole directory, in lower case, each with its first agency.
    """
    for index, planned in enumerate(plan.agencies):
        yield from ((index, note) for note in role_notes(planned.name, planned.current_contacts))
        for contact in planned.contacts:
            other = addresses.get(contact.email.casefold())
            if contact.stored is None and other is not None and other is not planned.stored:
                yield index, f"{contact.email} is a contact of {other.name} in the directory already"
