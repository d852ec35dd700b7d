"""Everything of an audit in one archive, readable without the product: parts, what they are, checksums."""

import hashlib
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, Self, cast

from surveyapp.archive.contents import ARCHIVE_FILES, ArchiveFile
from surveyapp.archive.readme import readme
from surveyapp.collating.figures import DenominatorRule
from surveyapp.collating.filters import Filters
from surveyapp.exports.snapshot import AuditSnapshot, read_audit
from surveyapp.foundation.clock import local_time
from surveyapp.planning.models import Audit

README, CHECKSUMS_NAME = "README.txt", "SHA256SUMS"
# Files that are compressed by themselves; to do it twice takes time and gains nothing.
ALREADY_COMPRESSED = (".xlsx", ".docx", ".pptx", ".pdf")
# Nobody else on the machine on which it is unpacked, where the system keeps to that.
OWNER_ONLY = 0o600 << 16
UNIX = 3
FileAndContent = tuple[ArchiveFile, Any]


@dataclass(frozen=True)
class ArchiveSnapshot:
    """An audit as it stood at one moment, with what each part of the archive says of it; None for nothing."""

    reading: AuditSnapshot
    found: tuple[FileAndContent, ...]

    @property
    def returns_read(self) -> int:
        """How many returns the archive is of, nil ones too."""
        return len(self.reading.answers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.reading.answers.close()


def read_archive(
    audit: Audit, *, now: datetime, parts: Sequence[ArchiveFile] = ARCHIVE_FILES
) -> ArchiveSnapshot:
    """Read all that an archive holds, whole, by no filter; `now` is UTC.

    On PostgreSQL the caller's transaction sees one moment only after `reading.at_one_moment`.
    """
    reading = read_audit(audit, filters=Filters(), rule=DenominatorRule(), now=now)
    try:
        return ArchiveSnapshot(reading, tuple((part, part.read(audit, reading)) for part in parts))
    except BaseException:
        reading.answers.close()
        raise


def write_archive(archive: ArchiveSnapshot, to: IO[bytes]) -> None:
    """Write the archive part by part, in the same order each time; no part is held in memory as a whole."""
    sums: list[str] = []
    when = archive.reading.read_at
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as packed:
        _add_text(packed, README, readme(archive.reading, archive.found), when, sums)
        for part, found in archive.found:
            if found is None:
                continue
            with packed.open(_entry(part.name, when), "w") as entry, _ChecksumWriter(entry) as summed:
                part.write(found, cast("IO[bytes]", summed))
            sums.append(summed.line(part.name))
        _add_text(packed, CHECKSUMS_NAME, "".join(sums), when, [])


def _add_text(packed: zipfile.ZipFile, name: str, text: str, when: datetime, sums: list[str]) -> None:
    content = text.encode()
    packed.writestr(_entry(name, when), content)
    sums.append(f"{hashlib.sha256(content).hexdigest()}  {name}\n")


def _entry(name: str, when: datetime) -> zipfile.ZipInfo:
    """The head of a file in the archive; its day is that of the reading, in UK time."""
    entry = zipfile.ZipInfo(name, local_time(when).timetuple()[:6])
    entry.compress_type = zipfile.ZIP_STORED if name.endswith(ALREADY_COMPRESSED) else zipfile.ZIP_DEFLATED
    entry.external_attr, entry.create_system = OWNER_ONLY, UNIX
    return entry


class _ChecksumWriter(io.BufferedIOBase):
    """What is written goes on into the archive, and is summed up."""

    def __init__(self, to: IO[bytes]) -> None:
        self._to, self._sum = to, hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, content: Any, /) -> int:  # noqa: ANN401 — whatever holds bytes
        self._sum.update(content)
        return self._to.write(content)

    def line(self, name: str) -> str:
        """The line by which `sha256sum --check` finds that a file is still what it was."""
        return f"{self._sum.hexdigest()}  {name}\n"
