"""Restores a backup: checks it, brings it up to date, and puts it in the place of the present database."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import URL, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from surveyapp.foundation.backups import postgresql_restore, sqlite_restore
from surveyapp.foundation.backups.manifest import (
    BackupUnusable,
    Manifest,
    check_against,
    keys_missing,
    manifest_file,
    read_manifest,
)
from surveyapp.foundation.backups.postgresql_dump import rows_in as rows_in_postgresql
from surveyapp.foundation.backups.restored_app import bring_up_to_date
from surveyapp.foundation.backups.sqlite_copy import BESIDE, check_whole, revision_in
from surveyapp.foundation.backups.sqlite_copy import rows_in as rows_in_sqlite
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.keys import keys
from surveyapp.foundation.store.schema import current_revision, newest_revision

_ENGINE_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_NEWEST_EVENT = "SELECT max(at) FROM survey_event"


class RestoreRefused(Refused):
    """The backup does not fit this program, its keys or its database; the present database is untouched."""


@dataclass(frozen=True)
class RestoredBackup:
    """What was restored."""

    # When the backup was made, UTC; without a manifest, the moment of the last event in it.
    taken_at: datetime
    # The schema revision of the backup, and what it was upgraded to.
    revision: str
    upgraded_to: str
    # Where the database is kept that was there before: a file, or the name of a database. None if none was.
    kept: str | None


def usable_manifest(source: Path, engine: Engine, *, may_lack: bool) -> Manifest | None:
    """The manifest of a backup that fits this program; None if there is none and it `may_lack` one.

    Raises RestoreRefused and BackupUnusable.
    """
    if not source.is_file():
        raise RestoreRefused(f"There is no file {source}.")
    manifest = read_manifest(source)
    if manifest is None:
        if not may_lack:
            raise RestoreRefused(
                f"There is no manifest {manifest_file(source)}: nobody can tell whether {source} is whole.",
                way_on="Take a copy made by “survey backup”, with its manifest beside it. A copy made before "
                "an upgrade or by SQLite’s own .backup has none: add --without-manifest for it.",
            )
        _refuse_half_a_database(source)
        return None
    if manifest.engine != engine.dialect.name:
        raise RestoreRefused(
            f"This is a backup of {_ENGINE_NAMES.get(manifest.engine, manifest.engine)}, and the database of "
            f"this program is {_ENGINE_NAMES[engine.dialect.name]}."
        )
    _refuse_newer(manifest.revision)
    if "data" in keys_missing(keys(), manifest.key_marks):
        raise RestoreRefused(
            "The key file does not hold the key with which the texts of this backup are encrypted.",
            way_on="Put back the copy of the key file that belongs to it, then run this again.",
        )
    if not manifest.has_own_seal:
        raise RestoreRefused(
            f"{manifest_file(source)} is not as surveyapp wrote it: somebody has changed what it says.",
            way_on="Take another backup, and find out who can write to where this one was kept.",
        )
    return manifest


def links_will_open(manifest: Manifest | None) -> bool:
    """Whether the links that went out before a backup open with the present key file, as far as is known."""
    return manifest is None or "link" not in keys_missing(keys(), manifest.key_marks)


def restore_backup(
    source: Path, engine: Engine, manifest: Manifest | None, *, actor: str, now: datetime
) -> RestoredBackup:
    """Put a backup in the place of the engine’s database, which is kept under another name.

    No connection of this process may be open. Raises DatabaseInUse, RestoreRefused, BackupUnusable and what
    the step’s own operations after a restore raise; then the present database is as it was.
    """
    revisions: list[tuple[str, str]] = []
    moments: list[datetime] = []

    def bring(database: URL, newest_event: datetime | None) -> None:
        taken_at = manifest.taken_at if manifest else newest_event or now
        moments.append(taken_at)
        revisions.append(bring_up_to_date(database, taken_at=taken_at, actor=actor, now=now))

    def prepare_file(part: Path) -> None:
        if manifest is not None:
            check_against(manifest, part)
        check_whole(part, source.name)
        _check(revision_in(part), rows_in_sqlite(part), manifest)
        bring(URL.create("sqlite", database=str(part)), _newest_event_in(part))

    def prepare_database(url: URL) -> None:
        restored = create_engine(url)
        try:
            with restored.connect() as connection:
                _check(current_revision(connection), rows_in_postgresql(connection), manifest)
                newest_event = connection.scalar(text(_NEWEST_EVENT))
        finally:
            restored.dispose()
        bring(url, newest_event)

    try:
        if engine.dialect.name == "sqlite":
            database = Path(engine.url.database or "")
            file = sqlite_restore.replace_database(source, database, prepare=prepare_file, now=now)
            kept = str(file) if file else None
        else:
            if manifest is not None:
                check_against(manifest, source)
            kept = postgresql_restore.replace_database(source, engine, prepare=prepare_database, now=now)
    except (OSError, sqlite3.Error) as error:
        raise RestoreRefused(f"Nothing was restored: {error}.") from error
    except DBAPIError as error:
        raise RestoreRefused(f"Nothing was restored: {' '.join(str(error.orig).split())}.") from error
    before, after = revisions[0]
    return RestoredBackup(moments[0], before, after, kept)


def _check(revision: str, rows: Mapping[str, int], manifest: Manifest | None) -> None:
    if not revision:
        raise BackupUnusable("It holds no tables of surveyapp.")
    _refuse_newer(revision)
    if manifest is not None and (revision != manifest.revision or dict(rows) != dict(manifest.rows)):
        raise BackupUnusable("It does not hold the rows that its manifest says.")


def _refuse_newer(revision: str) -> None:
    if revision > newest_revision():
        raise RestoreRefused(
            f"This backup is at revision {revision}, and this program knows revisions up to "
            f"{newest_revision()}.",
            way_on="Install the version of surveyapp that made it, or a later one, then run this again.",
        )


def _refuse_half_a_database(source: Path) -> None:
    """A file copied while it was in use: what SQLite keeps beside it holds the rest."""
    beside = next((file for ending in BESIDE if (file := Path(f"{source}{ending}")).exists()), None)
    if beside is not None:
        raise RestoreRefused(
            f"{beside.name} stands beside it, so {source.name} alone is not the whole database.",
            way_on="It was copied while in use, or is in use. Take a copy made by “survey backup”.",
        )


def _newest_event_in(database: Path) -> datetime | None:
    with closing(sqlite3.connect(database)) as connection:
        moment = connection.execute(_NEWEST_EVENT).fetchone()[0]
    return datetime.fromisoformat(moment).replace(tzinfo=UTC) if moment else None
