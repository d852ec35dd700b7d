"""The floors: how fast the machine is without surveyapp, measured in the same run."""

import contextlib
import os
import smtplib
import sqlite3
import time
from pathlib import Path

import psycopg
from flask import Flask

BYTES = "BENCH_FLOOR_FILE"


def bare_app() -> Flask:
    """A Flask app whose only view returns the bytes of a file."""
    app = Flask("floor")
    page = Path(os.environ[BYTES]).read_bytes()
    app.add_url_rule("/<path:_any>", view_func=lambda _any: page)
    return app


def sqlite_commits(folder: Path, seconds: float) -> float:
    """How many commits of one row a second SQLite makes on the same disk with the same durability."""
    with contextlib.closing(sqlite3.connect(folder / "floor.sqlite", isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode=DELETE")
        db.execute("PRAGMA synchronous=EXTRA")
        db.execute("CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, text TEXT)")
        count, end = 0, time.perf_counter() + seconds
        while time.perf_counter() < end:
            db.execute("BEGIN IMMEDIATE")
            db.execute("INSERT INTO row (text) VALUES (?)", ("x" * 500,))
            db.execute("COMMIT")
            count += 1
    return count / seconds


def postgresql_commits(address: str, seconds: float) -> float:
    """How many commits of one row a second PostgreSQL makes on one connection."""
    with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as db:
        db.execute("CREATE TABLE IF NOT EXISTS floor_row (id serial PRIMARY KEY, text text)")
        count, end = 0, time.perf_counter() + seconds
        while time.perf_counter() < end:
            db.execute("INSERT INTO floor_row (text) VALUES (%s)", ("x" * 500,))
            count += 1
    return count / seconds


def smtp_messages(port: int, message: bytes, count: int) -> float:
    """How many messages a second smtplib alone sends over one connection."""
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        begun = time.perf_counter()
        for _ in range(count):
            smtp.sendmail("bench@host.example", ["a@agency.example"], message)
        return count / (time.perf_counter() - begun)
