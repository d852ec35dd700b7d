"""Queries for agencies and contacts."""

from sqlalchemy import case, func, select
from sqlalchemy.orm import selectinload

from surveyapp.agencies.models import AGENCY_KINDS, Agency, Contact
from surveyapp.foundation.store.db import session

_IN_GRID_ORDER = case(
    {kind: place for place, kind in enumerate(AGENCY_KINDS)}, value=Agency.kind, else_=len(AGENCY_KINDS)
)


def all_agencies() -> list[Agency]:
    """Every agency with its contacts, in the order of kinds in the grid, then by name."""
    query = select(Agency).options(selectinload(Agency.contacts))
    return list(session.scalars(query.order_by(_IN_GRID_ORDER, func.lower(Agency.name), Agency.id)))


def agency_by_id(agency_id: int) -> Agency:
    """The agency with this id. Raises NoResultFound."""
    return session.get_one(Agency, agency_id)


def contact_by_id(agency_id: int, contact_id: int) -> Contact:
    """The contact with this id at this agency. Raises NoResultFound."""
    return session.scalars(select(Contact).filter_by(id=contact_id, agency_id=agency_id)).one()


def agencies_by_name() -> dict[str, Agency]:
    """Every agency with its contacts, keyed by its case-folded name."""
    return {agency.name.casefold(): agency for agency in all_agencies()}


def agencies_in_name_order() -> list[Agency]:
    """All agencies of the directory, by name."""
    return list(session.scalars(select(Agency).order_by(Agency.name, Agency.id)))
