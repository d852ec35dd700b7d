"""A lock beside a SQLite file while any connection to it is open, so that no restore replaces it meanwhile.

SQLite's own locks do not show a connection that is idle. The lock is on a file beside the database and not on
the database itself: closing any handle of that would drop SQLite's own locks on it.
"""

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from surveyapp.foundation.errors import Refused
from surveyapp.foundation.private_files import OWNER_FILE

try:
    import fcntl
except ImportError:  # Windows, which itself refuses to replace a file that is open.
    fcntl = None  # type: ignore[assignment]

ENDING = "-in-use"
# For so long a new connection waits while a backup is being restored, in seconds.
PATIENCE_SECONDS = 10.0
_HANDLE = "survey_in_use"


class DatabaseInUse(Refused):
    """The app, a worker or another program has the database open."""

    way_on = "Stop the web processes, the workers and other programs that use it, then run this again."

    def __init__(self, what: str = "A program of surveyapp has this database open.") -> None:
        """Set the message."""
        super().__init__(what)


def note_connection(connection: sqlite3.Connection, notes: dict[str, Any]) -> None:
    """Take a share in the lock for one connection; its handle is kept in `notes`.

    Raises sqlite3.OperationalError while a backup is being restored.
    """
    name = connection.execute("PRAGMA database_list").fetchone()[2]
    handle = _share_of(Path(name)) if name else None
    if handle is not None:
        notes[_HANDLE] = handle


def stay_in_use(database: Path) -> None:
    """Take a share in the lock for as long as this process and those forked from it run.

    For a web process: it may have no connection open while nobody asks for a page. Raises
    sqlite3.OperationalError while a backup is being restored.
    """
    _share_of(database)


def _share_of(database: Path) -> int | None:
    """The handle of a share in the lock; None where there are no such locks, or no file can be made."""
    if fcntl is None:
        return None
    try:
        handle = os.open(f"{database}{ENDING}", os.O_RDWR | os.O_CREAT, OWNER_FILE)
    except OSError:
        return None
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() < end:
                time.sleep(0.05)
                continue
            os.close(handle)
            raise sqlite3.OperationalError("a backup is being restored") from None
        except OSError:
            # A file system without such locks.
            os.close(handle)
            return None
        return handle


def forget_connection(notes: dict[str, Any]) -> None:
    """Give the share of a connection back."""
    handle = notes.pop(_HANDLE, None)
    if handle is not None:
        os.close(handle)


@contextlib.contextmanager
def not_in_use(database: Path) -> Iterator[None]:
    """Keep every connection away from a SQLite file. Raises DatabaseInUse if one is open in any process."""
    if fcntl is None:
        yield
        return
    handle = os.open(f"{database}{ENDING}", os.O_RDWR | os.O_CREAT, OWNER_FILE)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DatabaseInUse from None
        yield
    finally:
        os.close(handle)
