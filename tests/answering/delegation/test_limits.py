"""How many colleagues one link passes cases to in a day: counted under lock, refused with whom to ring."""

import contextvars
import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from surveyapp.agencies.models import Contact
from surveyapp.answering.delegation.operations import delegate_to_colleague
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.delegation_operations import TooManyColleagues, take_back_delegation
from surveyapp.issuing.models import AuditRequest, Delegation, Grant
from tests.answering.conftest import Person
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

DAY = timedelta(days=1)


@pytest.fixture
def requests(make: Maker) -> list[AuditRequest]:
    """Twelve cases of one agency."""
    return make.requests(make.audit(cases=12, agencies=1))


def pass_on(audit_request: AuditRequest, number: int, *, after: timedelta = timedelta(0)) -> Delegation:
    with transaction():
        return delegate_to_colleague(
            audit_request,
            name=f"Colleague {number}",
            email=f"colleague{number}@kent.police.uk",
            sends_back=False,
            now=MONDAY_MORNING + after,
        )


def test_an_eleventh_colleague_in_a_day_is_refused_and_another_case_for_one_of_the_ten_is_not(
    requests: list[AuditRequest], session: Session
) -> None:
    for number in range(10):
        pass_on(requests[number], number)
    with pytest.raises(TooManyColleagues, match="to 10 colleagues, as many as one link may"):
        pass_on(requests[10], 10)
    session.rollback()
    assert not session.scalars(select(Contact).where(Contact.name == "Colleague 10")).all()
    pass_on(requests[10], 3)
    pass_on(requests[11], 10, after=DAY)


def test_the_same_case_passed_to_the_same_colleague_again_and_again_counts_each_time(
    requests: list[AuditRequest], session: Session
) -> None:
    for _ in range(10):
        delegation = pass_on(requests[0], 1)
        with transaction():
            take_back_delegation(delegation, now=MONDAY_MORNING)
        session.refresh(requests[0])
    with pytest.raises(TooManyColleagues):
        pass_on(requests[0], 1)


def test_two_presses_at_once_do_not_exceed_the_limit(
    app: Flask, requests: list[AuditRequest], session: Session
) -> None:
    for number in range(9):
        pass_on(requests[number], number)
    ids = [audit_request.id for audit_request in requests]
    session.rollback()
    start, refused = threading.Barrier(3), []

    def press(number: int) -> None:
        with app.app_context():
            audit_request = session.get_one(AuditRequest, ids[number])
            assert audit_request.grant.id
            session.rollback()
            start.wait()
            try:
                pass_on(audit_request, number)
            except TooManyColleagues:
                refused.append(number)
            app.extensions["sqlalchemy"].session.remove()

    threads = [
        threading.Thread(target=contextvars.Context().run, args=(press, number)) for number in (9, 10, 11)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 2
    assert session.scalar(select(func.count()).select_from(Delegation)) == 10
    assert session.scalar(select(func.count()).where(Outbox.kind == "passed_on")) == 10


def test_the_page_says_whom_to_ring_and_keeps_what_was_typed(
    person: Person, requests: list[AuditRequest], session: Session
) -> None:
    grant = session.get_one(Grant, requests[0].grant_id)
    person.starts(grant)
    for number in range(10):
        pass_on(requests[number], number)
    person.opens(requests[10], "pass-on")
    page = person.presses(
        requests[10], "pass-on", status=429, name="Pat Lowe", email="pat@kent.police.uk", how="submit"
    ).text
    assert "Today you have passed cases to 10 colleagues, as many as one link may in a day." in page
    assert "Nothing was passed on." in page
    assert "Pass this one tomorrow. If it cannot wait, ring 01234 567890." in page
    assert 'value="pat@kent.police.uk"' in page
