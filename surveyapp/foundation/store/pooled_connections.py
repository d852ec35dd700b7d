"""Finds pooled connections that PostgreSQL has closed, without asking it each time (promises D9).

SQLAlchemy’s `pool_pre_ping` sends a query whenever a connection is taken from the pool, one more for each
transaction. A connection that the server or a proxy has closed has something to read instead.
"""

import select
import time
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

# Seconds of rest after which a connection is asked all the same: a firewall may have dropped it silently.
LONGEST_REST = 60


def check_pooled_connections(engine: Engine) -> None:
    """Replace a closed connection of a PostgreSQL engine when it is taken from the pool."""

    def rest(_connection: Any, record: ConnectionPoolEntry) -> None:  # noqa: ANN401 — the driver’s own
        record.info["survey_rests_since"] = time.monotonic()

    def check(connection: Any, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:  # noqa: ANN401
        rests_since = record.info.get("survey_rests_since")
        if rests_since is None:
            # A connection that has just been made.
            return
        has_rested_long = time.monotonic() - rests_since > LONGEST_REST
        if (has_rested_long or _has_something_to_read(connection)) and not _answers(engine, connection):
            # The pool drops it, and connects anew.
            raise DisconnectionError

    event.listen(engine, "checkin", rest)
    event.listen(engine, "checkout", check)


def _has_something_to_read(connection: Any) -> bool:  # noqa: ANN401 — the driver’s own connection
    """Whether the server has sent something to a connection at rest, such as its end."""
    if connection.closed:
        return True
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return bool(waiting.poll(0))


def _answers(engine: Engine, connection: Any) -> bool:  # noqa: ANN401 — the driver’s own connection
    try:
        return bool(engine.dialect.do_ping(connection))
    except engine.dialect.loaded_dbapi.Error:
        return False
