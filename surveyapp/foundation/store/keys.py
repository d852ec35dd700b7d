"""The three key rings: for links, for stored text and for cookies (promises 3.5, 3.9)."""

import json
import os
import secrets
import stat
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.private_files import (
    HAS_MODES,
    OWNER_FILE,
    chmod_command,
    make_private_folder,
    modes_of_others,
    open_private_file,
)

KEY_BYTES = 32
# A key file of root's, which the program reads by its group.
_ROOT_KEY_FILE = 0o640
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
    make_private_folder(path.parent)
    rings = {
        "link": [secrets.token_hex(KEY_BYTES)],
        "data": [Fernet.generate_key().decode()],
        "secret": [secrets.token_hex(KEY_BYTES)],
    }
    with os.fdopen(open_private_file(path, exclusive=True), "w", encoding="utf-8") as file:
        json.dump(rings, file, indent=1)
        file.flush()
        os.fsync(file.fileno())


def read_key_file(path: Path) -> Keys:
    """Read the keys.

    Raises CannotStart for a file that is missing, open to others on this computer, cannot be read as keys, or
    holds a short or well-known key.
    """
    try:
        with path.open(encoding="utf-8") as file:
            _refuse_open_to_others(path, os.fstat(file.fileno()))
            rings = json.load(file)
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


def _refuse_open_to_others(path: Path, status: os.stat_result) -> None:
    """Refuse a key file that others may read or change.

    As PostgreSQL does with its own key file, one that belongs to root may be readable by a group that the
    program is in: that is how secrets reach a container.
    """
    open_to = modes_of_others(status)
    belongs_to_root = HAS_MODES and status.st_uid == 0 and os.geteuid() != 0
    allowed = _ROOT_KEY_FILE if belongs_to_root else OWNER_FILE
    if open_to & ~allowed:
        raise CannotStart(
            f"The key file {path} is open to others on this computer "
            f"(mode {stat.S_IMODE(status.st_mode):o}). Run: {chmod_command(path, allowed)}"
        )


def keys() -> Keys:
    """The keys of the current app."""
    current: Keys = current_app.extensions["survey"].keys
    return current
