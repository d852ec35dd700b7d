"""Copies of a PostgreSQL database by pg_dump and pg_restore, the database's own programs."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from surveyapp.foundation.errors import Refused
from surveyapp.foundation.private_files import open_private_file
from surveyapp.foundation.store.schema import current_revision

# Seconds for which pg_dump waits for a table that is being changed.
LOCK_PATIENCE_SECONDS = 60
_TABLES = text(
    "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname), c.relname FROM pg_class c"
    " JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind IN ('r', 'p') AND n.nspname = ANY (current_schemas(false)) ORDER BY c.relname"
)


class ProgramMissing(Refused):
    """A program of PostgreSQL's is not on this machine."""

    def __init__(self, program: str) -> None:
        """Set the message, which names the program."""
        super().__init__(
            f"The program {program} is not on this machine.",
            way_on="Install PostgreSQL’s client programs of the server’s version or a later one "
            "(Debian: postgresql-client), then run this again.",
        )


class ProgramFailed(Refused):
    """A program of PostgreSQL's has ended with an error."""


@dataclass(frozen=True)
class DumpFacts:
    """What was in the database at the moment that a dump shows."""

    revision: str
    rows: dict[str, int]


def dump_database(engine: Engine, copy: Path) -> DumpFacts:
    """Dump a database that may be in use into a new file for its owner alone; returns what is in the dump.

    The rows are counted in the snapshot that pg_dump reads. Raises ProgramMissing, ProgramFailed and OSError.
    """
    os.close(open_private_file(copy))
    with _snapshot(engine) as (connection, snapshot):
        run_program(
            engine,
            "pg_dump",
            "--format=custom",
            f"--snapshot={snapshot}",
            f"--lock-wait-timeout={LOCK_PATIENCE_SECONDS}s",
            f"--file={copy}",
        )
        return DumpFacts(current_revision(connection), rows_in(connection))


@contextmanager
def _snapshot(engine: Engine) -> Iterator[tuple[Connection, str]]:
    """A transaction that only reads, and the name by which another connection reads the same."""
    reading = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with reading.connect() as connection, connection.begin():
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        yield connection, str(connection.scalar(text("SELECT pg_export_snapshot()")))


def rows_in(connection: Connection) -> dict[str, int]:
    """The number of rows of each table on the search path, by name."""
    tables = connection.execute(_TABLES).all()
    return {
        name: int(connection.scalar(text(f"SELECT count(*) FROM {place}")) or 0)  # noqa: S608 — quoted by PostgreSQL
        for place, name in tables
    }


def run_program(engine: Engine, program: str, *options: str, database: str = "") -> None:
    """Run a program of PostgreSQL's on an engine's database, or on another `database` of its server.

    The password goes by the environment, since other people of this machine see a program's options. Raises
    ProgramMissing and ProgramFailed, with the first lines of what the program says.
    """
    path = shutil.which(program)
    if path is None:
        raise ProgramMissing(program)
    command = [path, "--no-password", *options]
    environment = {**os.environ, **_connection_settings(engine, database)}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 — a fixed program, no shell
    if ended.returncode != 0:
        said = " ".join(ended.stderr.split())[:500]
        raise ProgramFailed(f"{program} could not do it: {said}")


# The names that PostgreSQL's own programs read from the environment, by those of an address.
_VARIABLES = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "options": "PGOPTIONS",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "passfile": "PGPASSFILE",
    "service": "PGSERVICE",
}


def _connection_settings(engine: Engine, database: str) -> dict[str, str]:
    _arguments, settings = engine.dialect.create_connect_args(engine.url)
    named = {**settings, "dbname": database or engine.url.database or ""}
    return {_VARIABLES[name]: str(value) for name, value in named.items() if name in _VARIABLES}
