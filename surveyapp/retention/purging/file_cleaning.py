"""Cleans the database’s own files of rows that were purged (promises 3.11).

SQLite overwrites each deleted row with zeros (`secure_delete`), and the file is then written afresh, so that
nothing is left in places that a page was moved from, nor in the write-ahead log. PostgreSQL frees the space
of dead rows, and overwrites it as it uses it again.
"""

import logging
import re
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlite3 import OperationalError as SqliteBusy
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import engine, session, transaction
from surveyapp.retention.queries import uncleaned_purges

log = logging.getLogger("surveyapp.retention")

# How the copies made before upgrades and restores end, and what SQLite keeps beside them.
_COPY = re.compile(r"\.before-(?:upgrade|restore)-(\d{8}-\d{6})(?:-wal|-shm|-journal)?$")


def clean_after_purges(now: datetime) -> int:
    """Clean the database’s files if a purge has ended since, and return for how many; the worker runs it.

    If somebody is reading all the while, it is tried again the next minute. `now` is UTC.
    """
    waiting = [certificate.id for certificate in uncleaned_purges()]
    # The cleaning takes a connection of its own, and SQLite lets it in only without an open transaction.
    session.rollback()
    if not waiting or not clean_files(engine()):
        return 0
    with transaction():
        certificates = [each for each in uncleaned_purges() if each.id in waiting]
        for certificate in certificates:
            certificate.cleaned_at = max(now, certificate.finished_at or now)
    return len(waiting)


def clean_files(database: Engine) -> bool:
    """Leave nothing of deleted rows in the database’s files; False if the database was too busy for it."""
    try:
        with closing(database.raw_connection()) as pooled:
            connection: Any = pooled.driver_connection
            if database.dialect.name == "sqlite":
                connection.execute("VACUUM")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            else:
                _vacuum_postgresql(connection)
    except (OperationalError, SqliteBusy) as error:
        log.warning("The database could not be cleaned just now: %s", type(error).__name__)
        return False
    return True


def _vacuum_postgresql(connection: Any) -> None:  # noqa: ANN401 — psycopg’s own connection
    """Free the space of dead rows, without the time-out of a page’s statement."""
    connection.rollback()
    connection.autocommit = True
    try:
        connection.execute("SET statement_timeout = 0")
        connection.execute("VACUUM")
    finally:
        connection.execute("SET statement_timeout = '30s'")
        connection.autocommit = False


def remove_old_copies(now: datetime) -> int:
    """Delete the copies made before upgrades and restores once backups are no longer kept; returns how many.

    They lie beside the file of an SQLite database and hold what has been purged since. Their names say when
    they were made. `now` is UTC.
    """
    if engine().dialect.name != "sqlite" or not engine().url.database:
        return 0
    database = Path(engine().url.database or "")
    limit = now - timedelta(days=settings().keep_backups_days)
    named = ((copy, _COPY.search(copy.name)) for copy in database.parent.glob(f"{database.name}.before-*"))
    return sum(_unlinked(copy) for copy, name in named if name and _moment(name[1]) < limit)


def _moment(written: str) -> datetime:
    return datetime.strptime(written, "%Y%m%d-%H%M%S").replace(tzinfo=UTC)


def _unlinked(copy: Path) -> bool:
    with suppress(OSError):
        copy.unlink()
        return True
    return False
