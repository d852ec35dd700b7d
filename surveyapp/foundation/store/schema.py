"""The schema of the survey tables: upgrades it, and refuses to run on the wrong one (promises 3.15)."""

import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, column, func, inspect, select, table

from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.private_files import open_private_file

VERSION_TABLE = "survey_alembic_version"
# The number of the advisory lock, which only this program uses: “survey” in bytes.
_UPGRADE_LOCK = int.from_bytes(b"survey")
_HERE = Path(__file__).parents[2]


def migrations_folder() -> Path:
    """The folder of migrations: inside the package when installed, beside it in a checkout."""
    packed = _HERE / "migrations"
    return packed if packed.is_dir() else _HERE.parent / "migrations"


def newest_revision() -> str:
    """The schema revision that this program needs, such as “0008”, from the names of the migrations' files.

    Every start and every command asks for it, and importing Alembic to read the files takes long.
    """
    names = (file.stem for file in (migrations_folder() / "versions").glob("[0-9]*.py"))
    return max((name.partition("_")[0] for name in names), default="")


def current_revision(connection: Connection) -> str:
    """The schema revision of the database; empty when it has none of our tables."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return ""
    return connection.scalar(select(column("version_num")).select_from(table(VERSION_TABLE))) or ""


def upgrade(engine: Engine, *, now: datetime, to: str = "head", keeps_copy: bool = True) -> tuple[str, str]:
    """Create or upgrade the survey tables in one transaction; returns the revisions before and after.

    An SQLite database that holds our tables is first copied beside its file, if `keeps_copy`; `now` names the
    copy.
    """
    with engine.connect() as connection:
        before = current_revision(connection)
        connection.rollback()
        is_older = before and before != newest_revision()
        if is_older and keeps_copy and engine.dialect.name == "sqlite":
            _back_up(Path(engine.url.database or ""), now)
        _migrate(connection, to, downwards=False)
        return before, current_revision(connection)


def downgrade(engine: Engine, *, to: str) -> None:
    """Take the tables back to an older revision; more than one release back needs a backup instead."""
    with engine.connect() as connection:
        _migrate(connection, to, downwards=True)


def _migrate(connection: Connection, to: str, *, downwards: bool) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    config.attributes["connection"] = connection
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        # Without this, batch mode silently deletes child rows; within a transaction it has no effect.
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
    try:
        with connection.begin():
            if connection.dialect.name == "postgresql":
                _wait_for_others(connection)
            (command.downgrade if downwards else command.upgrade)(config, to)
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all() if sqlite else []
            if broken:
                raise CannotStart(
                    f"The upgrade would leave {len(broken)} rows without their parent; nothing was changed."
                )
    finally:
        if sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]


def _wait_for_others(connection: Connection) -> None:
    """Let one upgrade at a time change a PostgreSQL database; on SQLite BEGIN IMMEDIATE does that.

    The time-outs of pages do not hold for this transaction: a large table may take longer to change.
    """
    for statement in ("SET LOCAL lock_timeout = 0", "SET LOCAL statement_timeout = 0"):
        connection.exec_driver_sql(statement)
    connection.execute(select(func.pg_advisory_xact_lock(_UPGRADE_LOCK)))


def _back_up(source: Path, now: datetime) -> None:
    copy = source.with_name(f"{source.name}.before-upgrade-{now:%Y%m%d-%H%M%S}")
    os.close(open_private_file(copy))
    with (
        closing(sqlite3.connect(source)) as source_database,
        closing(sqlite3.connect(copy)) as copied_database,
    ):
        source_database.backup(copied_database)


def check_schema(engine: Engine) -> None:
    """Raise CannotStart unless the database is at the revision that this program needs (promises D16)."""
    with engine.connect() as connection:
        current, needed = current_revision(connection), newest_revision()
    if current != needed:
        raise CannotStart(
            f"The database is at revision {current or 'none'}, this program needs {needed}: "
            "run “flask --app wsgi survey upgrade”."
        )


def hide_survey_tables(
    _object: object,
    name: str | None,
    type_: str,
    _reflected: bool,  # noqa: FBT001 — Alembic passes it by position
    _compare_to: object,
) -> bool:
    """Alembic's `include_object` for a host, so that autogenerate does not propose to drop our tables."""
    return not (type_ == "table" and (name or "").startswith("survey_"))
