"""Checks before the standalone app serves: database, schema and keys (promises 3.9, D12, D16)."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import OperationalError

from surveyapp.commands.keys.lost_keys import check_texts_open
from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.event_chain.triggers import check_triggers
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import engine, read_transaction, session
from surveyapp.foundation.store.keys import keys
from surveyapp.foundation.store.schema import check_schema


@contextmanager
def database_errors_in_words() -> Iterator[None]:
    """Turn the error of a database that cannot be opened into CannotStart, with a sentence."""
    try:
        yield
    except OperationalError as error:
        why = " ".join(str(error.orig).split())
        raise CannotStart(f"The database cannot be opened: {why}.") from error


def check_before_serving() -> None:
    """Raise CannotStart, with a sentence, if the database, its triggers or the keys do not fit."""
    with database_errors_in_words():
        try:
            # Only read: on SQLite somebody may hold the write lock for longer than we wait.
            with read_transaction():
                check_schema(engine())
                check_triggers(session.connection())
            check_texts_open(settings().key_file, keys().texts)
        finally:
            session.rollback()
