"""The configuration of the standalone app, and settings with which it refuses to start."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.store.db import engine
from surveyapp.standalone.app import create_app
from surveyapp.standalone.database_configuration import NETWORK_FILE_SYSTEMS, file_system_kind

Start = Callable[..., Flask]


@pytest.fixture
def start(database: str, tmp_path: Path) -> Iterator[Start]:
    """Start the app with some settings over a database and keys of its own."""

    def started(**config: Any) -> Flask:
        keys = {"SURVEY_KEY_FILE": str(tmp_path / "keys.json"), "SURVEY_MAIL_FOLDER": str(tmp_path / "mail")}
        apps.append(create_app({"SQLALCHEMY_DATABASE_URI": database, **keys, **config}))
        return apps[-1]

    apps: list[Flask] = []
    yield started
    for app in apps:
        with app.app_context():
            engine().dispose()


def test_over_https_the_cookie_is_bound_to_the_host_and_never_leaves_https(start: Start) -> None:
    app = start(SURVEY_PUBLIC_BASE_URL="https://audits.example.org")
    answer = app.test_client().get("/sign-in", base_url="https://audits.example.org")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-surveyapp=")
    assert all(part in cookie for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize(
    ("address", "roles", "warns"),
    [
        ("https://audits.example.org", "", True),
        ("https://audits.example.org", " administrator , audit_lead ", False),
        ("http://127.0.0.1:5000", "", False),
    ],
)
def test_a_password_alone_is_warned_of_where_others_reach_the_pages(
    start: Start, caplog: pytest.LogCaptureFixture, address: str, roles: str, *, warns: bool
) -> None:
    app = start(SURVEY_PUBLIC_BASE_URL=address, SECOND_FACTOR_FOR=roles)
    assert ("A password alone signs staff in" in caplog.text) is warns
    assert app.extensions["survey_second_factor_for"] == ({"administrator", "audit_lead"} if roles else set())


def test_over_http_the_cookie_has_a_name_that_browsers_accept(start: Start) -> None:
    answer = start().test_client().get("/sign-in")
    assert answer.headers["Set-Cookie"].startswith("surveyapp=")
    assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.parametrize("host", ["evil.example", "audits.example.org.evil.example", "localhost"])
def test_another_host_name_is_refused(start: Start, host: str) -> None:
    app = start(SURVEY_PUBLIC_BASE_URL="https://Audits.example.org")
    assert app.test_client().get("/", base_url=f"https://{host}").status_code == 400
    assert app.test_client().get("/", base_url="https://audits.example.org:8443").status_code == 200


def test_forwarded_headers_are_trusted_from_the_configured_number_of_proxies(start: Start) -> None:
    heard: list[str | None] = []

    def hear(app: Flask) -> None:
        @app.before_request
        def note() -> None:
            from flask import request  # noqa: PLC0415 — of this app's request

            heard.append(request.remote_addr)

    for proxies in (0, 1):
        app = start(TRUSTED_PROXIES=proxies)
        hear(app)
        app.test_client().get(
            "/", headers={"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Host": "evil.example"}
        )
    assert heard == ["127.0.0.1", "203.0.113.7"]


@pytest.mark.parametrize("secret", ["", "dev", "x" * 40, "changeme"])
def test_a_short_or_well_known_secret_is_refused(start: Start, secret: str) -> None:
    with pytest.raises(CannotStart, match="SECRET_KEY is short or easily guessed"):
        start(SECRET_KEY=secret)


def test_the_cookie_key_and_the_form_key_are_not_the_same_and_not_in_the_file(
    start: Start, tmp_path: Path
) -> None:
    app = start()
    key_file = (tmp_path / "keys.json").read_text()
    cookie, (form,) = app.config["SECRET_KEY"], app.config["WTF_CSRF_SECRET_KEY"]
    assert cookie != form
    assert cookie.hex() not in key_file
    assert form.hex() not in key_file


def test_an_older_key_still_opens_cookies(start: Start, tmp_path: Path) -> None:
    old = start().config["SECRET_KEY"]
    keys = json.loads((tmp_path / "keys.json").read_text())
    keys["secret"].insert(0, "0123456789abcdef" * 4)
    (tmp_path / "keys.json").write_text(json.dumps(keys))
    app = start()
    assert app.config["SECRET_KEY_FALLBACKS"] == [old]
    assert app.config["SECRET_KEY"] != old


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ({"SQLALCHEMY_DATABASE_URI": "mysql://db/survey"}, "SQLite or PostgreSQL"),
        ({"SQLALCHEMY_DATABASE_URI": "sqlite://"}, "names no file"),
        ({"SQLALCHEMY_DATABASE_URI": "nonsense"}, "no database address"),
        ({"SURVEY_NATION": "FRA"}, "SURVEY_NATION is ENG"),
        ({"SURVEY_SPELT_WRONG": 1}, "There is no setting SURVEY_SPELT_WRONG"),
        ({"TRUSTED_PROXIES": -1}, "number of reverse proxies"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_in_a_sentence(
    start: Start, setting: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(CannotStart, match=sentence):
        start(**setting)


def test_a_postgresql_address_gets_our_driver_and_time_outs(start: Start) -> None:
    with pytest.raises(CannotStart, match="cannot be opened"):
        start(SQLALCHEMY_DATABASE_URI="postgresql://nobody@127.0.0.1:1/none")


def test_database_errors_never_show_parameters(app: Flask) -> None:
    options = app.config["SQLALCHEMY_ENGINE_OPTIONS"]
    assert options["hide_parameters"] is True
    assert app.config["SQLALCHEMY_ECHO"] is False
    assert app.config["MAIL_DEBUG"] is False


def test_a_network_share_is_recognised_by_the_list_of_mounts(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text("/dev/sda1 / ext4 rw 0 0\nserver:/share /srv/with\\040space nfs4 rw 0 0\n")
    assert file_system_kind(Path("/srv/with space/data"), mounts) == "nfs4"
    assert "nfs4" in NETWORK_FILE_SYSTEMS
    assert file_system_kind(Path("/home/data"), mounts) == "ext4"
    assert file_system_kind(Path("/home/data"), tmp_path / "none") == ""
