"""The fixtures of every test: an app on an empty database, browsers, rows and a clock that stands still."""

import contextlib
import contextvars
import gc
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.commands.demonstration.audit import load_demonstration
from surveyapp.foundation.store.db import session as current_session
from surveyapp.foundation.store.models import Outbox
from surveyapp.planning.models import Audit
from tests.databases import RenewableDatabase, copy_of, memory_folder, migrated_template, renewable_copy
from tests.engine_events import engine_listener
from tests.page_client import PageClient
from tests.row_maker import Maker
from tests.shared_app import SharedApp, app_on_database, in_app_context
from tests.slow_tests import MeasuredTests, mark_slow_tests

AppLoader = Callable[[Callable[[], object]], contextlib.AbstractContextManager[Flask]]

# The clock stands still in every test, on a working Monday at nine, UK time.
MONDAY_MORNING = datetime(2026, 11, 30, 9, tzinfo=UTC)

# No example has a time limit: on a busy machine any of them may take longer than hypothesis's 200 ms.
# "thorough", the default, draws hypothesis's 100 examples of each property; `make test` uses "quick".
# A test that sets its own number of examples keeps it in both.
settings.register_profile("thorough", deadline=None)
settings.register_profile("quick", deadline=None, max_examples=20)
settings.load_profile("thorough")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--engine", choices=("sqlite", "postgresql"), default="sqlite", help="the database under test"
    )
    parser.addoption(
        "--measure", action="store_true", help="list the tests that took long in tests/slow_tests.txt"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Measure the tests if asked."""
    if config.getoption("--measure"):
        config.pluginmanager.register(MeasuredTests())


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the slow tests and skip those of the other engine.

    On PostgreSQL, those that use no database are left out: what they show, SQLite has shown. Those
    that use the demonstration run first, so that only one of several processes loads it.
    """
    mark_slow_tests(items)
    engine = config.getoption("--engine")
    for item in items:
        for name, other in (("SQLite", "sqlite"), ("PostgreSQL", "postgresql")):
            if other != engine and item.get_closest_marker(other):
                item.add_marker(pytest.mark.skip(reason=f"A rule of {name} alone."))
    if engine == "postgresql":
        without = [item for item in items if "template_database" not in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=without)
        left_out = set(without)
        items[:] = [item for item in items if item not in left_out]
    items.sort(key=lambda item: "demonstration" not in getattr(item, "fixturenames", ()))


def pytest_collection_finish() -> None:
    """Exempt the modules and tests of a run from garbage collection, since they last as long as the run.

    Walking through them again and again took a tenth of the time of the tests of pages.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)


@pytest.fixture(scope="session")
def folder_of_databases() -> Iterator[Path]:
    """The folder of the SQLite files of this process."""
    with memory_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def template_database(request: pytest.FixtureRequest, folder_of_databases: Path) -> Iterator[str]:
    """The address of a database that our migrations built; it is only copied."""
    with migrated_template(
        request.config.getoption("--engine"), folder_of_databases, now=MONDAY_MORNING
    ) as url:
        yield url


@pytest.fixture(scope="session")
def renewed(template_database: str, folder_of_databases: Path) -> Iterator[RenewableDatabase]:
    """The database that this process renews for each of its tests."""
    with renewable_copy(template_database, folder_of_databases) as database:
        yield database


@pytest.fixture
def database(renewed: RenewableDatabase) -> str:
    """The address of a database without rows of earlier tests."""
    renewed.renew()
    return renewed.url


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The clock, standing at MONDAY_MORNING until a test moves it."""
    with time_machine.travel(MONDAY_MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="session", autouse=True)
def _compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Share compiled templates between all apps and processes of a run, those of hosts too."""
    folder = tmp_path_factory.getbasetemp()
    folder = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "templates"
    folder.mkdir(exist_ok=True)
    Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(str(folder))}


@pytest.fixture(scope="session")
def shared_app(
    renewed: RenewableDatabase,
    tmp_path_factory: pytest.TempPathFactory,
) -> SharedApp:
    """The standalone app, made once for all tests of this process that need no settings of their own."""
    renewed.renew()
    return SharedApp(app_on_database(renewed.url, tmp_path_factory.mktemp("app")))


@pytest.fixture
def app(
    shared_app: SharedApp,
    database: str,  # noqa: ARG001 — empties the database
    tmp_path: Path,
    clock: time_machine.Traveller,  # noqa: ARG001 — stops the clock
) -> Iterator[Flask]:
    """The standalone app as if newly made, on a database without rows; the test runs in its context."""
    with shared_app.lend(tmp_path) as app:
        yield app


@pytest.fixture(scope="session")
def with_loaded(
    template_database: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AppLoader:
    """Makes an app on its own database and loads rows into it, for tests that only read them."""

    @contextlib.contextmanager
    def app_with(load: Callable[[], object]) -> Iterator[Flask]:
        folder = tmp_path_factory.mktemp("loaded")
        with copy_of(template_database, folder) as url:
            app = app_on_database(url, folder)
            with in_app_context(app, now=MONDAY_MORNING):
                load()
            yield app

    return app_with


@pytest.fixture(scope="session")
def demonstration(with_loaded: AppLoader) -> Iterator[Flask]:
    """An app with the demonstration, loaded once for the tests that only read it."""
    with with_loaded(lambda: load_demonstration(now=MONDAY_MORNING)) as app:
        yield app


@pytest.fixture
def demonstrated(demonstration: Flask) -> Iterator[Audit]:
    """The demonstration's audit, in the context of its app and on the Monday it was loaded."""
    with in_app_context(demonstration, now=MONDAY_MORNING):
        yield current_session.scalars(select(Audit)).one()


@pytest.fixture
def session(app: Flask) -> Session:  # noqa: ARG001 — the session is the app's
    """The database session of the test itself; requests have others."""
    return current_session


@pytest.fixture
def stranger(app: Flask) -> PageClient:
    """A browser in which nobody has signed in; every page it fetches is held to the page contract."""
    return PageClient(app)


@pytest.fixture
def client(app: Flask) -> PageClient:
    """The signed-in browser of the business manager; every page it fetches is held to the page contract."""
    browser = PageClient(app)
    browser.sign_in()
    return browser


@pytest.fixture
def make(app: Flask) -> Maker:  # noqa: ARG001 — rows are made in the app's database
    """Makes rows in the app's database, such as `make.audit(cases=3)`."""
    return Maker(MONDAY_MORNING)


@pytest.fixture
def outbox(session: Session) -> Callable[[], list[Outbox]]:
    """A function that lists every email queued so far, oldest first."""
    return lambda: list(session.scalars(select(Outbox).order_by(Outbox.id)))


@pytest.fixture
def queries(app: Flask) -> Callable[[int], contextlib.AbstractContextManager[list[str]]]:  # noqa: ARG001
    """Limits SQL statements: a block within `queries(8)` fails if it sends more than eight. Yields them."""

    @contextlib.contextmanager
    def at_most(limit: int) -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA")):
                statements.append(statement)

        with engine_listener("before_cursor_execute", note):
            yield statements
        assert len(statements) <= limit, (
            f"{len(statements)} statements where {limit} are allowed:\n" + "\n".join(statements)
        )

    return at_most


@pytest.fixture(autouse=True)
def _fresh_context() -> Iterator[None]:
    """Fail if a test leaves an app context open for the next."""
    before = contextvars.copy_context()
    yield
    assert len(contextvars.copy_context()) <= len(before) + 1, "A test left an app context open: pop it."
