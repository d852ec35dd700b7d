"""Queries for agencies and contacts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from math import ceil

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import selectinload

from surveyapp.agencies.models import Agency, Contact
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.foundation.store.db import session
from surveyapp.foundation.words.clean_text import name_key

_BY_KIND = case(
    {kind: place for place, kind in enumerate(AGENCY_KINDS)}, value=Agency.kind, else_=len(AGENCY_KINDS)
)
_GRID_ORDER = (_BY_KIND, func.lower(Agency.name), Agency.id)

AGENCIES_ON_A_PAGE = 50


@dataclass(frozen=True)
class AgencyFilter:
    """Which agencies the directory shows; an empty text leaves that open.

    `words`, in capitals or not, stand in the name of the agency, or in the name or address of a contact who
    answers there. `kind` is a key of AGENCY_KINDS.
    """

    words: str = ""
    kind: str = ""


@dataclass(frozen=True)
class AgencyPage:
    """One page of the directory: its agencies with their contacts, and how many match in all."""

    agencies: list[Agency]
    total: int
    # Numbered from 1, and never beyond the last.
    number: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least 1."""
        return max(1, ceil(self.total / AGENCIES_ON_A_PAGE))


def agency_page(wanted: AgencyFilter, *, number: int) -> AgencyPage:
    """A page of the agencies that are not set aside and match. Three statements, whatever their number."""
    conditions: list[ColumnElement[bool]] = [Agency.set_aside_at.is_(None)]
    if wanted.words:
        answers_there = and_(
            Contact.left_at.is_(None),
            or_(
                Contact.name.icontains(wanted.words, autoescape=True),
                Contact.email.icontains(wanted.words, autoescape=True),
            ),
        )
        is_named = Agency.name.icontains(wanted.words, autoescape=True)
        conditions.append(or_(is_named, Agency.contacts.any(answers_there)))
    if wanted.kind:
        conditions.append(Agency.kind == wanted.kind)
    total = session.scalar(select(func.count(Agency.id)).where(*conditions)) or 0
    number = min(max(1, number), max(1, ceil(total / AGENCIES_ON_A_PAGE)))
    query = select(Agency).where(*conditions).options(selectinload(Agency.contacts))
    in_order = query.order_by(*_GRID_ORDER).limit(AGENCIES_ON_A_PAGE)
    return AgencyPage(
        list(session.scalars(in_order.offset((number - 1) * AGENCIES_ON_A_PAGE))), total, number
    )


def all_agencies(*conditions: ColumnElement[bool]) -> list[Agency]:
    """Every agency that meets the conditions, with its contacts, by kind as in the grid, then by name."""
    query = select(Agency).where(*conditions).options(selectinload(Agency.contacts))
    return list(session.scalars(query.order_by(*_GRID_ORDER)))


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
