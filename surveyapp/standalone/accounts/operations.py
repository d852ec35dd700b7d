"""What an administrator does with accounts: inviting, giving roles, suspending, signing out."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from surveyapp.foundation.errors import FieldRefused, Refused
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.web.actor import ADMINISTRATOR
from surveyapp.standalone.accounts.queries import administers
from surveyapp.standalone.links.operations import send_invitation
from surveyapp.standalone.models import Staff
from surveyapp.standalone.operations import add_staff, checked_roles, rename_staff
from surveyapp.standalone.sessions.operations import end_sessions

LAST_ADMINISTRATOR = "Nobody else administers accounts. Give somebody else this role first"


def invite(name: str, email: str, roles: Collection[str], *, actor: str, now: datetime) -> Staff:
    """Make an account and queue its invitation. Raises FieldRefused as `add_staff` does."""
    staff = add_staff(name, email, roles=roles, actor=actor, now=now)
    send_invitation(staff, now=now)
    return staff


def invite_again(staff: Staff, *, actor: str, now: datetime) -> None:
    """Queue the invitation again, with a new link. Raises Refused once the person has joined."""
    if staff.joined_at is not None or staff.suspended_at is not None:
        raise Refused(f"{staff.name} has joined, or is suspended.")
    send_invitation(staff, now=now)
    record_event(actor, "invited_staff_again", f"staff {staff.id}", staff.name, now=now)


def change_account(staff: Staff, name: str, roles: Collection[str], *, actor: str, now: datetime) -> bool:
    """Rename an account and set its roles; False if both are as they were.

    Raises FieldRefused as `checked_name` and `checked_roles` do, and for the last administrator's role.
    """
    chosen, earlier = checked_roles(roles), staff.roles
    if ADMINISTRATOR in staff.role_set and ADMINISTRATOR not in chosen.split() and _is_last(staff):
        raise FieldRefused("roles", LAST_ADMINISTRATOR)
    is_renamed = rename_staff(staff, name, actor=actor, now=now)
    if chosen == earlier:
        return is_renamed
    staff.roles = chosen
    record_event(
        actor, "changed_roles", f"staff {staff.id}", f"{staff.name}: {chosen}, before {earlier}", now=now
    )
    return True


def suspend(staff: Staff, *, actor: str, now: datetime) -> None:
    """Keep an account from signing in, and end its sessions. Raises Refused for oneself and the last one."""
    if staff.suspended_at is not None:
        return
    if _is_last(staff):
        raise Refused(f"{LAST_ADMINISTRATOR}.")
    if staff.name == actor:
        raise Refused("You cannot suspend yourself.", way_on="Ask another administrator.")
    staff.suspended_at = now
    end_sessions(staff, now=now)
    record_event(actor, "suspended_staff", f"staff {staff.id}", staff.name, now=now)


def reinstate(staff: Staff, *, actor: str, now: datetime) -> None:
    """Let a suspended account sign in again."""
    if staff.suspended_at is None:
        return
    staff.suspended_at = None
    record_event(actor, "reinstated_staff", f"staff {staff.id}", staff.name, now=now)


def sign_out_everywhere(staff: Staff, *, actor: str, now: datetime) -> int:
    """End every session of an account; returns how many there were."""
    ended = end_sessions(staff, now=now)
    record_event(actor, "signed_out_everywhere", f"staff {staff.id}", staff.name, now=now)
    return ended


def _is_last(staff: Staff) -> bool:
    """Whether nobody else administers accounts. Two at once wait for each other, so that one is left."""
    rows = select(Staff.id).where(administers()).order_by(Staff.id).with_for_update()
    return list(session.scalars(rows)) == [staff.id]
