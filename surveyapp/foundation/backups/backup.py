"""Makes a backup of the database while it is served: a file and its manifest, whole or not at all."""

import os
import sqlite3
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from surveyapp.foundation.backups.manifest import (
    Manifest,
    checksum_of,
    key_marks,
    manifest_file,
    program_version,
    write_manifest,
)
from surveyapp.foundation.backups.postgresql_dump import dump_database
from surveyapp.foundation.backups.sqlite_copy import (
    check_whole,
    copy_database,
    revision_in,
    rows_in,
    sync_file,
)
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.keys import keys
from surveyapp.foundation.store.lasting_record import sync_folder

_ENDINGS = {"sqlite": "sqlite", "postgresql": "dump"}
PART = ".part"


class BackupNotMade(Refused):
    """No backup was made; nothing is left of it at its place."""


def backup_place(wanted: Path, engine: Engine, *, now: datetime) -> Path:
    """The file for a backup: `wanted` itself, or a file named by the time (UTC) if that is a folder.

    Raises BackupNotMade if there is no such folder or the file exists.
    """
    ending = _ENDINGS[engine.dialect.name]
    place = wanted / f"surveyapp-{now:%Y%m%d-%H%M%S}.{ending}" if wanted.is_dir() else wanted
    if not place.parent.is_dir():
        raise BackupNotMade(f"There is no folder {place.parent}.", way_on="Make it, or mount it, first.")
    for file in (place, manifest_file(place)):
        if file.exists():
            raise BackupNotMade(f"{file} exists already.", way_on="Name another file: none is written over.")
    return place


def make_backup(engine: Engine, place: Path, *, now: datetime) -> Manifest:
    """Back the database up into `place`, a file that does not exist, and write its manifest beside it.

    Both are written under other names, checked and synced, and the manifest gets its name last: a backup
    without one was interrupted. `now` is UTC. Raises BackupNotMade, BackupUnusable, and what
    `dump_database` raises.
    """
    part, manifest_part = (file.with_name(f"{file.name}{PART}") for file in (place, manifest_file(place)))
    try:
        revision, rows = _copy(engine, part)
        manifest = Manifest(
            file=place.name,
            size=part.stat().st_size,
            checksum=checksum_of(part),
            engine=engine.dialect.name,
            revision=revision,
            program_version=program_version(),
            taken_at=now,
            rows=rows,
            key_marks=key_marks(keys()),
        )
        write_manifest(manifest, manifest_part)
        _name(part, place)
        _name(manifest_part, manifest_file(place))
        sync_folder(place.parent)
    except (OSError, sqlite3.Error, DBAPIError) as error:
        raise BackupNotMade(f"No backup was made: {_reason(error)}.") from error
    finally:
        for file in (part, manifest_part):
            file.unlink(missing_ok=True)
    return manifest


def _copy(engine: Engine, part: Path) -> tuple[str, dict[str, int]]:
    """Copy the database; returns the revision and the rows of the copy."""
    if engine.dialect.name == "postgresql":
        facts = dump_database(engine, part)
        sync_file(part)
        return facts.revision, facts.rows
    copy_database(Path(engine.url.database or ""), part)
    check_whole(part, "The copy")
    return revision_in(part), rows_in(part)


def _name(part: Path, place: Path) -> None:
    """Give a finished file its name, unless there is a file of that name. Raises OSError."""
    try:
        os.link(part, place)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links.
        if place.exists():
            raise FileExistsError(17, os.strerror(17), str(place)) from None
        part.rename(place)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.strerror}: {error.filename}" if error.filename else str(error.strerror)
    if isinstance(error, DBAPIError):
        return " ".join(str(error.orig).split())
    return str(error)
