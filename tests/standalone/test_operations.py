"""Accounts of staff, and finding one by address and password."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.foundation import clock
from surveyapp.foundation.errors import FieldRefused, Refused, SurveyError
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.former_names import names_today
from surveyapp.standalone.operations import account_with_address, add_staff, rename_staff
from surveyapp.standalone.passwords.password_hashes import is_password_right
from tests.accounts import staff_row

MANAGER = "business_manager"
PASSWORD = "fifteen and more"  # noqa: S105 — of a test


@pytest.mark.slow
@pytest.mark.usefixtures("session")
def test_an_account_is_found_by_its_address_whatever_the_capitals() -> None:
    with transaction():
        account = add_staff("Ann Lee", " Ann@Partnership.example", PASSWORD, roles=[MANAGER], now=clock.now())
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
    ("changed", "sentence"),
    [
        ({"email": "nobody"}, "is not an email address"),
        ({"password": "short"}, "12 characters or more"),
        ({"roles": ["queen"]}, "There is no role “queen”"),
        ({"name": " - "}, "Enter the person’s name"),
        ({"name": "B" * 101}, "100 characters at most"),
        ({"name": "\ufdfa" * 99}, "100 characters at most"),
        ({"name": "bo@partnership.example"}, "Leave “@” out of the name"),
        ({"name": "Grant 12"}, "stands for something else in the log"),
        ({"name": "staff 7"}, "stands for something else in the log"),
        ({"name": " ANN  lee"}, "There is, or was, another ANN lee"),
    ],
)
def test_an_invalid_account_is_refused_in_a_sentence(
    changed: dict[str, Any], sentence: str, session: Session
) -> None:
    session.add(staff_row("Ann Lee"))
    right: dict[str, Any] = {
        "name": "Bo Finch",
        "email": "bo@partnership.example",
        "password": PASSWORD,
        "roles": [MANAGER],
    }
    with pytest.raises(SurveyError, match=sentence):
        add_staff(**right | changed, now=clock.now())


@pytest.mark.usefixtures("session")
def test_an_address_has_one_account() -> None:
    with transaction():
        add_staff("Ann Lee", "ann@partnership.example", PASSWORD, roles=["executive"], now=clock.now())
    with pytest.raises(Refused, match="has an account already"):
        add_staff("Bo Finch", "ANN@partnership.example", PASSWORD, roles=["executive"], now=clock.now())


def test_the_log_keeps_the_name_of_the_time_and_pages_show_todays(session: Session) -> None:
    ann, bo = staff_row("Ann Lee"), staff_row("Bo Finch")
    session.add_all([ann, bo])
    session.commit()
    for name in ("Ann Brown", "ann brown", "Ann Lee-Brown"):
        with transaction():
            assert rename_staff(ann, name, actor="Bo Finch", now=clock.now())
    assert not rename_staff(ann, "Ann Lee-Brown", actor="Bo Finch", now=clock.now())
    names = ["Ann Lee", "Ann Brown", "ann brown", "Ann Lee-Brown", "Bo Finch"]
    assert [names_today(names)[name] for name in names] == [*["Ann Lee-Brown"] * 4, "Bo Finch"]
    with pytest.raises(FieldRefused, match="There is, or was, another"):
        rename_staff(bo, "ann lee", actor="Bo Finch", now=clock.now())
    with transaction():
        rename_staff(ann, "Ann Lee", actor="Bo Finch", now=clock.now())
    assert names_today(names)["Ann Lee-Brown"] == names_today(["Ann Lee"])["Ann Lee"] == "Ann Lee"
    event = session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert event is not None
    assert (event.actor, event.action, event.detail) == (
        "Bo Finch",
        "renamed_staff",
        "Ann Lee-Brown is now Ann Lee",
    )
