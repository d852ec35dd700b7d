"""Notes on people of an agency whose role somebody else there already fills."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from surveyapp.agencies.models import HasRole, person_to_ask, person_to_copy
from surveyapp.foundation.words.shares import counted


class NamedPerson(HasRole, Protocol):
    """A person with a role at an agency, with a name and an address."""

    @property
    def name(self) -> str:
        """The name of the person or the post."""

    @property
    def email(self) -> str:
        """The address."""


def role_notes(agency: str, people: Sequence[NamedPerson]) -> Iterator[str]:
    """A note for each role that several people have and only one of them fills, without a full stop.

    `people` are those of the agency who have not left, oldest first.
    """
    for role, words, holder, does in (
        ("lead", "lead", person_to_ask(people), "is asked"),
        ("escalation", "escalation contact", person_to_copy(people), "gets copies"),
    ):
        number = sum(person.role == role for person in people)
        if holder is not None and number > 1:
            yield f"{agency} has {counted(number, words)}: only {holder.name} ({holder.email}) {does}"
