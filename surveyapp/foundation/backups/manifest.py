"""The manifest beside a backup: what is in it, by which a restore checks that it is whole and ours.

It is sealed with the data key, so that whoever can write where backups are kept cannot have another database
restored.
"""

import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from hashlib import file_digest, sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from surveyapp.foundation.errors import Refused
from surveyapp.foundation.private_files import open_private_file
from surveyapp.foundation.store.keys import Keys, derive_key
from surveyapp.foundation.store.seals import is_seal_of, seal_of

ENDING = ".manifest.json"
# The layout of the manifest itself. The first had no seal.
FORMAT = 2
_SEAL_LABEL = "surveyapp/backup-manifest-seal/v1"
_LABEL = "surveyapp/backup-key-mark/v1"
_MARK_LENGTH = 16


class BackupUnusable(Refused):
    """The backup is not what its manifest says, or there is no manifest that says anything."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds."""

    # The file beside which this stands, its size in bytes and its SHA-256 in hexadecimal digits.
    file: str
    size: int
    checksum: str
    # `sqlite` or `postgresql`.
    engine: str
    # The schema revision of its tables, and the version of the program that made it.
    revision: str
    program_version: str
    # UTC, from before the first row was read: whatever was stored by then is in the backup.
    taken_at: datetime
    # The number of rows of each table, the host's own too.
    rows: Mapping[str, int]
    # Marks of the link and data keys with which it was made: keys are recognised by them, and nothing opens.
    key_marks: Mapping[str, str]
    # The seal of everything above; "" before it is written.
    seal: str = ""

    @property
    def row_count(self) -> int:
        """The number of all rows."""
        return sum(self.rows.values())

    @property
    def has_own_seal(self) -> bool:
        """Whether it says what this program wrote, with a key of the present key file."""
        return is_seal_of(self.seal, _SEAL_LABEL, _as_text(self))


def manifest_file(backup: Path) -> Path:
    """The manifest of a backup, which stands beside it."""
    return backup.with_name(f"{backup.name}{ENDING}")


def program_version() -> str:
    """The version of surveyapp that runs."""
    return version("surveyapp")


def key_marks(keys: Keys) -> dict[str, str]:
    """A mark of the newest link and data key; nobody can work the key out from it."""
    return {"link": _mark(keys.link[0]), "data": _mark(keys.data[0])}


def keys_missing(keys: Keys, marks: Mapping[str, str]) -> list[str]:
    """Which of the rings, `link` and `data`, lack the key with which a backup was made."""
    rings = {"link": keys.link, "data": keys.data}
    return [
        name
        for name, ring in rings.items()
        if name in marks and not any(hmac.compare_digest(marks[name], _mark(key)) for key in ring)
    ]


def _mark(key: bytes) -> str:
    return sha256(derive_key(key, _LABEL)).hexdigest()[:_MARK_LENGTH]


def checksum_of(file: Path) -> str:
    """The SHA-256 of a file, in 64 hexadecimal digits. Raises OSError."""
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()


def write_manifest(manifest: Manifest, file: Path) -> None:
    """Seal a manifest and write it to a file that only its owner may read; sync it. Raises OSError."""
    content = _as_json(replace(manifest, seal=seal_of(_SEAL_LABEL, _as_text(manifest))))
    with os.fdopen(open_private_file(file), "w", encoding="utf-8") as written:
        json.dump(content, written, indent=1, ensure_ascii=False)
        written.write("\n")
        written.flush()
        os.fsync(written.fileno())


def _as_json(manifest: Manifest) -> dict[str, Any]:
    return {"format": FORMAT, **asdict(manifest), "taken_at": manifest.taken_at.isoformat()}


def _as_text(manifest: Manifest) -> str:
    """What is sealed: everything but the seal, whatever its order."""
    return json.dumps({**_as_json(manifest), "seal": ""}, sort_keys=True)


def read_manifest(backup: Path) -> Manifest | None:
    """The manifest of a backup; None if there is none. Raises BackupUnusable if it cannot be read."""
    file = manifest_file(backup)
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        if content.pop("format") != FORMAT:
            raise BackupUnusable(
                f"{file} was written by another version of surveyapp, in another layout.",
                way_on="If nobody but you can have changed the backup, move that file away and add "
                "--without-manifest.",
            )
        rows = {str(name): int(count) for name, count in content.pop("rows").items()}
        marks = {str(name): str(mark) for name, mark in content.pop("key_marks").items()}
        size, taken_at = int(content.pop("size")), datetime.fromisoformat(content.pop("taken_at"))
        words = {name: str(value) for name, value in content.items()}
        return Manifest(size=size, taken_at=taken_at, rows=rows, key_marks=marks, **words)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupUnusable(f"The manifest {file} cannot be read.") from error


def check_against(manifest: Manifest, copy: Path) -> None:
    """Raise BackupUnusable unless a copy of the backup has the size and the checksum of its manifest."""
    size = copy.stat().st_size
    if size != manifest.size:
        raise BackupUnusable(
            f"{manifest.file} has {size:,} bytes, and its manifest says {manifest.size:,}: it is not whole."
        )
    if checksum_of(copy) != manifest.checksum:
        raise BackupUnusable(f"{manifest.file} has changed since it was made: its checksum is another.")
