"""Attacks on the log: statements by a connection that is not the program’s, as from sqlite3 or psql."""

import sqlite3
from collections.abc import Callable
from contextlib import closing

import psycopg
import pytest
from flask import Flask
from sqlalchemy import make_url

from surveyapp.foundation.store.db import session

Attack = Callable[..., None]

_DROP_TRIGGERS = {
    "sqlite": (
        "DROP TRIGGER IF EXISTS survey_event_no_update",
        "DROP TRIGGER IF EXISTS survey_event_no_delete",
    ),
    "postgresql": (
        "DROP TRIGGER IF EXISTS survey_event_append_only ON survey_event",
        "DROP TRIGGER IF EXISTS survey_event_no_delete ON survey_event",
    ),
}


@pytest.fixture
def attack(app: Flask, database: str) -> Attack:  # noqa: ARG001 — the app has the database
    """Drops the triggers and runs statements on the database itself, beside the program."""

    def run(*statements: str) -> None:
        session.rollback()
        url = make_url(database)
        if url.drivername.startswith("sqlite"):
            with closing(sqlite3.connect(str(url.database))) as file, file:
                for statement in (*_DROP_TRIGGERS["sqlite"], *statements):
                    file.execute(statement)
            return
        with psycopg.connect(f"host=127.0.0.1 user=postgres dbname={url.database}") as server:
            for statement in (*_DROP_TRIGGERS["postgresql"], *statements):
                server.execute(statement.encode())

    return run
