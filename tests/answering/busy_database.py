"""A database whose rows another transaction holds."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from surveyapp.foundation.store.db import engine
from tests.engine_events import short_lock_timeouts


@contextmanager
def busy_database(session: Session) -> Iterator[None]:
    """Hold the rows that a press would write in another transaction, with short lock time-outs."""
    session.rollback()
    with short_lock_timeouts(), _locked():
        yield


@contextmanager
def _locked() -> Iterator[None]:
    if engine().dialect.name == "sqlite":
        writer = sqlite3.connect(str(engine().url.database), isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        yield
        writer.close()
        return
    other = create_engine(engine().url)
    with other.connect() as connection:
        connection.execute(text("LOCK TABLE survey_audit, survey_audit_request, survey_grant"))
        yield
    other.dispose()
