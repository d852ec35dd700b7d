"""Links that were asked for again: the worker sends them to addresses on record, and forgets all others."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from surveyapp.answering.arrival.operations import MOST_WANTED_LINKS, want_link
from surveyapp.answering.models import WantedLink
from surveyapp.foundation.mail import worker
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.models import Outbox
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

Queued = Callable[[], list[Outbox]]


def wants(*addresses: str) -> None:
    for address in addresses:
        with transaction():
            want_link(address, now=MONDAY_MORNING)


@pytest.fixture
def address(make: Maker) -> str:
    return make.grants(make.audit(cases=1, agencies=1))[0].contact.email


def test_a_wanted_link_goes_to_an_address_on_record_and_nothing_is_kept_of_the_others(
    address: str, outbox: Queued, session: Session
) -> None:
    wants("nobody@police.example", address.upper(), address)
    assert session.query(WantedLink).count() == 2, "Small and capital letters are one address."
    worker.run_prompt_operations(MONDAY_MORNING)
    assert [(mail.kind, mail.to_addr) for mail in outbox()] == [("request", address)]
    assert session.query(WantedLink).count() == 0
    worker.run_prompt_operations(MONDAY_MORNING)
    assert len(outbox()) == 1


def test_asking_more_often_than_three_times_a_day_is_one_event_a_day(
    address: str, outbox: Queued, session: Session
) -> None:
    for day in (MONDAY_MORNING, MONDAY_MORNING + timedelta(days=1)):
        for _ in range(6):
            wants(address)
            worker.run_prompt_operations(day)
    assert len(outbox()) == 6
    actions = [event.action for event in session.query(Event).order_by(Event.id)]
    assert actions == [*["asked_for_link"] * 3, "refused_link"] * 2


def test_a_flood_of_addresses_neither_grows_without_bound_nor_passes_unnoticed(
    address: str, outbox: Queued, session: Session
) -> None:
    for flood in range(2):
        wants(*(f"nobody{flood}-{number}@police.example" for number in range(MOST_WANTED_LINKS)), address)
        assert session.query(WantedLink).count() == MOST_WANTED_LINKS
        worker.run_prompt_operations(MONDAY_MORNING)
    assert session.query(Event).filter_by(action="left_out_wanted_links").count() == 1
    wants(address)
    worker.run_prompt_operations(MONDAY_MORNING)
    assert [mail.to_addr for mail in outbox()] == [address]
