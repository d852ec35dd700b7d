"""The tables' base, the host's session as ours, and the one way to commit."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, ClassVar, TypeVar, cast

from flask import current_app, g, has_app_context, has_request_context, request
from sqlalchemy import CursorResult, DateTime, Dialect, Engine, MetaData, TypeDecorator, Update, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import DeclarativeBase, Session
from werkzeug.local import LocalProxy

from surveyapp.foundation.errors import ConcurrentChange, CouldNotSave

# Constraints have names we chose, so that a migration can speak of them on both engines.
NAMING_CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

# What a database that is busy, full or away raises, at whatever statement.
DATABASE_ERRORS = (OperationalError, InterfaceError, PoolTimeoutError)

# SQLite below this version can corrupt a write-ahead log (promises D6).
FIRST_SAFE_WAL_VERSION = (3, 51, 3)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC moment; both engines give back what was put in."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse a moment without a zone: nobody could say which hour it means."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone cannot be stored.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the moment its zone back: SQLite keeps none."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of every survey table; not the host's, so that its migrations never see ours."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime}


Row = TypeVar("Row", bound=Base)


def _current_session() -> Session:
    return cast("Session", current_app.extensions["sqlalchemy"].session())


session = cast("Session", LocalProxy(_current_session))


def engine() -> Engine:
    """The host's default engine, on which our tables stand."""
    return cast("Engine", current_app.extensions["sqlalchemy"].engine)


@contextmanager
def transaction() -> Iterator[None]:
    """Commit once what one person did, or nothing of it; what waits for the commit runs after it.

    Raises CouldNotSave when the database is busy, full or away, SameMoment when it holds the same already;
    the whole unit of work is abandoned.
    """
    g.survey_after_commit = []
    try:
        yield
        session.commit()
    except DATABASE_ERRORS as error:
        session.rollback()
        raise CouldNotSave from error
    except IntegrityError as error:
        session.rollback()
        if not _is_collision(error):
            raise
        # Without the database's own words: they hold what was typed.
        raise ConcurrentChange from None
    except BaseException:
        session.rollback()
        raise
    waiting, g.survey_after_commit = g.survey_after_commit, []
    for act in waiting:
        _run_after_commit(act)


def _is_collision(error: IntegrityError) -> bool:
    """Whether a row is there already, or what it hangs on there no longer."""
    known = {"23503", "23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_FOREIGNKEY"}
    said = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
    return said in known


def _run_after_commit(act: Callable[[], object]) -> None:
    # It is stored by now; a full disk under the log or a host's receiver must not hide that (promises P1).
    try:
        act()
    except Exception as error:  # noqa: BLE001 — whatever a host's receiver raises
        with suppress(Exception):
            current_app.logger.error("After a commit: %s", type(error).__name__)  # noqa: TRY400 — no text


def after_commit(act: Callable[[], object]) -> None:
    """Do `act` once the transaction under way has been committed; never if it is rolled back."""
    g.survey_after_commit.append(act)


@contextmanager
def read_transaction() -> Iterator[None]:
    """Read at the start of a request, and hold nothing of the database for the rest of it.

    Without this SQLite's one write lock is held from the first look at who is acting.
    """
    if session.in_transaction():
        yield
        return
    g.survey_reading = True
    try:
        yield
        # What a host has begun to write is its own to end.
        if not (session.new or session.dirty or session.deleted):
            session.rollback()
    finally:
        g.survey_reading = False


def insert_once(table: type[Row], *, unique: Sequence[str], **values: Any) -> Row | None:  # noqa: ANN401 — columns of any type
    """Store one row and give it; None where a row with the same `unique` columns is there already.

    The database decides, so two at once store one. Column defaults of the model are not applied.
    """
    insert = postgresql.insert if engine().dialect.name == "postgresql" else sqlite.insert
    row = insert(table).values(**values).on_conflict_do_nothing(index_elements=unique).returning(table)
    return session.scalars(row).one_or_none()


def update_rows(statement: Update) -> int:
    """Change rows where they stand, and give how many they were; rows read before keep what they said."""
    unseen = {"synchronize_session": False}
    return cast("CursorResult[Any]", session.execute(statement, execution_options=unseen)).rowcount


def install_listeners(found: Engine) -> None:
    """Give an engine durable writes, write locks taken at the start and foreign keys (promises 3.2)."""
    if found.dialect.name == "sqlite":
        event.listen(found, "connect", _sqlite_connected)
        event.listen(found, "begin", _sqlite_begin)
    elif found.dialect.name == "postgresql":
        event.listen(found, "connect", _postgresql_connected)


def has_listeners(found: Engine) -> bool:
    """Whether install_listeners was called for this engine; a host may have forgotten."""
    if found.dialect.name == "sqlite":
        return event.contains(found, "connect", _sqlite_connected)
    return found.dialect.name != "postgresql" or event.contains(found, "connect", _postgresql_connected)


def _sqlite_connected(raw: Any, _record: object) -> None:  # noqa: ANN401 — the driver's own connection
    wal = sqlite3.sqlite_version_info >= FIRST_SAFE_WAL_VERSION
    raw.isolation_level = None
    for pragma in (
        "foreign_keys=ON",
        "busy_timeout=10000",
        "secure_delete=ON",
        "trusted_schema=OFF",
        "recursive_triggers=ON",
        f"journal_mode={'WAL' if wal else 'DELETE'}",
        f"synchronous={'FULL' if wal else 'EXTRA'}",
    ):
        raw.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: Any) -> None:  # noqa: ANN401 — SQLAlchemy gives its connection
    # A deferred transaction that reads and then writes fails at once, whatever busy_timeout says.
    safe = has_request_context() and request.method in {"GET", "HEAD"}
    only_reads = safe or (has_app_context() and g.get("survey_reading", False))
    connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")


def _postgresql_connected(raw: Any, _record: object) -> None:  # noqa: ANN401 — the driver's own connection
    with raw.cursor() as cursor:
        cursor.execute("SET lock_timeout = '5s'")
        cursor.execute("SET statement_timeout = '30s'")
        cursor.execute("SET synchronous_commit = on")
    raw.commit()
