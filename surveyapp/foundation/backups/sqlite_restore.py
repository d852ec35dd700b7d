"""Puts a backup in the place of a SQLite database, which is kept under another name."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from surveyapp.foundation.backups.sqlite_copy import BESIDE, check_whole, sync_file
from surveyapp.foundation.private_files import open_private_file
from surveyapp.foundation.store import database_in_use
from surveyapp.foundation.store.database_in_use import DatabaseInUse, not_in_use
from surveyapp.foundation.store.lasting_record import sync_folder

PART = ".restoring"
# Seconds for which another program may finish what it is writing.
PATIENCE_SECONDS = 2


def replace_database(
    source: Path, database: Path, *, prepare: Callable[[Path], None], now: datetime
) -> Path | None:
    """Put a copy of `source` in the place of `database`; returns the file under which that is kept, if any.

    `prepare` checks the copy and changes what has to be changed before it is served. Until it has ended the
    present database stays as it is. `now` (UTC) names the file kept. Raises DatabaseInUse, what `prepare`
    raises, sqlite3.Error and OSError.
    """
    part = database.with_name(f"{database.name}{PART}")
    with not_in_use(database):
        try:
            _remove_with_beside(part)
            os.close(open_private_file(part))
            shutil.copyfile(source, part)
            prepare(part)
            _make_one_file(part)
            check_whole(part, "The restored database")
            sync_file(part)
            _give_to_owner_of(part, database if database.exists() else database.parent)
            _close_present(database)
            return _exchange(part, database, now)
        finally:
            _remove_with_beside(part)


def _make_one_file(part: Path) -> None:
    with closing(sqlite3.connect(part, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def _give_to_owner_of(part: Path, present: Path) -> None:
    """Whoever runs the command, root perhaps, the app has to be able to open the file."""
    status = present.stat()
    if os.name == "posix" and os.geteuid() == 0:
        os.chown(part, status.st_uid, status.st_gid)


def _close_present(database: Path) -> None:
    """Bring a write-ahead log or journal into the present database, so that it is one file.

    Raises DatabaseInUse if a program that takes no share in our lock has it open.
    """
    if not database.exists():
        return
    try:
        with closing(sqlite3.connect(database, timeout=PATIENCE_SECONDS, isolation_level=None)) as present:
            # Refused while another connection has a database with a write-ahead log open, even if it idles.
            present.execute("PRAGMA journal_mode=DELETE")
            present.execute("BEGIN EXCLUSIVE")
            present.execute("COMMIT")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise DatabaseInUse("Another program has this database open.") from error
    except sqlite3.DatabaseError:
        # It is damaged, perhaps the reason for the restore, and is kept as it is.
        pass


def _exchange(part: Path, database: Path, now: datetime) -> Path | None:
    """Give the present database another name and the restored one its name. Raises OSError."""
    kept = database.with_name(f"{database.name}.before-restore-{now:%Y%m%d-%H%M%S}")
    if not database.exists():
        _remove_beside(database)
        part.rename(database)
        sync_folder(database.parent)
        return None
    # Only a damaged database still has any: a stale log would be applied to the restored one.
    for ending in BESIDE:
        with suppress(FileNotFoundError):
            database.with_name(f"{database.name}{ending}").rename(kept.with_name(f"{kept.name}{ending}"))
    try:
        os.link(database, kept)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links: for a moment there is no database, and none is served.
        database.rename(kept)
    part.replace(database)
    sync_folder(database.parent)
    return kept


def _remove_with_beside(file: Path) -> None:
    file.unlink(missing_ok=True)
    _remove_beside(file)
    file.with_name(f"{file.name}{database_in_use.ENDING}").unlink(missing_ok=True)


def _remove_beside(file: Path) -> None:
    for ending in BESIDE:
        file.with_name(f"{file.name}{ending}").unlink(missing_ok=True)
