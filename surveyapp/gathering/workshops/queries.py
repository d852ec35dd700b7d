"""Queries over workshops."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import session
from surveyapp.gathering.models import Attendance, Workshop


def workshop_by_id(audit_id: int, workshop_id: int) -> Workshop:
    """One workshop of an audit, with its attendances. Raises NotFound."""
    workshop = session.scalar(
        select(Workshop)
        .where(Workshop.audit_id == audit_id, Workshop.id == workshop_id)
        .options(selectinload(Workshop.attendances).joinedload(Attendance.agency))
    )
    if workshop is None:
        raise NotFound
    return workshop
