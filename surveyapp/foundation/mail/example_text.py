"""Settings that still hold the example text that comes with surveyapp, which no contact may be sent."""

import re

from surveyapp.foundation.loopback import is_loopback, is_unspecified
from surveyapp.foundation.normal_form import normal_form
from surveyapp.foundation.settings import Settings
from surveyapp.foundation.settings_list import SETTINGS

# Names that belong to nobody (RFC 2606 and RFC 6761), and that lead each computer to itself.
_RESERVED_ENDINGS = ("example", "invalid", "test", "localhost", "localdomain")
_RESERVED_DOMAINS = (
    "example.com",
    "example.net",
    "example.org",
    # What containers call the computer that they run on.
    "docker.internal",
    "containers.internal",
)
# The settings without which an email misleads, as pages name them.
SETTINGS_IN_WORDS = {
    "SURVEY_PUBLIC_BASE_URL": "the address of the links",
    "SURVEY_PARTNERSHIP": "the partnership’s name",
    "SURVEY_CONTACT_EMAIL": "its mailbox",
    "SURVEY_CONTACT_TELEPHONE": "its telephone number",
    "SURVEY_CONCERN_ROUTE": "what to do at once about a concern",
}
_DEFAULTS = {setting.name: str(setting.default) for setting in SETTINGS}


def example_settings(settings: Settings) -> tuple[str, ...]:
    """The names of the settings without which an email misleads, and that are empty or still an example.

    These are the address of the links, the partnership, its mailbox and telephone number, and what to do at
    once about a current concern.
    """
    is_example = {
        "SURVEY_PUBLIC_BASE_URL": _is_nobodys_host(settings.host),
        "SURVEY_PARTNERSHIP": _is_shipped("SURVEY_PARTNERSHIP", settings.partnership),
        "SURVEY_CONTACT_EMAIL": _is_nobodys_host(settings.contact_email.rpartition("@")[2]),
        "SURVEY_CONTACT_TELEPHONE": _is_shipped("SURVEY_CONTACT_TELEPHONE", settings.contact_telephone)
        or _holds_shipped_number(settings.contact_telephone),
        "SURVEY_CONCERN_ROUTE": _is_shipped("SURVEY_CONCERN_ROUTE", settings.concern_route)
        or _holds_shipped_number(settings.concern_route),
    }
    return tuple(name for name, example in is_example.items() if example)


def _is_nobodys_host(host: str) -> bool:
    name = host.strip().lower().rstrip(".")
    return (
        # A name without a dot, which only its own network knows; an IPv6 address has colons instead.
        ("." not in name and ":" not in name)
        or is_loopback(name)
        or is_unspecified(name)
        or name.rpartition(".")[2] in _RESERVED_ENDINGS
        or any(name == domain or name.endswith(f".{domain}") for domain in _RESERVED_DOMAINS)
    )


def _is_shipped(name: str, value: str) -> bool:
    """Whether a value is empty or holds the shipped text of its setting."""
    text = _compact(value)
    return not text or _compact(_DEFAULTS[name]) in text


def _compact(text: str) -> str:
    """Letters and digits alone, in small letters and of the plain width."""
    return re.sub(r"[\W_]+", "", normal_form("NFKC", text)).lower()


# Either shipped number, as it is dialled in the country or from abroad.
_SHIPPED_NUMBER = re.compile(
    "(?:0|44)(?:"
    + "|".join(
        re.sub(r"\D", "", _DEFAULTS[name]).removeprefix("0")
        for name in ("SURVEY_CONTACT_TELEPHONE", "SURVEY_CONCERN_ROUTE")
    )
    + ")"
)


def _holds_shipped_number(text: str) -> bool:
    """Whether a text holds one of the shipped telephone numbers, however it is spaced."""
    return _SHIPPED_NUMBER.search(_compact(text)) is not None
