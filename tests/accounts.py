"""Rows of accounts of the standalone app, for tests and benchmarks that sign in."""

from argon2 import PasswordHasher

from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session
from surveyapp.foundation.words.clean_text import name_key
from surveyapp.standalone.models import Staff


def staff_row(
    name: str = "Ann Lee",
    *,
    email: str = "",
    password_hash: str = "",
    roles: str = "business_manager administrator",
) -> Staff:
    """An account that is not stored yet; without `email` its address is made of the name."""
    address = email or f"{name_key(name).replace(' ', '.')}@partnership.example"
    return Staff(
        name=name,
        name_key=name_key(name),
        email=address,
        password_hash=password_hash,
        roles=roles,
        created_at=clock.now(),
        joined_at=clock.now(),
    )


QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
PASSWORD = "long enough to keep"  # noqa: S105 — of a test


def person(name: str = "Bo Finch", roles: str = "executive") -> Staff:
    """A stored account, with PASSWORD hashed quickly."""
    row = staff_row(name, password_hash=QUICK.hash(PASSWORD), roles=roles)
    session.add(row)
    session.commit()
    return row
