"""Puts a backup in the place of a PostgreSQL database, which is kept under another name."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from surveyapp.foundation.backups.postgresql_dump import run_program
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.database_in_use import DatabaseInUse
from surveyapp.foundation.words.shares import counted

# The database that every server has, from which others are made and named.
MAINTENANCE = "postgres"
# PostgreSQL cuts longer names.
LONGEST_NAME = 63
_CONNECTED = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = :name AND backend_type = 'client backend'"
)
_MAY_MAKE = text("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
_LIKE = text(
    "SELECT pg_encoding_to_char(encoding) AS encoding, datcollate, datctype FROM pg_database"
    " WHERE datname = :name"
)


class MayNotMakeDatabases(Refused):
    """The role of the app may not make a database, which a restore needs for the moment."""

    def __init__(self, role: str) -> None:
        """Set the message, which names the role."""
        super().__init__(
            f"The role {role} may not make databases, and a restore is made beside the present one.",
            way_on=f'As an administrator of the server run: ALTER ROLE "{role}" CREATEDB; '
            "and take it back afterwards.",
        )


def replace_database(
    source: Path, engine: Engine, *, prepare: Callable[[URL], None], now: datetime
) -> str | None:
    """Put a dump in the place of an engine’s database; returns the name under which that is kept, if any.

    The dump is restored into a database of its own. `prepare` checks that and changes what has to be changed
    before it is served; then both are renamed in one transaction, which the server refuses while anybody is
    connected. `now` (UTC) is in the name kept. Raises DatabaseInUse, MayNotMakeDatabases, ProgramMissing,
    ProgramFailed and what `prepare` raises.
    """
    name = engine.url.database or ""
    part, kept = _name_like(name, "_restoring"), _name_like(name, f"_before_restore_{now:%Y%m%d_%H%M%S}")
    with _server(engine) as server:
        _check_unused(server, name)
        if not server.scalar(_MAY_MAKE):
            raise MayNotMakeDatabases(str(server.scalar(text("SELECT current_user"))))
        _drop(server, part)
        _create(server, part, like=name)
        try:
            run_program(
                engine, "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error",
                "--single-transaction", f"--dbname={part}", str(source), database=part,
            )  # fmt: skip
            prepare(engine.url.set(database=part))
            return kept if _exchange(server, name, part, kept) else None
        finally:
            _drop(server, part)


@contextmanager
def _server(engine: Engine) -> Iterator[Connection]:
    """A connection beside the app’s database, each of whose statements is a transaction of its own."""
    server = create_engine(engine.url.set(database=MAINTENANCE), isolation_level="AUTOCOMMIT")
    try:
        with server.connect() as connection:
            yield connection
    finally:
        server.dispose()


def _check_unused(server: Connection, name: str) -> None:
    count = server.scalar(_CONNECTED, {"name": name})
    if count:
        raise DatabaseInUse(f"The database {name} is in use: {counted(count, 'connection')}.")


def _create(server: Connection, part: str, *, like: str) -> None:
    options = ""
    row = server.execute(_LIKE, {"name": like}).one_or_none()
    if row is not None:
        options = f" ENCODING '{row.encoding}' LC_COLLATE '{row.datcollate}' LC_CTYPE '{row.datctype}'"
    server.exec_driver_sql(f"CREATE DATABASE {_quoted(part)} TEMPLATE template0{options}")


def _drop(server: Connection, part: str) -> None:
    server.exec_driver_sql(f"DROP DATABASE IF EXISTS {_quoted(part)}")


def _exchange(server: Connection, name: str, part: str, kept: str) -> bool:
    """Rename both databases at once; whether there was one before. Raises DatabaseInUse."""
    exists = server.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name})
    renamed = [f"ALTER DATABASE {_quoted(part)} RENAME TO {_quoted(name)}"]
    if exists:
        renamed.insert(0, f"ALTER DATABASE {_quoted(name)} RENAME TO {_quoted(kept)}")
    try:
        # Sent as one statement, which the server runs as one transaction.
        server.exec_driver_sql("; ".join(renamed))
    except (OperationalError, DBAPIError) as error:
        if getattr(error.orig, "sqlstate", "") == "55006":
            raise DatabaseInUse(f"Somebody connected to the database {name} meanwhile.") from error
        raise
    return bool(exists)


def _name_like(name: str, ending: str) -> str:
    return f"{name[: LONGEST_NAME - len(ending)]}{ending}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
