"""The databases of a run: what our migrations built, and its copies; one copy is renewed for each test."""

import contextlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.engine import make_url

from surveyapp.foundation.store import schema

# Databases of tests are a few megabytes; a memory with less room than this is left alone.
ROOM_FOR_DATABASES = 1_000_000_000
_OURS = "survey-tests-"
POSTGRESQL = "postgresql+psycopg://postgres@127.0.0.1:5432/"

# Any CREATE, ALTER or DROP writes rows of these, and each keeps the number of the transaction that wrote it.
_CATALOGUE_VERSION = text(
    "SELECT sum(xmin::text::bigint) FROM (SELECT xmin FROM pg_class UNION ALL SELECT xmin FROM pg_attribute"
    " UNION ALL SELECT xmin FROM pg_constraint UNION ALL SELECT xmin FROM pg_trigger) AS catalogue"
)
_RESTART_SEQUENCES = text(
    "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)"
    " FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
)
_END_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@contextlib.contextmanager
def migrated_template(engine_name: str, folder: Path, *, now: datetime) -> Iterator[str]:
    """A database that our migrations built, to be copied; its address. `now` is UTC."""
    if engine_name == "sqlite":
        url = f"sqlite:///{folder / 'template.sqlite'}"
        _upgrade(url, now)
        yield url
        return
    name = f"survey_template_{secrets.token_hex(4)}"
    with _postgresql(f'CREATE DATABASE "{name}"', f'DROP DATABASE "{name}" WITH (FORCE)'):
        _upgrade(POSTGRESQL + name, now)
        yield POSTGRESQL + name


def _upgrade(url: str, now: datetime) -> None:
    engine = create_engine(url)
    schema.upgrade(engine, now=now)
    engine.dispose()


@contextlib.contextmanager
def _postgresql(before: str, after: str) -> Iterator[None]:
    _run_statements(before)
    try:
        yield
    finally:
        _run_statements(after)


def _run_statements(*statements: str) -> None:
    engine = create_engine(POSTGRESQL + "postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@contextlib.contextmanager
def copy_of(template: str, folder: Path) -> Iterator[str]:
    """A database made as the template's copy; its address."""
    if template.startswith("sqlite"):
        copy = folder / "survey.sqlite"
        shutil.copy(str(make_url(template).database), copy)
        yield f"sqlite:///{copy}"
        return
    source, name = make_url(template).database, f"survey_test_{secrets.token_hex(6)}"
    with _postgresql(f'CREATE DATABASE "{name}" TEMPLATE "{source}"', f'DROP DATABASE "{name}" WITH (FORCE)'):
        yield POSTGRESQL + name


class RenewableDatabase(Protocol):
    """A database for one test after the other."""

    url: str

    def renew(self) -> None:
        """Let it hold what the template holds, and nothing that a test made."""


@contextlib.contextmanager
def memory_folder() -> Iterator[Path]:
    """A folder in memory where there is room for one: a test's rows need not outlive a power cut."""
    memory = Path("/dev/shm")  # noqa: S108 — the folder made in it has a name of its own
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM_FOR_DATABASES
    if roomy:
        _tidy(memory)
    with tempfile.TemporaryDirectory(prefix=f"{_OURS}{os.getpid()}-", dir=memory if roomy else None) as found:
        yield Path(found)


def _tidy(memory: Path) -> None:
    """Take away what a run that was interrupted left: memory is not emptied by itself."""
    for left in memory.glob(f"{_OURS}*"):
        if not Path("/proc", left.name.removeprefix(_OURS).partition("-")[0]).exists():
            shutil.rmtree(left, ignore_errors=True)


@contextlib.contextmanager
def renewable_copy(template: str, folder: Path) -> Iterator[RenewableDatabase]:
    """A copy of the template that can be renewed."""
    if template.startswith("sqlite"):
        yield RenewableSqlite(template, folder)
        return
    database = RenewablePostgresql(template)
    try:
        yield database
    finally:
        database.close()


class RenewableSqlite:
    """A SQLite database that is the template's copy again whenever it is renewed."""

    def __init__(self, template: str, folder: Path) -> None:
        self._template = str(make_url(template).database)
        self._file = folder / "survey.sqlite"
        self.url = f"sqlite:///{self._file}"

    def renew(self) -> None:
        """Put a new file in the place of the old one, which whoever still has it open keeps to himself."""
        for old in self._file.parent.glob(f"{self._file.name}*"):
            old.unlink()
        shutil.copyfile(self._template, self._file)


class RenewablePostgresql:
    """A PostgreSQL database that holds what the template holds whenever it is renewed.

    Emptying its tables takes a fifth of the time of making it anew, which happens only after a test that
    changed the tables themselves.
    """

    def __init__(self, template: str) -> None:
        self._template = make_url(template).database
        self._name = f"survey_test_{secrets.token_hex(6)}"
        self.url = POSTGRESQL + self._name
        self._engine: Engine | None = None
        self._laid_out: object = None
        self._as_the_template = ""

    def renew(self) -> None:
        """Take away every row that a test made, end what still works on them, and count from one again."""
        if self._engine is not None:
            with self._engine.begin() as connection:
                if connection.scalar(_CATALOGUE_VERSION) == self._laid_out:
                    connection.exec_driver_sql(self._as_the_template)
                    connection.execute(_RESTART_SEQUENCES)
                    return
        self._make_anew()

    def _make_anew(self) -> None:
        self.close()
        _run_statements(f'CREATE DATABASE "{self._name}" TEMPLATE "{self._template}"')
        self._engine = create_engine(self.url)
        with self._engine.begin() as connection:
            self._as_the_template = _emptying_statements(connection)
        with self._engine.begin() as connection:
            self._laid_out = connection.scalar(_CATALOGUE_VERSION)

    def close(self) -> None:
        """Drop the database."""
        if self._engine is not None:
            self._engine.dispose()
        _run_statements(f'DROP DATABASE IF EXISTS "{self._name}" WITH (FORCE)')


def _emptying_statements(connection: Connection) -> str:
    """Keep the template's rows aside, and give the statements that bring every table back to them."""
    connection.exec_driver_sql("CREATE SCHEMA kept")
    statements = [
        _END_OTHERS,
        # Neither foreign keys nor the rule that events stay: the order of the tables is then no matter.
        "SET LOCAL session_replication_role = replica",
    ]
    for table in inspect(connection).get_table_names():
        statements.append(f'DELETE FROM "{table}"')  # noqa: S608 — our own tables
        if connection.exec_driver_sql(f'SELECT EXISTS (SELECT FROM "{table}")').scalar():  # noqa: S608 — likewise
            connection.exec_driver_sql(f'CREATE TABLE kept."{table}" AS TABLE "{table}"')
            statements.append(f'INSERT INTO "{table}" SELECT * FROM kept."{table}"')  # noqa: S608 — likewise
    return "; ".join(statements)
