"""Counts that all processes share; a rule of PostgreSQL, on which several machines run."""

import threading
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from surveyapp.foundation import clock as our_clock
from surveyapp.foundation.mail.worker import tick
from surveyapp.foundation.shared_counts import add_to_count, count_now, forget_count, forget_counts
from surveyapp.foundation.store.models import SharedCount

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("app")]
HOUR = timedelta(hours=1)


def test_a_count_grows_until_it_ends_and_begins_again() -> None:
    now = our_clock.now()
    assert [add_to_count("a", 1, lasts=HOUR, now=now) for _ in range(3)] == [1, 2, 3]
    later = now + timedelta(minutes=59)
    assert count_now("a", now=later) == 3
    assert add_to_count("a", 1, lasts=HOUR, now=later) == 4
    assert count_now("a", now=now + HOUR) == 0
    assert add_to_count("a", 1, lasts=HOUR, now=now + HOUR) == 1


def test_counts_at_the_same_moment_are_all_counted(app: Flask) -> None:
    now = our_clock.now()
    found: list[int] = []

    def count() -> None:
        with app.app_context():
            found.extend(add_to_count("a", 1, lasts=HOUR, now=now) for _ in range(20))

    threads = [threading.Thread(target=count) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(found) == list(range(1, 101))


def test_a_count_outlives_the_transaction_that_was_under_way(session: Session) -> None:
    session.execute(select(SharedCount))
    add_to_count("a", 1, lasts=HOUR, now=our_clock.now())
    session.rollback()
    assert count_now("a", now=our_clock.now()) == 1


def test_the_worker_deletes_what_has_ended(session: Session, clock: time_machine.Traveller) -> None:
    now = our_clock.now()
    for number in range(5):
        add_to_count(f"old {number}", 1, lasts=HOUR, now=now)
    add_to_count("new", 1, lasts=2 * HOUR, now=now)
    clock.move_to(now + HOUR)
    assert tick(our_clock.now())
    assert session.scalar(select(func.count()).select_from(SharedCount)) == 1


def test_one_count_or_all_are_forgotten() -> None:
    now = our_clock.now()
    for digest in ("a", "b"):
        add_to_count(digest, 1, lasts=HOUR, now=now)
    forget_count("a")
    assert (count_now("a", now=now), count_now("b", now=now)) == (0, 1)
    forget_counts()
    assert count_now("b", now=now) == 0
