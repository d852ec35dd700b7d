"""What every test may ask for: an app on a database of its own, people's browsers, rows, a fixed clock."""

import contextlib
import contextvars
import secrets
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import create_engine, event, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from surveyapp.commands.demonstration import load_demonstration
from surveyapp.foundation import schema
from surveyapp.foundation.db import engine as current_engine
from surveyapp.foundation.db import session as current_session
from surveyapp.foundation.models import Outbox
from surveyapp.planning.models import Audit
from surveyapp.standalone.app import create_app
from tests.browsing import PageClient
from tests.making import Maker

POSTGRESQL = "postgresql+psycopg://postgres@127.0.0.1:5432/"

# The clock stands still in every test, on a working Monday at nine, UK time.
MONDAY_MORNING = datetime(2026, 11, 30, 9, tzinfo=UTC)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--engine", choices=("sqlite", "postgresql"), default="sqlite", help="the database under test"
    )


@pytest.fixture(scope="session")
def template_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A database that our migrations built, copied for each test."""
    if request.config.getoption("--engine") == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('template') / 'survey.sqlite'}"
        _upgrade(url)
        yield url
        return
    name = f"survey_template_{secrets.token_hex(4)}"
    with _postgresql(f'CREATE DATABASE "{name}"', f'DROP DATABASE "{name}" WITH (FORCE)'):
        _upgrade(POSTGRESQL + name)
        yield POSTGRESQL + name


def _upgrade(url: str) -> None:
    engine = create_engine(url)
    schema.upgrade(engine, now=MONDAY_MORNING)
    engine.dispose()


@contextlib.contextmanager
def _postgresql(before: str, after: str) -> Iterator[None]:
    engine = create_engine(POSTGRESQL + "postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(before))
    try:
        yield
    finally:
        with engine.connect() as connection:
            connection.execute(text(after))
        engine.dispose()


@contextlib.contextmanager
def _copy_of(template: str, folder: Path) -> Iterator[str]:
    """A database made as the template's copy; its address."""
    if template.startswith("sqlite"):
        copy = folder / "survey.sqlite"
        shutil.copy(str(make_url(template).database), copy)
        yield f"sqlite:///{copy}"
        return
    source, name = make_url(template).database, f"survey_test_{secrets.token_hex(6)}"
    with _postgresql(f'CREATE DATABASE "{name}" TEMPLATE "{source}"', f'DROP DATABASE "{name}" WITH (FORCE)'):
        yield POSTGRESQL + name


@pytest.fixture
def database(template_database: str, tmp_path: Path) -> Iterator[str]:
    """The address of a database of this test's own."""
    with _copy_of(template_database, tmp_path) as url:
        yield url


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The clock, standing at MONDAY_MORNING until a test moves it."""
    with time_machine.travel(MONDAY_MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Where each template is compiled once for all tests: every test has an app of its own."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


def _app_on(url: str, folder: Path, compiled: FileSystemBytecodeCache) -> Flask:
    """The standalone app on a database, with its keys and its mail in a folder."""
    app = create_app(
        {
            "SQLALCHEMY_DATABASE_URI": url,
            "SURVEY_KEY_FILE": str(folder / "keys.json"),
            "SURVEY_MAIL_FOLDER": str(folder / "mail"),
            "SURVEY_WORKER": False,
            "PROPAGATE_EXCEPTIONS": True,
        }
    )
    app.jinja_env.bytecode_cache = compiled
    return app


def _leave(app: Flask) -> None:
    current_session.rollback()
    app.extensions["sqlalchemy"].session.remove()
    current_engine().dispose()


@pytest.fixture
def app(
    database: str,
    tmp_path: Path,
    clock: time_machine.Traveller,  # noqa: ARG001 — it stands still
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[Flask]:
    """The standalone app on a database of its own, in whose context the test runs."""
    app = _app_on(database, tmp_path, compiled_templates)
    with app.app_context():
        yield app
        _leave(app)


@pytest.fixture(scope="session")
def demonstration(
    template_database: str,
    tmp_path_factory: pytest.TempPathFactory,
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[Flask]:
    """The demonstration, loaded once for the tests that only look at it."""
    folder = tmp_path_factory.mktemp("demonstration")
    with _copy_of(template_database, folder) as url:
        with time_machine.travel(MONDAY_MORNING, tick=False):
            app = _app_on(url, folder, compiled_templates)
            with app.app_context():
                load_demonstration(now=MONDAY_MORNING)
                _leave(app)
        yield app


@pytest.fixture
def demonstrated(demonstration: Flask) -> Iterator[Audit]:
    """The demonstration's audit, in the context of its app and on the Monday it was loaded."""
    with time_machine.travel(MONDAY_MORNING, tick=False), demonstration.app_context():
        yield current_session.scalars(select(Audit)).one()
        _leave(demonstration)


@pytest.fixture
def session(app: Flask) -> Session:  # noqa: ARG001 — the session is the app's
    """The session of the test's own context."""
    return current_session


@pytest.fixture
def stranger(app: Flask) -> PageClient:
    """A browser that nobody has signed in with; every page it gets is checked."""
    return PageClient(app)


@pytest.fixture
def client(app: Flask) -> PageClient:
    """The browser of the business manager, signed in; every page it gets is checked."""
    browser = PageClient(app)
    browser.sign_in()
    return browser


@pytest.fixture
def make(app: Flask) -> Maker:  # noqa: ARG001 — rows are made in the app's database
    """Plain functions that make real rows: `make.audit(cases=3)`."""
    return Maker(MONDAY_MORNING)


@pytest.fixture
def outbox(session: Session) -> Callable[[], list[Outbox]]:
    """Give every email queued so far, oldest first."""
    return lambda: list(session.scalars(select(Outbox).order_by(Outbox.id)))


@pytest.fixture
def queries(app: Flask) -> Callable[[int], contextlib.AbstractContextManager[list[str]]]:  # noqa: ARG001
    """Give a block that asserts how many statements are sent inside it at most."""

    @contextlib.contextmanager
    def at_most(limit: int) -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA")):
                seen.append(statement)

        engine = current_engine()
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(engine, "before_cursor_execute", note)
        assert len(seen) <= limit, f"{len(seen)} statements where {limit} are allowed:\n" + "\n".join(seen)

    return at_most


@pytest.fixture(autouse=True)
def _fresh_context() -> Iterator[None]:
    """No test leaves an app's context to the next."""
    before = contextvars.copy_context()
    yield
    assert len(contextvars.copy_context()) <= len(before) + 1, "A test left an app context open: pop it."
