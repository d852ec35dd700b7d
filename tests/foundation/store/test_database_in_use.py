import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from surveyapp.foundation.store import database_in_use
from surveyapp.foundation.store.database_in_use import DatabaseInUse, not_in_use
from surveyapp.foundation.store.db import engine

pytestmark = pytest.mark.sqlite

IDLE = """
import sys
from sqlalchemy import create_engine
from surveyapp.foundation.store.engine_listeners import install_listeners
engine = create_engine(f"sqlite:///{sys.argv[1]}")
install_listeners(engine)
with engine.connect() as connection:
    connection.exec_driver_sql("SELECT 1")
print("idle", flush=True)
sys.stdin.read()
"""


def database_of(app: Flask) -> Path:
    with app.app_context():
        return Path(engine().url.database or "")


def test_a_connection_that_idles_in_another_process_keeps_the_database(tmp_path: Path) -> None:
    database = tmp_path / "survey.sqlite"
    sqlite3.connect(database).close()
    with subprocess.Popen(
        [sys.executable, "-c", IDLE, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as idle:
        assert idle.stdout is not None
        assert idle.stdout.readline() == b"idle\n"
        with pytest.raises(DatabaseInUse), not_in_use(database):
            pass
        idle.kill()
        idle.wait()
    with not_in_use(database):
        pass


def test_a_connection_that_is_closed_keeps_nothing(app: Flask) -> None:
    with app.app_context():
        with engine().connect() as connection:
            connection.exec_driver_sql("SELECT 1")
        with pytest.raises(DatabaseInUse), not_in_use(database_of(app)):
            pass
        engine().dispose()
    with not_in_use(database_of(app)):
        pass


def test_a_new_connection_waits_while_the_database_is_replaced(app: Flask) -> None:
    done = []

    def connect() -> None:
        with app.app_context(), engine().connect() as connection:
            done.append(connection.exec_driver_sql("SELECT 1").scalar())

    database = database_of(app)
    with app.app_context():
        engine().dispose()
    with not_in_use(database):
        thread = threading.Thread(target=connect)
        thread.start()
        time.sleep(0.3)
        assert done == []
    thread.join()
    assert done == [1]


def test_a_connection_does_not_wait_for_ever(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_in_use, "PATIENCE_SECONDS", 0.1)
    with app.app_context():
        engine().dispose()
        with (
            not_in_use(database_of(app)),
            pytest.raises(OperationalError, match="a backup is being restored"),
            engine().connect(),
        ):
            pass


def test_sqlites_own_locks_hold_beside_ours(app: Flask) -> None:
    database = database_of(app)
    with app.app_context(), engine().connect() as connection:
        connection.exec_driver_sql("CREATE TABLE other (id INTEGER)")
        with (
            closing(sqlite3.connect(database, timeout=0)) as other,
            pytest.raises(sqlite3.OperationalError, match="locked"),
        ):
            other.execute("BEGIN IMMEDIATE")
