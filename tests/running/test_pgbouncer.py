"""Everything works through Debian’s PgBouncer in transaction mode, where time-outs are hard to keep."""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from surveyapp.foundation import clock
from surveyapp.foundation.errors import CouldNotSave
from surveyapp.foundation.store.db import engine, session, transaction
from surveyapp.foundation.store.event_log import record_event
from surveyapp.standalone.app import create_app
from tests.bench.installation import postgresql
from tests.bench.served import free_port
from tests.running.tools import program

pytestmark = [pytest.mark.postgresql, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
# Fewer than the threads below, so that they share them; PgBouncer hands them out in turn.
SERVER_CONNECTIONS = 3
_SETTINGS = """
[databases]
* = host={host} port={port} user={user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {size}
server_round_robin = 1
logfile = {folder}/pgbouncer.log
pidfile = {folder}/pgbouncer.pid
"""


@pytest.fixture
def pooled_url(template_database: str) -> Iterator[str]:
    """The address of an empty database behind PgBouncer."""
    assert template_database.startswith("postgresql"), "These tests run with --engine postgresql."
    pgbouncer = program("pgbouncer", "pgbouncer")
    with postgresql() as address, tempfile.TemporaryDirectory(prefix="survey-pgbouncer-") as folder:
        direct, port = make_url(address), free_port()
        settings = Path(folder) / "pgbouncer.ini"
        settings.write_text(
            _SETTINGS.format(
                host=direct.host,
                port=direct.port,
                user=direct.username,
                listen=port,
                size=SERVER_CONNECTIONS,
                folder=folder,
            ),
            "utf-8",
        )
        somebody = None
        if os.geteuid() == 0:
            # It refuses to run as root.
            somebody = "nobody"
            for place in (folder, settings):
                shutil.chown(place, somebody)
        running = subprocess.Popen([pgbouncer, settings], user=somebody, stderr=subprocess.DEVNULL)
        try:
            _wait_for(port, running)
            yield direct.set(port=port).render_as_string(hide_password=False)
        finally:
            running.terminate()
            running.wait(30)


def _wait_for(port: int, running: "subprocess.Popen[bytes]") -> None:
    asked = create_engine(f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres")
    for _ in range(200):
        assert running.poll() is None, "PgBouncer has ended."
        with suppress(OperationalError):
            with asked.connect() as connection:
                connection.execute(text("SELECT 1"))
            asked.dispose()
            return
        time.sleep(0.1)
    raise AssertionError("PgBouncer does not answer.")


@pytest.fixture
def pooled(pooled_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The app on a database behind PgBouncer, its tables made through it."""
    _survey(pooled_url, tmp_path, "upgrade")
    app = create_app(
        {
            "SQLALCHEMY_DATABASE_URI": pooled_url,
            "DATABASE_POOLER": True,
            "SURVEY_KEY_FILE": str(tmp_path / "keys.json"),
            "SURVEY_MAIL_FOLDER": str(tmp_path / "mail"),
        }
    )
    with app.app_context():
        yield app
        session.rollback()
        app.extensions["sqlalchemy"].session.remove()
        engine().dispose()


def _settings(pooled_url: str, folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "SURVEYAPP_FOLDER": str(folder),
        "FLASK_SQLALCHEMY_DATABASE_URI": pooled_url,
        "FLASK_DATABASE_POOLER": "true",
    }


def _survey(pooled_url: str, folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "survey", *arguments],
        cwd=ROOT,
        env=_settings(pooled_url, folder),
        check=False,
        text=True,
        capture_output=True,
    )
    assert done.returncode == 0, f"survey {' '.join(arguments)} said: {done.stdout}{done.stderr}"
    return done.stdout


def test_every_transaction_has_its_time_outs_whatever_connection_it_gets(pooled: Flask) -> None:
    assert pooled.config["DATABASE_POOLER"]
    wanted = text(
        "SELECT pg_backend_pid(), current_setting('lock_timeout'), current_setting('statement_timeout'),"
        " current_setting('synchronous_commit')"
    )
    with ExitStack() as open_at_once:
        connections = [open_at_once.enter_context(engine().connect()) for _ in range(SERVER_CONNECTIONS)]
        rows = [connection.execute(wanted).one() for connection in connections]
    assert {tuple(row)[1:] for row in rows} == {("5s", "30s", "on")}
    assert len({row[0] for row in rows}) == SERVER_CONNECTIONS


def test_many_threads_share_few_connections(pooled: Flask) -> None:
    failed: list[BaseException] = []

    def writes() -> None:
        try:
            with pooled.app_context():
                for number in range(12):
                    with transaction():
                        record_event("worker", "noted", f"audit {number}", now=clock.now())
        except BaseException as error:  # noqa: BLE001 — the test names it
            failed.append(error)

    threads = [threading.Thread(target=writes) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    assert session.scalar(text("SELECT count(*) FROM survey_event WHERE action = 'noted'")) == 8 * 12


def test_a_lock_held_elsewhere_is_waited_for_no_longer_than_without_a_pooler(
    pooled: Flask, pooled_url: str
) -> None:
    del pooled
    other = create_engine(pooled_url, connect_args={"prepare_threshold": None})
    with other.connect() as connection:
        connection.execute(text("LOCK TABLE survey_event"))
        with pytest.raises(CouldNotSave) as refused, transaction():
            record_event("worker", "noted", "audit 1", now=clock.now())
        assert "lock timeout" in str(refused.value.__cause__)
    other.dispose()


def test_an_audit_is_set_up_worked_on_and_exported_through_the_pooler(
    pooled_url: str, tmp_path: Path
) -> None:
    assert "are made" in _survey(pooled_url, tmp_path, "upgrade")
    assert "77 of 90 returned" in _survey(pooled_url, tmp_path, "demo")
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "survey", "work", "--once"],
            cwd=ROOT,
            env=_settings(pooled_url, tmp_path),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(2)
    ]
    said = [worker.communicate(timeout=300)[0] for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0], said
    # An export reads under REPEATABLE READ.
    _survey(pooled_url, tmp_path, "export", "1", "--to", str(tmp_path / "figures.json"))
    assert (tmp_path / "figures.json").stat().st_size > 10_000
