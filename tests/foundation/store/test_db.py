import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import create_engine, func, select, text, update
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from surveyapp.agencies.models import Agency
from surveyapp.foundation.errors import CouldNotSave
from surveyapp.foundation.store import db
from surveyapp.foundation.store.db import (
    after_commit,
    engine,
    insert_once,
    install_listeners,
    read_transaction,
    transaction,
    update_rows,
)
from surveyapp.foundation.store.models import Switches
from tests.row_maker import Maker

on_sqlite = pytest.mark.sqlite


@pytest.fixture(autouse=True)
def _only_here(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("sqlite") and request.config.getoption("--engine") != "sqlite":
        pytest.skip("A rule of SQLite alone.")


@on_sqlite
def test_sqlite_writes_through_to_disk(session: Session) -> None:
    wal = sqlite3.sqlite_version_info >= db.FIRST_SAFE_WAL_VERSION
    read = {
        name: session.scalar(text(f"PRAGMA {name}"))
        for name in ("foreign_keys", "journal_mode", "synchronous")
    }
    assert read == {
        "foreign_keys": 1,
        "journal_mode": "wal" if wal else "delete",
        "synchronous": 2 if wal else 3,
    }


@pytest.mark.postgresql
def test_postgresql_neither_waits_for_ever_nor_acknowledges_early(
    session: Session, request: pytest.FixtureRequest
) -> None:
    if request.config.getoption("--engine") != "postgresql":
        pytest.skip("A rule of PostgreSQL alone.")
    read = [
        session.scalar(text(f"SHOW {name}"))
        for name in ("lock_timeout", "statement_timeout", "synchronous_commit", "fsync")
    ]
    assert read == ["5s", "30s", "on", "on"]


def test_what_is_there_already_is_not_stored_again(session: Session) -> None:
    values = {"kind": "police", "name": "Northside Police"}
    first = insert_once(Agency, unique=["name"], **values)
    assert first is not None
    assert first.name == "Northside Police"
    assert insert_once(Agency, unique=["name"], **values) is None
    assert session.scalar(select(func.count(Agency.id))) == 1


def test_rows_that_were_changed_are_counted(session: Session) -> None:
    session.add_all([Agency(name=name, kind="police") for name in ("Northside Police", "Southside Police")])
    session.flush()
    assert update_rows(update(Agency).where(Agency.kind == "police").values(kind="health")) == 2
    assert update_rows(update(Agency).where(Agency.kind == "police").values(kind="health")) == 0


def test_a_transaction_keeps_all_or_nothing(session: Session) -> None:
    def fail_half_way() -> None:
        with transaction():
            session.add(Agency(name="Northside Police", kind="police"))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert session.scalar(select(func.count(Agency.id))) == 0


def test_what_waits_for_the_commit_runs_after_it_and_never_without_it(session: Session) -> None:
    heard: list[str] = []

    def fail_half_way() -> None:
        with transaction():
            after_commit(lambda: heard.append("rolled back"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    with transaction():
        session.add(Agency(name="Northside Police", kind="police"))
        after_commit(lambda: heard.append("committed"))
        assert heard == []
    assert heard == ["committed"]


def test_what_fails_after_the_commit_takes_nothing_back_and_stops_nothing_else(
    session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[str] = []

    def fail() -> None:
        raise BrokenPipeError("about Child 1")

    with transaction():
        session.add(Agency(name="Northside Police", kind="police"))
        after_commit(fail)
        after_commit(lambda: heard.append("committed"))
    assert heard == ["committed"]
    assert session.scalar(select(func.count(Agency.id))) == 1
    assert "BrokenPipeError" in caplog.text
    assert "Child 1" not in caplog.text


@on_sqlite
def test_looking_who_is_acting_leaves_the_write_lock_to_others(app: Flask, database: str) -> None:
    with app.test_request_context("/", method="POST"):
        with read_transaction():
            assert db.session.scalar(select(func.count(Agency.id))) == 0
        assert not db.session.in_transaction()
        with read_transaction():
            db.session.scalar(select(func.count(Agency.id)))
            other = sqlite3.connect(database.removeprefix("sqlite:///"), timeout=0.05)
            other.execute("BEGIN IMMEDIATE")
            other.close()


def test_a_moment_without_a_zone_is_refused(session: Session) -> None:
    session.get_one(Switches, 1).last_tick_at = datetime(2026, 11, 30)  # noqa: DTZ001 — that is the point
    with pytest.raises(StatementError, match="without a time zone"):
        session.flush()
    session.rollback()


def test_a_moment_comes_back_in_utc(session: Session) -> None:
    moment = datetime(2026, 11, 30, 9, 30, 1, 250_000, tzinfo=UTC)
    session.get_one(Switches, 1).last_tick_at = moment
    session.commit()
    assert session.get_one(Switches, 1).last_tick_at == moment


@pytest.fixture
def busy(database: str, app: Flask) -> Iterator[None]:
    """Another program that holds the database’s write lock."""
    assert app.name
    other = create_engine(database)
    install_listeners(other)
    with other.connect() as connection:
        connection.execute(text("UPDATE survey_switches SET mail_reason = 'busy' WHERE id = 1"))
        yield
        connection.rollback()
    other.dispose()


def test_a_database_that_stays_busy_is_a_refusal_that_says_so(session: Session, busy: None) -> None:
    del busy
    shorten = "PRAGMA busy_timeout=200" if engine().dialect.name == "sqlite" else "SET lock_timeout = '200ms'"
    raw = engine().raw_connection()
    raw.cursor().execute(shorten)
    raw.close()
    with pytest.raises(CouldNotSave, match="Could not save just now"), transaction():
        session.execute(text("UPDATE survey_switches SET mail_reason = 'ours' WHERE id = 1"))


def test_two_writers_who_read_first_both_arrive(app: Flask, make: Maker, session: Session) -> None:
    make.agency("Northside Police")
    session.rollback()

    def add_one() -> None:
        with app.app_context(), transaction():
            row = db.session.execute(select(Switches).with_for_update()).scalar_one()
            row.mail_failures = row.mail_failures + 1

    threads = [threading.Thread(target=add_one) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert session.get_one(Switches, 1).mail_failures == 12
