"""Sealing by the worker, the daily line of the log, and removing old events from its start."""

import logging
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from surveyapp.foundation.event_chain.models import EventSeal, RemovedEvents
from surveyapp.foundation.event_chain.operations import LogDoesNotAgree, remove_events_before, seal_events
from surveyapp.foundation.event_chain.verification import verify_log
from surveyapp.foundation.mail.worker import tick
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event, record_event
from tests.conftest import MONDAY_MORNING
from tests.foundation.event_chain.conftest import Attack

DECEMBER = date(2026, 12, 1)


def _record_on_days(*days: int) -> None:
    for number in days:
        with transaction():
            record_event("Ann Lee", "saw_case", "case 1", now=MONDAY_MORNING + timedelta(days=number))


def _seal(days: int = 0) -> int:
    with transaction():
        return seal_events(MONDAY_MORNING + timedelta(days=days))


def test_the_worker_seals_what_was_recorded(session: Session) -> None:
    _record_on_days(0, 0)
    assert tick(MONDAY_MORNING)
    assert session.scalar(select(func.count()).select_from(EventSeal)) == 2
    assert tick(MONDAY_MORNING + timedelta(minutes=1))
    # The event that holds the newest seal.
    assert session.scalar(select(func.count()).select_from(EventSeal)) == 3
    assert tick(MONDAY_MORNING + timedelta(minutes=2))
    assert session.scalar(select(func.count()).select_from(EventSeal)) == 3


def test_the_newest_seal_goes_to_the_log_once_a_day(
    session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "surveyapp.events")
    assert _seal() == 0
    _record_on_days(0)
    _seal()
    newest = session.get_one(EventSeal, 1).seal
    assert f'"action": "sealed_log", "object": "seal 1", "detail": "{newest}"' in caplog.text
    caplog.clear()
    _record_on_days(0)
    _seal()
    assert "sealed_log" not in caplog.text
    _seal(days=1)
    assert "sealed_log" in caplog.text


def test_a_log_that_is_longer_than_is_sealed_at_once_is_caught_up_with(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("surveyapp.foundation.event_chain.operations.MOST_AT_ONCE", 2)
    _record_on_days(0, 0, 0, 0, 0)
    assert [_seal(), _seal(days=2), _seal(days=4)] == [2, 2, 1]
    # Only now is there an event from which on the worker looks for those without a seal.
    assert [_seal(days=6), _seal(days=8), _seal(days=10)] == [1, 1, 1]
    noted = select(Event.object).where(Event.action == "sealed_log").order_by(Event.id)
    assert list(session.scalars(noted)) == [f"seal {number}" for number in (5, 6, 7, 8)]
    assert verify_log().fault == ""


def test_an_event_that_is_none_of_ours_is_named_in_the_log(
    attack: Attack, caplog: pytest.LogCaptureFixture
) -> None:
    _record_on_days(0)
    _seal()
    attack("UPDATE survey_event SET actor = 'Bob Low' WHERE id = 2")
    assert _seal(days=1) == 0
    assert "The log has 1 event that this program did not write." in caplog.text


def test_removing_old_events_leaves_a_log_that_agrees_and_says_so(session: Session) -> None:
    _record_on_days(0, 0, 1, 0)
    _seal()
    newest = verify_log().newest_seal
    with transaction():
        assert remove_events_before(DECEMBER, actor="worker", now=MONDAY_MORNING) == 2
    # The fourth event stays, although it is as old: the third stands before it.
    assert list(session.scalars(select(Event.id).order_by(Event.id))) == [3, 4, 5, 6]
    event = session.get_one(Event, 6)
    assert (event.action, event.object, event.detail) == (
        "removed_events",
        "seal 2",
        "2 events of before 2026-12-01",
    )
    found = verify_log(expected=newest)
    assert (found.fault, found.sealed, found.has_expected) == ("", 2, True)
    assert found.removed == "2 events of before 1 December 2026 were removed, last on 30 November 2026."
    _seal()
    assert verify_log().fault == ""


def test_old_events_are_removed_in_parts_and_counted_together(session: Session) -> None:
    _record_on_days(0, 0, 0, 0, 0)
    _seal()
    for count in (2, 2, 1, 0):
        with transaction():
            assert remove_events_before(DECEMBER, actor="worker", now=MONDAY_MORNING, most=2) == count
    assert session.get_one(RemovedEvents, 5).count == 5
    assert verify_log().fault == ""


def test_the_database_lets_go_only_events_that_are_removed_from_the_start(session: Session) -> None:
    _record_on_days(0, 0, 1)
    _seal()
    with transaction():
        remove_events_before(DECEMBER, actor="worker", now=MONDAY_MORNING)
    for which in (Event.id == 3, Event.id == 4):
        with pytest.raises(DBAPIError, match="append-only"):
            session.execute(delete(Event).where(which))
        session.rollback()


def test_nothing_is_removed_from_a_log_that_was_changed(attack: Attack, session: Session) -> None:
    _record_on_days(0, 0, 1)
    _seal()
    attack("UPDATE survey_event SET actor = 'Bob Low' WHERE id = 2")
    with pytest.raises(LogDoesNotAgree), transaction():
        remove_events_before(DECEMBER, actor="worker", now=MONDAY_MORNING)
    assert session.get(Event, 1) is not None


def test_a_removal_that_somebody_else_wrote_is_found(attack: Attack) -> None:
    _record_on_days(0, 0, 1)
    _seal()
    attack(
        "INSERT INTO survey_removed_events (number, seal, count, before, removed_at, mark) "
        "SELECT number, seal, 2, '2026-12-01', '2026-11-30 09:00:00', seal FROM survey_event_seal "
        "WHERE number = 2",
        "DELETE FROM survey_event WHERE id <= 2",
        "DELETE FROM survey_event_seal WHERE number <= 2",
    )
    assert verify_log().fault == "What the log says of events removed from its start is not ours."
