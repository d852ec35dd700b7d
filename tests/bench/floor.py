"""The floors: how fast the machine is without surveyapp, measured in the same run."""

import os
import smtplib
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from flask import Flask, redirect
from sqlalchemy.engine import make_url
from werkzeug.wrappers import Response

from surveyapp.foundation.store.engine_listeners import durability_pragmas

BYTES = "BENCH_FLOOR_FILE"
DATABASE = "BENCH_FLOOR_DATABASE"


def bare_app() -> Flask:
    """A Flask app whose only view returns the bytes of a file."""
    app = Flask("floor")
    page = Path(os.environ[BYTES]).read_bytes()
    app.add_url_rule("/<path:_any>", view_func=lambda _any: page)
    return app


def seven_requests_app() -> Flask:
    """A Flask app with four pages of fixed bytes, and three addresses that commit one row and redirect."""
    app = Flask("floor")
    pages = [(Path(os.environ[BYTES]) / f"{number}.html").read_text() for number in range(4)]
    address, mine = os.environ[DATABASE], threading.local()

    def commit_and_redirect(number: int) -> Response:
        if not hasattr(mine, "commit"):
            mine.commit = commit_of(address)
        mine.commit()
        return redirect(f"/page/{number + 1}", 303)

    app.add_url_rule("/page/<int:number>", "page", lambda number: pages[number])
    app.add_url_rule("/commit/<int:number>", "commit", commit_and_redirect, methods=["POST"])
    return app


def commit_of(address: str) -> Callable[[], object]:
    """A function that stores one row of 500 bytes as durably as the app, on a connection of its own."""
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        db = sqlite3.connect(f"{url.database}.floor", isolation_level=None)
        for pragma in durability_pragmas():
            db.execute(f"PRAGMA {pragma}")
        db.execute("PRAGMA busy_timeout=10000")
        db.execute("CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, text TEXT)")
        return lambda: db.execute("INSERT INTO row (text) VALUES (?)", ("x" * 500,))
    server = psycopg.connect(address.replace("+psycopg", ""), autocommit=True)
    # Whoever comes first makes the table; two that make it at once would collide.
    server.execute("SELECT pg_advisory_lock(1)")
    server.execute("CREATE TABLE IF NOT EXISTS floor_row (id serial PRIMARY KEY, text text)")
    server.execute("SELECT pg_advisory_unlock(1)")
    return lambda: server.execute("INSERT INTO floor_row (text) VALUES (%s)", ("x" * 500,))


def commits_a_second(address: str, seconds: float) -> float:
    """How many commits of one row a second one connection makes, one after the other."""
    commit = commit_of(address)
    count, end = 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        commit()
        count += 1
    return count / seconds


def smtp_messages(port: int, message: bytes, count: int) -> float:
    """How many messages a second smtplib alone sends over one connection."""
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        begun = time.perf_counter()
        for _ in range(count):
            smtp.sendmail("bench@host.example", ["a@agency.example"], message)
        return count / (time.perf_counter() - begun)
