"""The archive of an audit: a zip of its files with a README and checksums, readable without the product."""

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
# Formats that are compressed already: compressing them again takes time and gains nothing.
ALREADY_COMPRESSED = (".xlsx", ".docx", ".pptx", ".pdf")
# Unix permissions of the unpacked files: their owner alone reads and writes them.
OWNER_ONLY = 0o600 << 16
# The system whose permissions these are, by its number in the zip format.
UNIX = 3
# A file, and what it is to be written from; None if the audit has nothing for it.
FileAndContent = tuple[ArchiveFile, Any]


@dataclass(frozen=True)
class ArchiveSnapshot:
    """An audit read at one moment, with what was read for each file of the archive."""

    reading: AuditSnapshot
    files: tuple[FileAndContent, ...]

    @property
    def returns_read(self) -> int:
        """The number of returns in the archive, including nil returns."""
        return len(self.reading.answers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.reading.answers.close()


def read_archive(
    audit: Audit, *, now: datetime, files: Sequence[ArchiveFile] = ARCHIVE_FILES
) -> ArchiveSnapshot:
    """Read all that an archive holds, without any filter; `now` is UTC.

    On PostgreSQL the caller's transaction sees one moment only after `snapshot.begin_repeatable_read`.
    """
    reading = read_audit(audit, filters=Filters(), rule=DenominatorRule(), now=now)
    try:
        return ArchiveSnapshot(reading, tuple((file, file.read(audit, reading)) for file in files))
    except BaseException:
        reading.answers.close()
        raise


def write_archive(archive: ArchiveSnapshot, output: IO[bytes]) -> None:
    """Write the archive as a zip, file by file; no file is held in memory as a whole."""
    sums: list[str] = []
    read_at = archive.reading.read_at
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as packed:
        _add_text(packed, README, readme(archive.reading, archive.files), read_at, sums)
        for file, content in archive.files:
            if content is None:
                continue
            with packed.open(_entry(file.name, read_at), "w") as entry, _ChecksumWriter(entry) as summed:
                file.write(content, cast("IO[bytes]", summed))
            sums.append(summed.line(file.name))
        _add_text(packed, CHECKSUMS_NAME, "".join(sums), read_at, [])


def _add_text(packed: zipfile.ZipFile, name: str, text: str, read_at: datetime, sums: list[str]) -> None:
    content = text.encode()
    packed.writestr(_entry(name, read_at), content)
    sums.append(f"{hashlib.sha256(content).hexdigest()}  {name}\n")


def _entry(name: str, read_at: datetime) -> zipfile.ZipInfo:
    """The header of a file in the archive, dated when the audit was read, in UK time."""
    entry = zipfile.ZipInfo(name, local_time(read_at).timetuple()[:6])
    entry.compress_type = zipfile.ZIP_STORED if name.endswith(ALREADY_COMPRESSED) else zipfile.ZIP_DEFLATED
    entry.external_attr, entry.create_system = OWNER_ONLY, UNIX
    return entry


class _ChecksumWriter(io.BufferedIOBase):
    """Writes through to the archive and keeps a SHA-256 of what was written."""

    def __init__(self, output: IO[bytes]) -> None:
        self._output, self._sum = output, hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, content: Any, /) -> int:  # noqa: ANN401 — whatever holds bytes
        self._sum.update(content)
        return self._output.write(content)

    def line(self, name: str) -> str:
        """The line of this file for `sha256sum --check`."""
        return f"{self._sum.hexdigest()}  {name}\n"
