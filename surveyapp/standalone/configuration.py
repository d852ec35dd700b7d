"""Configures the standalone app from its defaults and the environment (FLASK_...)."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask

from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.settings_list import SETTINGS, Setting
from surveyapp.foundation.store.keys import KEY_BYTES, Keys
from surveyapp.foundation.unencrypted_hosts import check_addresses_are_encrypted
from surveyapp.foundation.web.actor import STAFF_ROLES
from surveyapp.foundation.web.request_checks import LARGEST_BODY, MOST_FIELDS
from surveyapp.foundation.web.settings_warnings import is_weak_secret
from surveyapp.standalone.database_configuration import configure_database
from surveyapp.standalone.passwords.leaked_passwords import check_leaked_passwords
from surveyapp.standalone.sessions.cookie_keys import RotatingCookies
from surveyapp.standalone.storage_paths import storage_paths

# Settings that only the standalone app has; all others are SURVEY_, MAIL_ or Flask's own.
STANDALONE_SETTINGS = (
    Setting(
        "SURVEYAPP_FOLDER",
        "var",
        "Environment only: where database, keys and mail folder stand unless named.",
    ),
    Setting("TRUSTED_PROXIES", 0, "How many reverse proxies stand in front; 0 believes no forwarded header."),
    Setting(
        "RATELIMIT_STORAGE_URI",
        "",
        "Where sign-in attempts are counted, such as a Redis address; empty means the database if it is "
        "PostgreSQL, else the process’s memory.",
    ),
    Setting(
        "DATABASE_POOLER",
        False,
        "PgBouncer in transaction mode stands between the program and PostgreSQL.",
    ),
    Setting(
        "LOG_JSON",
        False,
        "Write the log as JSON, one object a line with the id of its request, and a line for each request.",
    ),
    Setting(
        "METRICS_TOKEN",
        "",
        "Token of 32 characters or more that shows `/metrics` to Prometheus; empty means nobody. Needs the "
        "extra `metrics`.",
    ),
    Setting(
        "CELERY_BROKER_URL",
        "",
        "Redis or RabbitMQ through which Celery wakes workers; empty means none. Needs the extra `celery`.",
    ),
    Setting(
        "SECOND_FACTOR_FOR",
        "",
        "Roles that sign in with a second factor: administrator, business_manager, audit_lead, executive.",
    ),
    Setting(
        "LEAKED_PASSWORDS_FILE",
        "",
        "File of SHA-1 hashes of leaked passwords, one a line and in their order, as Have I Been Pwned’s "
        "downloader writes it: no new password may be among them. Empty means none.",
    ),
    Setting(
        "OIDC_ISSUER",
        "",
        "Address of the organisation’s identity provider (OpenID Connect); empty means none.",
    ),
    Setting("OIDC_CLIENT_ID", "", "What the identity provider calls this app."),
    Setting("OIDC_CLIENT_SECRET", "", "The password of this app at the identity provider."),
)


def configure(app: Flask, config: dict[str, Any] | None) -> None:
    """Configure an app: our defaults, then the environment (FLASK_...), then `config`. Raises CannotStart."""
    paths = storage_paths()
    app.config.from_mapping(
        SQLALCHEMY_DATABASE_URI=paths.database,
        SURVEY_KEY_FILE=str(paths.key_file),
        SURVEY_SIGN_IN_URL="/sign-in",
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        MAX_FORM_PARTS=MOST_FIELDS,
        WTF_CSRF_TIME_LIMIT=None,
        # With this on, Flask-Mail prints every message with its links, and the password.
        MAIL_DEBUG=False,
        TRUSTED_PROXIES=0,
        DATABASE_POOLER=False,
        LOG_JSON=False,
        METRICS_TOKEN="",
        RATELIMIT_HEADERS_ENABLED=False,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
    )
    app.config.from_prefixed_env()
    app.config.from_mapping(config or {})
    if not app.config.get("MAIL_SERVER") and not app.config.get("SURVEY_MAIL_FOLDER"):
        app.config["SURVEY_MAIL_FOLDER"] = str(paths.mail)
    # Flask's default is None.
    if app.config.get("TRUSTED_HOSTS") is None:
        app.config["TRUSTED_HOSTS"] = _hosts(_public_base_url(app))
    app.config["TRUSTED_HOSTS"] = [str(host).lower() for host in app.config["TRUSTED_HOSTS"]]
    app.extensions["survey_second_factor_for"] = _roles(str(app.config.get("SECOND_FACTOR_FOR") or ""))
    check_addresses_are_encrypted(app.config, "RATELIMIT_STORAGE_URI", "CELERY_BROKER_URL")
    if app.config.get("LEAKED_PASSWORDS_FILE"):
        check_leaked_passwords(Path(str(app.config["LEAKED_PASSWORDS_FILE"])))
    configure_database(app)
    _configure_cookie(app)


def _roles(listed: str) -> frozenset[str]:
    """The roles in a list with commas. Raises CannotStart for a word that is none."""
    roles = frozenset(role.strip() for role in listed.split(",") if role.strip())
    unknown = sorted(roles - set(STAFF_ROLES))
    if unknown:
        raise CannotStart(f"SECOND_FACTOR_FOR names {unknown[0]}; roles are {', '.join(STAFF_ROLES)}.")
    return roles


def _public_base_url(app: Flask) -> str:
    default = next(setting.default for setting in SETTINGS if setting.name == "SURVEY_PUBLIC_BASE_URL")
    return str(app.config.get("SURVEY_PUBLIC_BASE_URL", default))


def is_https(app: Flask) -> bool:
    """Whether people reach this app by https, according to its configured URL and not to a header."""
    return urlsplit(_public_base_url(app)).scheme == "https"


def _hosts(address: str) -> list[str]:
    host = urlsplit(address).hostname or "127.0.0.1"
    local_names = ["127.0.0.1", "localhost"]
    # A local app answers to both names, a served one only to its own (promises L8).
    return local_names if host in local_names else [host]


def _configure_cookie(app: Flask) -> None:
    # The prefix __Host- binds the cookie to this host; browsers accept it only over https.
    secure = is_https(app)
    app.config.from_mapping(
        SESSION_COOKIE_NAME="__Host-surveyapp" if secure else "surveyapp",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_DOMAIN=None,
    )


def use_keys(app: Flask, keys: Keys) -> None:
    """Take SECRET_KEY from the key file unless it is configured, and separate keys for CSRF tokens.

    Raises CannotStart for a SECRET_KEY that is short or easily guessed (promises D12).
    """
    configured = app.config.get("SECRET_KEY")
    if configured is not None and is_weak_secret(configured):
        raise CannotStart(
            f"SECRET_KEY is short or easily guessed: give {KEY_BYTES} random characters, "
            "or none, and the key file’s own is used."
        )
    cookies = RotatingCookies(uses_ring=configured is None)
    cookies.use(app, keys)
    app.session_interface = cookies
