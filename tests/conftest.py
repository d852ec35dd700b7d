"""What every test may ask for: an app on a database of its own, people's browsers, rows, a fixed clock."""

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests that look at the demonstration first: of several processes then one alone loads it."""
    items.sort(key=lambda item: "demonstration" not in getattr(item, "fixturenames", ()))


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over the modules and tests of a run, which last as long as the run does.

    Walking through them again and again took a tenth of the time of the tests of pages.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)


@pytest.fixture(scope="session")
def folder_of_databases() -> Iterator[Path]:
    """Where the SQLite files of this process stand."""
    with memory_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def template_database(request: pytest.FixtureRequest, folder_of_databases: Path) -> Iterator[str]:
    """A database that our migrations built."""
    with migrated_template(
        request.config.getoption("--engine"), folder_of_databases, now=MONDAY_MORNING
    ) as url:
        yield url


@pytest.fixture(scope="session")
def renewed(template_database: str, folder_of_databases: Path) -> Iterator[RenewableDatabase]:
    """The database of one test after the other."""
    with renewable_copy(template_database, folder_of_databases) as found:
        yield found


@pytest.fixture
def database(renewed: RenewableDatabase) -> str:
    """The address of a database with no row that another test made."""
    renewed.renew()
    return renewed.url


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The clock, standing at MONDAY_MORNING until a test moves it."""
    with time_machine.travel(MONDAY_MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Where each template is compiled once for all apps of a run, in whichever process."""
    folder = tmp_path_factory.getbasetemp()
    folder = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "templates"
    folder.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


@pytest.fixture(scope="session")
def shared_app(
    renewed: RenewableDatabase,
    tmp_path_factory: pytest.TempPathFactory,
    compiled_templates: FileSystemBytecodeCache,
) -> SharedApp:
    """The standalone app, made once for all tests that have no settings of their own."""
    renewed.renew()
    return SharedApp(app_on_database(renewed.url, tmp_path_factory.mktemp("app"), compiled_templates))


@pytest.fixture
def app(
    shared_app: SharedApp,
    database: str,  # noqa: ARG001 — it holds no row yet
    tmp_path: Path,
    clock: time_machine.Traveller,  # noqa: ARG001 — it stands still
) -> Iterator[Flask]:
    """The standalone app, as new and on a database without rows, in whose context the test runs."""
    with shared_app.lend(tmp_path) as app:
        yield app


@pytest.fixture(scope="session")
def with_loaded(
    template_database: str,
    tmp_path_factory: pytest.TempPathFactory,
    compiled_templates: FileSystemBytecodeCache,
) -> AppLoader:
    """Give an app, on a database of its own, that has loaded something once for all who only look at it."""

    @contextlib.contextmanager
    def app_with(load: Callable[[], object]) -> Iterator[Flask]:
        folder = tmp_path_factory.mktemp("loaded")
        with copy_of(template_database, folder) as url:
            app = app_on_database(url, folder, compiled_templates)
            with in_app_context(app, now=MONDAY_MORNING):
                load()
            yield app

    return app_with


@pytest.fixture(scope="session")
def demonstration(with_loaded: AppLoader) -> Iterator[Flask]:
    """The demonstration, loaded once for the tests that only look at it."""
    with with_loaded(lambda: load_demonstration(now=MONDAY_MORNING)) as app:
        yield app


@pytest.fixture
def demonstrated(demonstration: Flask) -> Iterator[Audit]:
    """The demonstration's audit, in the context of its app and on the Monday it was loaded."""
    with in_app_context(demonstration, now=MONDAY_MORNING):
        yield current_session.scalars(select(Audit)).one()


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

        with engine_listener("before_cursor_execute", note):
            yield seen
        assert len(seen) <= limit, f"{len(seen)} statements where {limit} are allowed:\n" + "\n".join(seen)

    return at_most


@pytest.fixture(autouse=True)
def _fresh_context() -> Iterator[None]:
    """No test leaves an app's context to the next."""
    before = contextvars.copy_context()
    yield
    assert len(contextvars.copy_context()) <= len(before) + 1, "A test left an app context open: pop it."
