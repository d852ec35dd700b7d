from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import event, text
from sqlalchemy.engine import make_url

from surveyapp.foundation.store.db import engine
from surveyapp.foundation.store.db import session as db_session
from surveyapp.foundation.store.pooled_connections import LONGEST_REST
from tests.answering.conftest import Person
from tests.row_maker import Maker

pytestmark = pytest.mark.postgresql
# Statements that psycopg has sent more often than this are prepared.
TIMES = 7


def _backend_id() -> int:
    """The process of PostgreSQL that answers on the connection taken from the pool."""
    number = db_session.scalar(text("SELECT pg_backend_pid()"))
    # Closing gives the connection back.
    db_session.close()
    assert isinstance(number, int)
    return number


def _end(backend: int) -> None:
    address = make_url(str(engine().url)).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as other:
        ended = "SELECT pg_terminate_backend(%s, 5000)"
        assert other.execute(ended, [backend]).fetchone() == (True,)


def test_d9_a_connection_that_postgresql_closed_at_rest_is_replaced(app: Flask) -> None:  # noqa: ARG001
    backend = _backend_id()
    assert _backend_id() == backend
    _end(backend)
    assert _backend_id() != backend


def test_a_connection_is_asked_only_after_a_long_rest(
    app: Flask,  # noqa: ARG001 — its engine
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    ping = engine().dialect.do_ping

    def noted_ping(wire: Any) -> bool:
        asked.append("ping")
        return ping(wire)

    monkeypatch.setattr(engine().dialect, "do_ping", noted_ping)
    backend = _backend_id()
    assert (_backend_id(), asked) == (backend, [])

    def long_ago(_connection: object, record: object) -> None:
        record.info["survey_rests_since"] -= LONGEST_REST + 1  # type: ignore[attr-defined]

    event.listen(engine(), "checkin", long_ago)
    try:
        _backend_id()
    finally:
        event.remove(engine(), "checkin", long_ago)
    assert (_backend_id(), asked) == (backend, ["ping"])


def test_pages_keep_the_statements_that_postgresql_has_prepared(app: Flask, make: Maker) -> None:
    person = Person(app)
    audit = make.audit(cases=1, agencies=1)
    (audit_request,) = make.requests(audit)
    person.starts(make.grants(audit)[0])
    address = f"/returns/{audit_request.public_id}/"
    # All pages have one connection after the other, which is the same one.
    db_session.close()
    engine().dispose()
    for _ in range(TIMES):
        person.reads(address)
    prepared = db_session.scalars(text("SELECT statement FROM pg_prepared_statements")).all()
    assert any("FROM survey_audit_request" in statement for statement in prepared)
