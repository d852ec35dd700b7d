"""Accounts of staff, and finding one by address and password."""

import pytest

from surveyapp.foundation import clock
from surveyapp.foundation.errors import Refused, SurveyError
from surveyapp.foundation.store.db import transaction
from surveyapp.standalone.operations import account_with_address, add_staff
from surveyapp.standalone.password_hashes import is_password_right

PASSWORD = "fifteen and more"  # noqa: S105 — of a test


@pytest.mark.slow
@pytest.mark.usefixtures("session")
def test_an_account_is_found_by_its_address_whatever_the_capitals() -> None:
    with transaction():
        account = add_staff(" Ann@Partnership.example", PASSWORD, role="business_manager", now=clock.now())
    assert account.email == "ann@partnership.example"
    assert PASSWORD not in account.password_hash
    assert account_with_address("nobody@partnership.example") is None
    stored = account_with_address("ann@partnership.example")
    assert stored is not None
    assert stored.id == account.id
    assert is_password_right(stored.password_hash, PASSWORD, on_known_device=False)
    assert not is_password_right(stored.password_hash, PASSWORD + "!", on_known_device=False)


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(
    ("email", "password", "role", "sentence"),
    [
        ("nobody", PASSWORD, "business_manager", "is not an email address"),
        ("ann@partnership.example", "short", "business_manager", "12 characters or more"),
        ("ann@partnership.example", PASSWORD, "queen", "There is no role “queen”"),
    ],
)
def test_an_invalid_account_is_refused_in_a_sentence(
    email: str, password: str, role: str, sentence: str
) -> None:
    with pytest.raises(SurveyError, match=sentence):
        add_staff(email, password, role=role, now=clock.now())


@pytest.mark.usefixtures("session")
def test_an_address_has_one_account() -> None:
    with transaction():
        add_staff("ann@partnership.example", PASSWORD, role="executive", now=clock.now())
    with pytest.raises(Refused, match="has an account already"):
        add_staff("ANN@partnership.example", PASSWORD, role="executive", now=clock.now())
