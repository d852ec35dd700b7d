"""The lasting record: what a restored backup must not undo, in a file beside the keys (promises 3.11).

It holds the audits that were purged, the links that were withdrawn or replaced, and the newest seal of the
event log, each as a line of JSON. It is not in the database, so that an older database that is restored can
be brought in line with it, and the end of a log that was cut off is missed.
"""

import contextlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import current_app

from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.private_files import OWNER_FILE, make_private_folder, open_private_file

try:
    import fcntl
except ImportError:  # Windows, where one process writes the record.
    fcntl = None  # type: ignore[assignment]

# The file is rewritten without superseded lines when it has more than this many of them.
MOST_SUPERSEDED = 200


class LastingRecordUnusable(SurveyError):
    """The lasting record cannot be read or written, so what it should hold might not survive a restore."""

    status = 500


@dataclass(frozen=True)
class RecordedLink:
    """The newest state of a grant's link that a restored database has to respect."""

    public_id: str
    # The highest version that has been used; an older one opens nothing.
    version: int
    # Whether the link was withdrawn altogether, so that no version opens anything.
    is_withdrawn: bool

    def merged_with(self, other: "RecordedLink") -> "RecordedLink":
        """The newer of two states; of two states with one version, the one that is withdrawn."""
        if self.version != other.version:
            return max(self, other, key=lambda link: link.version)
        return replace(self, is_withdrawn=self.is_withdrawn or other.is_withdrawn)


@dataclass(frozen=True)
class LogEnd:
    """The newest seal of the event log: its number, its digits, and when (UTC) it was recorded."""

    number: int
    seal: str
    at: datetime


@dataclass
class LastingRecord:
    """The content of the file: purged audits with the time (UTC), and links by their grant's public id."""

    purged: dict[str, datetime] = field(default_factory=dict)
    links: dict[str, RecordedLink] = field(default_factory=dict)
    log_end: LogEnd | None = None

    @property
    def line_count(self) -> int:
        """How many lines a file has that holds this and nothing superseded."""
        return len(self.purged) + len(self.links) + (self.log_end is not None)

    def lines(self) -> Iterator[str]:
        """The lines of a file that holds this and nothing superseded."""
        for audit, at in sorted(self.purged.items()):
            yield _purged_line(audit, at)
        for link in sorted(self.links.values(), key=lambda link: link.public_id):
            yield _link_line(link)
        if self.log_end is not None:
            yield _log_line(self.log_end)


def audit_key(audit_id: int, created_at: datetime) -> str:
    """The name of an audit in the record: its number and when it was made, such as “3@2026-03-09T08:30:00Z”.

    The number alone would not do, since after a restore it may be given to another audit. Both are in every
    backup of every revision, and neither ever changes.
    """
    return f"{audit_id}@{created_at.astimezone(UTC).isoformat().replace('+00:00', 'Z')}"


def record_file() -> Path:
    """The file of the current app."""
    file: Path = current_app.extensions["survey"].settings.lasting_record_file
    return file


def record_purged(audit: str, at: datetime) -> None:
    """Record that an audit, named by `audit_key`, is purged, and write it through to disk.

    Call it before the commit of the purge: a purge that is recorded and not done is done after a restore, one
    that is done and not recorded would be undone. Raises LastingRecordUnusable.
    """
    append_to_record(record_file(), LastingRecord(purged={audit: at}))


def record_link(public_id: str, version: int, *, is_withdrawn: bool) -> None:
    """Record one link; see `record_links`."""
    record_links([RecordedLink(public_id, version, is_withdrawn)])


def record_links(links: Sequence[RecordedLink]) -> int:
    """Record links that were withdrawn or replaced, and write them through to disk; returns how many are new.

    What is recorded already costs one reading of the file and no writing. Raises LastingRecordUnusable.
    """
    wanted: dict[str, RecordedLink] = {}
    for link in links:
        wanted[link.public_id] = link.merged_with(wanted.get(link.public_id, link))
    return append_to_record(record_file(), LastingRecord(links=wanted))


def record_log_end(end: LogEnd) -> None:
    """Record the newest seal of the event log, instead of the one before. Raises LastingRecordUnusable."""
    append_to_record(record_file(), LastingRecord(log_end=end))


def purged_audits() -> dict[str, datetime]:
    """When each recorded audit was purged (UTC), by its `audit_key`. Raises LastingRecordUnusable."""
    return lasting_record().purged


def lasting_record() -> LastingRecord:
    """The record of the current app; empty if there is no file. Raises LastingRecordUnusable."""
    return read_record(record_file())


def read_record(file: Path) -> LastingRecord:
    """Read a file of this kind; empty if there is none.

    A last line that a crash cut short is left out: nobody was told that it is stored. Raises
    LastingRecordUnusable for any other line that cannot be read.
    """
    try:
        text = file.read_bytes()
    except FileNotFoundError:
        return LastingRecord()
    except OSError as error:
        raise _unusable(file, "read", error) from error
    return _parsed(file, text)[0]


def _parsed(file: Path, text: bytes) -> tuple[LastingRecord, int]:
    """The record in the whole lines of a file, and how many lines there are."""
    record = LastingRecord()
    lines = text.split(b"\n")[:-1]
    for number, line in enumerate(lines, start=1):
        try:
            _add_line(record, json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise LastingRecordUnusable(
                f"Line {number} of {file} cannot be read: purged audits or withdrawn links may be missing.",
                way_on="Put back a copy of the file, or take the line out if you know what it said.",
            ) from None
    return record, len(lines)


def _add_line(record: LastingRecord, line: dict[str, Any]) -> None:
    if "purged" in line:
        record.purged.setdefault(str(line["purged"]), datetime.fromisoformat(line["at"]).astimezone(UTC))
    elif "log" in line:
        at = datetime.fromisoformat(line["at"]).astimezone(UTC)
        record.log_end = LogEnd(int(line["log"]), str(line["seal"]), at)
    else:
        link = RecordedLink(str(line["link"]), int(line["version"]), line["withdrawn"] is True)
        record.links[link.public_id] = link.merged_with(record.links.get(link.public_id, link))


def _purged_line(audit: str, at: datetime) -> str:
    return json.dumps({"purged": audit, "at": at.astimezone(UTC).isoformat()})


def _link_line(link: RecordedLink) -> str:
    return json.dumps({"link": link.public_id, "version": link.version, "withdrawn": link.is_withdrawn})


def _log_line(end: LogEnd) -> str:
    return json.dumps({"log": end.number, "seal": end.seal, "at": end.at.astimezone(UTC).isoformat()})


def append_to_record(file: Path, added: LastingRecord) -> int:
    """Add what a file does not hold yet, and sync it; returns how many lines were added.

    Raises LastingRecordUnusable.
    """
    try:
        make_private_folder(file.parent)
        with _locked(file) as handle:
            text = _content(handle)
            lines = [*_lines_missing(_parsed(file, text)[0], added)]
            if not lines:
                return 0
            # Over the rest of a line that a crash cut short.
            _write_at(handle, text.rfind(b"\n") + 1, "".join(f"{line}\n" for line in lines).encode())
            whole, line_count = _parsed(file, _content(handle))
            if line_count - whole.line_count > MOST_SUPERSEDED and fcntl is not None:
                _rewrite(file, whole)
            return len(lines)
    except OSError as error:
        raise _unusable(file, "written", error) from error


def _lines_missing(record: LastingRecord, added: LastingRecord) -> Iterator[str]:
    for audit, at in added.purged.items():
        if audit not in record.purged:
            yield _purged_line(audit, at)
    for public_id, link in added.links.items():
        known = record.links.get(public_id)
        if known is None or known.merged_with(link) != known:
            yield _link_line(link)
    if added.log_end is not None and added.log_end != record.log_end:
        yield _log_line(added.log_end)


def _content(handle: int) -> bytes:
    os.lseek(handle, 0, os.SEEK_SET)
    parts = []
    while part := os.read(handle, 1 << 20):
        parts.append(part)
    return b"".join(parts)


def _write_at(handle: int, end: int, lines: bytes) -> None:
    """Write lines from `end` on and sync them; if that fails, the file ends where it ended before."""
    try:
        os.ftruncate(handle, end)
        os.lseek(handle, 0, os.SEEK_END)
        while lines:
            lines = lines[os.write(handle, lines) :]
        os.fsync(handle)
    except OSError:
        with contextlib.suppress(OSError):
            os.ftruncate(handle, end)
        raise


@contextlib.contextmanager
def _locked(file: Path) -> Iterator[int]:
    """Open the file for reading and writing, locked against other processes; made if there is none."""
    while True:
        is_new = not file.exists()
        handle = os.open(file, os.O_RDWR | os.O_CREAT, OWNER_FILE)
        try:
            if fcntl is not None:
                fcntl.flock(handle, fcntl.LOCK_EX)
            # Another process may have put a rewritten file in its place while this one waited.
            if not _is_file(handle, file):
                continue
            if is_new:
                sync_folder(file.parent)
            yield handle
            return
        finally:
            os.close(handle)


def _is_file(handle: int, file: Path) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(handle), file.stat())
    return False


def _rewrite(file: Path, record: LastingRecord) -> None:
    """Put a file without superseded lines in the place of this one, whole or not at all."""
    beside = file.with_name(f"{file.name}.part")
    with os.fdopen(open_private_file(beside), "w", encoding="utf-8") as written:
        written.writelines(f"{line}\n" for line in record.lines())
        written.flush()
        os.fsync(written.fileno())
    beside.replace(file)
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Write a folder's list of names through to disk, where the system can do that (POSIX)."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unusable(file: Path, verb: str, error: OSError) -> LastingRecordUnusable:
    return LastingRecordUnusable(
        f"The record of purged audits and withdrawn links, {file}, cannot be {verb}: {error.strerror}.",
        way_on="Make it a file that this program may write, or name another by SURVEY_LASTING_RECORD.",
    )
