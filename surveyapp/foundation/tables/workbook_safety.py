"""Checks whether a workbook is safe to open, before it is unpacked (promises I3, I4)."""

import io
import zipfile
from collections.abc import Sequence

from surveyapp.foundation.documents.file_kinds import is_strict_open_xml, workbook_part
from surveyapp.foundation.documents.zip_limits import member_chunks
from surveyapp.foundation.tables.limits import TableLimits

LARGEST_UNPACKED = 50_000_000
MOST_MEMBERS = 200

NOT_A_WORKBOOK = "This is not an .xlsx workbook. Save it as “Excel workbook (.xlsx)” and send that."
STRICT = "This workbook is saved as Strict Open XML. Save it as “Excel workbook (.xlsx)” and send that."


def reason_to_refuse(content: bytes, limits: TableLimits) -> str:  # noqa: PLR0911 — one for each reason
    """The reason why a workbook is not opened, as a sentence; empty if it is safe."""
    if len(content) > limits.file_bytes:
        return limits.too_large
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return NOT_A_WORKBOOK
    names = {member.filename for member in members}
    workbook = workbook_part(names)
    if "[Content_Types].xml" not in names or workbook is None:
        return NOT_A_WORKBOOK
    if any(name.endswith("vbaProject.bin") for name in names):
        return "This workbook holds macros. Save it as .xlsx, which has none."
    if unpacks_too_large(members):
        return limits.unpacks_too_large
    if is_strict_open_xml(content, workbook):
        return STRICT
    try:
        return limits.unpacks_too_large if has_too_many_tags(content, limits.tags) else ""
    except Exception:  # noqa: BLE001 — a broken, locked or strangely packed part has an error for each fault
        return NOT_A_WORKBOOK


def unpacks_too_large(members: Sequence[zipfile.ZipInfo]) -> bool:
    """Whether a file has too many members, or says itself that it unpacks to too much."""
    return len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > LARGEST_UNPACKED


def has_too_many_tags(content: bytes, most: int) -> bool:
    """Whether the workbook would take too long to parse. The parts are unpacked in chunks and not kept.

    Raises MisstatedZipMember for a part that is larger than its header says.
    """
    tags = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.infolist():
            # Raises if a part is larger than its header says; openpyxl would unpack it all the same.
            for chunk in member_chunks(archive, member):
                tags += chunk.count(b"<")
                if tags > most:
                    return True
    return False
