"""Reads the SURVEY_ settings from an app's configuration and checks their values."""

from dataclasses import dataclass, fields
from datetime import date, time
from email.utils import parseaddr
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.loopback import is_loopback
from surveyapp.foundation.settings_list import SETTINGS, Setting
from surveyapp.foundation.words.email_addresses import address_problem, is_address

_TIMES = {"SURVEY_CHASE_FROM", "SURVEY_CLOSE_AT"}
# A hundred years in the unit of each period, beyond which the calendar ends; and thirty days, in hours.
_MOST = {
    "copy_days": 36_500,
    "keep_drafts_months": 1_200,
    "keep_returns_months": 1_200,
    "keep_returns_without_report_months": 1_200,
    "keep_figures_years": 100,
    "keep_log_years": 100,
    "keep_backups_days": 36_500,
    "visit_hours": 720,
}
_DAYS = {"SURVEY_ACCESSIBILITY_STATEMENT_DATE"}


@dataclass(frozen=True)
class Settings:
    """The settings of one app, read once when it starts."""

    public_base_url: str
    key_file: Path
    lasting_record: str
    forms_folder: str
    partnership: str
    contact_name: str
    contact_email: str
    contact_telephone: str
    concern_route: str
    authority: str
    privacy_controller: str
    privacy_contact: str
    privacy_basis: str
    privacy_url: str
    retention: str
    keep_drafts_months: int
    keep_returns_months: int
    keep_returns_without_report_months: int
    keep_figures_years: int
    keep_log_years: int
    keep_backups_days: int
    keep_telephone_numbers: bool
    accessibility_contact: str
    accessibility_statement_date: date | None
    sender: str
    mail_per_minute: int
    mail_folder: str
    unencrypted_hosts: str
    bounce_host: str
    bounce_port: int
    bounce_tls: bool
    bounce_user: str
    bounce_password: str
    bounce_folder: str
    bounce_done_folder: str
    work_domains: str
    colleagues_per_day: int
    questions_per_hour: int
    small_number: int
    copy_days: int
    visit_hours: int
    nation: str
    chase_from: time
    close_at: time
    worker: bool
    compress: bool
    sign_in_url: str

    @property
    def host(self) -> str:
        """The host name of our links, also used in Message-IDs."""
        return urlsplit(self.public_base_url).hostname or "localhost"

    @property
    def lasting_record_file(self) -> Path:
        """The file of what a restored backup must not undo; beside the keys unless it is set."""
        return Path(self.lasting_record or self.key_file.with_name("lasting-record.jsonl"))

    @property
    def reads_bounces(self) -> bool:
        """Whether a mailbox is read for emails that came back."""
        return bool(self.bounce_host)

    @property
    def known_domains(self) -> tuple[str, ...]:
        """The domains of work addresses, in lower case."""
        domains = (domain.strip().lower().lstrip("@.") for domain in self.work_domains.split(","))
        return tuple(domain for domain in domains if domain)

    @property
    def contact_line(self) -> str:
        """Whom to ask about an audit: name, telephone number and email address."""
        return f"{self.contact_name}, {self.contact_telephone}, {self.contact_email}"


def read_settings(config: dict[str, Any]) -> Settings:
    """Read every SURVEY_ setting from an app's configuration.

    Raises CannotStart for an unknown setting or a value that cannot be used.
    """
    settings_by_name = {setting.name: setting for setting in SETTINGS}
    unknown = sorted(name for name in config if name.startswith("SURVEY_") and name not in settings_by_name)
    if unknown:
        raise CannotStart(f"There is no setting {unknown[0]}. Check its spelling in the README’s list.")
    values: dict[str, Any] = {}
    for field in fields(Settings):
        setting = settings_by_name[f"SURVEY_{field.name.upper()}"]
        values[field.name] = _checked_value(setting, config.get(setting.name, setting.default))
    values["key_file"] = Path(values["key_file"])
    values["public_base_url"] = values["public_base_url"].rstrip("/")
    if urlsplit(values["public_base_url"]).scheme not in {"http", "https"}:
        raise CannotStart("SURVEY_PUBLIC_BASE_URL begins with https:// (or http:// on one’s own machine).")
    # Pages show it as a link, where a javascript: address would run.
    if values["privacy_url"] and urlsplit(values["privacy_url"]).scheme not in {"http", "https"}:
        raise CannotStart("SURVEY_PRIVACY_URL begins with https://, or is left empty.")
    if not is_address(values["contact_email"]):
        raise CannotStart(f"SURVEY_CONTACT_EMAIL: {address_problem(values['contact_email'])}.")
    sender_address = parseaddr(values["sender"])[1]
    if values["sender"] and not is_address(sender_address):
        raise CannotStart(f"SURVEY_SENDER: {address_problem(sender_address)}.")
    _check_bounds(values)
    if values["bounce_host"]:
        _check_bounce_mailbox(values)
    if values["nation"] not in {"ENG", "WLS", "SCT", "NIR"}:
        raise CannotStart("SURVEY_NATION is ENG, WLS, SCT or NIR.")
    return Settings(**values)


def _check_bounds(values: dict[str, Any]) -> None:
    for name, most in _MOST.items():
        if values[name] > most:
            raise CannotStart(f"SURVEY_{name.upper()} is {values[name]}; it takes at most {most}.")


def _check_bounce_mailbox(values: dict[str, Any]) -> None:
    """Raises CannotStart if a mailbox is set that cannot be read, or whose password would travel in clear."""
    if find_spec("imap_tools") is None or find_spec("flufl") is None:
        raise CannotStart("SURVEY_BOUNCE_HOST needs two more packages: pip install “surveyapp[bounces]”.")
    if not values["bounce_tls"] and not is_loopback(values["bounce_host"]):
        raise CannotStart("SURVEY_BOUNCE_TLS can be off only for a server on the same machine.")
    if not values["bounce_user"] or not values["bounce_password"]:
        raise CannotStart("SURVEY_BOUNCE_HOST needs SURVEY_BOUNCE_USER and SURVEY_BOUNCE_PASSWORD too.")


def _checked_value(setting: Setting, value: object) -> object:
    """The value of a setting, checked; Flask has already parsed values from the environment as JSON."""
    if setting.name in _TIMES:
        return _time(setting, str(value))
    if setting.name in _DAYS:
        return _day(setting, str(value))
    if isinstance(setting.default, str):
        return str(value)
    if type(value) is not type(setting.default):
        expected = "true or false" if isinstance(setting.default, bool) else "a whole number"
        raise CannotStart(f"{setting.name} is {value!r}; it takes {expected}.")
    if not isinstance(value, bool) and isinstance(value, int) and value < 1:
        raise CannotStart(f"{setting.name} is {value}; it takes 1 or more.")
    return value


def _time(setting: Setting, value: str) -> time:
    try:
        return time.fromisoformat(value)
    except ValueError:
        raise CannotStart(f"{setting.name} is {value!r}; it takes a time of day such as 08:30.") from None


def _day(setting: Setting, value: str) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise CannotStart(f"{setting.name} is {value!r}; it takes a day such as 2026-11-30.") from None


def settings() -> Settings:
    """The settings of the current app."""
    current: Settings = current_app.extensions["survey"].settings
    return current
