"""The places at an agency that a file gives to somebody, and that others would have by being there longer."""

from dataclasses import dataclass

from surveyapp.agencies.directory_import.directory_plan import PlannedContact
from surveyapp.agencies.models import Agency, Contact, person_to_ask, person_to_copy


@dataclass(frozen=True)
class ContestedPlace:
    """A place at an agency that one person has: who is asked, or who gets copies.

    `taker` is the person whom the file puts there, and `rivals` those of the directory who are not in the
    file and would have the place all the same, because they are there longer.
    """

    key: str
    about: str
    taker: PlannedContact
    rivals: tuple[Contact, ...]


def contested_places(
    stored: Agency, contacts: list[PlannedContact], absent: list[Contact]
) -> list[ContestedPlace]:
    """The places that the file gives to somebody, and that somebody absent from the file would have."""
    places = []
    for choose, key, about in (
        (person_to_ask, f"agency-{stored.id}-asked", "Who is asked"),
        (person_to_copy, f"agency-{stored.id}-copied", "Who gets copies on escalation"),
    ):
        holder = choose(contacts)
        if holder is None or holder.stored not in absent:
            continue
        rivals = tuple(contact for contact in absent if contact.role == holder.role)
        taker = choose([contact for contact in contacts if contact.stored not in rivals])
        if taker is not None and taker.role == holder.role:
            places.append(ContestedPlace(key, about, taker, rivals))
    return places
