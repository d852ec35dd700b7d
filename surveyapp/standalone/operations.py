"""Staff accounts: adding, renaming, changing passwords, ending sessions, and the events of signing in."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from surveyapp.foundation.errors import FieldRefused, Refused, SurveyError
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.former_names import FormerName, keep_former_name
from surveyapp.foundation.web.actor import STAFF_ROLES, Actor, actor_problem
from surveyapp.foundation.words.clean_text import clean_line, has_letter_or_digit, name_key
from surveyapp.foundation.words.email_addresses import address_problem, clean_address, is_address
from surveyapp.foundation.words.person_names import person_name_problem
from surveyapp.standalone.models import Staff
from surveyapp.standalone.password_hashes import hash_password

# The actor of events about somebody who has not signed in.
STRANGER = "stranger"
LONGEST_NAME = 100
# What earlier releases called an account in events.
_NUMBERED = re.compile(r"staff \d+")


def add_staff(name: str, email: str, password: str, *, role: str, now: datetime) -> Staff:
    """Add an account.

    Raises SurveyError for an invalid name, address, password or role, Refused if the address has an account
    or somebody has, or had, the name.
    """
    name = checked_name(name)
    address = clean_address(email).lower()
    if not is_address(address):
        raise SurveyError(f"{address_problem(address)}.")
    if role not in STAFF_ROLES:
        raise SurveyError(f"There is no role “{role}”: it is one of {', '.join(STAFF_ROLES)}.")
    if session.scalar(select(Staff.id).where(Staff.email == address)):
        raise Refused(f"{address} has an account already.")
    staff = Staff(
        name=name,
        name_key=name_key(name),
        email=address,
        password_hash=hash_password(password),
        role=role,
        created_at=now,
    )
    session.add(staff)
    session.flush()
    record_event("command", "added_staff", f"staff {staff.id}", role, now=now)
    return staff


def checked_name(name: str, *, of: Staff | None = None) -> str:
    """A name, cleaned, that an account may have; `of` is the account that is to be renamed.

    Raises FieldRefused for one that is empty, too long, not for people, or somebody’s now or earlier.
    """
    name = clean_line(name)
    key = name_key(name)
    problem = person_name_problem(name)
    if not has_letter_or_digit(name):
        problem = "Enter the person’s name"
    elif max(len(name), len(key)) > LONGEST_NAME:
        problem = f"The name has {LONGEST_NAME} characters at most"
    elif actor_problem(Actor(name)) or _NUMBERED.fullmatch(key):
        problem = f"“{name}” stands for something else in the log. Enter the person’s name"
    elif _is_taken(key, of):
        problem = f"There is, or was, another {name}. Add a middle name or what they do, to tell them apart"
    if problem:
        raise FieldRefused("name", problem)
    return name


def _is_taken(key: str, of: Staff | None) -> bool:
    others = select(Staff.id).where(Staff.name_key == key, Staff.id != (of.id if of else 0))
    earlier = select(FormerName.name_key).where(
        FormerName.name_key == key, FormerName.known_as != (of.name if of else "")
    )
    return session.scalar(others) is not None or session.scalar(earlier) is not None


def rename_staff(staff: Staff, name: str, *, actor: str, now: datetime) -> bool:
    """Rename an account; False if that is its name. Earlier events keep the earlier name.

    Raises FieldRefused as `checked_name` does.
    """
    name, earlier = checked_name(name, of=staff), staff.name
    if name == earlier:
        return False
    keep_former_name(earlier, staff.name_key, known_as=name)
    staff.name, staff.name_key = name, name_key(name)
    record_event(actor, "renamed_staff", f"staff {staff.id}", f"{earlier} is now {name}", now=now)
    return True


def change_password(staff: Staff, password: str, *, now: datetime) -> None:
    """Change an account's password and end all its sessions."""
    staff.password_hash = hash_password(password)
    staff.session_epoch += 1
    record_event("command", "changed_password", f"staff {staff.id}", now=now)


def end_sessions(staff: Staff, *, now: datetime) -> None:
    """End every session of an account, so that copies of its cookie stop working (promises L5)."""
    staff.session_epoch += 1
    record_event(staff.name, "signed_out", f"staff {staff.id}", now=now)


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
