"""The fixtures of tests against a running server: an installation, a contact and visitors."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from surveyapp.foundation.store.db import engine, session
from surveyapp.standalone.app import create_app
from tests.browser.installation import Installation, quiet_tuesday
from tests.faults.served.asked_contact import AskedContact
from tests.faults.served.visitor import Visitor
from tests.row_maker import Maker


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with a running server, as it ships."""
    installation = Installation(tmp_path_factory.mktemp("office"), starts_at=quiet_tuesday())
    installation.create_tables_and_account()
    installation.open()
    yield installation
    installation.close()
    assert "Traceback" not in installation.log, installation.log


@pytest.fixture
def app(installation: Installation) -> Iterator[Flask]:
    """An app in this process on the same database."""
    app = create_app({**installation.config, "SURVEY_WORKER": False})
    with app.app_context():
        yield app
        session.rollback()
        app.extensions["sqlalchemy"].session.remove()
        engine().dispose()


@pytest.fixture(scope="module")
def one_maker(installation: Installation) -> Maker:
    """One maker for all tests: it numbers the names it gives, and rows stay for the whole module."""
    assert installation.starts_at is not None
    return Maker(installation.starts_at)


@pytest.fixture
def case(app: Flask, one_maker: Maker) -> AskedContact:  # noqa: ARG001 — rows are made in the app's database
    """A contact who was asked about two children."""
    return AskedContact(one_maker)


@pytest.fixture
def visitor(installation: Installation) -> Callable[[], Visitor]:
    """A function that makes a visitor without cookies."""
    return lambda: Visitor(installation.port)
