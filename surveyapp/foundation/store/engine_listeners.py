"""Engine listeners: durable writes, foreign keys and time-outs on every connection (promises 3.2)."""

import sqlite3
from typing import Any

from flask import g, has_app_context
from sqlalchemy import Engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from surveyapp.foundation.store.database_in_use import forget_connection, note_connection
from surveyapp.foundation.store.db import is_safe_request
from surveyapp.foundation.store.pooled_connections import check_pooled_connections

# SQLite below this version can corrupt a write-ahead log (promises D6).
FIRST_SAFE_WAL_VERSION = (3, 51, 3)


# Of PostgreSQL, for every transaction of ours (promises D10).
_POSTGRESQL_SETTINGS = (("lock_timeout", "5s"), ("statement_timeout", "30s"), ("synchronous_commit", "on"))


def install_listeners(engine: Engine, *, is_pooled: bool = False) -> None:
    """Give a SQLite or PostgreSQL engine durable writes, early write locks, foreign keys and time-outs.

    `is_pooled`: a pooler such as PgBouncer, in transaction mode, gives each transaction another connection to
    PostgreSQL, so the settings are made at the start of each transaction, for one round trip.
    """
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connected)
        event.listen(engine, "begin", _sqlite_begin)
        event.listen(engine, "close", _sqlite_closed)
    elif engine.dialect.name == "postgresql":
        event.listen(engine, *_pooled_listener if is_pooled else _direct_listener)
        check_pooled_connections(engine)


def has_listeners(engine: Engine) -> bool:
    """Whether install_listeners was called for this engine; a host may have forgotten."""
    if engine.dialect.name == "sqlite":
        return event.contains(engine, "connect", _sqlite_connected)
    listeners = (_direct_listener, _pooled_listener)
    return engine.dialect.name != "postgresql" or any(event.contains(engine, *each) for each in listeners)


def durability_pragmas() -> tuple[str, str]:
    """SQLite's journal mode and how commits are written through, for the version that runs (promises D6)."""
    if sqlite3.sqlite_version_info >= FIRST_SAFE_WAL_VERSION:
        return "journal_mode=WAL", "synchronous=FULL"
    return "journal_mode=DELETE", "synchronous=EXTRA"


def _sqlite_connected(connection: Any, record: ConnectionPoolEntry) -> None:  # noqa: ANN401 — the driver’s own connection
    note_connection(connection, record.info)
    try:
        _set_up(connection)
    except sqlite3.Error:
        # A damaged file: nobody tells us that this connection ends.
        forget_connection(record.info)
        raise


def _set_up(connection: sqlite3.Connection) -> None:
    connection.isolation_level = None
    for pragma in (
        "foreign_keys=ON",
        "busy_timeout=10000",
        "secure_delete=ON",
        "trusted_schema=OFF",
        "recursive_triggers=ON",
        *durability_pragmas(),
    ):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_closed(_connection: object, record: ConnectionPoolEntry) -> None:
    forget_connection(record.info)


def _sqlite_begin(connection: Any) -> None:  # noqa: ANN401 — SQLAlchemy’s connection
    # A deferred transaction that reads and then writes fails at once, whatever busy_timeout says.
    only_reads = is_safe_request() or (has_app_context() and g.get("survey_reading", False))
    connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")


def _postgresql_connected(connection: Any, _record: object) -> None:  # noqa: ANN401 — the driver’s own connection
    with connection.cursor() as cursor:
        for name, value in _POSTGRESQL_SETTINGS:
            cursor.execute(f"SET {name} = '{value}'")
    connection.commit()


def _postgresql_begin(connection: Any) -> None:  # noqa: ANN401 — SQLAlchemy’s connection
    settings = "; ".join(f"SET LOCAL {name} = '{value}'" for name, value in _POSTGRESQL_SETTINGS)
    connection.exec_driver_sql(settings)


_direct_listener = ("connect", _postgresql_connected)
_pooled_listener = ("begin", _postgresql_begin)
