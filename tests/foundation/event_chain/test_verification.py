"""Whatever is done to the log beside the program, the verification finds it and names the first event."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from surveyapp.foundation.event_chain.models import EventSeal
from surveyapp.foundation.event_chain.operations import remove_events_before, seal_events
from surveyapp.foundation.event_chain.recorded_end import LogCutOff, record_newest_seal
from surveyapp.foundation.event_chain.verification import verify_log
from surveyapp.foundation.mail.restored_backup import hold_after_restore
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event, record_event, record_events
from surveyapp.foundation.store.lasting_record import LogEnd, lasting_record
from tests.conftest import MONDAY_MORNING
from tests.foundation.event_chain.conftest import Attack


def _record(count: int = 5) -> None:
    for number in range(count):
        with transaction():
            record_event(
                "Ann Lee", "saw_case", f"case {number}", now=MONDAY_MORNING + timedelta(minutes=number)
            )


@pytest.fixture
def sealed(app: Flask) -> str:  # noqa: ARG001 — its database
    """Five events with their seals, and one more that holds the fifth seal, which is returned."""
    _record()
    with transaction():
        assert seal_events(MONDAY_MORNING) == 5
    return verify_log().newest_seal


def test_a_log_that_nobody_has_touched_agrees(sealed: str) -> None:
    found = verify_log(expected=sealed)
    assert (found.fault, found.sealed, found.unsealed, found.has_expected) == ("", 5, 1, True)
    assert found.first_at == MONDAY_MORNING
    assert found.last_at == MONDAY_MORNING + timedelta(minutes=4)


@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE survey_event SET actor = 'Bob Low' WHERE id = 3", "Event 3 was changed."),
        ("UPDATE survey_event SET at = '2026-11-30 09:07:00' WHERE id = 3", "Event 3 was changed."),
        ("UPDATE survey_event SET detail = 'return' WHERE id = 3", "Event 3 was changed."),
        ("DELETE FROM survey_event WHERE id = 3", "Event 3 is gone."),
        ("DELETE FROM survey_event WHERE id = 5", "Event 5 is gone."),
        ("UPDATE survey_event SET mark = '' WHERE id = 3", "Event 3 does not agree with its seal"),
        (
            "DELETE FROM survey_event_seal WHERE number = 2",
            "The seals 2 to 2 are gone, before that of event 3.",
        ),
        (
            "UPDATE survey_event_seal SET seal = 'abc' WHERE number = 2",
            "Event 2 does not agree with its seal",
        ),
        ("UPDATE survey_event SET actor = 'Bob Low' WHERE id = 6", "Event 6 was not written by this program"),
    ],
)
def test_what_was_changed_or_deleted_is_named(attack: Attack, statement: str, fault: str) -> None:
    attack(statement)
    assert verify_log().fault.startswith(fault)


@pytest.mark.usefixtures("sealed")
def test_an_event_that_was_deleted_with_its_seal_leaves_a_gap(attack: Attack) -> None:
    attack("DELETE FROM survey_event WHERE id = 3", "DELETE FROM survey_event_seal WHERE event_id = 3")
    assert verify_log().fault == "The seals 3 to 3 are gone, before that of event 4."


@pytest.mark.usefixtures("sealed")
def test_closing_the_gap_of_a_deleted_event_breaks_the_chain(attack: Attack) -> None:
    attack(
        "DELETE FROM survey_event WHERE id = 3",
        "DELETE FROM survey_event_seal WHERE number = 3",
        "UPDATE survey_event_seal SET number = 3 WHERE number = 4",
        "UPDATE survey_event_seal SET number = 4 WHERE number = 5",
    )
    assert verify_log().fault.startswith("Event 4 does not agree with its seal")


@pytest.mark.usefixtures("sealed")
def test_two_events_that_changed_places_are_found(attack: Attack) -> None:
    attack(
        "UPDATE survey_event SET id = 99 WHERE id = 2",
        "UPDATE survey_event SET id = 2 WHERE id = 3",
        "UPDATE survey_event SET id = 3 WHERE id = 99",
    )
    assert verify_log().fault.startswith("Event 2 does not agree with its seal")


@pytest.mark.usefixtures("sealed")
def test_an_event_that_was_put_in_is_named_and_never_sealed(attack: Attack) -> None:
    stranger = (
        "INSERT INTO survey_event (id, at, actor, action, object, detail, mark) "
        "SELECT {}, at, 'Bob Low', action, object, detail, {} FROM survey_event WHERE id = 2"
    )
    attack(stranger.format(99, "mark"), stranger.format(-1, "''"))
    with transaction():
        assert seal_events(MONDAY_MORNING) == 1
    assert verify_log().fault.startswith("Event -1 was not written by this program")
    attack("DELETE FROM survey_event WHERE id = -1")
    assert verify_log().fault.startswith("Event 99 was not written by this program")


def test_a_log_cut_off_before_its_end_was_recorded_is_missed_only_where_its_seal_was_noted(
    attack: Attack, sealed: str
) -> None:
    attack("DELETE FROM survey_event WHERE id >= 5", "DELETE FROM survey_event_seal WHERE event_id >= 5")
    assert verify_log().fault == ""
    assert verify_log(expected=sealed).fault.startswith("No event has the seal that was expected")


def test_a_log_cut_off_at_its_end_is_missed_by_the_record_beside_the_keys(
    attack: Attack, sealed: str
) -> None:
    assert record_newest_seal(MONDAY_MORNING)
    assert not record_newest_seal(MONDAY_MORNING)
    attack("DELETE FROM survey_event WHERE id >= 5", "DELETE FROM survey_event_seal WHERE event_id >= 5")
    fault = verify_log().fault
    assert fault.startswith(
        "On 30 November 2026 at 9:00am the log had seal 5, as the record beside the keys says"
    )
    # The log goes on, past that number, and what was recorded stays.
    _record(3)
    with transaction():
        seal_events(MONDAY_MORNING)
    with pytest.raises(LogCutOff, match="the log had seal 5"):
        record_newest_seal(MONDAY_MORNING)
    assert lasting_record().log_end == LogEnd(5, sealed, MONDAY_MORNING)
    assert verify_log().fault == fault


@pytest.mark.usefixtures("sealed")
def test_a_restored_backup_is_not_missed(attack: Attack) -> None:
    record_newest_seal(MONDAY_MORNING)
    attack("DELETE FROM survey_event WHERE id >= 5", "DELETE FROM survey_event_seal WHERE event_id >= 5")
    restored_at = MONDAY_MORNING + timedelta(hours=1)
    with transaction():
        hold_after_restore(taken_at=MONDAY_MORNING, actor="Ann Lee", now=restored_at)
    assert verify_log().fault == ""
    with transaction():
        seal_events(restored_at)
    assert record_newest_seal(restored_at)
    assert verify_log().fault == ""


def test_old_events_that_were_removed_are_not_missed(sealed: str) -> None:
    record_newest_seal(MONDAY_MORNING)
    later = MONDAY_MORNING + timedelta(days=400)
    for _ in range(2):
        with transaction():
            record_event("Ann Lee", "saw_case", "case 9", now=later)
            seal_events(later)
    with transaction():
        assert remove_events_before(later.date(), actor="worker", now=later) >= 5
    assert verify_log().fault == ""
    assert record_newest_seal(later)
    assert sealed


@pytest.mark.usefixtures("sealed")
def test_an_event_that_was_committed_late_is_sealed_after_the_others(session: Session) -> None:
    with transaction():
        session.add(Event(id=50, at=MONDAY_MORNING, actor="Ann Lee", action="saw_case", object="case 1"))
    with transaction():
        seal_events(MONDAY_MORNING)
    with transaction():
        session.add(Event(id=20, at=MONDAY_MORNING, actor="Ann Lee", action="saw_case", object="case 2"))
    with transaction():
        assert seal_events(MONDAY_MORNING + timedelta(hours=20)) == 1
    newest = session.get_one(EventSeal, 8)
    assert newest.event_id == 20
    assert verify_log().fault == ""


@pytest.mark.usefixtures("sealed")
def test_a_log_written_in_the_place_of_one_that_was_emptied_is_named_and_never_sealed(attack: Attack) -> None:
    attack(
        "DELETE FROM survey_event_seal",
        "UPDATE survey_event SET actor = 'Bob Low', mark = '' WHERE id <= 5",
        "DELETE FROM survey_event WHERE id > 5",
    )
    with transaction():
        assert seal_events(MONDAY_MORNING) == 0
    assert verify_log().fault.startswith("Event 1 was not written by this program")


@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize(
    "deletion", ["DELETE FROM survey_event WHERE id = 3", "DELETE FROM survey_event WHERE id = 5"]
)
def test_an_event_that_was_deleted_with_every_seal_is_missed_by_the_seal_that_was_noted(
    attack: Attack, deletion: str
) -> None:
    attack(deletion, "DELETE FROM survey_event_seal")
    assert verify_log().fault.startswith("Event 6 notes another seal 5 than there is now")
    with transaction():
        assert seal_events(MONDAY_MORNING) == 5
    assert verify_log().fault.startswith("Event 6 notes another seal 5 than there is now")


def test_events_stored_in_one_statement_have_marks_of_their_own(session: Session) -> None:
    acts = [("saw_case", "case 1", ""), ("saw_case", "case 1", "")]
    with transaction():
        record_events("Ann Lee", acts, now=MONDAY_MORNING)
    marks = {event.mark for event in session.query(Event)}
    assert len(marks) == 2
    assert verify_log().fault == ""


def test_seals_are_valid_after_the_keys_were_rotated_and_an_older_key_seals_nothing_later(
    app: Flask, sealed: str
) -> None:
    state = app.extensions["survey"]
    old = state.keys
    rotated = replace(old, data=(bytes(range(32)), *old.data))
    app.extensions["survey"] = replace(state, keys=rotated)
    with transaction():
        seal_events(MONDAY_MORNING)
    assert verify_log(expected=sealed).fault == ""
    app.extensions["survey"] = replace(state, keys=old)
    _record(1)
    with transaction():
        assert seal_events(MONDAY_MORNING) == 1
    assert verify_log().fault.startswith("Event 6 does not agree")
    app.extensions["survey"] = replace(state, keys=rotated)
    assert verify_log().fault.startswith("Event 7 does not agree")
