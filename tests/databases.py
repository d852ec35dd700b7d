"""The databases of a test run: a template that our migrations build, and copies of it that tests renew."""

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

# In bytes. Test databases take a few megabytes; a memory disk with less free space than this is not used.
ROOM_FOR_DATABASES = 1_000_000_000
_FOLDER_PREFIX = "survey-tests-"
POSTGRESQL = "postgresql+psycopg://postgres@127.0.0.1:5432/"

# Every CREATE, ALTER or DROP writes rows of these tables, and each row keeps the number of its transaction.
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
    """Build a database with our migrations, to be copied; yields its address. `now` is UTC."""
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
    """Copy the template into a new database; yields its address."""
    if template.startswith("sqlite"):
        copy = folder / "survey.sqlite"
        shutil.copy(str(make_url(template).database), copy)
        yield f"sqlite:///{copy}"
        return
    source, name = make_url(template).database, f"survey_test_{secrets.token_hex(6)}"
    with _postgresql(f'CREATE DATABASE "{name}" TEMPLATE "{source}"', f'DROP DATABASE "{name}" WITH (FORCE)'):
        yield POSTGRESQL + name


class RenewableDatabase(Protocol):
    """A database that is renewed for each test."""

    url: str

    def renew(self) -> None:
        """Restore the content of the template."""

    def release(self) -> None:
        """Close connections of its own, for a test that replaces the whole database."""


@contextlib.contextmanager
def memory_folder() -> Iterator[Path]:
    """A temporary folder, in memory if it has room: the rows of tests need not outlive a power cut."""
    memory = Path("/dev/shm")  # noqa: S108 — the folder made in it has a name of its own
    has_room = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM_FOR_DATABASES
    if has_room:
        _delete_leftovers(memory)
    with tempfile.TemporaryDirectory(
        prefix=f"{_FOLDER_PREFIX}{os.getpid()}-", dir=memory if has_room else None
    ) as folder:
        yield Path(folder)


def _delete_leftovers(memory: Path) -> None:
    """Delete the folders of runs that were interrupted."""
    for folder in memory.glob(f"{_FOLDER_PREFIX}*"):
        if not Path("/proc", folder.name.removeprefix(_FOLDER_PREFIX).partition("-")[0]).exists():
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def renewable_copy(template: str, folder: Path) -> Iterator[RenewableDatabase]:
    """A database that can be renewed as a copy of the template."""
    if template.startswith("sqlite"):
        yield RenewableSqlite(template, folder)
        return
    database = RenewablePostgresql(template)
    try:
        yield database
    finally:
        database.close()


class RenewableSqlite:
    """A SQLite database; renewing it copies the file of the template again."""

    def __init__(self, template: str, folder: Path) -> None:
        self._template = str(make_url(template).database)
        self._file = folder / "survey.sqlite"
        self.url = f"sqlite:///{self._file}"

    def renew(self) -> None:
        """Replace the file; a connection that is still open keeps the old one."""
        for old in self._file.parent.glob(f"{self._file.name}*"):
            old.unlink()
        shutil.copyfile(self._template, self._file)

    def release(self) -> None:
        """It has none."""


class RenewablePostgresql:
    """A PostgreSQL database; renewing it restores the rows of the template.

    Emptying its tables takes a fifth of the time of creating it again, which is done only after a test that
    changed the tables themselves.
    """

    def __init__(self, template: str) -> None:
        self._template = make_url(template).database
        self._name = f"survey_test_{secrets.token_hex(6)}"
        self.url = POSTGRESQL + self._name
        self._engine: Engine | None = None
        self._catalogue_version: object = None
        self._restoring_statements = ""

    def renew(self) -> None:
        """End other connections, restore the template's rows, and let ids count from one again."""
        if self._engine is not None:
            with self._engine.begin() as connection:
                if connection.scalar(_CATALOGUE_VERSION) == self._catalogue_version:
                    connection.exec_driver_sql(self._restoring_statements)
                    connection.execute(_RESTART_SEQUENCES)
                    return
        self._create()

    def _create(self) -> None:
        self.close()
        _run_statements(f'CREATE DATABASE "{self._name}" TEMPLATE "{self._template}"')
        self._engine = create_engine(self.url, pool_pre_ping=True)
        with self._engine.begin() as connection:
            self._restoring_statements = _emptying_statements(connection)
        with self._engine.begin() as connection:
            self._catalogue_version = connection.scalar(_CATALOGUE_VERSION)

    def release(self) -> None:
        """Close the connection; the next renewal opens it again."""
        if self._engine is not None:
            self._engine.dispose()

    def close(self) -> None:
        """Drop the database."""
        if self._engine is not None:
            self._engine.dispose()
        _run_statements(f'DROP DATABASE IF EXISTS "{self._name}" WITH (FORCE)')


def _emptying_statements(connection: Connection) -> str:
    """Store the template's rows in the schema `kept`; returns the statements that restore them."""
    connection.exec_driver_sql("CREATE SCHEMA kept")
    statements = [
        _END_OTHERS,
        # Switches off foreign keys and the trigger that protects events, so the tables may come in any order.
        "SET LOCAL session_replication_role = replica",
    ]
    for table in inspect(connection).get_table_names():
        statements.append(f'DELETE FROM "{table}"')  # noqa: S608 — our own tables
        if connection.exec_driver_sql(f'SELECT EXISTS (SELECT FROM "{table}")').scalar():  # noqa: S608 — likewise
            connection.exec_driver_sql(f'CREATE TABLE kept."{table}" AS TABLE "{table}"')
            statements.append(f'INSERT INTO "{table}" SELECT * FROM kept."{table}"')  # noqa: S608 — likewise
    return "; ".join(statements)
