import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import insert

from surveyapp.foundation import clock
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.mail.circuit_breaker import switches
from surveyapp.foundation.mail.clock_check import confirm_clock
from surveyapp.foundation.mail.worker import drain, tick
from surveyapp.foundation.mail.worker_thread import start_thread
from surveyapp.foundation.store.db import after_commit, session, transaction
from surveyapp.foundation.store.models import Outbox
from tests.conftest import MONDAY_MORNING
from tests.foundation.conftest import Post

Timed = Callable[..., None]


@pytest.fixture
def timed(app: Flask) -> Timed:
    """Replace the timed operations of the app."""

    def put(*acts: Callable[[datetime], object]) -> None:
        app.extensions["survey"] = replace(app.extensions["survey"], timed_operations=acts)

    return put


def test_a_tick_runs_every_timed_operation_and_stores_its_time(timed: Timed) -> None:
    asked: list[Any] = []
    timed(lambda now: asked.append(("chase", now)), lambda now: asked.append(("close", now)))
    assert tick(MONDAY_MORNING)
    assert asked == [("chase", MONDAY_MORNING), ("close", MONDAY_MORNING)]
    assert switches().last_tick_at == MONDAY_MORNING


def test_each_operation_commits_separately_and_a_failure_stops_no_other(
    timed: Timed, caplog: pytest.LogCaptureFixture
) -> None:
    committed: list[str] = []

    def fail(_now: datetime) -> None:
        after_commit(lambda: committed.append("never"))
        raise ZeroDivisionError("an " + "answer")

    def refuse(_now: datetime) -> None:
        raise Refused("The form of audit 3 cannot be read.")

    timed(fail, refuse, lambda _now: after_commit(lambda: committed.append("closed")))
    assert tick(MONDAY_MORNING)
    assert committed == ["closed"]
    assert "an answer" not in caplog.text
    assert "The form of audit 3 cannot be read." in caplog.text
    assert switches().last_tick_at == MONDAY_MORNING


def test_two_workers_never_tick_at_once_and_a_lapsed_lease_is_taken_over(timed: Timed) -> None:
    inner: list[bool] = []
    timed(lambda now: inner.append(tick(now)))
    assert tick(MONDAY_MORNING)
    assert inner == [False]
    with transaction():
        switches().tick_until = MONDAY_MORNING - timedelta(days=9999)
    assert tick(MONDAY_MORNING + timedelta(minutes=6))


@pytest.mark.parametrize("away", [timedelta(days=7, minutes=1), -timedelta(minutes=6), timedelta(days=365)])
def test_no_timed_operation_runs_until_a_person_confirms_a_doubtful_date(
    timed: Timed, post: Post, away: timedelta, clock_at: time_machine.Traveller
) -> None:
    asked: list[datetime] = []
    timed(asked.append)
    assert tick(MONDAY_MORNING)
    now = MONDAY_MORNING + away
    clock_at.move_to(now)
    post.queue(now=now)
    assert not tick(now)
    assert drain(clock.now) == {}
    with transaction():
        confirm_clock(actor="Manager", now=now)
    assert tick(now)
    assert drain(clock.now) == {"sent": 1}
    assert asked == [MONDAY_MORNING, now]


@pytest.fixture
def clock_at(clock: time_machine.Traveller) -> time_machine.Traveller:
    return clock


def test_a_tick_gives_up_expired_emails(timed: Timed, post: Post) -> None:
    timed()
    post.queue(expires_at=MONDAY_MORNING + timedelta(hours=1), not_before=MONDAY_MORNING + timedelta(hours=2))
    assert tick(MONDAY_MORNING + timedelta(hours=1))
    assert session.query(Outbox).one().state == "expired"


def test_a_drain_stops_at_its_limit_and_when_stop_is_set(post: Post) -> None:
    for subject in range(1, 6):
        post.queue(subject)
    assert drain(clock.now, 2) == {"sent": 2}
    stop = threading.Event()
    stop.set()
    assert drain(clock.now, stop=stop) == {}
    assert drain(clock.now) == {"sent": 3}


def test_mail_stays_queued_while_sending_is_suppressed(app: Flask, post: Post) -> None:
    state = app.extensions["survey"]
    app.extensions["survey"] = replace(state, settings=replace(state.settings, mail_folder=""))
    app.extensions["mail"].suppress = True
    post.queue()
    assert drain(clock.now) == {}
    assert session.query(Outbox).one().state == "queued"


def test_a_tick_with_nothing_due_makes_few_queries(timed: Timed, queries: Any) -> None:
    timed()
    tick(MONDAY_MORNING)
    with queries(8):
        tick(MONDAY_MORNING + timedelta(minutes=1))


@pytest.mark.slow
def test_looking_at_an_empty_queue_among_many_sent_is_quick(post: Post) -> None:
    sent = [
        {
            "dedupe_key": f"old:{number}",
            "kind": "letter",
            "subject_id": number,
            "to_addr": "a@agency.example",
            "state": "sent",
            "on_doubt": "hold",
            "message_id": f"<{number}@x>",
            "date_header": "",
            "not_before": MONDAY_MORNING,
            "attempts": 0,
            "lease_owner": "",
            "last_text": "",
            "created_at": MONDAY_MORNING,
            "handed_over_at": MONDAY_MORNING - timedelta(days=1),
        }
        for number in range(20_000)
    ]
    assert post.folder == []
    among_none = _quickest_look()
    session.execute(insert(Outbox), sent)
    session.commit()
    # Scanning these rows would take several times as long as everything else.
    assert _quickest_look() < 3 * among_none + 0.003


def _quickest_look() -> float:
    """The shortest of ten looks, in seconds, since other work of the machine slows most of them."""
    looks = []
    for _ in range(10):
        began = time.perf_counter()
        assert drain(clock.now) == {}
        looks.append(time.perf_counter() - began)
    return min(looks)


def test_the_thread_sends_queued_emails_and_ends_when_stop_is_set(
    app: Flask, post: Post, timed: Timed, clock: time_machine.Traveller
) -> None:
    clock.move_to(MONDAY_MORNING, tick=True)
    timed()
    post.queue()
    session.rollback()
    stop = start_thread(app)
    end = time.monotonic() + 10
    while not post.folder and time.monotonic() < end:
        time.sleep(0.02)
    stop.set()
    mine = [thread for thread in threading.enumerate() if thread.name == "surveyapp-worker"]
    for thread in mine:
        thread.join(10)
        assert not thread.is_alive()
    assert len(post.folder) == 1


def test_a_worker_whose_turn_another_has_taken_does_not_end_that_turn(timed: Timed) -> None:
    def another_takes_over(_now: datetime) -> None:
        switches().tick_owner = "another"

    timed(another_takes_over)
    assert tick(MONDAY_MORNING)
    assert (switches().tick_owner, switches().last_tick_at) == ("another", None)
    assert switches().tick_until is not None
