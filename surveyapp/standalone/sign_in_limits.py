"""Limits on tries to sign in: for each account, each network address and each known device (promises L16)."""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from typing import cast

from flask import Flask, current_app
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy.exc import SQLAlchemyError

from surveyapp.foundation import clock
from surveyapp.foundation.shared_counts import add_to_count, count_now, forget_count, forget_counts
from surveyapp.foundation.store.db import engine
from surveyapp.foundation.store.keys import derive_key, keys

_QUARTER_HOUR = 15
# Known or not, so that the limit tells nobody which addresses have an account.
TRIES_FOR_ACCOUNT = RateLimitItemPerMinute(10, _QUARTER_HOUR)
# A whole agency may share a network address, but only the few people of the partnership sign in.
TRIES_FROM_NETWORK = RateLimitItemPerMinute(30, _QUARTER_HOUR)
# What may be written to the event log, which is never emptied, about people who have not signed in.
EVENTS = RateLimitItemPerMinute(200, _QUARTER_HOUR)
# Links to a new password: to one address, and asked for from one network address.
_HOUR = 60
LINKS_TO_ADDRESS = RateLimitItemPerMinute(3, _HOUR)
LINKS_FROM_NETWORK = RateLimitItemPerMinute(20, _HOUR)
# Six digits are guessed by nobody in so many tries; a password was right before each of them.
CODES = RateLimitItemPerMinute(5, _QUARTER_HOUR)
# Tries with passkeys and an organisation’s accounts, none of which can be guessed.
OTHER_WAYS = RateLimitItemPerMinute(60, _QUARTER_HOUR)
OWN_PASSWORDS = RateLimitItemPerMinute(10, _QUARTER_HOUR)
_ONCE = RateLimitItemPerMinute(1, _QUARTER_HOUR)
# The network that one subscriber of IPv6 has to itself.
_IPV6_PREFIX = 64


class TriedTooOften(Exception):
    """A limit is reached; `limit` says which."""

    def __init__(self, limit: "Limit") -> None:
        """Keep the limit."""
        super().__init__(limit)
        self.limit = limit


class Limit(StrEnum):
    """What was tried too often."""

    ACCOUNT = "account"
    NETWORK = "network"
    DEVICE = "device"


@dataclass(frozen=True)
class Try:
    """One try to sign in: the typed address in small letters, the network it came from, the known device.

    `device` is empty where nobody has signed in with this address before.
    """

    account: str
    network: str
    device: str


class DatabaseStorage(Storage):
    """Counts in the app’s PostgreSQL, so that they hold for all web processes on all machines."""

    STORAGE_SCHEME = None
    base_exceptions = SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Add to a count that ends after `expiry` seconds."""
        return add_to_count(_digest(key), amount, lasts=timedelta(seconds=expiry), now=clock.now())

    def get(self, key: str) -> int:
        """The count, 0 if there is none."""
        return count_now(_digest(key), now=clock.now())

    def get_expiry(self, key: str) -> float:
        """When a count ends; nobody here asks for it."""
        raise NotImplementedError

    def check(self) -> bool:
        """The database has its own line on the health page."""
        return True

    def reset(self) -> int | None:
        """Forget every count."""
        forget_counts()
        return None

    def clear(self, key: str) -> None:
        """Forget one count."""
        forget_count(_digest(key))


def _digest(key: str) -> str:
    """The keyed digest of what is counted, which may hold somebody’s address."""
    return hmac.new(derive_key(keys().secret[0], "surveyapp/counts/v1"), key.encode(), sha256).hexdigest()


class SignInLimits:
    """The tries to sign in to one app: in its PostgreSQL, in memory, or in a store that the settings name."""

    def __init__(self, storage_uri: str) -> None:
        """`storage_uri` is an address as the package limits writes them.

        Empty means the database if it is PostgreSQL, and else this process’s memory: the standalone server
        has one process. Needs an app context where it is empty.
        """
        self._storage: Storage
        if storage_uri:
            self._storage = cast("Storage", storage_from_string(storage_uri))
        elif engine().dialect.name == "postgresql":
            self._storage = DatabaseStorage()
        else:
            self._storage = MemoryStorage()
        self._limits = FixedWindowRateLimiter(self._storage)

    def _hit(self, limit: RateLimitItem, *what: str) -> bool:
        """Count once more, unless the limit is reached: whoever tries on writes nothing."""
        return self._limits.test(limit, *what) and self._limits.hit(limit, *what)

    def count(self, attempt: Try) -> None:
        """Count a try, before its password is looked at. Raises TriedTooOften.

        A known device has a budget of its own: what strangers try elsewhere does not use it up.
        """
        if attempt.device:
            if not self._hit(TRIES_FOR_ACCOUNT, "sign-in-device", attempt.device, attempt.account):
                raise TriedTooOften(Limit.DEVICE)
            return
        # The network first: one that has used up its tries uses up no account's.
        if not self._hit(TRIES_FROM_NETWORK, "sign-in-network", attempt.network):
            raise TriedTooOften(Limit.NETWORK)
        if not self._hit(TRIES_FOR_ACCOUNT, "sign-in", attempt.account):
            raise TriedTooOften(Limit.ACCOUNT)

    def forgive(self, attempt: Try) -> None:
        """Forget the tries of whoever has now signed in; those from their network stay counted."""
        if attempt.device:
            self._limits.clear(TRIES_FOR_ACCOUNT, "sign-in-device", attempt.device, attempt.account)
        else:
            self._limits.clear(TRIES_FOR_ACCOUNT, "sign-in", attempt.account)

    def count_asking(self, address: str, network: str) -> None:
        """Count a request for a new password, whoever has the address. Raises TriedTooOften."""
        if not self._hit(LINKS_FROM_NETWORK, "password-network", network):
            raise TriedTooOften(Limit.NETWORK)
        if not self._hit(LINKS_TO_ADDRESS, "password-address", address):
            raise TriedTooOften(Limit.ACCOUNT)

    def count_code(self, staff_id: int) -> None:
        """Count a try of a second factor, before the code is looked at. Raises TriedTooOften."""
        if not self._hit(CODES, "code", str(staff_id)):
            raise TriedTooOften(Limit.ACCOUNT)

    def count_other_way(self, network: str) -> None:
        """Count a try with a passkey or an organisation’s account. Raises TriedTooOften."""
        if not self._hit(OTHER_WAYS, "other-ways", network):
            raise TriedTooOften(Limit.NETWORK)

    def count_own_password(self, staff_id: int) -> None:
        """Count somebody’s try of their own password, before it is looked at. Raises TriedTooOften."""
        if not self._hit(OWN_PASSWORDS, "own-password", str(staff_id)):
            raise TriedTooOften(Limit.ACCOUNT)

    def forgive_codes(self, staff_id: int) -> None:
        """Forget the tries of whoever has shown the second factor."""
        self._limits.clear(CODES, "code", str(staff_id))

    def may_note(self) -> bool:
        """Whether one more event about people who have not signed in may be written."""
        return self._hit(EVENTS, "sign-in-events")

    def is_first(self, *what: str) -> bool:
        """Whether this happens for the first time within a quarter of an hour."""
        return self._hit(_ONCE, "sign-in-first", *what)

    def forget_all(self) -> None:
        """Forget every try and every event."""
        self._storage.reset()


def set_up_sign_in_limits(app: Flask) -> None:
    """Give an app its count of tries."""
    with app.app_context():
        app.extensions["survey_sign_in_limits"] = SignInLimits(app.config.get("RATELIMIT_STORAGE_URI", ""))


def sign_in_limits() -> SignInLimits:
    """The count of tries of the app under way."""
    limits: SignInLimits = current_app.extensions["survey_sign_in_limits"]
    return limits


def network_of(remote_address: str | None) -> str:
    """The network of a client: an IPv4 address, or the 64 bits in which one subscriber may change theirs."""
    try:
        address = ip_address((remote_address or "").partition("%")[0])
    except ValueError:
        return "unknown"
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((address, _IPV6_PREFIX), strict=False))
