"""Queries on the grid of an audit: its agencies, its ticks, its changes and what agencies said."""

from collections.abc import Collection, Mapping

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from surveyapp.agencies.models import Agency
from surveyapp.agencies.queries import all_agencies
from surveyapp.foundation.store.db import session
from surveyapp.planning.grid.grid import PlannedGrid, TickedCell
from surveyapp.planning.models import (
    Audit,
    Case,
    ChosenAgency,
    GridChange,
    Involvement,
    InvolvementAnswer,
)


def ticked_cells(audit: Audit) -> frozenset[TickedCell]:
    """The ticked cells of an audit."""
    ticked = select(Involvement.case_id, Involvement.agency_id).join(Case, Involvement.case_id == Case.id)
    rows = session.execute(ticked.where(Case.audit_id == audit.id).order_by(Involvement.id))
    return frozenset(TickedCell(case_id, agency_id) for case_id, agency_id in rows)


def planned_grid(audit: Audit) -> PlannedGrid:
    """The stored grid of an audit, read in four statements. An agency with a tick is always part of it."""
    chosen = select(ChosenAgency.agency_id).where(ChosenAgency.audit_id == audit.id)
    ticked = select(Involvement.agency_id).join(Involvement.case).where(Case.audit_id == audit.id)
    agencies = all_agencies(or_(Agency.id.in_(chosen), Agency.id.in_(ticked)))
    return PlannedGrid(tuple(audit.cases), tuple(agencies), ticked_cells(audit))


def chosen_agency_ids(audit: Audit) -> frozenset[int]:
    """The ids of the agencies that were chosen for an audit."""
    chosen = select(ChosenAgency.agency_id).where(ChosenAgency.audit_id == audit.id)
    return frozenset(session.scalars(chosen))


def known_agency_ids(agency_ids: Collection[int]) -> frozenset[int]:
    """Those of these ids that are agencies of the directory."""
    return frozenset(session.scalars(select(Agency.id).where(Agency.id.in_(agency_ids))))


def last_change(audit: Audit) -> GridChange | None:
    """The last change of the grid that has not been undone; None if there is none."""
    changes = select(GridChange).where(GridChange.audit_id == audit.id, GridChange.undone_at.is_(None))
    newest = changes.options(joinedload(GridChange.agency)).order_by(GridChange.id.desc())
    return session.scalar(newest.limit(1))


def changes_since(audit: Audit, change_id: int) -> list[GridChange]:
    """The changes of the grid made after this one, oldest first."""
    changes = select(GridChange).where(GridChange.audit_id == audit.id, GridChange.id > change_id)
    return list(session.scalars(changes.options(joinedload(GridChange.agency)).order_by(GridChange.id)))


def involvement_answers(audit: Audit, *, agency_id: int | None = None) -> Mapping[TickedCell, str]:
    """What agencies said in the involvement check, by cell; with `agency_id`, only that agency."""
    answers = (
        select(InvolvementAnswer.case_id, InvolvementAnswer.agency_id, InvolvementAnswer.answer)
        .join(Case, InvolvementAnswer.case_id == Case.id)
        .where(Case.audit_id == audit.id)
        .order_by(Case.position, Case.id, InvolvementAnswer.agency_id)
    )
    if agency_id is not None:
        answers = answers.where(InvolvementAnswer.agency_id == agency_id)
    return {TickedCell(case, agency): answer for case, agency, answer in session.execute(answers)}


def audits_with_agencies(*, besides: Audit) -> list[Audit]:
    """The other audits for which agencies were chosen, the latest issue day first, those without one last."""
    chosen = select(ChosenAgency.audit_id).where(ChosenAgency.audit_id != besides.id)
    others = select(Audit).where(Audit.id.in_(chosen))
    return list(
        session.scalars(others.order_by(Audit.issue_on.is_(None), Audit.issue_on.desc(), Audit.id.desc()))
    )
