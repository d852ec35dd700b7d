"""The key file is changed: new keys in front of their rings, and old keys out of them (promises 3.9)."""

import contextlib
import json
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from surveyapp.foundation.errors import Refused
from surveyapp.foundation.private_files import HAS_MODES
from surveyapp.foundation.store.key_file import (
    DROPPED_SEALS,
    PREPARED,
    RINGS,
    data_key,
    draw_key,
    read_key_file,
    seal_key,
)

try:
    import fcntl
except ImportError:  # Windows, where nobody else may open the file that is being replaced.
    fcntl = None  # type: ignore[assignment]


class KeyFileFixed(Refused):
    """The key file cannot be replaced by this process."""

    def __init__(self, path: Path, why: str) -> None:
        """Name the file and the reason, and say who can."""
        super().__init__(
            f"The key file {path} cannot be changed: {why}. Nothing was changed.",
            way_on="Run the command as the owner of the file, who may write to its folder.",
        )


def add_keys(path: Path, rings: Sequence[str] = RINGS) -> None:
    """Put a key in front of each of these rings: the one that was prepared, or else a new one.

    The file is replaced as a whole, and is on disk when this returns; its mode and owner stay. Raises
    KeyFileFixed, and CannotStart for a file that cannot be used.
    """
    with _changed(path) as written:
        for ring in rings:
            written[ring].insert(0, written.get(PREPARED, {}).pop(ring, None) or draw_key(ring))
        if not written.get(PREPARED):
            written.pop(PREPARED, None)


def prepare_keys(path: Path, rings: Sequence[str] = RINGS) -> None:
    """Put the next key of each of these rings into the file, without using it; twice is once.

    For machines that have a copy of the file each: once every copy has the key, any of them can use it.
    """
    with _changed(path) as written:
        prepared = written.setdefault(PREPARED, {})
        for ring in rings:
            prepared.setdefault(ring, draw_key(ring))


def drop_old_keys(path: Path, ring: str) -> int:
    """Take every key but the newest out of a ring; returns how many.

    Of a data key, the part that verifies seals is kept.
    """
    with _changed(path) as written:
        newest, *older = written[ring]
        written[ring] = [newest]
        if ring == "data" and older:
            dropped = [seal_key(data_key(key)).hex() for key in older]
            written[DROPPED_SEALS] = [*dropped, *written.get(DROPPED_SEALS, [])]
        return len(older)


def old_keys(path: Path, ring: str) -> int:
    """How many old keys stand in a ring of the file."""
    return len(json.loads(path.read_text(encoding="utf-8"))[ring]) - 1


def check_changeable(path: Path) -> None:
    """Raise KeyFileFixed unless this process can replace the key file and keep its owner.

    Raises CannotStart for a file that is missing or cannot be used.
    """
    read_key_file(path)
    if HAS_MODES and os.geteuid() not in (0, path.stat().st_uid):
        raise KeyFileFixed(path, "it belongs to somebody else")
    as_oneself = os.access in os.supports_effective_ids
    if not os.access(path.parent, os.W_OK | os.X_OK, effective_ids=as_oneself):
        raise KeyFileFixed(path, "its folder cannot be written to")


@contextlib.contextmanager
def _changed(path: Path) -> Iterator[dict[str, Any]]:
    """The content of the key file, to be changed; then the file is replaced. One process at a time."""
    check_changeable(path)
    with _locked(path) as status:
        written = json.loads(path.read_text(encoding="utf-8"))
        yield written
        try:
            _replace(path, json.dumps(written, indent=1), status)
        except OSError as error:
            raise KeyFileFixed(path, os.strerror(error.errno or 0)) from error


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[os.stat_result]:
    """Lock the key file. Raises Refused if another process is changing it."""
    with path.open(encoding="utf-8") as file:
        status = os.fstat(file.fileno())
        try:
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Another process may have replaced it between opening and locking.
            is_same = os.path.samestat(status, path.stat())
        except BlockingIOError:
            is_same = False
        if not is_same:
            raise Refused(
                f"Another process is changing the key file {path}.",
                way_on="Wait for it and run this again.",
            )
        yield status


def _replace(path: Path, content: str, status: os.stat_result) -> None:
    """Write a file beside it, with the same owner and mode, and put it in its place once it is on disk."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            if HAS_MODES:
                os.fchown(file.fileno(), status.st_uid, status.st_gid)
                os.fchmod(file.fileno(), stat.S_IMODE(status.st_mode))
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    if HAS_MODES:
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
