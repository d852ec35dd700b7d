"""/ready says whether pages can be served, to anybody and by any name; /metrics needs its setting."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from surveyapp.foundation import clock
from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.mail.circuit_breaker import trip_breaker
from surveyapp.foundation.store.db import engine, transaction
from surveyapp.planning.models import Audit
from surveyapp.standalone.app import create_app
from tests.engine_events import engine_listener


def ready(app: Flask, **headers: str) -> tuple[int, str]:
    answer = app.test_client().get("/ready", headers=headers)
    return answer.status_code, answer.text


def test_a_server_is_ready_by_whatever_name_it_is_asked(app: Flask) -> None:
    assert ready(app) == (200, "ready\n")
    assert ready(app, Host="10.0.0.7") == (200, "ready\n")
    assert app.test_client().get("/ready").headers["Cache-Control"] == "no-store"


def test_a_server_without_its_database_is_not_ready_and_says_no_more(app: Flask) -> None:
    def refuse(*_statement: object) -> None:
        raise OperationalError("", None, Exception("out of reach at db.inside.example"))

    with engine_listener("before_cursor_execute", refuse):
        assert ready(app) == (503, "not ready\n")


def test_a_server_whose_mail_waits_goes_on_serving_pages(app: Flask) -> None:
    with transaction():
        trip_breaker("server not reachable", probing=False, now=clock.now())
    assert ready(app) == (200, "ready\n")


def test_a_server_is_ready_while_somebody_writes_and_a_command_begins(app: Flask) -> None:
    with engine().connect() as writer:
        writer.execute(update(Audit).values(title="Another title"))
        assert ready(app) == (200, "ready\n")
        # It gets as far as its own refusal.
        said = app.test_cli_runner().invoke(args=["survey", "export", "1", "--to", "audit.txt"])
        assert "says no kind of file" in said.stderr, said.stderr
        writer.rollback()


def test_only_reading_is_answered(app: Flask) -> None:
    assert app.test_client().post("/ready").status_code == 404


def test_without_the_setting_there_are_no_figures(app: Flask) -> None:
    answer = app.test_client().get("/metrics", headers={"Authorization": "Bearer "})
    assert answer.status_code == 404


def test_a_short_token_is_refused(tmp_path: Path) -> None:
    config: dict[str, Any] = {
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'survey.sqlite'}",
        "SURVEY_KEY_FILE": str(tmp_path / "keys.json"),
        "METRICS_TOKEN": "short",
    }
    with pytest.raises(CannotStart, match="32 random characters"):
        create_app(config)
