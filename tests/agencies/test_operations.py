"""The directory's rules, called directly."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from surveyapp.agencies import operations
from surveyapp.agencies.models import Agency
from surveyapp.agencies.queries import agencies_by_name, all_agencies
from surveyapp.foundation.store.db import transaction
from tests.row_maker import Maker

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
ACTING: dict[str, Any] = {"actor": "staff", "now": NOW}


@pytest.fixture
def police(session: Session) -> Agency:  # noqa: ARG001 — its app
    with transaction():
        return operations.add_agency("Northside Police", kind="police", **ACTING)


def test_an_agency_name_is_unique_whatever_its_capitals(police: Agency) -> None:
    with pytest.raises(operations.AgencyExists, match="“Northside Police” already"), transaction():
        operations.add_agency("northside police", kind="police", **ACTING)
    assert all_agencies() == [police]


@pytest.mark.parametrize("typed", ["St Mary's School", "st mary’s school", "St\u200b Mary’s School"])
def test_an_agency_name_is_unique_however_it_is_typed(session: Session, typed: str) -> None:
    with transaction():
        operations.add_agency("St Mary’s School", kind="school", **ACTING)
    with pytest.raises(operations.AgencyExists, match="“St Mary’s School” already"), transaction():
        operations.add_agency(typed, kind="school", **ACTING)
    assert session.query(Agency).count() == 1


def test_of_two_agencies_that_differ_in_typography_each_is_found_and_changed_by_its_own_spelling(
    session: Session,
) -> None:
    for name in ("St Mary's School", "St Mary’s School"):
        session.add(Agency(name=name, kind="school"))
    session.commit()
    straight, curly = all_agencies()
    found = agencies_by_name()
    assert (found.named("St Mary's School"), found.named("St Mary’s School")) == (straight, curly)
    assert found.named("ST MARY’S SCHOOL") is straight, "of others, the older"
    with transaction():
        operations.change_agency(curly, name="St Mary’s School", kind="nursery", **ACTING)
    assert curly.kind == "nursery"


def test_an_agency_may_keep_its_name_when_its_kind_changes(police: Agency) -> None:
    with transaction():
        operations.change_agency(police, name="Northside Police", kind="other", **ACTING)
    assert police.kind == "other"


def test_an_unknown_kind_is_refused(police: Agency) -> None:
    with pytest.raises(operations.UnknownKind), transaction():
        operations.change_agency(police, name="Northside Police", kind="circus", **ACTING)


def test_an_address_is_cleaned_of_pasted_characters(police: Agency) -> None:
    with transaction():
        contact = operations.add_contact(
            police, name="Lead", email=" \u200baudit@police.example\ufeff\n", **ACTING
        )
    assert contact.email == "audit@police.example"


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("audit", "“audit” is not an email address. Enter one, like name@agency.example"),
        ("", "Enter an email address, like name@agency.example"),
        ("a@police.example, b@police.example", "holds more than one email address"),
        ("a@police.example\r\nBcc: b@police.example", "holds more than one email address"),
        ("a@münchen.example", "has “ü” in it, which mail servers do not take"),
        ("mary.o’hara@police.example", "has a curly apostrophe: write mary.o'hara@police.example"),
    ],
)
def test_an_invalid_address_is_refused_in_a_sentence(police: Agency, address: str, message: str) -> None:
    with pytest.raises(operations.InvalidContactAddress, match=message), transaction():
        operations.add_contact(police, name="Lead", email=address, **ACTING)
    assert police.contacts == []


def test_an_address_is_unique_within_an_agency_whatever_its_capitals(police: Agency) -> None:
    with transaction():
        operations.add_contact(police, name="Lead", email="audit@police.example", **ACTING)
    with (
        pytest.raises(operations.AddressTaken, match="Change that contact instead"),
        transaction(),
    ):
        operations.add_contact(police, name="Deputy", email="Audit@Police.example", role="deputy", **ACTING)


def test_two_agencies_may_share_an_address(police: Agency) -> None:
    with transaction():
        school = operations.add_agency("Northside School", kind="school", **ACTING)
        for agency in (police, school):
            operations.add_contact(agency, name="Lead", email="shared@services.example", **ACTING)
    assert [agency.answering_contact is not None for agency in (police, school)] == [True, True]


def test_the_deputy_answers_once_the_lead_has_left(police: Agency) -> None:
    with transaction():
        lead = operations.add_contact(police, name="Lead", email="lead@police.example", **ACTING)
        deputy = operations.add_contact(
            police, name="Deputy", email="d@police.example", role="deputy", **ACTING
        )
        assert police.answering_contact is lead
        operations.note_contact_left(lead, **ACTING)
    assert police.answering_contact is deputy
    with transaction():
        operations.note_contact_back(lead, **ACTING)
    assert police.answering_contact is lead


def test_the_address_of_a_contact_who_left_suggests_bringing_them_back(police: Agency) -> None:
    with transaction():
        lead = operations.add_contact(police, name="Lead", email="lead@police.example", **ACTING)
        operations.note_contact_left(lead, **ACTING)
    with pytest.raises(operations.AddressTaken, match="They have left: bring them back"), transaction():
        operations.add_contact(police, name="Lead", email="lead@police.example", **ACTING)


def test_a_contact_may_keep_their_own_address(police: Agency) -> None:
    with transaction():
        lead = operations.add_contact(police, name="Lead", email="lead@police.example", **ACTING)
        operations.change_contact(
            lead, name="Jo Lead", email="lead@police.example", telephone="01234", role="deputy", **ACTING
        )
    assert (lead.name, lead.telephone, lead.role) == ("Jo Lead", "01234", "deputy")


def test_agencies_are_in_the_order_of_the_grid(make: Maker) -> None:
    for name, kind in (("B Police", "police"), ("a Police", "police"), ("Zed Care", "social_care")):
        make.agency(name, kind=kind)
    assert [agency.name for agency in all_agencies()] == ["Zed Care", "a Police", "B Police"]


def test_the_directory_takes_two_queries_whatever_its_length(make: Maker, queries: Any) -> None:
    for _ in range(5):
        make.agency()
    with queries(2):
        contacts = [agency.answering_contact for agency in all_agencies()]
    assert len(contacts) == 5
