"""The next chaser: one count for every page, and the offer to skip it after “Chase now”."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
import time_machine
from sqlalchemy.orm import Session

from surveyapp.chasing.chasing_list import list_for_day
from surveyapp.chasing.choice_operations import leave_out
from surveyapp.chasing.next_chaser import NextChaser, next_chaser, next_chaser_days, next_to_same
from surveyapp.chasing.operations import (
    NoChaserPlanned,
    chase_now_instead,
    queue_due_chasers,
    skip_slot,
    take_back_skip,
)
from surveyapp.chasing.queries import chasing_state
from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.foundation.clock import utc_moment
from surveyapp.foundation.store.db import transaction
from surveyapp.planning.models import Audit
from tests.chasing.conftest import SLOT, Queued
from tests.chasing.test_views import text_of
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker

SECOND_SLOT = date(2026, 12, 18)
# The working day before the first slot.
THURSDAY = datetime(2026, 12, 10, 9, tzinfo=MONDAY_MORNING.tzinfo)


def planned(audit: Audit, now: datetime = MONDAY_MORNING) -> NextChaser | None:
    return next_chaser(audit, working_calendar(), now=now)


def test_every_page_gives_the_same_number_of_contacts(
    client: PageClient, make: Maker, clock: time_machine.Traveller
) -> None:
    audit = make.audit(cases=1, agencies=4)
    left, returned, out, _chased = make.grants(audit)
    left.contact.left_at = MONDAY_MORNING
    make.returned(make.requests(audit)[1])
    with transaction():
        leave_out(audit, out.id, on=SLOT, actor="manager", now=MONDAY_MORNING)
    assert returned.id
    assert planned(audit) == NextChaser(SLOT, 1)
    assert "Fri 11 December to 1 contact" in text_of(client.get(f"/audits/{audit.id}").text)
    page = text_of(client.get(f"/audits/{audit.id}/chasers").text)
    assert "Fri 11 December 5 working days before the day to return by 1 contact as things stand" in page
    assert "1 contact has something outstanding and will get one email" in page
    assert "Left out this time" in page
    assert "Has left the agency" in page
    clock.move_to(utc_moment(SLOT, THURSDAY.time()))
    client.sign_in()
    assert "Send 1 chaser" in client.get(f"/audits/{audit.id}/chasers?on={SLOT}").text


def test_a_skipped_slot_is_not_the_next_and_comes_back_when_that_is_taken_back(
    make: Maker, outbox: Queued
) -> None:
    audit = make.audit(cases=1, agencies=1)
    with transaction():
        skip_slot(audit, SLOT, actor="manager", now=MONDAY_MORNING)
    assert planned(audit) == NextChaser(SECOND_SLOT, 1)
    days = next_chaser_days([audit], {audit.id: {SECOND_SLOT}}, working_calendar(), now=MONDAY_MORNING)
    assert days == {audit.id: SECOND_SLOT}
    chosen = list_for_day(chasing_state(audit, working_calendar()), SLOT)
    assert [not_due.why for not_due in chosen.not_due] == ["the chaser of that day is skipped"]
    with transaction():
        assert queue_due_chasers(utc_moment(SLOT, THURSDAY.time())) == 0
    with transaction():
        take_back_skip(audit, SECOND_SLOT, actor="manager", now=MONDAY_MORNING)
        take_back_skip(audit, SLOT, actor="manager", now=MONDAY_MORNING)
    assert planned(audit) == NextChaser(SLOT, 1)
    with transaction():
        assert queue_due_chasers(utc_moment(SLOT, THURSDAY.time())) == 1
    assert len(outbox()) == 1


def test_a_skip_ahead_does_not_stop_an_earlier_slot(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    with transaction():
        skip_slot(audit, SECOND_SLOT, actor="manager", now=MONDAY_MORNING)
    with transaction():
        assert queue_due_chasers(utc_moment(SLOT, THURSDAY.time())) == 1


def test_only_a_planned_later_day_can_be_skipped(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    for day in (MONDAY_MORNING.date(), date(2026, 12, 12)):
        with pytest.raises(NoChaserPlanned), transaction():
            skip_slot(audit, day, actor="manager", now=MONDAY_MORNING)


def test_chasing_instead_of_tomorrow_skips_tomorrow_unless_nobody_was_chased(
    make: Maker, outbox: Queued
) -> None:
    audit = make.audit(cases=1, agencies=2)
    with transaction():
        chasers, skipped = chase_now_instead(audit, actor="manager", now=THURSDAY)
    assert (len(chasers), skipped) == (2, SLOT)
    with transaction():
        assert queue_due_chasers(utc_moment(SLOT, THURSDAY.time())) == 0
    with transaction():
        assert chase_now_instead(audit, actor="manager", now=THURSDAY) == ([], None)
    assert len(outbox()) == 2


def test_the_offer_counts_only_those_who_get_both(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=3)
    with transaction():
        leave_out(audit, make.grants(audit)[0].id, on=SLOT, actor="manager", now=THURSDAY)
    state = chasing_state(audit, working_calendar())
    today = list_for_day(state, THURSDAY.date(), by_hand=True)
    offer = next_to_same(state, today, now=THURSDAY)
    assert offer is not None
    assert (offer.day, offer.words) == (SLOT, "2 of the 3 contacts below")
    assert (
        next_to_same(state, list_for_day(state, date(2026, 12, 1), by_hand=True), now=MONDAY_MORNING) is None
    )


def test_chase_now_says_that_tomorrow_goes_to_the_same_people_and_skips_it(
    client: PageClient, make: Maker, clock: time_machine.Traveller, outbox: Queued
) -> None:
    audit = make.audit(cases=1, agencies=2)
    clock.move_to(THURSDAY)
    client.sign_in()
    path = f"/audits/{audit.id}/chasers"
    page = text_of(client.get(f"{path}?on={THURSDAY.date()}").text)
    assert "planned for Friday 11 December 2026 and goes to the same 2 contacts" in page
    said = client.follow(client.post(path, {"skip": "y"})).text
    assert "2 chasers queued" in said
    assert "The chaser of Friday 11 December 2026 is skipped." in said
    assert "Next chaser Fri 18 December to 2 contacts" in text_of(said)
    skipped = text_of(client.get(f"{path}?on={SLOT}").text)
    assert "The chaser of this day is skipped. Send it after all" in skipped
    client.follow(client.post(f"{path}/take-back-skip?on={SLOT}"))
    assert "Next chaser Fri 11 December to 2 contacts" in text_of(client.get(f"/audits/{audit.id}").text)
    assert len(outbox()) == 2


def test_the_days_of_several_audits_take_one_statement(
    make: Maker, queries: Callable[[int], object], session: Session
) -> None:
    audits = [make.audit(cases=1, agencies=1) for _ in range(3)]
    days, due = working_calendar(), {audit.id: {SECOND_SLOT} for audit in audits}
    for audit in audits:
        session.refresh(audit)
    with queries(1):  # type: ignore[attr-defined]
        next_chaser_days(audits, due, days, now=MONDAY_MORNING)
