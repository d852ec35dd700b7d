"""A request with more time is chased by its own due day, and the others by that of the audit."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlalchemy.orm import Session

from surveyapp.agencies.models import Contact
from surveyapp.answering.models import Enquiry
from surveyapp.chasing.day_words import place_in_words
from surveyapp.chasing.emails import CHASER, ESCALATION
from surveyapp.chasing.models import ChasedSlot
from surveyapp.chasing.operations import chase_now, queue_due_chasers
from surveyapp.chasing.outstanding_requests import extended_due_days
from surveyapp.chasing.queries import chasing_list, chasing_state
from surveyapp.chasing.slot_queries import slot_lines
from surveyapp.chasing.slots import day_in_key
from surveyapp.closing.operations import extend_returns
from surveyapp.foundation.calendar.working_days import WorkingCalendar, working_calendar
from surveyapp.foundation.clock import local_day, utc_moment
from surveyapp.foundation.mail.compose import render_email
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.planning.chaser_days import chaser_days
from surveyapp.planning.models import Audit
from surveyapp.tracking.outstanding.queries import outstanding_list
from surveyapp.tracking.queries import tally
from tests.chasing.conftest import Queued
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

# The audit is due on Friday 18 December; its slots are 11, 18, 23 and 31 December.
LATER = date(2026, 12, 22)
OWN_SLOTS = [date(2026, 12, 15), LATER, date(2026, 12, 29), date(2027, 1, 5)]
ADDRESS = "audit@police.example"


def at(day: date, hour: time = time(8, 30)) -> datetime:
    return utc_moment(day, hour)


def give(audit_request: AuditRequest, due_on: date, session: Session, *, on: date) -> None:
    """Give a request more time, as answering an enquiry does."""
    session.add(
        Enquiry(
            request_id=audit_request.id,
            submission_id=f"press-{audit_request.id}-{due_on}",
            grant_id=audit_request.grant_id,
            kind="more_time",
            text="",
            wanted_on=due_on,
            asked_at=at(on),
            answer="",
            due_on=due_on,
            answered_at=at(on),
        )
    )
    audit_request.due_on = due_on
    session.commit()


@pytest.fixture
def audit(make: Maker) -> Audit:
    """Five cases of one agency."""
    police = make.agency("Police", contact=ADDRESS)
    return make.audit(cases=5, agencies=[police])


@pytest.fixture
def grant(make: Maker, audit: Audit) -> Grant:
    return make.grants(audit)[0]


@pytest.fixture
def fifth(make: Maker, audit: Audit, session: Session) -> AuditRequest:
    """The request of the fifth child, due on 22 December instead of the 18th since 1 December."""
    audit_request = make.requests(audit)[4]
    give(audit_request, LATER, session, on=date(2026, 12, 1))
    return audit_request


def plan(now: datetime) -> int:
    with transaction():
        return queue_due_chasers(now)


def lists(grant: Grant, now: datetime) -> list[str]:
    """The cases that a chaser leaving now lists."""
    with time_machine.travel(now, tick=False):
        email = CHASER.word(grant.id, ADDRESS)
    return email.words["cases"] if email else []


@pytest.mark.usefixtures("fifth")
def test_a_contact_is_not_chased_about_the_one_of_five_requests_with_more_time(
    audit: Audit, grant: Grant, outbox: Queued
) -> None:
    first_slot = date(2026, 12, 11)
    (due,) = chasing_list(audit, first_slot, working_calendar()).due
    four = ["Child 1", "Child 2", "Child 3", "Child 4"]
    assert list(due.cases) == four
    assert plan(at(first_slot)) == 1
    assert lists(grant, at(first_slot)) == four
    assert [day_in_key(mail.dedupe_key) for mail in outbox()] == [first_slot]


@pytest.mark.usefixtures("fifth")
def test_a_request_with_more_time_is_listed_at_its_own_slot_with_its_own_day(grant: Grant) -> None:
    assert plan(at(OWN_SLOTS[0])) == 1
    with time_machine.travel(at(OWN_SLOTS[0]), tick=False):
        email = CHASER.word(grant.id, ADDRESS)
        assert email is not None
        text = render_email(email).text
    assert "You have 5 still to return" in text
    assert "The day to return by is Friday 18 December 2026 (Child 5: Tuesday 22 December 2026). Each" in text


def test_a_contact_with_only_that_request_left_is_not_chased_before_its_own_slots(
    audit: Audit, grant: Grant, fifth: AuditRequest, make: Maker, outbox: Queued
) -> None:
    for audit_request in make.requests(audit)[:4]:
        make.returned(audit_request)
    day = date(2026, 12, 1)
    while day < date(2027, 1, 15):
        plan(at(day, time(12)))
        day += timedelta(days=1)
    assert [day_in_key(mail.dedupe_key) for mail in outbox()] == OWN_SLOTS
    not_due = chasing_list(audit, date(2026, 12, 11), working_calendar()).not_due
    assert [contact.why for contact in not_due] == ["was given until Tuesday 22 December 2026"]
    elsewhere = chasing_list(audit, date(2026, 12, 18), working_calendar()).not_due
    assert [contact.why for contact in elsewhere] == [
        "no chaser is planned for that day for what they have outstanding"
    ]
    assert fifth.due_day == LATER
    assert lists(grant, at(date(2026, 12, 14))) == []


@pytest.mark.usefixtures("fifth")
def test_chase_now_leaves_out_a_request_with_more_time(
    audit: Audit, grant: Grant, make: Maker, outbox: Queued
) -> None:
    for audit_request in make.requests(audit)[:4]:
        make.returned(audit_request)
    with transaction():
        assert chase_now(audit, actor="staff 1", now=at(date(2026, 12, 14), time(10))) == []
        assert len(chase_now(audit, actor="staff 1", now=at(date(2026, 12, 16), time(10)))) == 1
    assert [mail.subject_id for mail in outbox()] == [grant.id]


def test_more_time_given_today_skips_a_slot_of_today(audit: Audit, make: Maker, session: Session) -> None:
    for audit_request in make.requests(audit)[:4]:
        make.returned(audit_request)
    give(make.requests(audit)[4], LATER, session, on=OWN_SLOTS[0])
    assert plan(at(OWN_SLOTS[0], time(12))) == 0
    assert plan(at(OWN_SLOTS[0] + timedelta(days=1), time(12))) == 0
    assert [line.day for line in slot_lines(chasing_state(audit, working_calendar()), now=MONDAY_MORNING)][
        :2
    ] == [
        date(2026, 12, 11),
        date(2026, 12, 18),
    ]
    assert plan(at(LATER)) == 1


def test_a_chaser_queued_before_more_time_was_given_does_not_leave(
    audit: Audit, grant: Grant, make: Maker, session: Session
) -> None:
    for audit_request in make.requests(audit)[:4]:
        make.returned(audit_request)
    day = date(2026, 12, 18)
    assert plan(at(day)) == 1
    assert lists(grant, at(day)) == ["Child 5"]
    give(make.requests(audit)[4], LATER, session, on=day)
    assert lists(grant, at(day, time(9))) == []


@pytest.mark.usefixtures("fifth")
def test_missed_slots_of_both_days_are_caught_up_in_one_email(audit: Audit, outbox: Queued) -> None:
    assert plan(at(date(2026, 12, 24))) == 1
    assert plan(at(date(2026, 12, 24), time(9))) == 0
    assert [day_in_key(mail.dedupe_key) for mail in outbox()] == [date(2026, 12, 24)]
    assert plan(at(date(2026, 12, 29))) == 1
    assert audit.due_on == date(2026, 12, 18)


@pytest.mark.usefixtures("fifth")
def test_the_calendar_shows_the_slots_of_a_request_with_more_time(audit: Audit) -> None:
    lines = slot_lines(chasing_state(audit, working_calendar()), now=MONDAY_MORNING)
    assert [(line.day, line.due) for line in lines] == [
        (day, 1)
        for day in sorted(
            {*OWN_SLOTS, *(chaser_day.day for chaser_day in chaser_days(audit, working_calendar()))}
        )
    ]
    assert [place_in_words(line) for line in lines if line.offset is None] == [
        "For what was given more time"
    ] * len(OWN_SLOTS)


def test_after_a_longer_extension_the_request_follows_the_audit_again(
    audit: Audit, grant: Grant, fifth: AuditRequest
) -> None:
    now = datetime(2026, 12, 2, 9, tzinfo=UTC)
    with transaction():
        extend_returns(audit, to=date(2027, 1, 29), due_on=date(2027, 1, 6), actor="staff 1", now=now)
    assert fifth.due_day == date(2027, 1, 6)
    (due,) = chasing_list(audit, date(2026, 12, 29), working_calendar()).due
    assert due.cases[-1] == "Child 5"
    assert lists(grant, at(date(2026, 12, 29)))[-1] == "Child 5"


@pytest.mark.usefixtures("fifth")
def test_a_request_with_more_time_is_overdue_from_the_day_after_its_own(audit: Audit) -> None:
    overdue = [tally(audit, now=at(day)).overdue for day in (date(2026, 12, 19), LATER, date(2026, 12, 23))]
    assert overdue == [4, 4, 5]
    assert {row.case: row.due_on for row in outstanding_list(audit)}["Child 5"] == LATER


def test_an_agency_is_told_of_the_request_only_from_its_own_day_on(
    audit: Audit, grant: Grant, make: Maker, session: Session, outbox: Queued
) -> None:
    grant.contact.agency.contacts.append(Contact(name="Chief", email="chief@p.example", role="escalation"))
    audit.escalate_from = 0
    give(make.requests(audit)[4], LATER, session, on=date(2026, 12, 1))
    assert plan(at(date(2026, 12, 18))) == 1
    assert [mail.kind for mail in outbox()] == ["escalation", "chaser"]
    with time_machine.travel(at(date(2026, 12, 18)), tick=False):
        email = ESCALATION.word(grant.id, "chief@p.example")
    assert email is not None
    assert email.words["outstanding"] == 4
    for audit_request in make.requests(audit)[:4]:
        make.returned(audit_request)
    with time_machine.travel(at(date(2026, 12, 18)), tick=False):
        assert ESCALATION.word(grant.id, "chief@p.example") is None
    assert [
        chaser_due.escalates for chaser_due in chasing_list(audit, OWN_SLOTS[0], working_calendar()).due
    ] == [False]
    assert [chaser_due.escalates for chaser_due in chasing_list(audit, LATER, working_calendar()).due] == [
        True
    ]


def test_an_agency_is_told_both_due_days(audit: Audit, grant: Grant, make: Maker, session: Session) -> None:
    grant.contact.agency.contacts.append(Contact(name="Chief", email="chief@p.example", role="escalation"))
    audit.escalate_from = 0
    give(make.requests(audit)[4], LATER, session, on=date(2026, 12, 1))
    with time_machine.travel(at(LATER), tick=False):
        email = ESCALATION.word(grant.id, "chief@p.example")
        assert email is not None
        text = render_email(email).text
    assert (
        "The days to return by are Friday 18 December 2026 and Tuesday 22 December 2026, and returns" in text
    )
    assert "Child 5" not in text


@pytest.mark.slow
def test_nobody_is_chased_about_a_request_before_its_own_slot(
    app: Flask, audit: Audit, grant: Grant, make: Maker, session: Session
) -> None:
    """For any day given on any day, no email lists the case before the request's own slot."""
    requests = [audit_request.id for audit_request in make.requests(audit)]
    days = WorkingCalendar("ENG")
    assert app.extensions["survey"] is not None

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        later=st.dates(date(2026, 12, 21), date(2027, 1, 15)).filter(days.is_working_day),
        given_on=st.dates(date(2026, 11, 30), date(2026, 12, 18)),
        chasers=st.lists(st.integers(-10, 12), min_size=1, max_size=4, unique=True),
        by_hand=st.sets(st.dates(date(2026, 12, 1), date(2027, 1, 14)), max_size=5),
        others=st.integers(0, 4),
    )
    def check(later: date, given_on: date, chasers: list[int], by_hand: set[date], others: int) -> None:
        for table in (Outbox, ChasedSlot, Enquiry):
            session.execute(delete(table))
        own = session.get_one(AuditRequest, requests[4])
        session.get_one(Audit, audit.id).chasers = sorted(chasers)
        own.due_on = None
        for number, id_ in enumerate(requests[:4]):
            withdrawn = None if number < others else MONDAY_MORNING
            session.get_one(AuditRequest, id_).withdrawn_at = withdrawn
        session.commit()
        begins = [
            chaser_day.day
            for chaser_day in chaser_days(session.get_one(Audit, audit.id), days, due_on=later)
            if chaser_day.day > given_on
        ]
        day = given_on
        give(own, later, session, on=given_on)
        while day <= date(2027, 1, 15):
            now = at(day, time(12))
            if day > given_on:
                plan(now)
            if day in by_hand and day > given_on and days.is_working_day(day):
                with transaction():
                    chase_now(session.get_one(Audit, audit.id), actor="staff 1", now=now)
            for mail in session.query(Outbox).filter_by(kind="chaser"):
                assert day_in_key(mail.dedupe_key) <= local_day(now)
                if day_in_key(mail.dedupe_key) == day:
                    listed = lists(grant, now)
                    assert listed, "An email was queued that has nothing to say."
                    assert "Child 5" not in listed or (begins and day >= begins[0]) or day > later
            day += timedelta(days=1)
        if begins and not others:
            sent = [day_in_key(mail.dedupe_key) for mail in session.query(Outbox).order_by(Outbox.id)]
            assert set(begins) <= set(sent)

    check()


@pytest.mark.usefixtures("fifth")
def test_more_time_costs_one_statement_more(
    audit: Audit, queries: Callable[[int], object], session: Session
) -> None:
    session.refresh(audit)
    days = working_calendar()
    with queries(8):  # type: ignore[attr-defined]
        chasing_list(audit, date(2026, 12, 11), days)
    with queries(9):  # type: ignore[attr-defined]
        slot_lines(chasing_state(audit, days), now=MONDAY_MORNING)


def test_a_day_given_to_two_requests_counts_from_when_it_was_first_given(
    audit: Audit, make: Maker, session: Session
) -> None:
    for audit_request, day in zip(make.requests(audit)[3:], (9, 2), strict=True):
        give(audit_request, LATER, session, on=date(2026, 12, day))
    assert extended_due_days([audit])[audit.id] == {LATER: date(2026, 12, 2)}
