"""Codes of an authenticator app: RFC 6238, six digits, a new one every 30 seconds."""

import secrets
from base64 import b32decode, b32encode
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

DIGITS = 6
STEP_SECONDS = 30
# As long as the hash, as RFC 4226 recommends.
_KEY_BYTES = 20
# Telephones are a little early or late.
_STEPS_AROUND = (0, -1, 1)


def new_key() -> str:
    """A new key, in base 32 as apps take it."""
    return b32encode(secrets.token_bytes(_KEY_BYTES)).decode()


def key_address(key: str, *, account: str, issuer: str) -> str:
    """The address that an app reads from a QR code (otpauth://)."""
    return _totp(key).get_provisioning_uri(account, issuer)


def step_of_code(key: str, code: str, *, after: int, now: datetime) -> int:
    """The time step for which a code was made; 0 if it is wrong, too old, or of step `after` or earlier.

    Storing the step and giving it as `after` next time means that no code is taken twice.
    """
    current, totp = int(now.timestamp()) // STEP_SECONDS, _totp(key)
    found = 0
    for around in _STEPS_AROUND:
        step = current + around
        try:
            totp.verify(code.encode(), step * STEP_SECONDS)
        except InvalidToken:
            continue
        found = max(found, step)
    return found if found > after else 0


def _totp(key: str) -> TOTP:
    # SHA-1 is what every app takes; in an HMAC it is not broken.
    return TOTP(b32decode(key), DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303 — as every authenticator app
