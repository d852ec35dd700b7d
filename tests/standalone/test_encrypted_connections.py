"""Mail, PostgreSQL, Redis and RabbitMQ elsewhere use TLS, or the app does not start (stories SA3)."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from surveyapp.foundation.errors import CannotStart
from surveyapp.standalone.app import create_app
from surveyapp.standalone.configuration import configure

MAIL = {"MAIL_SERVER": "mail.partnership.example"}
DATABASE = "SQLALCHEMY_DATABASE_URI"
VERIFIED = "sslmode=verify-full"


def configured(tmp_path: Path, **config: Any) -> None:
    """Read the settings of the standalone app, connecting to nothing."""
    own = {DATABASE: f"sqlite:///{tmp_path / 'survey.sqlite'}", "SURVEY_MAIL_FOLDER": str(tmp_path)}
    configure(Flask("surveyapp"), own | config)


@pytest.mark.parametrize(
    "setting",
    [
        {DATABASE: "postgresql://surveyapp@database.example/surveyapp"},
        {DATABASE: "postgresql://surveyapp@database.example/surveyapp?sslmode=require"},
        {DATABASE: "postgresql://surveyapp@database.example/surveyapp?sslmode=verify-ca"},
        {DATABASE: "postgresql://surveyapp@/surveyapp?host=127.0.0.1&host=database.example"},
        {DATABASE: "postgresql://surveyapp@/surveyapp?host=127.0.0.1:5432&host=database.example:5433"},
        {DATABASE: "postgresql://surveyapp@127.0.0.1/surveyapp?hostaddr=192.0.2.1"},
        {"RATELIMIT_STORAGE_URI": "redis://:password@cache.example:6379/0"},
        {"CELERY_BROKER_URL": "amqp://name:password@broker.example//"},
    ],
)
def test_another_machine_is_not_asked_without_a_verified_certificate(
    tmp_path: Path, setting: dict[str, str]
) -> None:
    (name,) = setting
    with pytest.raises(CannotStart, match=f"{name} names .* another machine") as refused:
        configured(tmp_path, **setting)
    assert "password" not in refused.value.message
    host = refused.value.message.split()[2].rstrip(",")
    configured(tmp_path, SURVEY_UNENCRYPTED_HOSTS=f"another.example, {host}", **setting)


@pytest.mark.parametrize(
    "setting",
    [
        {DATABASE: f"postgresql://surveyapp@database.example/surveyapp?{VERIFIED}"},
        {
            DATABASE: "postgresql://surveyapp@database.example/surveyapp",
            "SQLALCHEMY_ENGINE_OPTIONS": {"connect_args": {"sslmode": "verify-full"}},
        },
        {DATABASE: "postgresql://surveyapp@/surveyapp?host=/run/postgresql"},
        {DATABASE: "postgresql://surveyapp@/surveyapp"},
        {DATABASE: "postgresql://surveyapp@localhost/surveyapp"},
        {DATABASE: "postgresql://surveyapp@/surveyapp?host=127.0.0.1:5432&host=localhost:5433"},
        {"RATELIMIT_STORAGE_URI": "rediss://cache.example:6379/0"},
        {"RATELIMIT_STORAGE_URI": "redis://127.0.0.1:6379/0"},
        {"CELERY_BROKER_URL": "amqps://broker.example//"},
    ],
)
def test_this_machine_and_a_verified_one_are_asked(tmp_path: Path, setting: dict[str, Any]) -> None:
    configured(tmp_path, **setting)


def test_what_the_environment_of_libpq_says_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "database.example")
    with pytest.raises(CannotStart, match=r"database\.example"):
        configured(tmp_path, **{DATABASE: "postgresql:///surveyapp"})
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    configured(tmp_path, **{DATABASE: "postgresql:///surveyapp"})


@pytest.mark.parametrize(
    ("setting", "is_refused"),
    [
        ({}, True),
        ({"MAIL_USE_TLS": True}, False),
        ({"MAIL_USE_SSL": True}, False),
        ({"MAIL_SERVER": "127.0.0.1"}, False),
        ({"SURVEY_UNENCRYPTED_HOSTS": "Mail.partnership.example"}, False),
        ({"SURVEY_MAIL_FOLDER": "mail"}, False),
    ],
)
def test_no_mail_goes_to_another_machine_without_tls(
    tmp_path: Path, setting: dict[str, Any], *, is_refused: bool
) -> None:
    own = {
        DATABASE: f"sqlite:///{tmp_path / 'survey.sqlite'}",
        "SURVEY_KEY_FILE": str(tmp_path / "keys.json"),
    }
    # The database has no tables yet, which is found last.
    sentence = r"MAIL_SERVER names .* MAIL_USE_TLS \(port 587\)" if is_refused else "at revision none"
    with pytest.raises(CannotStart, match=sentence):
        create_app(own | MAIL | setting)
