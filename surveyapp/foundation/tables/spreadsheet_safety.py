"""Checks whether a spreadsheet is safe to open, before it is unpacked (promises I3, I4)."""

import io
import zipfile
from collections.abc import Sequence

from surveyapp.foundation.documents.file_kinds import is_strict_open_xml, workbook_part
from surveyapp.foundation.documents.zip_limits import member_chunks
from surveyapp.foundation.tables.limits import TableLimits

LARGEST_UNPACKED = 50_000_000
MOST_MEMBERS = 200

NOT_A_WORKBOOK = "This is not an .xlsx workbook. Save it as “Excel workbook (.xlsx)” and send that."
NOT_OPEN_DOCUMENT = "This is not an .ods spreadsheet. Save it as “ODF Spreadsheet (.ods)” and send that."
STRICT = "This workbook is saved as Strict Open XML. Save it as “Excel workbook (.xlsx)” and send that."
_MACROS = "This workbook holds macros. Save it as .xlsx, which has none."
_LOCKED = "This spreadsheet has a password. Save it without one and send that."
_MANIFEST = "META-INF/manifest.xml"


def reason_to_refuse(content: bytes, limits: TableLimits, *, is_open_document: bool = False) -> str:
    """The reason why a spreadsheet (.xlsx, or .ods) is not opened, as a sentence; empty if it is safe."""
    if len(content) > limits.file_bytes:
        return limits.too_large
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if unpacks_too_large(archive.infolist()):
                return limits.unpacks_too_large
            reason = _reason_in_open_document(archive) if is_open_document else _reason_in_workbook(content)
            return reason or (limits.unpacks_too_large if has_too_many_tags(archive, limits.tags) else "")
    except Exception:  # noqa: BLE001 — a broken, locked or strangely packed part has an error for each fault
        return NOT_OPEN_DOCUMENT if is_open_document else NOT_A_WORKBOOK


def _reason_in_workbook(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = set(archive.namelist())
    main = workbook_part(names)
    if "[Content_Types].xml" not in names or main is None:
        return NOT_A_WORKBOOK
    if any(name.endswith("vbaProject.bin") for name in names):
        return _MACROS
    return STRICT if is_strict_open_xml(content, main) else ""


def _reason_in_open_document(archive: zipfile.ZipFile) -> str:
    if _MANIFEST not in archive.namelist():
        return ""
    manifest = b"".join(member_chunks(archive, archive.getinfo(_MANIFEST)))
    return _LOCKED if b"encryption-data" in manifest else ""


def unpacks_too_large(members: Sequence[zipfile.ZipInfo]) -> bool:
    """Whether a file has too many members, or says itself that it unpacks to too much."""
    return len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > LARGEST_UNPACKED


def has_too_many_tags(archive: zipfile.ZipFile, most: int) -> bool:
    """Whether a spreadsheet would take too long to parse. The parts are unpacked in chunks and not kept.

    Raises MisstatedZipMember for a part that is larger than its header says.
    """
    tags = 0
    for member in archive.infolist():
        # Raises if a part is larger than its header says; zipfile would unpack it all the same.
        for chunk in member_chunks(archive, member):
            tags += chunk.count(b"<")
            if tags > most:
                return True
    return False
