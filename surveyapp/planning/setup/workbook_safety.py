"""Checks whether a workbook is safe to open, before it is unpacked (promises I3, I4)."""

import io
import zipfile

from surveyapp.foundation.documents.file_kinds import is_strict_open_xml, workbook_part
from surveyapp.foundation.documents.zip_limits import member_chunks

# As for a Word template: below the limit of the whole request. What it unpacks to is limited as well.
LARGEST_FILE = 3_000_000
LARGEST_UNPACKED = 50_000_000
MOST_MEMBERS = 200
# Four million empty cells are 92 kB of zip, and took a minute and 2.5 GB to parse, so the tags are counted.
MOST_TAGS = 300_000

NOT_A_WORKBOOK = "This is not an .xlsx workbook. Save it as “Excel workbook (.xlsx)” and send that."
STRICT = "This workbook is saved as Strict Open XML. Save it as “Excel workbook (.xlsx)” and send that."
UNPACKS_TOO_LARGE = (
    "This workbook unpacks to far more than a set-up needs. Copy its sheets into the blank workbook."
)


def reason_to_refuse(content: bytes) -> str:  # noqa: PLR0911 — one for each reason
    """The reason why a workbook is not opened, as a sentence; empty if it is safe."""
    if len(content) > LARGEST_FILE:
        return f"The file is larger than {LARGEST_FILE // 1_000_000} MB. Take pictures out of it."
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
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > LARGEST_UNPACKED:
        return UNPACKS_TOO_LARGE
    if is_strict_open_xml(content, workbook):
        return STRICT
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
