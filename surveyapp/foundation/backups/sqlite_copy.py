"""Copies of a SQLite database, made by its own backup while others write to it."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from surveyapp.foundation.backups.manifest import BackupUnusable
from surveyapp.foundation.private_files import open_private_file
from surveyapp.foundation.store.schema import VERSION_TABLE

OURS = "survey_"
# What SQLite keeps beside a database. Some of what was stored may be in there alone.
BESIDE = ("-journal", "-wal", "-shm")


def copy_database(source: Path, copy: Path) -> None:
    """Copy a database that may be in use into a new file for its owner alone, and sync it.

    All pages are copied under one lock for reading: copied in parts, the copy would begin again with every
    write. Raises sqlite3.Error and OSError.
    """
    os.close(open_private_file(copy))
    address = f"{source.absolute().as_uri()}?mode=rw"
    with (
        closing(sqlite3.connect(address, uri=True, timeout=60)) as database,
        closing(sqlite3.connect(copy, isolation_level=None)) as copied,
    ):
        database.backup(copied)
        # One file alone: with a write-ahead log a copy would need its -wal as well.
        copied.execute("PRAGMA journal_mode=DELETE")
    sync_file(copy)


def sync_file(file: Path) -> None:
    """Write a file through to disk. Raises OSError."""
    handle = os.open(file, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def check_whole(copy: Path, name: str) -> None:
    """Raise BackupUnusable unless SQLite finds a database whole; `name` is what to call it."""
    try:
        with closing(sqlite3.connect(copy)) as database:
            found = [row[0] for row in database.execute("PRAGMA integrity_check(1)")]
            # A host's own tables may break rules that the host has never switched on.
            broken = [row for row in database.execute("PRAGMA foreign_key_check") if row[0].startswith(OURS)]
    except sqlite3.DatabaseError as error:
        raise BackupUnusable(f"{name} is no SQLite database that is whole: {error}.") from error
    if found != ["ok"]:
        raise BackupUnusable(f"{name} is not whole: {found[0]}.")
    if broken:
        raise BackupUnusable(f"{name} is not whole: {len(broken)} of its rows are without their parent.")


def revision_in(database: Path) -> str:
    """The schema revision of a database's survey tables; empty if it has none."""
    with closing(sqlite3.connect(database)) as connection:
        try:
            row = connection.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone()  # noqa: S608 — our own name
        except sqlite3.OperationalError:
            return ""
    return str(row[0]) if row else ""


def rows_in(database: Path) -> dict[str, int]:
    """The number of rows of each table of a database, by name."""
    named = "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_'"
    with closing(sqlite3.connect(database)) as connection:
        quoted = {name: name.replace('"', '""') for (name,) in connection.execute(f"{named} ORDER BY name")}
        return {
            name: int(connection.execute(f'SELECT count(*) FROM "{place}"').fetchone()[0])  # noqa: S608 — quoted
            for name, place in quoted.items()
        }
