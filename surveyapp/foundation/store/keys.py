"""The three key rings: for links, for stored text and for cookies (promises 3.5, 3.9)."""

import json
import os
import secrets
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from surveyapp.foundation.errors import CannotStart

KEY_BYTES = 32
_NAMES = ("link", "data", "secret")


@dataclass(frozen=True)
class Keys:
    """Key rings, newest first: the first key encrypts and signs, all of them decrypt and verify."""

    link: tuple[bytes, ...]
    data: tuple[bytes, ...]
    secret: tuple[bytes, ...]

    @cached_property
    def fernet(self) -> MultiFernet:
        """Encrypts with the newest data key and decrypts with any of them."""
        return MultiFernet([Fernet(key) for key in self.data])


def derive_key(key: bytes, label: str) -> bytes:
    """Derive a 32-byte key for one use, so that no two uses share a key."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=label.encode()).derive(key)


def make_key_file(path: Path) -> None:
    """Write new keys to a file that only its owner may read; an existing file is never overwritten."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rings = {
        "link": [secrets.token_hex(KEY_BYTES)],
        "data": [Fernet.generate_key().decode()],
        "secret": [secrets.token_hex(KEY_BYTES)],
    }
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(rings, file, indent=1)
        file.flush()
        os.fsync(file.fileno())


def read_key_file(path: Path) -> Keys:
    """Read the keys.

    Raises CannotStart for a file that is missing, cannot be read as keys, or holds a short or well-known key.
    """
    try:
        rings = json.loads(path.read_text(encoding="utf-8"))
        link, data, secret = (tuple(rings[name]) for name in _NAMES)
        keys = Keys(
            tuple(map(bytes.fromhex, link)),
            tuple(key.encode() for key in data),
            tuple(map(bytes.fromhex, secret)),
        )
        _ = keys.fernet
    except FileNotFoundError:
        raise CannotStart(
            f"The key file {path} is missing. Put it back from where its copy is kept."
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CannotStart(
            f"The key file {path} cannot be read as keys. Put it back from where its copy is kept."
        ) from None
    if any(
        not ring or any(len(key) < KEY_BYTES or len(set(key)) < KEY_BYTES // 4 for key in ring)
        for ring in (keys.link, keys.secret)
    ):
        raise CannotStart(f"The key file {path} holds an empty, short or well-known key. Make a new one.")
    return keys


def keys() -> Keys:
    """The keys of the current app."""
    current: Keys = current_app.extensions["survey"].keys
    return current
