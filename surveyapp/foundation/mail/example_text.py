"""Settings that still hold the example text that comes with surveyapp, which no contact may be sent."""

import re

from surveyapp.foundation.loopback import is_loopback
from surveyapp.foundation.settings import Settings
from surveyapp.foundation.settings_list import SETTINGS

# Names that belong to nobody (RFC 2606 and RFC 6761).
_RESERVED_ENDINGS = ("example", "invalid", "test", "localhost")
_RESERVED_DOMAINS = ("example.com", "example.net", "example.org")
# The telephone number in the shipped SURVEY_CONCERN_ROUTE, however it is spaced.
_EXAMPLE_ROUTE_NUMBER = "01234567891"
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
        "SURVEY_CONTACT_TELEPHONE": _is_shipped("SURVEY_CONTACT_TELEPHONE", settings.contact_telephone),
        "SURVEY_CONCERN_ROUTE": _is_shipped("SURVEY_CONCERN_ROUTE", settings.concern_route)
        or _EXAMPLE_ROUTE_NUMBER in _compact(settings.concern_route),
    }
    return tuple(name for name, example in is_example.items() if example)


def _is_nobodys_host(host: str) -> bool:
    name = host.strip().lower().rstrip(".")
    return (
        not name
        or is_loopback(name)
        or name.rpartition(".")[2] in _RESERVED_ENDINGS
        or any(name == domain or name.endswith(f".{domain}") for domain in _RESERVED_DOMAINS)
    )


def _is_shipped(name: str, value: str) -> bool:
    return _compact(value) in {"", _compact(_DEFAULTS[name])}


def _compact(text: str) -> str:
    """Letters and digits alone, in small letters."""
    return re.sub(r"[\W_]+", "", text).lower()
