"""Measures from outside how long transactions of other processes stay open."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

OLDEST = text(
    "SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@contextmanager
def longest_transaction(database: str) -> Iterator[Callable[[], float]]:
    """Watch the database during a block; yields a function that gives the longest transaction, in seconds."""
    ended, ages = threading.Event(), [0.0]
    oldest = _oldest_on_postgresql if database.startswith("postgresql") else _oldest_on_sqlite

    def look() -> None:
        with oldest(database) as age:
            while not ended.wait(0.1):
                ages.append(age())

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield lambda: max(ages)
    finally:
        ended.set()
        looking.join()


@contextmanager
def _oldest_on_postgresql(database: str) -> Iterator[Callable[[], float]]:
    engine = create_engine(database, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield lambda: float(connection.execute(OLDEST).scalar_one())
    engine.dispose()


@contextmanager
def _oldest_on_sqlite(database: str) -> Iterator[Callable[[], float]]:
    # The age of a reader is unknown, but a request for exclusive access waits until the last reader ends.
    path = str(make_url(database).database)
    with closing(sqlite3.connect(path, timeout=60, isolation_level=None)) as connection:
        wal = connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        alone = "PRAGMA wal_checkpoint(TRUNCATE)" if wal else "BEGIN EXCLUSIVE; ROLLBACK"

        def wait() -> float:
            begun = time.perf_counter()
            connection.executescript(alone)
            return time.perf_counter() - begun

        yield wait
