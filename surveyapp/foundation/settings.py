"""The SURVEY_ settings: each with its name, its default and one line of help."""

from dataclasses import dataclass, fields
from datetime import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from surveyapp.foundation.errors import CannotStart


@dataclass(frozen=True)
class Setting:
    """One setting, as the README lists it."""

    name: str
    default: str | int | bool
    help: str


SETTINGS = (
    Setting(
        "SURVEY_PUBLIC_BASE_URL", "http://127.0.0.1:5000", "Address that every link in an email begins with."
    ),
    Setting("SURVEY_KEY_FILE", "var/keys.json", "File with the three keys; keep it out of the data backup."),
    Setting("SURVEY_FORMS_FOLDER", "", "Folder of form files; empty means those that come with surveyapp."),
    Setting(
        "SURVEY_PARTNERSHIP",
        "Example Safeguarding Children Partnership",
        "Name of the partnership that asks.",
    ),
    Setting(
        "SURVEY_CONTACT_NAME", "the partnership’s business manager", "Who answers questions about an audit."
    ),
    Setting(
        "SURVEY_CONTACT_EMAIL",
        "audits@partnership.example",
        "Monitored mailbox for questions; the reply-to of every email.",
    ),
    Setting("SURVEY_CONTACT_TELEPHONE", "01234 567890", "Telephone number for questions."),
    Setting(
        "SURVEY_CONCERN_ROUTE",
        "ring 01234 567891 and tell your manager",
        "What to do at once about a current concern.",
    ),
    Setting(
        "SURVEY_AUTHORITY",
        "This audit is part of the partnership’s programme of multi-agency audits.",
        "Why we ask and on what basis, where an audit does not say it itself.",
    ),
    Setting("SURVEY_SENDER", "", "Sender of every email; empty means Flask-Mail’s MAIL_DEFAULT_SENDER."),
    Setting("SURVEY_MAIL_PER_MINUTE", 20, "Most emails handed over in a minute, over all workers."),
    Setting(
        "SURVEY_MAIL_FOLDER",
        "",
        "Folder that takes emails instead of a mail server; the standalone app’s default.",
    ),
    Setting("SURVEY_NATION", "ENG", "Nation whose bank holidays count: ENG, WLS, SCT or NIR."),
    Setting("SURVEY_CHASE_FROM", "08:30", "UK time of day from which chasers leave."),
    Setting("SURVEY_CLOSE_AT", "17:00", "UK time of day at which returns close on the closing day."),
    Setting("SURVEY_WORKER", False, "Run the worker as a thread inside this process."),
    Setting("SURVEY_SIGN_IN_URL", "", "Where staff who are not signed in are sent; empty answers 401."),
)


_TIMES = {"SURVEY_CHASE_FROM", "SURVEY_CLOSE_AT"}


@dataclass(frozen=True)
class Settings:
    """The settings of one app, read once at its start."""

    public_base_url: str
    key_file: Path
    forms_folder: str
    partnership: str
    contact_name: str
    contact_email: str
    contact_telephone: str
    concern_route: str
    authority: str
    sender: str
    mail_per_minute: int
    mail_folder: str
    nation: str
    chase_from: time
    close_at: time
    worker: bool
    sign_in_url: str

    @property
    def host(self) -> str:
        """The host name of our links, which also names our Message-IDs."""
        return urlsplit(self.public_base_url).hostname or "localhost"

    @property
    def contact_line(self) -> str:
        """Whom to ask: name, telephone number and address."""
        return f"{self.contact_name}, {self.contact_telephone}, {self.contact_email}"


def read_settings(config: dict[str, Any]) -> Settings:
    """Read every SURVEY_ setting from an app's configuration, or say which one cannot be used."""
    known = {setting.name: setting for setting in SETTINGS}
    unknown = sorted(name for name in config if name.startswith("SURVEY_") and name not in known)
    if unknown:
        raise CannotStart(f"There is no setting {unknown[0]}. Check its spelling in the README’s list.")
    found: dict[str, Any] = {}
    for each in fields(Settings):
        setting = known[f"SURVEY_{each.name.upper()}"]
        found[each.name] = _typed(setting, config.get(setting.name, setting.default))
    found["key_file"] = Path(found["key_file"])
    found["public_base_url"] = found["public_base_url"].rstrip("/")
    if urlsplit(found["public_base_url"]).scheme not in {"http", "https"}:
        raise CannotStart("SURVEY_PUBLIC_BASE_URL begins with https:// (or http:// on one’s own machine).")
    if found["nation"] not in {"ENG", "WLS", "SCT", "NIR"}:
        raise CannotStart("SURVEY_NATION is ENG, WLS, SCT or NIR.")
    return Settings(**found)


def _typed(setting: Setting, value: object) -> object:
    """Refuse a value that this setting cannot be; from the environment Flask has parsed it as JSON."""
    if isinstance(setting.default, str):
        return _time(setting, str(value)) if setting.name in _TIMES else str(value)
    if type(value) is not type(setting.default):
        wanted = "true or false" if isinstance(setting.default, bool) else "a whole number"
        raise CannotStart(f"{setting.name} is {value!r}; it takes {wanted}.")
    if not isinstance(value, bool) and isinstance(value, int) and value < 1:
        raise CannotStart(f"{setting.name} is {value}; it takes 1 or more.")
    return value


def _time(setting: Setting, value: str) -> time:
    try:
        return time.fromisoformat(value)
    except ValueError:
        raise CannotStart(f"{setting.name} is {value!r}; it takes a time of day such as 08:30.") from None


def settings() -> Settings:
    """The settings of the app in whose context we are."""
    found: Settings = current_app.extensions["survey"].settings
    return found
