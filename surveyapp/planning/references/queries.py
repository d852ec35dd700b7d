"""Queries on agencies' own references to their files."""

from sqlalchemy import select

from surveyapp.foundation.store.db import session
from surveyapp.planning.grid.grid import TickedCell
from surveyapp.planning.models import Audit, Case, Involvement


def agency_references(audit: Audit) -> dict[TickedCell, str]:
    """The agency's own reference for each ticked cell that has one."""
    known = (
        select(Involvement.case_id, Involvement.agency_id, Involvement.own_reference)
        .join(Case, Involvement.case_id == Case.id)
        .where(Case.audit_id == audit.id, Involvement.own_reference.is_not(None))
        .order_by(Involvement.id)
    )
    return {
        TickedCell(case_id, agency_id): reference
        for case_id, agency_id, reference in session.execute(known)
        if reference
    }
