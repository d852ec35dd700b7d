"""Tests share one app and one database, and no test finds changes that another made."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, event, func, inspect, select, text
from sqlalchemy.orm import Session

from surveyapp.agencies.models import Agency
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import engine
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.keys import keys
from surveyapp.foundation.store.models import Switches
from tests.conftest import MONDAY_MORNING
from tests.databases import RenewableDatabase
from tests.shared_app import SharedApp


def test_changes_of_a_test_to_the_app_end_with_it(
    shared_app: SharedApp, database: str, tmp_path: Path
) -> None:
    assert database
    for folder in (tmp_path / "first", tmp_path / "second"):
        folder.mkdir()
        with shared_app.lend(folder) as app:
            assert app.config["SURVEY_KEY_FILE"] == str(folder / "keys.json") == str(settings().key_file)
            assert settings().mail_folder == str(folder / "mail")
            assert settings().key_file.is_file()
            assert keys() is not None
            assert app.config["TESTING"] is False
            assert "letter" not in app.extensions["survey"].mail_kinds
            assert "survey_forms_shown" not in app.extensions
            assert not app.extensions["mail"].suppress
            assert "loud" not in app.jinja_env.filters
            assert app.extensions["survey_sign_in_limits"].may_note()
            _spoil(app)


def _spoil(app: Flask) -> None:
    app.config["TESTING"] = True
    app.extensions["survey"].mail_kinds["letter"] = None
    app.extensions["survey_forms_shown"] = {}
    app.extensions["mail"].suppress = True
    app.jinja_env.filters["loud"] = str.upper
    while app.extensions["survey_sign_in_limits"].may_note():
        pass


def test_a_listener_left_on_the_engine_fails_its_test(
    shared_app: SharedApp, database: str, tmp_path: Path
) -> None:
    def heard(*_given: object) -> None: ...

    assert database
    with pytest.raises(AssertionError, match="left a listener"), shared_app.lend(tmp_path) as app:
        event.listen(engine(), "connect", heard)
    with app.app_context():
        event.remove(engine(), "connect", heard)


def test_rows_last_for_one_test_and_ids_begin_at_one_again(
    renewed: RenewableDatabase,
) -> None:
    spoilt = create_engine(renewed.url)
    for _ in range(2):
        renewed.renew()
        with Session(spoilt) as session:
            assert session.scalar(select(func.count(Agency.id))) == 0
            assert session.get_one(Switches, 1).mail_failures == 0
            agency = Agency(name="Northside Police", kind="police")
            session.add_all([agency, Event(at=MONDAY_MORNING, actor="a", action="b", object="c", mark="")])
            session.get_one(Switches, 1).mail_failures = 3
            session.commit()
            assert agency.id == 1
        spoilt.dispose()


def test_changed_tables_are_restored_for_the_next_test(
    renewed: RenewableDatabase,
) -> None:
    spoilt = create_engine(renewed.url)
    for _ in range(2):
        renewed.renew()
        assert "spoilt" not in [column["name"] for column in inspect(spoilt).get_columns("survey_agency")]
        with spoilt.begin() as connection:
            connection.execute(text("ALTER TABLE survey_agency ADD COLUMN spoilt INTEGER"))
        spoilt.dispose()


def test_an_open_connection_of_one_test_does_not_block_the_next(
    renewed: RenewableDatabase,
) -> None:
    forgetful, next_one = create_engine(renewed.url), create_engine(renewed.url)
    renewed.renew()
    with forgetful.connect() as connection:
        connection.execute(text("UPDATE survey_switches SET mail_reason = 'left open'"))
        renewed.renew()
        with next_one.begin() as another:
            another.execute(text("UPDATE survey_switches SET mail_reason = 'free'"))
        connection.invalidate()
    forgetful.dispose()
    next_one.dispose()
