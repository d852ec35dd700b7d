"""Calls with contacts: what they promise pauses their chasers."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from surveyapp.calling.models import Call
from surveyapp.calling.operations import (
    ContactNotAsked,
    EmptyNote,
    UnusablePromise,
    note_call,
    take_back_call,
)
from surveyapp.calling.queries import calls_by_grant, promise_of, promises_in
from surveyapp.chasing.operations import chase_now, queue_due_chasers
from surveyapp.chasing.outstanding_requests import requests_to_list
from surveyapp.chasing.queries import chasing_list
from surveyapp.closing.operations import close_returns
from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.foundation.store.db import transaction
from surveyapp.issuing.grant_operations import revoke_grant
from surveyapp.issuing.models import Grant
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

# The first two planned slots of an audit of these tests, and a day between them.
SLOT, BETWEEN, NEXT_SLOT = date(2026, 12, 11), date(2026, 12, 14), date(2026, 12, 18)


@pytest.fixture
def audit(make: Maker) -> Audit:
    return make.audit(cases=2, agencies=[make.agency("Police"), make.agency("Health", kind="health")])


@pytest.fixture
def grant(make: Maker, audit: Audit) -> Grant:
    return make.grants(audit)[0]


def notes(grant: Grant, said: str, promised_on: date | None = None, press_id: str = "") -> Call | None:
    with transaction():
        return note_call(
            grant, said=said, promised_on=promised_on, press_id=press_id, actor="Ann", now=MONDAY_MORNING
        )


def chased(audit: Audit, on: date) -> list[str]:
    return [due.agency.name for due in chasing_list(audit, on, working_calendar()).due]


def test_a_promise_pauses_the_contacts_chasers_until_its_day_has_passed(audit: Audit, grant: Grant) -> None:
    assert chased(audit, SLOT) == ["Health", "Police"]
    notes(grant, "Back on Monday, will do all by Friday", SLOT)
    assert chased(audit, SLOT) == ["Health"]
    (not_due,) = chasing_list(audit, SLOT, working_calendar()).not_due
    assert not_due.why == "promised on Monday 30 November 2026 to return by Friday 11 December 2026"
    assert chased(audit, NEXT_SLOT) == ["Health", "Police"]


def test_nobody_who_promised_is_chased_by_hand_or_by_the_worker(audit: Audit, grant: Grant) -> None:
    notes(grant, "By tonight", MONDAY_MORNING.date())
    with transaction():
        chasers = chase_now(audit, actor="Ann", now=MONDAY_MORNING)
    assert [chaser.grant.contact.agency.name for chaser in chasers] == ["Health"]
    notes(grant, "By the second slot", NEXT_SLOT)
    with transaction():
        assert queue_due_chasers(MONDAY_MORNING + timedelta(days=11)) == 1


def test_a_chaser_that_was_queued_before_the_call_lists_nothing_as_it_leaves(grant: Grant) -> None:
    notes(grant, "Tomorrow", SLOT)
    assert requests_to_list(grant, working_calendar(), on=SLOT) == []
    assert len(requests_to_list(grant, working_calendar(), on=BETWEEN)) == 2


def test_a_later_call_replaces_the_promise_and_one_without_a_day_leaves_it(
    audit: Audit, grant: Grant
) -> None:
    notes(grant, "By the 18th", NEXT_SLOT)
    notes(grant, "Sooner", SLOT)
    notes(grant, "Left a message on the machine")
    promise = promise_of(grant)
    assert promise is not None
    assert (promise.by, promise.made_on) == (SLOT, MONDAY_MORNING.date())
    assert promises_in(audit) == {grant.id: promise}
    assert [call.said for call in calls_by_grant([grant.id])[grant.id]] == [
        "Left a message on the machine",
        "Sooner",
        "By the 18th",
    ]


def test_a_note_that_is_taken_back_pauses_nothing(audit: Audit, grant: Grant) -> None:
    call = notes(grant, "Wrong person", SLOT)
    assert call is not None
    with transaction():
        take_back_call(call, actor="Ann", now=MONDAY_MORNING)
        take_back_call(call, actor="Ann", now=MONDAY_MORNING + timedelta(hours=1))
    assert (call.taken_back_at, promise_of(grant), calls_by_grant([grant.id])) == (MONDAY_MORNING, None, {})
    assert chased(audit, SLOT) == ["Health", "Police"]


def test_pressing_twice_notes_one_call(grant: Grant) -> None:
    assert notes(grant, "Tomorrow", SLOT, "press-12345") is not None
    assert notes(grant, "Tomorrow", SLOT, "press-12345") is None
    assert len(calls_by_grant([grant.id])[grant.id]) == 1


@pytest.mark.parametrize(
    ("promised_on", "words"),
    [
        (date(2026, 11, 29), "Enter today or a later day"),
        (date(2027, 1, 16), "Returns close on Friday 15 January 2027: enter that day or an earlier one"),
    ],
)
def test_a_day_that_cannot_be_promised_is_refused(grant: Grant, promised_on: date, words: str) -> None:
    with pytest.raises(UnusablePromise, match=words):
        notes(grant, "Then", promised_on)


def test_after_the_close_a_call_is_noted_without_a_promise(audit: Audit, grant: Grant) -> None:
    with transaction():
        close_returns(audit, actor="Ann", now=MONDAY_MORNING)
    with pytest.raises(UnusablePromise, match="Returns are closed"):
        notes(grant, "Friday", SLOT)
    assert notes(grant, "Sorry that it was late") is not None


def test_an_empty_note_and_a_contact_who_is_not_asked_are_refused(grant: Grant) -> None:
    with pytest.raises(EmptyNote):
        notes(grant, "  ")
    with transaction():
        revoke_grant(grant, why="given back", now=MONDAY_MORNING)
    with pytest.raises(ContactNotAsked):
        notes(grant, "Friday")


def test_what_was_said_is_not_readable_in_the_database(grant: Grant, session: Session) -> None:
    notes(grant, "The mother of Child 1 rang them")
    stored = session.scalar(text("SELECT said FROM survey_call"))
    assert b"mother" not in bytes(stored)
