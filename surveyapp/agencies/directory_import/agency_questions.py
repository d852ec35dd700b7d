"""What a table of agencies does not settle and staff are asked: one agency or two, and of what kind."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from surveyapp.agencies.directory_import.directory_comparison import agency_values
from surveyapp.agencies.directory_import.directory_table import ImportedDirectory
from surveyapp.agencies.directory_import.imported_agencies import ImportedAgency
from surveyapp.agencies.directory_import.near_names import NearNames
from surveyapp.agencies.directory_import.typed_words import kind_in_name
from surveyapp.agencies.queries import AgenciesByName
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.foundation.store.edit_conflicts import row_digest
from surveyapp.foundation.words.clean_text import name_key

SAME, ANOTHER = "same", "another"


@dataclass(frozen=True)
class AgencyQuestion:
    """A question about one agency of the file; `answer` is empty while nobody has answered."""

    key: str
    words: str
    options: tuple[tuple[str, str], ...]
    answer: str
    is_kind: bool = False


@dataclass(frozen=True)
class AnsweredAgencies:
    """The agencies of a file as the answers have them, and the questions."""

    agencies: tuple[ImportedAgency, ...]
    questions: tuple[AgencyQuestion, ...]

    @property
    def unanswered(self) -> tuple[AgencyQuestion, ...]:
        """The questions that have to be answered before anything is stored."""
        return tuple(question for question in self.questions if not question.answer)


def answered_agencies(
    imported: ImportedDirectory, directory: AgenciesByName, choices: Mapping[str, str]
) -> AnsweredAgencies:
    """Ask about agencies of nearly the same name, and about the kind of those that are new.

    `choices` are the answers by key. A kind that the name suggests is the answer until another is chosen.
    """
    near_names = NearNames(agency.name for agency in directory)
    questions: list[AgencyQuestion] = []
    agencies: dict[str, ImportedAgency] = {}
    for row, agency in zip(imported.rows, imported.agencies, strict=True):
        named = agency
        if directory.named(agency.name) is None:
            near = near_names.near(agency.name)
            if near:
                question = _which_agency(row, agency.name, near, choices)
                questions.append(question)
                named = replace(agency, name=near) if question.answer == SAME else agency
            near_names.add(agency.name)
        key = name_key(named.name)
        agencies[key] = _merged(agencies[key], named) if key in agencies else named
        if directory.named(named.name) is None and not agencies[key].kind:
            question = _which_kind(row, named.name, choices)
            questions.append(question)
            agencies[key] = replace(agencies[key], kind=question.answer)
    return AnsweredAgencies(tuple(agencies.values()), tuple(questions))


def directory_digest(imported: ImportedDirectory, directory: AgenciesByName) -> str:
    """The digest of what the directory holds about the agencies of a file, whatever the answers are.

    By it a press sees that somebody else has changed the directory.
    """
    near_names = NearNames(agency.name for agency in directory)
    names = [name for agency in imported.agencies for name in (agency.name, near_names.near(agency.name))]
    return row_digest(agencies=[agency_values(directory.named(name)) for name in names])


def _which_agency(row: int, name: str, near: str, choices: Mapping[str, str]) -> AgencyQuestion:
    options = ((SAME, f"The same agency as {near}"), (ANOTHER, "Another agency"))
    key = f"near-{row}"
    answer = choices.get(key, "")
    words = f"Row {row} names “{name}”, and there is “{near}”. What is it?"
    return AgencyQuestion(key, words, options, answer if answer in dict(options) else "")


def _which_kind(row: int, name: str, choices: Mapping[str, str]) -> AgencyQuestion:
    key = f"kind-{row}"
    answer = choices.get(key, kind_in_name(name))
    return AgencyQuestion(
        key, name, tuple(AGENCY_KINDS.items()), answer if answer in AGENCY_KINDS else "", is_kind=True
    )


def _merged(first: ImportedAgency, second: ImportedAgency) -> ImportedAgency:
    """One agency of two entries, each address once; of two leads by order, the later is deputy."""
    contacts = {contact.email.casefold(): contact for contact in first.contacts}
    for contact in second.contacts:
        later = contact if contact.states_role or not contacts else replace(contact, role="deputy")
        contacts.setdefault(contact.email.casefold(), later)
    return replace(first, kind=first.kind or second.kind, contacts=tuple(contacts.values()))
