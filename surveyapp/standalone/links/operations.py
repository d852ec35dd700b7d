"""What links do: joining, and asking for and choosing a new password."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from surveyapp.foundation.mail.outbox import queue_email
from surveyapp.foundation.mail.waking import wake_worker
from surveyapp.foundation.store.db import insert_once, session
from surveyapp.foundation.store.event_log import record_event, record_event_once
from surveyapp.foundation.words.clean_text import name_key
from surveyapp.standalone.links.staff_links import JOIN, NEW_PASSWORD, make_link, use_link
from surveyapp.standalone.models import Staff, StaffLink, WantedPassword
from surveyapp.standalone.operations import STRANGER, checked_name
from surveyapp.standalone.sessions.operations import end_sessions

# More addresses than this do not wait for the worker, so that a flood of them cannot fill the database.
MOST_WANTED_PASSWORDS = 100
_HOUR = timedelta(hours=1)


def send_invitation(staff: Staff, *, now: datetime) -> None:
    """Queue the email with the link by which an invited person joins; an earlier link stops working."""
    link = make_link(staff, JOIN, now=now)
    queue_email("staff_join", link.id, to=staff.email, key=f"staff-join:{link.id}", now=now)


def join(link: StaffLink, name: str, password_hash: str, *, now: datetime) -> Staff:
    """Let the invited person in, under the name and with the password of their choice.

    Raises FieldRefused as `checked_name` does, StaffLinkUnknown if the link has just been used.
    """
    staff = link.staff
    name = checked_name(name, of=staff)
    use_link(link, now=now)
    # Nobody has acted under the name of the invitation, so that it is no former name of theirs.
    staff.name, staff.name_key = name, name_key(name)
    staff.password_hash, staff.joined_at = password_hash, now
    record_event(name, "joined", f"staff {staff.id}", now=now)
    return staff


def want_password(address: str, *, now: datetime) -> None:
    """Store that somebody asked for a new password at `address`, in small letters.

    The same statements run for every address, so that the time they take tells nobody who has an account.
    """
    waiting = session.scalar(select(func.count()).select_from(WantedPassword)) or 0
    if waiting < MOST_WANTED_PASSWORDS:
        insert_once(WantedPassword, unique=("address",), address=address, asked_at=now)
    wake_worker()


def send_wanted_passwords(now: datetime) -> int:
    """Queue the links to new passwords that were asked for; returns how many. The worker runs it.

    Only those get one who have joined, with a password, and are not suspended.
    """
    if session.scalar(select(WantedPassword.address).limit(1)) is None:
        return 0
    taken = delete(WantedPassword).returning(WantedPassword.address)
    addresses = list(session.scalars(taken, execution_options={"synchronize_session": False}))
    if len(addresses) >= MOST_WANTED_PASSWORDS:
        record_event_once("worker", "left_out_wanted_passwords", "sign-in", since=now - _HOUR, now=now)
    accounts = select(Staff).where(
        Staff.email.in_(addresses), Staff.suspended_at.is_(None), Staff.password_hash != ""
    )
    found = session.scalars(accounts.order_by(Staff.id)).all()
    for staff in found:
        link = make_link(staff, NEW_PASSWORD, now=now)
        queue_email("staff_new_password", link.id, to=staff.email, key=f"staff-password:{link.id}", now=now)
        record_event(STRANGER, "asked_for_new_password", f"staff {staff.id}", staff.name, now=now)
    return len(found)


def choose_password(link: StaffLink, password_hash: str, *, now: datetime) -> None:
    """Set the password chosen at a link, end all sessions and tell the person by email.

    Raises StaffLinkUnknown if the link has just been used.
    """
    use_link(link, now=now)
    set_password(link.staff, password_hash, now=now)


def set_password(staff: Staff, password_hash: str, *, now: datetime, but: int = 0) -> None:
    """Set the password of an account, end its sessions but one, and tell the person by email."""
    staff.password_hash = password_hash
    end_sessions(staff, now=now, but=but)
    record_event(staff.name, "changed_password", f"staff {staff.id}", now=now)
    key = f"staff-password-changed:{staff.id}:{staff.session_epoch}"
    queue_email("staff_password_changed", staff.id, to=staff.email, key=key, now=now)
