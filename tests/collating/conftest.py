"""The demonstration, loaded once for all tests that only look at it."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.engine import make_url

from surveyapp.commands.demonstration import load_demonstration
from surveyapp.foundation import clock
from surveyapp.foundation.db import engine, session
from surveyapp.planning.models import Audit
from surveyapp.standalone.app import create_app

# As in the top conftest.
_MONDAY_MORNING = datetime(2026, 11, 30, 9, tzinfo=UTC)


@pytest.fixture(scope="session")
def demonstration(template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The demonstration, loaded once for the tests that only look at it."""
    if not template_database.startswith("sqlite"):
        pytest.skip("The published figures are collated on SQLite; other tests collate on PostgreSQL too.")
    folder = tmp_path_factory.mktemp("collated")
    shutil.copy(str(make_url(template_database).database), folder / "survey.sqlite")
    with time_machine.travel(_MONDAY_MORNING, tick=False):
        app = create_app(
            {
                "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'survey.sqlite'}",
                "SURVEY_KEY_FILE": str(folder / "keys.json"),
                "SURVEY_MAIL_FOLDER": str(folder / "mail"),
                "SURVEY_WORKER": False,
                "PROPAGATE_EXCEPTIONS": True,
            }
        )
        with app.app_context():
            load_demonstration(now=clock.now())
            session.rollback()
            engine().dispose()
    return app


@pytest.fixture
def demonstrated(demonstration: Flask) -> Iterator[Audit]:
    """The loaded audit, in the context of its app and on the Monday it was loaded."""
    with time_machine.travel(_MONDAY_MORNING, tick=False), demonstration.app_context():
        yield session.scalars(select(Audit)).one()
        session.rollback()
        demonstration.extensions["sqlalchemy"].session.remove()
        engine().dispose()
