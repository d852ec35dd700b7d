"""Which machines may be asked without TLS: this one, and those that SURVEY_UNENCRYPTED_HOSTS names."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.loopback import is_loopback

# Addresses of Redis and RabbitMQ that are encrypted. Their clients verify the certificate unless told not to.
_ENCRYPTED_SCHEMES = {"rediss", "amqps"}


def check_encrypted(setting: str, host: str, advice: str, config: Mapping[str, Any]) -> None:
    """Raise CannotStart if a setting names a machine elsewhere that is asked without TLS.

    An empty `host` is this machine. Called only where the other settings do not ask for TLS; `advice` says
    which do.
    """
    listed = str(config.get("SURVEY_UNENCRYPTED_HOSTS") or "").lower().split(",")
    name = host.strip().lower()
    if not name or is_loopback(name) or name in (entry.strip() for entry in listed):
        return
    raise CannotStart(
        f"{setting} names {name}, another machine, without an encrypted connection to it: {advice}, "
        "or name it in SURVEY_UNENCRYPTED_HOSTS."
    )


def check_addresses_are_encrypted(config: Mapping[str, Any], *settings: str) -> None:
    """Raise CannotStart if one of these settings has Redis or RabbitMQ elsewhere asked without TLS."""
    for setting in settings:
        address = urlsplit(str(config.get(setting) or ""))
        if address.scheme.partition("+")[0] not in _ENCRYPTED_SCHEMES:
            check_encrypted(
                setting, address.hostname or "", "begin the address with rediss:// or amqps://", config
            )
