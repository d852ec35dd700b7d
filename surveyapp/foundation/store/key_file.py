"""The key file: three key rings, for links, for stored text and for cookies (promises 3.5, 3.9)."""

import json
import os
import secrets
import stat
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.private_files import (
    HAS_MODES,
    OWNER_FILE,
    chmod_command,
    make_private_folder,
    modes_of_others,
    open_private_file,
)
from surveyapp.foundation.store.text_cipher import KEY_BYTES, TextCipher, derive_key

# A key file of root's, which the program reads by its group.
_ROOT_KEY_FILE = 0o640
RINGS = ("link", "data", "secret")
# Names in the file: the next key of each ring, not in use yet, and what is left of dropped data keys.
PREPARED, DROPPED_SEALS = "prepared", "dropped_seals"


@dataclass(frozen=True)
class Keys:
    """Key rings, newest first: the first key encrypts and signs, all of them decrypt and verify.

    A key that was prepared and is not in use yet is the last of its ring.
    """

    link: tuple[bytes, ...]
    data: tuple[bytes, ...]
    secret: tuple[bytes, ...]
    # What is left of dropped data keys: it verifies the seals that they made, and opens no text.
    dropped_seals: tuple[bytes, ...] = ()
    # Tells the file that they were read from, as it was then, from every other; empty for keys of no file.
    version: str = field(default="", compare=False)

    @cached_property
    def texts(self) -> TextCipher:
        """Encrypts with the newest data key and decrypts with any of them."""
        return TextCipher(self.data)

    @cached_property
    def seals(self) -> tuple[bytes, ...]:
        """For seals, newest first: a key derived from each data key, then what is left of dropped ones."""
        return (*map(seal_key, self.data), *self.dropped_seals)


def seal_key(data_key: bytes) -> bytes:
    """The key from which the keys for seals are derived; it outlives its data key, and opens no text."""
    return derive_key(data_key, "surveyapp/seals/v1")


def file_version(path: Path) -> str:
    """What changes whenever the key file is replaced or written; empty if there is none."""
    try:
        return _version(path.stat())
    except OSError:
        return ""


def _version(status: os.stat_result) -> str:
    return f"{status.st_dev}:{status.st_ino}:{status.st_mtime_ns}:{status.st_size}"


def make_key_file(path: Path) -> None:
    """Write new keys to a file that only its owner may read; it is there as a whole or not at all.

    Raises FileExistsError for an existing file, which is never overwritten.
    """
    make_private_folder(path.parent)
    rings = {ring: [draw_key(ring)] for ring in RINGS}
    beside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(open_private_file(beside, exclusive=True), "w", encoding="utf-8") as file:
            json.dump(rings, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        # Unlike renaming, linking never replaces a file.
        path.hardlink_to(beside)
    finally:
        beside.unlink(missing_ok=True)


def draw_key(ring: str) -> str:
    """Draw a key of 256 random bits, as the key file writes the keys of this ring."""
    key = secrets.token_bytes(KEY_BYTES)
    return urlsafe_b64encode(key).decode() if ring == "data" else key.hex()


def read_key_file(path: Path) -> Keys:
    """Read the keys.

    Raises CannotStart for a file that is missing, open to others on this computer, cannot be read as keys, or
    holds a short or well-known key.
    """
    try:
        with path.open(encoding="utf-8") as file:
            status = os.fstat(file.fileno())
            _refuse_open_to_others(path, status)
            written = json.load(file)
        prepared = written.get(PREPARED, {})
        link, data, secret = (
            _ring(name, [*written[name], *([prepared[name]] if name in prepared else [])]) for name in RINGS
        )
        dropped = tuple(bytes.fromhex(key) for key in written.get(DROPPED_SEALS, []))
        keys = Keys(link, data, secret, dropped, version=_version(status))
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
        for ring in (keys.link, keys.data, keys.secret)
    ):
        raise CannotStart(f"The key file {path} holds an empty, short or well-known key. Make a new one.")
    return keys


def _ring(name: str, written: list[str]) -> tuple[bytes, ...]:
    """The keys of a ring. Raises ValueError or TypeError for what is no key."""
    if name != "data":
        return tuple(bytes.fromhex(key) for key in written)
    return tuple(data_key(key) for key in written)


def data_key(written: str) -> bytes:
    """A data key, which is written as Fernet's are. Raises ValueError unless it has 32 bytes."""
    key = urlsafe_b64decode(written)
    if len(key) != KEY_BYTES:
        raise ValueError
    return key


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
