"""The health of the standalone app: database, worker, mail, disk, keys and version, in words."""

import shutil
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.event_chain.triggers import unprotected
from surveyapp.foundation.mail.circuit_breaker import switches
from surveyapp.foundation.mail.clock_check import clock_is_doubtful
from surveyapp.foundation.mail.status import mail_state, public_mail_trouble
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import engine, session
from surveyapp.foundation.store.engine_listeners import FIRST_SAFE_WAL_VERSION
from surveyapp.foundation.store.keys import read_key_file
from surveyapp.foundation.store.schema import check_schema, newest_revision
from surveyapp.foundation.words.dates_and_lists import moment_in_words
from surveyapp.standalone.storage_paths import storage_paths

LEAST_FREE = 100_000_000  # bytes
# tick() runs every minute, so after a quarter of an hour without one chasers no longer leave.
LONGEST_WITHOUT_TICK = timedelta(minutes=15)


@dataclass(frozen=True)
class HealthLine:
    """One line of the health page; a line that is not well needs a person."""

    name: str
    words: str
    is_well: bool = True


@dataclass(frozen=True)
class Health:
    """All lines of the health page."""

    lines: tuple[HealthLine, ...]

    @property
    def is_well(self) -> bool:
        """Whether every line is well."""
        return all(line.is_well for line in self.lines)


def health(now: datetime) -> Health:
    """Check everything; a database out of reach gives a line, not an error. `now` is UTC."""
    try:
        lines = [_schema(), _tick(now), _mail(now)]
    except SQLAlchemyError:
        session.rollback()
        lines = [HealthLine("Database", "The database cannot be reached.", is_well=False)]
    return Health((*lines, _disk(), _keys(), _version()))


def _schema() -> HealthLine:
    try:
        check_schema(engine())
    except CannotStart:
        return HealthLine(
            "Database", "The database does not fit this program: run survey upgrade.", is_well=False
        )
    if unprotected(session.connection()):
        return HealthLine(
            "Database",
            "The log of who did what is not protected against changes: run survey upgrade.",
            is_well=False,
        )
    if engine().dialect.name != "sqlite":
        return HealthLine("Database", "PostgreSQL, with the tables this program needs.")
    mode = session.execute(text("PRAGMA journal_mode")).scalar()
    # An older version can corrupt a write-ahead log, so the slower journal is used (promises D6).
    older = (
        ""
        if sqlite3.sqlite_version_info >= FIRST_SAFE_WAL_VERSION
        else ", which is too old for the faster journal"
    )
    return HealthLine(
        "Database", f"SQLite {sqlite3.sqlite_version}{older}; journal mode {mode}; the tables fit."
    )


def _tick(now: datetime) -> HealthLine:
    row = switches()
    last_tick = row.last_tick_at
    if last_tick is None:
        return HealthLine(
            "Worker", "It has not run yet. Start it with survey work, or set SURVEY_WORKER.", is_well=False
        )
    if clock_is_doubtful(row, now) and last_tick > now:
        return HealthLine(
            "Worker", "The clock went backwards: nothing is sent until a person has looked.", is_well=False
        )
    return HealthLine(
        "Worker",
        f"It last ran on {moment_in_words(last_tick)}.",
        is_well=now - last_tick <= LONGEST_WITHOUT_TICK,
    )


def _mail(now: datetime) -> HealthLine:
    trouble = public_mail_trouble(now)
    oldest = mail_state(now).oldest_due_since
    waiting = f" The email that waits longest has been due since {moment_in_words(oldest)}." if oldest else ""
    return HealthLine("Mail", (trouble or "Mail is leaving.") + waiting, is_well=not trouble)


def _disk() -> HealthLine:
    """The disk of SQLite’s file; with PostgreSQL, which may be elsewhere, that of the program’s folder."""
    is_file = engine().dialect.name == "sqlite"
    folder = Path(engine().url.database or ".").absolute().parent if is_file else storage_paths().folder
    # With PostgreSQL the folder may not have been needed yet.
    there = next(place for place in (folder, *folder.parents) if place.exists())
    free_bytes = shutil.disk_usage(there).free
    return HealthLine("Disk", f"{free_bytes // 1_000_000:,} MB are free.", is_well=free_bytes >= LEAST_FREE)


def _keys() -> HealthLine:
    """Whether the program would start again with the key file as it is now."""
    try:
        read_key_file(settings().key_file)
    except (CannotStart, OSError):
        return HealthLine(
            "Key file",
            "It is missing or cannot be used. Put its copy back before anything is started again.",
            is_well=False,
        )
    return HealthLine("Key file", "It is there, and only its owner reads it.")


def _version() -> HealthLine:
    return HealthLine(
        "Version", f"surveyapp {version('surveyapp')}, for tables at revision {newest_revision()}."
    )
