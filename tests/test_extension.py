"""The extension in an app of a host: who is let in, what is warned of at the start, and body limits."""

import logging
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from flask_mail import Mail
from flask_sqlalchemy import SQLAlchemy

from surveyapp import Actor, SurveyApp, install_listeners
from surveyapp.foundation import clock
from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.mail import worker
from surveyapp.foundation.mail.outbox import queue_email
from surveyapp.foundation.store import schema
from surveyapp.foundation.store.db import engine, transaction
from surveyapp.foundation.web.request_checks import LARGEST_BODY, limit_body
from tests.conftest import MONDAY_MORNING
from tests.databases import migrated_template

SAFE: dict[str, Any] = {
    "SECRET_KEY": "f3cfe9ed8fae309f02079dbf",
    "SESSION_COOKIE_SECURE": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "MAX_CONTENT_LENGTH": LARGEST_BODY,
    "TRUSTED_HOSTS": ["localhost"],
}
HostMaker = Callable[..., Flask]
MANAGER = frozenset({"business_manager"})


@pytest.fixture(scope="module")
def survey_tables(folder_of_databases: Path) -> Iterator[Path]:
    """A SQLite file with the survey tables, to be copied."""
    folder = folder_of_databases / "hosts"
    folder.mkdir()
    with migrated_template("sqlite", folder, now=MONDAY_MORNING) as url:
        yield Path(url.removeprefix("sqlite:///"))


@pytest.fixture
def host(tmp_path: Path, survey_tables: Path) -> Iterator[HostMaker]:
    """Makes an app of a host on its own SQLite database, with the survey tables."""
    apps: list[Flask] = []
    # As most systems have it, so that others may read a host's new files.
    umask = os.umask(0o022)

    def make_host(staff: Any = lambda: None, *, database_mode: int = 0o600, **config: Any) -> Flask:
        app = Flask(f"host{len(apps)}")
        app.config.update(
            SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path / 'host.sqlite'}",
            SURVEY_KEY_FILE=str(tmp_path / "keys" / "keys.json"),
            SURVEY_MAIL_FOLDER=str(tmp_path / "mail"),
            SURVEY_PUBLIC_BASE_URL="https://intranet.example",
            **config,
        )
        db = SQLAlchemy(app)
        Mail(app)
        apps.append(app)
        shutil.copyfile(survey_tables, tmp_path / "host.sqlite")
        with app.app_context():
            install_listeners(db.engine)
        (tmp_path / "host.sqlite").chmod(database_mode)
        SurveyApp(app, staff=staff)
        return app

    yield make_host
    assert os.umask(umask) == 0o022, "The umask of a host is its own."
    for app in apps:
        with app.app_context():
            app.extensions["sqlalchemy"].engine.dispose()


def status_of(app: Flask, path: str = "/audits") -> int:
    browser: FlaskClient = app.test_client()
    return browser.get(path).status_code


def test_an_actor_is_let_in_and_none_is_a_stranger(host: HostMaker) -> None:
    who: list[Actor | None] = [None]
    app = host(lambda: who[0], **SAFE)
    assert status_of(app) == 401
    who[0] = Actor("Mo of the host")
    assert status_of(app) == 403
    who[0] = Actor("Mo of the host", MANAGER)
    assert status_of(app) == 200


@pytest.mark.parametrize("answer", [False, True, "", "Mo", {}, 0, object(), Actor(""), Actor("worker")])
def test_any_other_answer_is_a_stranger_and_one_line_in_the_log(
    host: HostMaker, caplog: pytest.LogCaptureFixture, answer: object
) -> None:
    app = host(lambda: answer, **SAFE)
    assert [status_of(app), status_of(app, "/agencies"), status_of(app)] == [401, 401, 401]
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith("SurveyApp’s staff gave no member of staff, and the page stays shut: ")


def test_staff_left_out_is_refused_as_the_app_is_initialised(host: HostMaker) -> None:
    with pytest.raises(CannotStart, match="SurveyApp needs staff="):
        host(None, **SAFE)


def test_a_bare_host_is_warned_of_each_unsafe_setting_once(
    host: HostMaker, caplog: pytest.LogCaptureFixture
) -> None:
    app = host(SECRET_KEY="dev", WTF_CSRF_ENABLED=False)  # noqa: S106 — the weak key is the point
    warned = [record.getMessage().split()[0] for record in caplog.records]
    assert warned == [
        "SECRET_KEY",
        "MAX_CONTENT_LENGTH",
        "TRUSTED_HOSTS",
        "SESSION_COOKIE_SECURE",
        "SESSION_COOKIE_SAMESITE",
        "WTF_CSRF_ENABLED",
    ]
    assert {record.levelno for record in caplog.records} == {logging.WARNING}
    status_of(app)
    assert len(caplog.records) == len(warned)


def test_a_safe_host_is_warned_of_nothing(host: HostMaker, caplog: pytest.LogCaptureFixture) -> None:
    host(**SAFE)
    assert caplog.records == []


def test_our_forms_check_their_token_although_the_host_checks_none(host: HostMaker) -> None:
    app = host(lambda: Actor("Mo", MANAGER), **SAFE, WTF_CSRF_ENABLED=False)
    assert app.test_client().post("/agencies/add", data={"name": "Northside Police"}).status_code == 400


@pytest.mark.parametrize("body", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_our_pages_limit_their_bodies_in_a_host_without_a_limit(host: HostMaker, body: str) -> None:
    app = host(lambda: Actor("Mo", MANAGER), **SAFE | {"MAX_CONTENT_LENGTH": None})
    too_much = {"data": b"x" * (LARGEST_BODY + 1), "content_type": f"{body}; boundary=b"}
    for path in ("/agencies/add", "/fresh-link/", "/audits/1/report/template"):
        assert app.test_client().post(path, **too_much).status_code == 413, path


def test_an_upload_keeps_a_larger_limit_of_the_host(host: HostMaker) -> None:
    app = host(lambda: Actor("Mo", MANAGER), **SAFE | {"MAX_CONTENT_LENGTH": 2 * LARGEST_BODY})
    limits = {}
    for form_type in ("multipart/form-data", "application/x-www-form-urlencoded"):
        with app.test_request_context("/agencies/add", method="POST", content_type=form_type):
            limit_body()
            limits[form_type] = request.max_content_length
    assert list(limits.values()) == [2 * LARGEST_BODY, LARGEST_BODY]


def modes_below(folder: Path) -> dict[str, str]:
    """The modes of all files and folders below a folder."""
    return {
        str(path.relative_to(folder)): f"{stat.S_IMODE(path.stat().st_mode):o}"
        for path in sorted(folder.rglob("*"))
        if path.suffix != ".sqlite"
    }


def test_our_own_files_in_a_host_are_for_its_owner_alone(host: HostMaker, tmp_path: Path) -> None:
    app = host(**SAFE)
    with app.app_context():
        with transaction():
            queue_email("test", 0, to="me@partnership.example", key="test:1", now=clock.now())
        worker.drain(clock.now)
        schema.downgrade(engine(), to="0010")
        schema.upgrade(engine(), now=MONDAY_MORNING)
    copy = f"host.sqlite.before-upgrade-{MONDAY_MORNING:%Y%m%d-%H%M%S}"
    assert modes_below(tmp_path) == {
        copy: "600",
        "host.sqlite-in-use": "600",
        "keys": "700",
        "keys/keys.json": "600",
        "mail": "700",
        "mail/1.eml": "600",
    }


def test_a_host_is_warned_of_files_that_others_may_read(
    host: HostMaker, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "1.eml").write_text("a link")
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys").chmod(0o777)
    (tmp_path / "host.sqlite.before-upgrade-20260101-120000").write_text("a copy")
    host(**SAFE, database_mode=0o640)
    copy = f"{tmp_path}/host.sqlite.before-upgrade-20260101-120000"
    warned = [record.getMessage().replace(" on this computer", "") for record in caplog.records]
    letter = f"{tmp_path}/mail/1.eml"
    assert warned == [
        f"{tmp_path}/host.sqlite is open to others (mode 640). Run: chmod 600 {tmp_path}/host.sqlite",
        f"{copy} is open to others (mode 644). Run: chmod 600 {copy}",
        f"{tmp_path}/mail is open to others (mode 755). Run: chmod 700 {tmp_path}/mail",
        f"Others may replace what is in {tmp_path}/keys (mode 777). Run: chmod go-w {tmp_path}/keys",
        f"{letter} is open to others (mode 644). Run: chmod 600 {letter}, and every other message there",
    ]


def test_a_host_does_not_start_on_keys_that_others_may_read(host: HostMaker, tmp_path: Path) -> None:
    host(**SAFE)
    (tmp_path / "keys" / "keys.json").chmod(0o644)
    with pytest.raises(CannotStart, match="Run: chmod 600"):
        host(**SAFE)
