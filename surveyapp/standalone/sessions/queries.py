"""Whose session a cookie belongs to, and the sessions of an account."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from surveyapp.foundation.store.db import session
from surveyapp.standalone.models import Staff, StaffSession
from surveyapp.standalone.sessions.session_rules import IDLE_LIMIT, LONGEST_SESSION, secret_hash


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in, in which session, as the request reads it once."""

    session_id: int
    staff_id: int
    name: str
    roles: frozenset[str]
    has_second_factor: bool
    last_used_at: datetime


def signed_in_with(secret: str, *, now: datetime) -> SignedIn | None:
    """Whose session has this secret; None once it is ended, idle for too long, or its account suspended."""
    running = (*_runs(now), Staff.suspended_at.is_(None))
    found = session.execute(
        select(StaffSession, Staff)
        .join(Staff, Staff.id == StaffSession.staff_id)
        .where(StaffSession.secret_hash == secret_hash(secret), *running)
    ).first()
    if found is None:
        return None
    used, staff = found
    return SignedIn(used.id, staff.id, staff.name, staff.role_set, staff.has_second_factor, used.last_used_at)


def running_sessions(staff: Staff, *, now: datetime) -> list[StaffSession]:
    """The sessions of an account that are not over, the one used last first."""
    running = select(StaffSession).where(StaffSession.staff_id == staff.id, *_runs(now))
    return list(session.scalars(running.order_by(StaffSession.last_used_at.desc(), StaffSession.id.desc())))


def _runs(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        StaffSession.ended_at.is_(None),
        StaffSession.last_used_at >= now - IDLE_LIMIT,
        StaffSession.started_at >= now - LONGEST_SESSION,
    )
