import sqlite3
import threading

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from surveyapp.foundation.store.db import session as db_session
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.engine_listeners import FIRST_SAFE_WAL_VERSION
from surveyapp.foundation.store.models import Switches
from tests.row_maker import Maker


@pytest.mark.sqlite
def test_sqlite_writes_through_to_disk(session: Session) -> None:
    wal = sqlite3.sqlite_version_info >= FIRST_SAFE_WAL_VERSION
    read = {
        name: session.scalar(text(f"PRAGMA {name}"))
        for name in ("foreign_keys", "journal_mode", "synchronous")
    }
    assert read == {
        "foreign_keys": 1,
        "journal_mode": "wal" if wal else "delete",
        "synchronous": 2 if wal else 3,
    }


@pytest.mark.postgresql
def test_postgresql_has_time_outs_and_commits_synchronously(session: Session) -> None:
    read = [
        session.scalar(text(f"SHOW {name}"))
        for name in ("lock_timeout", "statement_timeout", "synchronous_commit", "fsync")
    ]
    assert read == ["5s", "30s", "on", "on"]


def test_concurrent_transactions_lose_no_update(app: Flask, make: Maker, session: Session) -> None:
    make.agency("Northside Police")
    session.rollback()

    def add_one() -> None:
        with app.app_context(), transaction():
            row = db_session.execute(select(Switches).with_for_update()).scalar_one()
            row.mail_failures = row.mail_failures + 1

    threads = [threading.Thread(target=add_one) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert session.get_one(Switches, 1).mail_failures == 12
