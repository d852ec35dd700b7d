"""Who is asked for what."""

from sqlalchemy.orm import Session

from surveyapp.issuing.queries import grants_of_address
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker


def test_the_grants_of_an_address_are_found_whatever_its_capitals(make: Maker) -> None:
    police = make.agency(contact="Audit@Police.example")
    make.agency(contact="audit@school.example")
    first, second = (make.audit(cases=1, agencies=[police]) for _ in range(2))
    wanted = [*make.grants(first), *make.grants(second)]
    for typed in ("Audit@Police.example", "audit@police.EXAMPLE"):
        assert grants_of_address(typed) == wanted
    assert grants_of_address("police.example") == []
    assert grants_of_address("") == []


def test_who_has_left_and_whose_link_was_withdrawn_gets_none(make: Maker, session: Session) -> None:
    police = make.agency(contact="audit@police.example")
    first, second = (make.audit(cases=1, agencies=[police]) for _ in range(2))
    make.grants(first)[0].revoked_at = MONDAY_MORNING
    session.commit()
    assert grants_of_address("audit@police.example") == make.grants(second)
    police.contacts[0].left_at = MONDAY_MORNING
    session.commit()
    assert grants_of_address("audit@police.example") == []
