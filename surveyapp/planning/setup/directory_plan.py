"""The directory as a set-up file would leave it: its agencies and contacts, and who of them is asked."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from surveyapp.agencies.models import Agency, Contact, person_to_ask, person_to_copy
from surveyapp.agencies.role_notes import role_notes
from surveyapp.foundation.words.clean_text import name_key
from surveyapp.planning.setup.directory_differences import Difference
from surveyapp.planning.setup.setup_schema import SetUp


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
class PlannedRequests:
    """How many cases an agency will be asked about, and whom; `contact` is None if it has nobody to ask."""

    agency: PlannedAgency
    contact: PlannedContact | None
    cases: int


@dataclass(frozen=True)
class DirectoryPlan:
    """The agencies of a set-up file as they will be stored, with the choices that lead there.

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
    def absences(self) -> tuple[Difference, ...]:
        """The contacts of the directory who are not in the file."""
        return tuple(difference for difference in self.differences if difference.is_absence)


def planned_requests(set_up: SetUp, plan: DirectoryPlan) -> list[PlannedRequests]:
    """Who will be asked about how many cases, by name of agency, as the page before issuing shows it."""
    cases = Counter(name_key(name) for case in set_up.cases for name in case.agencies)
    asked = [
        PlannedRequests(planned, planned.to_ask, cases[name_key(agency.name)])
        for agency, planned in zip(set_up.agencies, plan.agencies, strict=True)
        if cases[name_key(agency.name)]
    ]
    return sorted(asked, key=lambda requests: requests.agency.name.casefold())


def plan_notices(
    set_up: SetUp, plan: DirectoryPlan, addresses: Mapping[str, Agency]
) -> Iterator[tuple[int, str]]:
    """Warnings about the agencies as they will be stored, each with the number of its agency in the file.

    `addresses` are those of the whole directory, in lower case, each with its first agency.
    """
    asked = {name_key(name) for case in set_up.cases for name in case.agencies}
    for index, (agency, planned) in enumerate(zip(set_up.agencies, plan.agencies, strict=True)):
        if planned.to_ask is None and name_key(agency.name) in asked:
            yield index, f"{planned.name} has nobody to ask: give it a lead or a deputy"
        yield from ((index, note) for note in role_notes(planned.name, planned.current_contacts))
        for contact in planned.contacts:
            other = addresses.get(contact.email.casefold())
            if contact.stored is None and other is not None and other is not planned.stored:
                yield index, f"{contact.email} is a contact of {other.name} in the directory already"
