"""Staff accounts: adding and renaming them, resetting one, and the events of signing in."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from surveyapp.foundation.errors import FieldRefused
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.former_names import FormerName, keep_former_name
from surveyapp.foundation.web.actor import STAFF_ROLES, Actor, actor_problem
from surveyapp.foundation.words.clean_text import clean_line, has_letter_or_digit, name_key
from surveyapp.foundation.words.email_addresses import address_problem, clean_address, is_address
from surveyapp.foundation.words.person_names import person_name_problem
from surveyapp.standalone.models import Passkey, Staff
from surveyapp.standalone.passwords.new_passwords import hash_new_password
from surveyapp.standalone.sessions.operations import end_sessions

# The actor of events about somebody who has not signed in.
STRANGER = "stranger"
LONGEST_NAME = 100
# What earlier releases called an account in events.
_NUMBERED = re.compile(r"staff \d+")


def add_staff(  # noqa: PLR0913 — what an account consists of
    name: str,
    email: str,
    password: str = "",
    *,
    roles: Collection[str],
    actor: str = "command",
    now: datetime,
) -> Staff:
    """Add an account; without a password it is one of somebody who has still to join.

    Raises FieldRefused for a name, address or roles that it cannot have, SurveyError for such a password.
    """
    name = checked_name(name)
    address = clean_address(email).lower()
    if not is_address(address):
        raise FieldRefused("email", address_problem(address))
    if session.scalar(select(Staff.id).where(Staff.email == address)):
        raise FieldRefused("email", f"{address} has an account already")
    staff = Staff(
        name=name,
        name_key=name_key(name),
        email=address,
        password_hash=hash_new_password(password, name=name, email=address) if password else "",
        roles=checked_roles(roles),
        created_at=now,
        joined_at=now if password else None,
    )
    session.add(staff)
    session.flush()
    action = "added_staff" if password else "invited_staff"
    record_event(actor, action, f"staff {staff.id}", f"{name}: {staff.roles}", now=now)
    return staff


def checked_roles(roles: Collection[str]) -> str:
    """Roles as an account stores them. Raises FieldRefused for none, or one that there is not."""
    unknown = sorted(set(roles) - set(STAFF_ROLES))
    if unknown:
        raise FieldRefused("roles", f"There is no role “{unknown[0]}”: roles are {', '.join(STAFF_ROLES)}")
    if not roles:
        raise FieldRefused("roles", "Choose at least one role")
    return " ".join(role for role in STAFF_ROLES if role in roles)


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


def reset_account(staff: Staff, password: str, *, now: datetime) -> None:
    """Give an account a password without asking for the old one: the last resort, on the command line.

    With an empty one, the person chooses it at a link. The second factor and passkeys are taken away, the
    sessions end, and a suspended account is let in again.
    """
    hashed = hash_new_password(password, name=staff.name, email=staff.email) if password else ""
    staff.password_hash = hashed
    staff.joined_at, staff.suspended_at, staff.totp_key = staff.joined_at or now, None, None
    session.execute(delete(Passkey).where(Passkey.staff_id == staff.id))
    end_sessions(staff, now=now)
    record_event("command", "reset_account", f"staff {staff.id}", staff.name, now=now)


@dataclass(frozen=True)
class StoredAccount:
    """An account as signing in reads it: its id and its password's hash."""

    id: int
    name: str
    password_hash: str


def account_with_address(address: str) -> StoredAccount | None:
    """The account with this address, in small letters; None if there is none. No transaction stays open."""
    account = session.execute(
        select(Staff.id, Staff.name, Staff.password_hash).where(Staff.email == address)
    ).first()
    session.rollback()
    return StoredAccount(*account) if account else None


def note_failed_sign_in(account: StoredAccount | None, source: str, *, now: datetime) -> None:
    """Record a wrong password, or an address without an account; `source` is a digest of the network."""
    record_event(STRANGER, "failed_sign_in", *_account_in_words(account, f"from {source}"), now=now)


def note_refused_sign_in(account: StoredAccount | None, why: str, source: str, *, now: datetime) -> None:
    """Record that a try to sign in was refused before the password was looked at, and why."""
    record_event(STRANGER, "refused_sign_in", *_account_in_words(account, f"{why}, from {source}"), now=now)


def note_left_out_sign_ins(*, now: datetime) -> None:
    """Record that so many tries to sign in fail that no more of them are recorded for now."""
    record_event(STRANGER, "left_out_sign_ins", "sign-in", now=now)


def _account_in_words(account: StoredAccount | None, how: str) -> tuple[str, str]:
    """What an event is about, and its detail."""
    return (f"staff {account.id}", f"{account.name}, {how}") if account else ("no account", how)
