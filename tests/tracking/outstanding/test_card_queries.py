"""One card for each contact with something outstanding."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from surveyapp.calling.operations import note_call
from surveyapp.foundation.store.db import transaction
from surveyapp.issuing.models import Grant
from surveyapp.planning.models import Audit
from surveyapp.tracking.outstanding.card_queries import (
    OVERDUE,
    PEOPLE_ON_A_PAGE,
    PROMISE_PASSED,
    PROMISED,
    OutstandingFilter,
    outstanding_choices,
    outstanding_people,
)
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker
from tests.tracking.conftest import Post

TODAY, FRIDAY, DUE = date(2026, 11, 30), date(2026, 12, 4), date(2026, 12, 18)
EVERYBODY = OutstandingFilter()
Many = Callable[[int, int, int], Audit]


@pytest.fixture
def audit(make: Maker) -> Audit:
    return make.audit(cases=2, agencies=[make.agency("Police"), make.agency("Health", kind="health")])


def promises(grant: Grant, day: date) -> None:
    with transaction():
        note_call(grant, said="By then", promised_on=day, press_id="", actor="Ann", now=MONDAY_MORNING)


def agencies(audit: Audit, wanted: OutstandingFilter, *, today: date = TODAY) -> list[str]:
    cards = outstanding_people(audit, wanted, today=today).cards
    return [card.grant.contact.agency.name for card in cards]


def test_a_card_has_what_they_owe_the_last_email_the_chasers_and_the_calls(
    audit: Audit, make: Maker, post: Post, session: Session
) -> None:
    grant = make.grants(audit)[0]
    make.draft(make.requests(audit)[0])
    post(grant, "sent")
    post(grant, "sent", kind="chaser")
    promises(grant, FRIDAY)
    grant.started_at = MONDAY_MORNING
    session.commit()
    (card,) = outstanding_people(audit, OutstandingFilter(state="started"), today=TODAY).cards
    assert [(owed.case, owed.word, owed.due_on) for owed in card.owed] == [
        ("Child 1", "started", DUE),
        ("Child 2", "sent", DUE),
    ]
    assert card.last_email is not None
    assert (card.last_email.kind, card.last_email.state) == ("Chaser", "Sent")
    assert (card.chased, card.last_chased_on) == (1, TODAY)
    assert [call.said for call in card.calls] == ["By then"]
    assert card.promise is not None
    assert not card.promise_has_passed(FRIDAY)
    assert card.promise_has_passed(date(2026, 12, 5))


def test_whoever_has_returned_everything_has_no_card(audit: Audit, make: Maker) -> None:
    make.returned_all(make.requests(audit)[:2])
    assert agencies(audit, EVERYBODY) == ["Health"]


def test_the_list_is_narrowed_by_agency_case_and_state_and_keeps_all_that_a_person_owes(
    audit: Audit, make: Maker, post: Post
) -> None:
    police, health = make.grants(audit)
    post(police, "failed")
    post(health, "sent")
    agency_choices, case_choices = outstanding_choices(audit)
    assert [name for _id, name in agency_choices] == ["Health", "Police"]
    assert [name for _id, name in case_choices] == ["Child 1", "Child 2"]
    assert agencies(audit, OutstandingFilter(agency_id=agency_choices[0][0])) == ["Health"]
    assert agencies(audit, OutstandingFilter(state="not delivered")) == ["Police"]
    assert agencies(audit, OutstandingFilter(state="sent")) == ["Health"]
    make.returned(make.requests(audit)[0])
    of_first_case = outstanding_people(audit, OutstandingFilter(case_id=case_choices[0][0]), today=TODAY)
    (card,) = of_first_case.cards
    assert [owed.case for owed in card.owed] == ["Child 1", "Child 2"]


def test_overdue_counts_a_day_of_its_own(audit: Audit, make: Maker, session: Session) -> None:
    for audit_request in make.requests(audit)[:2]:
        audit_request.due_on = date(2026, 12, 21)
    session.commit()
    assert agencies(audit, OutstandingFilter(state=OVERDUE), today=DUE) == []
    assert agencies(audit, OutstandingFilter(state=OVERDUE), today=date(2026, 12, 19)) == ["Health"]
    assert agencies(audit, OutstandingFilter(state=OVERDUE), today=date(2026, 12, 22)) == ["Health", "Police"]


def test_those_whose_promised_day_has_passed_come_first(audit: Audit, make: Maker) -> None:
    police = make.grants(audit)[0]
    promises(police, FRIDAY)
    assert agencies(audit, EVERYBODY, today=FRIDAY) == ["Health", "Police"]
    assert agencies(audit, OutstandingFilter(state=PROMISED), today=FRIDAY) == ["Police"]
    later = date(2026, 12, 5)
    assert agencies(audit, EVERYBODY, today=later) == ["Police", "Health"]
    assert agencies(audit, OutstandingFilter(state=PROMISE_PASSED), today=later) == ["Police"]
    assert agencies(audit, OutstandingFilter(state=PROMISED), today=later) == []


@pytest.mark.slow
@pytest.mark.parametrize("size", [(15, 6, 7), (100, 90, 700)], ids=["90 requests", "9,000 requests"])
def test_a_page_takes_as_many_statements_however_many_requests(
    many: Many, queries: Callable[[int], Any], size: tuple[int, int, int]
) -> None:
    audit = many(*size)
    # The eighth reads the automatic replies.
    with queries(8):
        people = outstanding_people(audit, EVERYBODY, today=TODAY)
    assert people.people == size[1]
    assert len(people.cards) == min(size[1], PEOPLE_ON_A_PAGE)
    assert people.pages == -(-size[1] // PEOPLE_ON_A_PAGE)
    last = outstanding_people(audit, EVERYBODY, page=99, today=TODAY)
    assert last.page == last.pages
