"""Staff accounts: adding them, changing passwords, ending sessions, and the events of signing in."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from surveyapp.foundation.errors import Refused, SurveyError
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.web.actor import STAFF_ROLES
from surveyapp.foundation.words.email_addresses import address_problem, clean_address, is_address
from surveyapp.standalone.models import Staff
from surveyapp.standalone.password_hashes import hash_password

# The actor of events about somebody who has not signed in.
STRANGER = "stranger"


def add_staff(email: str, password: str, *, role: str, now: datetime) -> Staff:
    """Add an account.

    Raises SurveyError for an invalid address, password or role, Refused if the address has an account.
    """
    address = clean_address(email).lower()
    if not is_address(address):
        raise SurveyError(f"{address_problem(address)}.")
    if role not in STAFF_ROLES:
        raise SurveyError(f"There is no role “{role}”: it is one of {', '.join(STAFF_ROLES)}.")
    if session.scalar(select(Staff.id).where(Staff.email == address)):
        raise Refused(f"{address} has an account already.")
    staff = Staff(email=address, password_hash=hash_password(password), role=role, created_at=now)
    session.add(staff)
    session.flush()
    record_event("command", "added_staff", f"staff {staff.id}", role, now=now)
    return staff


def change_password(staff: Staff, password: str, *, now: datetime) -> None:
    """Change an account's password and end all its sessions."""
    staff.password_hash = hash_password(password)
    staff.session_epoch += 1
    record_event("command", "changed_password", f"staff {staff.id}", now=now)


def end_sessions(staff: Staff, *, now: datetime) -> None:
    """End every session of an account, so that copies of its cookie stop working (promises L5)."""
    staff.session_epoch += 1
    record_event(f"staff {staff.id}", "signed_out", f"staff {staff.id}", now=now)


@dataclass(frozen=True)
class StoredAccount:
    """An account as signing in reads it: its id and its password's hash."""

    id: int
    password_hash: str


def account_with_address(address: str) -> StoredAccount | None:
    """The account with this address, in small letters; None if there is none. No transaction stays open."""
    account = session.execute(select(Staff.id, Staff.password_hash).where(Staff.email == address)).first()
    session.rollback()
    return StoredAccount(account.id, account.password_hash) if account else None


def note_failed_sign_in(account: StoredAccount | None, source: str, *, now: datetime) -> None:
    """Record a wrong password, or an address without an account; `source` is a digest of the network."""
    record_event(STRANGER, "failed_sign_in", _account_in_words(account), f"from {source}", now=now)


def note_refused_sign_in(account: StoredAccount | None, why: str, source: str, *, now: datetime) -> None:
    """Record that a try to sign in was refused before the password was looked at, and why."""
    record_event(STRANGER, "refused_sign_in", _account_in_words(account), f"{why}, from {source}", now=now)


def note_left_out_sign_ins(*, now: datetime) -> None:
    """Record that so many tries to sign in fail that no more of them are recorded for now."""
    record_event(STRANGER, "left_out_sign_ins", "sign-in", now=now)


def _account_in_words(account: StoredAccount | None) -> str:
    return f"staff {account.id}" if account else "no account"
