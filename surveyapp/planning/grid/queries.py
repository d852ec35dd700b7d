"""Queries on the grid of an audit."""

from sqlalchemy import select

from surveyapp.agencies.queries import all_agencies
from surveyapp.foundation.store.db import session
from surveyapp.planning.grid.grid import PlannedGrid, TickedCell
from surveyapp.planning.models import Audit, Case, Involvement


def ticked_cells(audit: Audit) -> frozenset[TickedCell]:
    """The ticked cells of an audit."""
    ticked = select(Involvement.case_id, Involvement.agency_id).join(Case, Involvement.case_id == Case.id)
    rows = session.execute(ticked.where(Case.audit_id == audit.id).order_by(Involvement.id))
    return frozenset(TickedCell(case_id, agency_id) for case_id, agency_id in rows)


def planned_grid(audit: Audit) -> PlannedGrid:
    """The stored grid of an audit, read in four statements."""
    return PlannedGrid(tuple(audit.cases), tuple(all_agencies()), ticked_cells(audit))
