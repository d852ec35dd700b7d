"""The fixtures of browser tests: an installation with a real server, people with browsers, and rows."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright

from surveyapp.foundation.store.db import engine
from surveyapp.foundation.store.db import session as rows
from surveyapp.standalone.app import create_app
from tests.browser.installation import Installation, quiet_tuesday
from tests.browser.page_inspection import CHROMIUM, is_browser_required, launch
from tests.browser.people import Contact, Manager, Person
from tests.row_maker import Maker


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium; without one, tests are skipped, but fail on a build machine."""
    if not CHROMIUM:
        if is_browser_required():
            pytest.fail("There is no Chromium here: apt-get install chromium.")
        pytest.skip("There is no Chromium here: apt-get install chromium.")
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def installation(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:  # noqa: ARG001 — without one, no server
    """An installation with tables, the manager's account and a running server."""
    installation = Installation(tmp_path_factory.mktemp("house"), starts_at=quiet_tuesday())
    installation.create_tables_and_account()
    installation.open()
    yield installation
    installation.close()
    assert "Traceback" not in installation.log, installation.log


@pytest.fixture
def app(installation: Installation) -> Iterator[Flask]:
    """An app in this process on the same database, to make rows that the server shows."""
    app = create_app({**installation.config, "SURVEY_WORKER": False})
    with app.app_context():
        yield app
        rows.rollback()
        app.extensions["sqlalchemy"].session.remove()
        engine().dispose()


@pytest.fixture(scope="session")
def one_maker(installation: Installation) -> Maker:
    """One maker for all tests: it numbers the names it gives, and rows stay for the whole run."""
    assert installation.starts_at is not None
    return Maker(installation.starts_at)


@pytest.fixture
def make(app: Flask, one_maker: Maker) -> Maker:  # noqa: ARG001 — it makes rows in the app's database
    """Makes agencies, audits and returns in the app's database."""
    return one_maker


@pytest.fixture
def people(browser: Browser, installation: Installation) -> Iterator[Callable[..., Any]]:
    """Makes a person with a browser, such as `people(Contact, scripts=False)`; any fault fails the test."""
    made: list[Person] = []
    with ExitStack() as stack:

        def person(kind: type[Person], **options: Any) -> Person:
            made.append(kind(browser, installation, **options))
            stack.callback(made[-1].leave)
            return made[-1]

        yield person
        faults = [fault for somebody in made for fault in somebody.watch.faults]
    assert not faults, "\n".join(dict.fromkeys(faults))


@pytest.fixture
def manager(people: Callable[..., Manager], signed_in: Path) -> Manager:
    """The business manager, signed in."""
    return people(Manager, storage_state=signed_in)


@pytest.fixture(scope="session")
def signed_in(browser: Browser, installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the cookies of a manager who signed in once for all tests."""
    manager = Manager(browser, installation)
    manager.signs_in()
    kept = tmp_path_factory.mktemp("cookie") / "state.json"
    manager.page.context.storage_state(path=kept)
    manager.leave()
    return kept


@pytest.fixture
def contact(people: Callable[..., Contact]) -> Contact:
    """A contact of an agency, at desktop width and with scripts."""
    return people(Contact)
