"""Checks whether a workbook is safe to open, before it is unpacked (promises I3, I4)."""

import io
import zipfile

from surveyapp.foundation.documents.zip_limits import member_chunks

LARGEST_WORKBOOK = 1_000_000
LARGEST_UNPACKED = 50_000_000
MOST_MEMBERS = 200
# Four million empty cells are 92 kB of zip, and took a minute and 2.5 GB to parse, so the tags are counted.
MOST_TAGS = 300_000

NOT_A_WORKBOOK = "This is not an .xlsx workbook. Save it as “Excel workbook (.xlsx)” and send that."
UNPACKS_TOO_LARGE = (
    "This workbook unpacks to far more than a set-up needs. Copy its sheets into the blank workbook."
)


def reason_to_refuse(content: bytes) -> str:  # noqa: PLR0911 — one for each reason
    """The reason why a workbook is not opened, as a sentence; empty if it is safe."""
    if len(content) > LARGEST_WORKBOOK:
        return f"The file is larger than {LARGEST_WORKBOOK // 1_000_000} MB."
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return "This is an old .xls workbook, or one with a password. Save it as .xlsx without a password."
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return NOT_A_WORKBOOK
    names = {member.filename for member in members}
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
        return NOT_A_WORKBOOK
    if any(name.endswith("vbaProject.bin") for name in names):
        return "This workbook holds macros. Save it as .xlsx, which has none."
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > LARGEST_UNPACKED:
        return UNPACKS_TOO_LARGE
    try:
        return UNPACKS_TOO_LARGE if _has_too_many_tags(content) else ""
    except Exception:  # noqa: BLE001 — a broken, locked or strangely packed part has an error for each fault
        return NOT_A_WORKBOOK


def _has_too_many_tags(content: bytes) -> bool:
    """Whether the workbook would take too long to parse. The parts are unpacked in chunks and not kept."""
    tags = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.infolist():
            # Raises if a part is larger than its header says; openpyxl would unpack it all the same.
            for chunk in member_chunks(archive, member):
                tags += chunk.count(b"<")
                if tags > MOST_TAGS:
                    return True
    return False
