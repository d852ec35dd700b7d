"""Seals: keyed hashes that prove that what is stored is what this program wrote (promises 3.10)."""

import hmac
import json
from functools import lru_cache

from surveyapp.foundation.store.keys import derive_key, keys

# JSON keeps the values apart, so that two different lists never give the same text.
_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def seal_keys(label: str) -> tuple[bytes, ...]:
    """The keys for seals of one kind, newest first, one for each data key; each label has its own.

    They outlive a data key that was dropped, so that what it sealed can still be verified.
    """
    return tuple(_derived(key, label) for key in keys().seals)


def seal_with(key: bytes, *values: str | int | None) -> str:
    """The seal of these values with one key, in 64 hexadecimal digits."""
    return hmac.digest(key, _as_json(values).encode(), "sha256").hex()


def seal_of(label: str, *values: str | int | None) -> str:
    """The seal of these values with the newest key."""
    return seal_with(seal_keys(label)[0], *values)


def is_seal_of(seal: str, label: str, *values: str | int | None) -> bool:
    """Whether a seal is of these values, whichever key made it."""
    return any(hmac.compare_digest(seal_with(key, *values), seal) for key in seal_keys(label))


@lru_cache(maxsize=64)
def _derived(key: bytes, label: str) -> bytes:
    """A derived key, kept: deriving one takes 20 times as long as a seal."""
    return derive_key(key, label)
