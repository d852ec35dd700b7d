"""Queries for agencies and contacts."""

from collections.abc import Iterable, Iterator
from functools import cached_property

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import selectinload

from surveyapp.agencies.models import Agency, Contact
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.foundation.store.db import session
from surveyapp.foundation.words.clean_text import name_key

_IN_GRID_ORDER = case(
    {kind: place for place, kind in enumerate(AGENCY_KINDS)}, value=Agency.kind, else_=len(AGENCY_KINDS)
)


def all_agencies(*conditions: ColumnElement[bool]) -> list[Agency]:
    """Every agency that meets the conditions, with its contacts, by kind as in the grid, then by name."""
    query = select(Agency).where(*conditions).options(selectinload(Agency.contacts))
    return list(session.scalars(query.order_by(_IN_GRID_ORDER, func.lower(Agency.name), Agency.id)))


def count_set_aside() -> int:
    """How many agencies are set aside."""
    return session.scalar(select(func.count()).where(Agency.set_aside_at.is_not(None))) or 0


def count_agencies() -> int:
    """How many agencies there are."""
    return session.scalar(select(func.count()).select_from(Agency)) or 0


def agency_by_id(agency_id: int) -> Agency:
    """The agency with this id. Raises NoResultFound."""
    return session.get_one(Agency, agency_id)


def contact_by_id(agency_id: int, contact_id: int) -> Contact:
    """The contact with this id at this agency. Raises NoResultFound."""
    return session.scalars(select(Contact).filter_by(id=contact_id, agency_id=agency_id)).one()


def listed_agencies() -> list[Agency]:
    """The agencies that are not set aside, as `all_agencies` gives them."""
    return all_agencies(Agency.set_aside_at.is_(None))


def agencies_set_aside() -> list[Agency]:
    """The agencies that are set aside, as `all_agencies` gives them."""
    return all_agencies(Agency.set_aside_at.is_not(None))


class AgenciesByName:
    """Agencies with their contacts, looked up by name as a person would recognise it."""

    def __init__(self, agencies: Iterable[Agency] = ()) -> None:
        """Index the agencies. Of two whose names have one `name_key`, other spellings find the older."""
        self._by_age = sorted(agencies, key=lambda agency: agency.id)
        self._exact = {agency.name: agency for agency in self._by_age}
        self._by_key = {name_key(agency.name): agency for agency in reversed(self._by_age)}

    def __iter__(self) -> Iterator[Agency]:
        """The agencies, oldest first."""
        return iter(self._by_age)

    @cached_property
    def by_address(self) -> dict[str, Agency]:
        """The oldest agency with each address of a current contact, by address in lower case."""
        contacts = (contact for agency in reversed(self._by_age) for contact in agency.contacts)
        return {contact.email.casefold(): contact.agency for contact in contacts if contact.left_at is None}

    def named(self, name: str) -> Agency | None:
        """The agency of exactly this name, else the one whose name_key is the same; None if there is none."""
        return self._exact.get(name) or self._by_key.get(name_key(name))


def agencies_by_name() -> AgenciesByName:
    """Every agency of the directory, to be looked up by name."""
    return AgenciesByName(all_agencies())


def agencies_in_name_order() -> list[Agency]:
    """All agencies of the directory, by name."""
    return list(session.scalars(select(Agency).order_by(Agency.name, Agency.id)))
