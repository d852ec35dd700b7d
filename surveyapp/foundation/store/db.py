"""The base class of the tables, the database session, and transaction(), the only way to commit."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from typing import Any, ClassVar, TypeVar, cast

from flask import current_app, g, has_request_context, request
from sqlalchemy import CursorResult, DateTime, Dialect, Engine, MetaData, TypeDecorator, Update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.sql.dml import ReturningInsert
from werkzeug.local import LocalProxy

from surveyapp.foundation.errors import ConcurrentChange, CouldNotSave

# Explicit constraint names, so that a migration can refer to them on both engines.
NAMING_CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

# Raised by any statement when the database is busy, full or out of reach.
DATABASE_ERRORS = (OperationalError, InterfaceError, PoolTimeoutError)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC moment; both engines return the moment that was stored."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Convert to UTC. Raises ValueError for a moment without a time zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone cannot be stored.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Add the time zone, which SQLite does not store."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of every survey table; separate from the host's, so that its migrations never see ours."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime}


Row = TypeVar("Row", bound=Base)


def _current_session() -> Session:
    return cast("Session", current_app.extensions["sqlalchemy"].session())


session = cast("Session", LocalProxy(_current_session))


def has_transaction() -> bool:
    """Whether this request has begun a transaction; it begins none."""
    database = current_app.extensions.get("sqlalchemy")
    return database is not None and database.session.registry.has() and session.in_transaction()


def engine() -> Engine:
    """The host's default engine, which holds our tables."""
    return cast("Engine", current_app.extensions["sqlalchemy"].engine)


@contextmanager
def transaction() -> Iterator[None]:
    """Commit one unit of work, or none of it; then call the functions registered with after_commit().

    Raises CouldNotSave when the database is busy, full or out of reach, and ConcurrentChange when another
    transaction stored the same row first. The whole unit of work is rolled back.
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
        # Without the database's message, which holds typed text.
        raise ConcurrentChange from None
    except BaseException:
        session.rollback()
        raise
    waiting, g.survey_after_commit = g.survey_after_commit, []
    for act in waiting:
        _run_after_commit(act)


def _is_collision(error: IntegrityError) -> bool:
    """True when a unique constraint or a foreign key was violated."""
    collision_codes = {"23503", "23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_FOREIGNKEY"}
    code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
    return code in collision_codes


def _run_after_commit(act: Callable[[], object]) -> None:
    # The data is stored by now; a full disk or a failing receiver of a host must not hide that (promises P1).
    try:
        act()
    except Exception as error:  # noqa: BLE001 — whatever a host's receiver raises
        with suppress(Exception):
            current_app.logger.error("After a commit: %s", type(error).__name__)  # noqa: TRY400 — a traceback may hold typed text


def after_commit(act: Callable[[], object]) -> None:
    """Run `act` once the current transaction has been committed; never if it is rolled back."""
    g.survey_after_commit.append(act)


def is_safe_request() -> bool:
    """Whether this is a request of GET or HEAD, which reads."""
    return has_request_context() and request.method in {"GET", "HEAD"}


def after_commit_once(act: Callable[[], object]) -> None:
    """As `after_commit`, but however often it is said in one transaction, `act` runs once."""
    if act not in g.survey_after_commit:
        g.survey_after_commit.append(act)


@contextmanager
def read_transaction() -> Iterator[None]:
    """Read at the start of a request and end the transaction afterwards.

    Without this, SQLite's write lock is held while the guard looks up who is acting.
    """
    if session.in_transaction():
        yield
        return
    g.survey_reading = True
    try:
        yield
        # A host that has begun to write ends the transaction itself. This is not a rollback, at which psycopg
        # forgets its prepared statements.
        if not (session.new or session.dirty or session.deleted):
            session.commit()
            # A host may have told the session to keep its rows.
            session.expire_all()
    finally:
        g.survey_reading = False


def end_reading() -> None:
    """Commit the transaction in which a page of GET has read its rows; there is nothing to store.

    It would be rolled back at the end of the request anyway, but psycopg forgets its prepared statements at
    each rollback. What a host has changed and not committed is still rolled back.
    """
    if is_safe_request() and has_transaction() and not (session.new or session.dirty or session.deleted):
        try:
            session.commit()
        except DATABASE_ERRORS:
            # The page has been read; nothing of it is lost with the connection.
            session.rollback()


def end_request_transaction(_error: BaseException | None = None) -> None:
    """End the transaction of a request that has only read, even if its connection has died meanwhile.

    Flask-SQLAlchemy would do it a moment later, but raises for a dead connection: then the page is lost, and
    the server logs the address, which may hold a link (promises P9, D9).
    """
    flask_sqlalchemy = current_app.extensions.get("sqlalchemy")
    if flask_sqlalchemy is None or not flask_sqlalchemy.session.registry.has():
        return
    # A host that has begun to write ends the transaction itself.
    if session.new or session.dirty or session.deleted:
        return
    try:
        session.rollback()
    except DATABASE_ERRORS:
        session.invalidate()


def insert_once(table: type[Row], *, unique: Sequence[str], **values: Any) -> Row | None:  # noqa: ANN401 — columns of any type
    """Store one row and return it; None if a row with the same `unique` columns exists.

    The database decides, so two calls at once store one row.
    """
    return session.scalars(_insert_once(table, tuple(unique), engine().dialect.name), values).one_or_none()


@cache
def _insert_once(table: type[Row], unique: tuple[str, ...], dialect: str) -> ReturningInsert[Row]:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(table).on_conflict_do_nothing(index_elements=unique).returning(table)


def update_rows(statement: Update, parameters: dict[str, Any] | None = None) -> int:
    """Run an UPDATE and return how many rows it changed; objects already loaded are not refreshed."""
    unsynchronised = {"synchronize_session": False}
    result = session.execute(statement, parameters, execution_options=unsynchronised)
    return cast("CursorResult[Any]", result).rowcount
