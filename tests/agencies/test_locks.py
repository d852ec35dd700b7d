"""The directory is read again when it is locked."""

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from surveyapp.agencies.locks import lock_directory
from surveyapp.agencies.models import Contact
from surveyapp.foundation.store.db import update_rows
from tests.row_maker import Maker


def test_rows_that_another_transaction_has_changed_are_read_again(make: Maker, session: Session) -> None:
    agency = make.agency("Northside Police", contact="ann@police.example")
    assert [contact.role for contact in agency.contacts] == ["lead"]
    # As another transaction would leave it: the session does not know.
    update_rows(update(Contact).values(role="deputy"))
    new = {
        "agency_id": agency.id,
        "name": "Bea",
        "email": "bea@police.example",
        "telephone": "",
        "role": "lead",
    }
    session.execute(insert(Contact).values(**new))
    police = lock_directory().named("northside police")
    assert police is agency
    assert [(contact.email, contact.role) for contact in police.contacts] == [
        ("ann@police.example", "deputy"),
        ("bea@police.example", "lead"),
    ]
