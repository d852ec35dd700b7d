"""Engine listeners: durable writes, foreign keys and time-outs on every connection (promises 3.2)."""

import sqlite3
from typing import Any

from flask import g, has_app_context, has_request_context, request
from sqlalchemy import Engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from surveyapp.foundation.store.database_in_use import forget_connection, note_connection

# SQLite below this version can corrupt a write-ahead log (promises D6).
FIRST_SAFE_WAL_VERSION = (3, 51, 3)


def install_listeners(engine: Engine) -> None:
    """Give a SQLite or PostgreSQL engine durable writes, early write locks, foreign keys and time-outs."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connected)
        event.listen(engine, "begin", _sqlite_begin)
        event.listen(engine, "close", _sqlite_closed)
    elif engine.dialect.name == "postgresql":
        event.listen(engine, "connect", _postgresql_connected)


def has_listeners(engine: Engine) -> bool:
    """Whether install_listeners was called for this engine; a host may have forgotten."""
    if engine.dialect.name == "sqlite":
        return event.contains(engine, "connect", _sqlite_connected)
    return engine.dialect.name != "postgresql" or event.contains(engine, "connect", _postgresql_connected)


def _sqlite_connected(connection: Any, record: ConnectionPoolEntry) -> None:  # noqa: ANN401 — the driver’s own connection
    note_connection(connection, record.info)
    wal = sqlite3.sqlite_version_info >= FIRST_SAFE_WAL_VERSION
    connection.isolation_level = None
    for pragma in (
        "foreign_keys=ON",
        "busy_timeout=10000",
        "secure_delete=ON",
        "trusted_schema=OFF",
        "recursive_triggers=ON",
        f"journal_mode={'WAL' if wal else 'DELETE'}",
        f"synchronous={'FULL' if wal else 'EXTRA'}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_closed(_connection: object, record: ConnectionPoolEntry) -> None:
    forget_connection(record.info)


def _sqlite_begin(connection: Any) -> None:  # noqa: ANN401 — SQLAlchemy’s connection
    # A deferred transaction that reads and then writes fails at once, whatever busy_timeout says.
    is_safe_request = has_request_context() and request.method in {"GET", "HEAD"}
    only_reads = is_safe_request or (has_app_context() and g.get("survey_reading", False))
    connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")


def _postgresql_connected(connection: Any, _record: object) -> None:  # noqa: ANN401 — the driver’s own connection
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '5s'")
        cursor.execute("SET statement_timeout = '30s'")
        cursor.execute("SET synchronous_commit = on")
    connection.commit()
