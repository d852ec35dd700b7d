"""Questions over all accounts: the list of staff, and who is left to administer them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, select

from surveyapp.foundation.store.db import session
from surveyapp.foundation.web.actor import ADMINISTRATOR
from surveyapp.standalone.links.staff_links import JOIN
from surveyapp.standalone.models import Staff, StaffLink


@dataclass(frozen=True)
class Account:
    """An account, and when its invitation ends or ended."""

    staff: Staff
    invited_until: datetime | None
    state: str


def accounts(*, now: datetime) -> list[Account]:
    """Every account in the order of the names, those suspended last."""
    rows = session.execute(_accounts().order_by(Staff.suspended_at.is_not(None), Staff.name_key, Staff.id))
    return [Account(staff, ends_at, state_of(staff, ends_at, now=now)) for staff, ends_at in rows]


def account_of(staff: Staff, *, now: datetime) -> Account:
    """One account."""
    _staff, ends_at = session.execute(_accounts().where(Staff.id == staff.id)).one()
    return Account(staff, ends_at, state_of(staff, ends_at, now=now))


def _accounts() -> Select[Staff, datetime | None]:
    ends = (
        select(StaffLink.staff_id, func.max(StaffLink.expires_at).label("ends_at"))
        .where(StaffLink.purpose == JOIN, StaffLink.used_at.is_(None))
        .group_by(StaffLink.staff_id)
        .subquery()
    )
    return select(Staff, ends.c.ends_at).outerjoin(ends, ends.c.staff_id == Staff.id)


def state_of(staff: Staff, invited_until: datetime | None, *, now: datetime) -> str:
    """The state of an account in a word or two."""
    if staff.suspended_at is not None:
        return "Suspended"
    if staff.joined_at is not None:
        return "Active"
    return "Invited" if invited_until is not None and now < invited_until else "Invitation ended"


def administers() -> ColumnElement[bool]:
    """Of rows of Staff, those of people who can administer accounts now."""
    return and_(
        Staff.roles.contains(ADMINISTRATOR), Staff.joined_at.is_not(None), Staff.suspended_at.is_(None)
    )
