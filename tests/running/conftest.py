"""The fixtures of tests of how surveyapp is run: the site that ships, served."""

from collections.abc import Iterator

import pytest
from flask import Flask

from surveyapp.foundation import clock
from surveyapp.foundation.store.db import engine, session
from surveyapp.standalone.app import create_app
from tests.faults.served.asked_contact import AskedContact
from tests.row_maker import Maker
from tests.running.https_site import METRICS_TOKEN, HttpsSite


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HttpsSite]:
    """Surveyapp by gunicorn behind nginx, with the settings that ship and figures for Prometheus."""
    folder = tmp_path_factory.mktemp("site")
    figures = {"FLASK_METRICS_TOKEN": METRICS_TOKEN, "PROMETHEUS_MULTIPROC_DIR": str(folder / "figures")}
    site = HttpsSite(folder, settings=figures)
    site.survey("upgrade")
    try:
        site.open()
        yield site
    finally:
        site.close()


@pytest.fixture(scope="module")
def app(site: HttpsSite) -> Iterator[Flask]:
    """An app in this process on the site’s database."""
    app = create_app(site.config)
    with app.app_context():
        yield app
        session.rollback()
        app.extensions["sqlalchemy"].session.remove()
        engine().dispose()


@pytest.fixture(scope="session")
def one_maker() -> Maker:
    """One maker for all tests: it numbers the names it gives, and rows stay for the whole run."""
    return Maker(clock.now())


@pytest.fixture(scope="module")
def asked(app: Flask, one_maker: Maker) -> AskedContact:  # noqa: ARG001 — rows are made in the app’s database
    """A contact who was asked about two children."""
    return AskedContact(one_maker)
