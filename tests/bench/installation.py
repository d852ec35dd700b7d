"""Databases to measure, with audits of the sizes that the budgets name."""

import contextlib
import logging
import secrets
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import create_engine, insert, select, text
from sqlalchemy.orm import selectinload

from surveyapp.answering.models import Return
from surveyapp.foundation import clock
from surveyapp.foundation.store import schema
from surveyapp.foundation.store.db import engine, session
from surveyapp.issuing.links import link_for, token_in
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.standalone.app import create_app
from tests.accounts import staff_row
from tests.row_maker import Maker

POSTGRESQL = "postgresql+psycopg://postgres@127.0.0.1:5432/"
EMAIL, PASSWORD = "bench@partnership.example", "not worth guessing"
AGENCIES, CASES = 8, 100
RETURNED = 0.856


class BenchInstallation:
    """A database with its settings, for a server and for an app in this process that fills it."""

    def __init__(self, folder: Path, database: str) -> None:
        """Make the tables, at the newest revision."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.database = folder, database
        self.config: dict[str, Any] = {
            "SQLALCHEMY_DATABASE_URI": database,
            "SURVEY_KEY_FILE": str(folder / "keys.json"),
            "SURVEY_MAIL_FOLDER": str(folder / "mail"),
            "SURVEY_MAIL_PER_MINUTE": 1_000_000,
        }
        upgraded = create_engine(database)
        schema.upgrade(upgraded, now=clock.now())
        upgraded.dispose()

    @property
    def environment(self) -> dict[str, str]:
        """The settings as environment variables of a server."""
        return {f"FLASK_{name}": str(value) for name, value in self.config.items()}

    @contextlib.contextmanager
    def app(self, **config: Any) -> Iterator[Flask]:
        """An app on this database; the block runs in its context."""
        app = create_app(self.config | config)
        # The output is a table; logged events would stand between its lines.
        logging.getLogger("surveyapp.events").setLevel(logging.WARNING)
        with app.app_context():
            yield app
            session.rollback()
            app.extensions["sqlalchemy"].session.remove()
            engine().dispose()

    def add_staff(self) -> None:
        """Add an account to sign in with; its hash is a cheap one, since hashing is not measured."""
        quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
        session.add(staff_row(email=EMAIL, password_hash=quick.hash(PASSWORD)))
        session.commit()

    def add_audit(self, *, agencies: int, cases: int, returned: float = 0) -> int:
        """Add an issued audit with agencies x cases requests, of which the share `returned` is returned."""
        maker = Maker(clock.now())
        today = clock.local_day(clock.now())
        later = today.replace(year=today.year + 1, day=1)
        named = [maker.agency(f"Agency {secrets.token_hex(4)}") for _ in range(agencies)]
        title = f"Audit {secrets.token_hex(4)}"
        audit = maker.audit(agencies=named, cases=cases, title=title, due_on=later, close_on=later)
        ids = list(session.scalars(select(AuditRequest.id).where(AuditRequest.audit_id == audit.id)))
        rows = [
            {
                "request_id": request_id,
                "version": 1,
                "returned_at": clock.now(),
                "first_returned_at": clock.now(),
            }
            for request_id in ids[: round(len(ids) * returned)]
        ]
        if rows:
            session.execute(insert(Return), rows)
        session.commit()
        return audit.id

    def links(self, audit_id: int) -> list[tuple[str, list[str]]]:
        """The token of each contact of an audit, with the public ids of their requests."""
        grants = session.scalars(
            select(Grant)
            .where(Grant.audit_id == audit_id)
            .options(selectinload(Grant.requests))
            .order_by(Grant.id)
        )
        return [
            (token_in(link_for(grant)), [audit_request.public_id for audit_request in grant.requests])
            for grant in grants
        ]


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """Create a PostgreSQL database; yields its address. OperationalError where there is no PostgreSQL."""
    name = f"survey_bench_{secrets.token_hex(4)}"
    server = create_engine(POSTGRESQL + "postgres", isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    try:
        yield POSTGRESQL + name
    finally:
        with server.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        server.dispose()


def add_a_million(
    path: Path, audit_id: int, *, audits: int = 200, cases: int = 100, agencies: int = 50
) -> int:
    """Copy an audit by plain SQL: 1,000,000 requests, none due today; returns the number of requests."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-200000;")
        columns = [
            row[1] for row in db.execute("PRAGMA table_info(survey_audit)") if row[1] not in {"id", "title"}
        ]
        named = ", ".join(f'"{column}"' for column in columns)
        copied = f"INSERT INTO survey_audit (id, title, {named}) SELECT ?, ?, {named} FROM survey_audit"  # noqa: S608
        copied += " WHERE id = ?"
        first_agency = db.execute("SELECT max(id) FROM survey_agency").fetchone()[0] + 1
        db.executemany(
            "INSERT INTO survey_agency (id, name, kind) VALUES (?, ?, 'police')",
            ((first_agency + number, f"Force {number}") for number in range(agencies)),
        )
        db.executemany(
            "INSERT INTO survey_contact (id, agency_id, name, email, telephone, role)"
            " VALUES (?, ?, 'A', ?, '', 'lead')",
            (
                (100_000 + number, first_agency + number, f"a{number}@force.example")
                for number in range(agencies)
            ),
        )
        case = request = grant = 1_000_000
        for audit in range(1000, 1000 + audits):
            db.execute(
                copied,
                (audit, f"Old audit {audit}", audit_id),
            )
            db.executemany(
                "INSERT INTO survey_case (id, audit_id, position, pseudonym, unborn, gender, category, plan,"
                " sibling_group, needs) VALUES (?, ?, ?, ?, 0, '', '', '', '', '[]')",
                ((case + number, audit, number, f"Child {number}") for number in range(cases)),
            )
            db.executemany(
                "INSERT INTO survey_grant (id, audit_id, contact_id, public_id, version, issued_at)"
                " VALUES (?, ?, ?, ?, 1, '2026-01-05 09:00:00.000000')",
                (
                    (grant + number, audit, 100_000 + number, f"g{grant + number:023d}")
                    for number in range(agencies)
                ),
            )
            db.executemany(
                "INSERT INTO survey_audit_request (id, public_id, reference, audit_id, case_id, agency_id,"
                " grant_id, issued_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, '2026-01-05 09:00:00.000000')",
                (
                    (
                        n := request + i * agencies + j,
                        f"r{n:023d}",
                        f"{n:x}",
                        audit,
                        case + i,
                        first_agency + j,
                        grant + j,
                    )
                    for i in range(cases)
                    for j in range(agencies)
                ),
            )
            case, grant, request = case + cases, grant + agencies, request + cases * agencies
        db.commit()
        return int(db.execute("SELECT count(*) FROM survey_audit_request").fetchone()[0])
