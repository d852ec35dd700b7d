"""Rows of accounts of the standalone app, for tests and benchmarks that sign in."""

from surveyapp.foundation import clock
from surveyapp.foundation.words.clean_text import name_key
from surveyapp.standalone.models import Staff


def staff_row(
    name: str = "Ann Lee", *, email: str = "", password_hash: str = "", role: str = "business_manager"
) -> Staff:
    """An account that is not stored yet; without `email` its address is made of the name."""
    address = email or f"{name_key(name).replace(' ', '.')}@partnership.example"
    return Staff(
        name=name,
        name_key=name_key(name),
        email=address,
        password_hash=password_hash,
        role=role,
        created_at=clock.now(),
    )
