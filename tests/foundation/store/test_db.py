import sqlite3
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
    read_transaction,
    transaction,
    update_rows,
)
from surveyapp.foundation.store.engine_listeners import install_listeners
from surveyapp.foundation.store.models import Switches


def test_insert_once_stores_a_row_only_once(session: Session) -> None:
    values = {"kind": "police", "name": "Northside Police"}
    first = insert_once(Agency, unique=["name"], **values)
    assert first is not None
    assert first.name == "Northside Police"
    assert insert_once(Agency, unique=["name"], **values) is None
    assert session.scalar(select(func.count(Agency.id))) == 1


def test_update_rows_counts_the_rows_it_changes(session: Session) -> None:
    session.add_all([Agency(name=name, kind="police") for name in ("Northside Police", "Southside Police")])
    session.flush()
    assert update_rows(update(Agency).where(Agency.kind == "police").values(kind="health")) == 2
    assert update_rows(update(Agency).where(Agency.kind == "police").values(kind="health")) == 0


def test_a_transaction_that_fails_stores_nothing(session: Session) -> None:
    def fail_half_way() -> None:
        with transaction():
            session.add(Agency(name="Northside Police", kind="police"))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert session.scalar(select(func.count(Agency.id))) == 0


def test_after_commit_runs_after_the_commit_and_not_after_a_rollback(session: Session) -> None:
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


def test_a_failure_after_the_commit_undoes_nothing_and_stops_nothing_else(
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


@pytest.mark.sqlite
def test_a_read_transaction_takes_no_write_lock(app: Flask, database: str) -> None:
    with app.test_request_context("/", method="POST"):
        with read_transaction():
            assert db.session.scalar(select(func.count(Agency.id))) == 0
        assert not db.session.in_transaction()
        with read_transaction():
            db.session.scalar(select(func.count(Agency.id)))
            other = sqlite3.connect(database.removeprefix("sqlite:///"), timeout=0.05)
            other.execute("BEGIN IMMEDIATE")
            other.close()


def test_a_moment_without_a_time_zone_is_refused(session: Session) -> None:
    session.get_one(Switches, 1).last_tick_at = datetime(2026, 11, 30)  # noqa: DTZ001 — that is the point
    with pytest.raises(StatementError, match="without a time zone"):
        session.flush()
    session.rollback()


def test_a_moment_is_returned_in_utc(session: Session) -> None:
    moment = datetime(2026, 11, 30, 9, 30, 1, 250_000, tzinfo=UTC)
    session.get_one(Switches, 1).last_tick_at = moment
    session.commit()
    assert session.get_one(Switches, 1).last_tick_at == moment


@pytest.fixture
def busy(database: str, app: Flask) -> Iterator[None]:
    """Hold the database’s write lock, as another program may."""
    assert app.name
    other = create_engine(database)
    install_listeners(other)
    with other.connect() as connection:
        connection.execute(text("UPDATE survey_switches SET mail_reason = 'busy' WHERE id = 1"))
        yield
        connection.rollback()
    other.dispose()


def test_a_database_that_stays_busy_raises_could_not_save(session: Session, busy: None) -> None:
    del busy
    shorten = "PRAGMA busy_timeout=200" if engine().dialect.name == "sqlite" else "SET lock_timeout = '200ms'"
    raw = engine().raw_connection()
    raw.cursor().execute(shorten)
    raw.close()
    with pytest.raises(CouldNotSave, match="Could not save just now"), transaction():
        session.execute(text("UPDATE survey_switches SET mail_reason = 'ours' WHERE id = 1"))


def test_rows_that_a_host_has_not_committed_survive_reading_the_actor(session: Session) -> None:
    with read_transaction():
        session.add(Agency(name="Police", kind="police"))
    session.commit()
    assert session.scalar(select(func.count()).select_from(Agency)) == 1
