"""Says what kind of file somebody has sent, so that a refusal can name it."""

import io
import re
import zipfile
from collections.abc import Iterable
from pathlib import PurePath

from surveyapp.foundation.documents.zip_limits import MisstatedZipMember, member_chunks

# Excel and other programs write either of these for the same thing (ECMA-376, ISO/IEC 29500).
STRICT_NAMESPACE = b"http://purl.oclc.org/ooxml/"

WORKBOOK, CSV, UTF_16 = "an Excel workbook (.xlsx)", "a CSV file", "a text in UTF-16"
_OLD_OFFICE = "an old .xls or .doc file, or one with a password"
OPEN_SPREADSHEET, _BINARY_WORKBOOK = "an OpenDocument spreadsheet (.ods)", "a binary workbook (.xlsb)"
_APPLE, _XML_SPREADSHEET = "a file of Apple Numbers or Pages", "an XML spreadsheet of Excel 2003"
# Kinds that a spreadsheet program can save as a workbook.
SPREADSHEETS = frozenset({_OLD_OFFICE, OPEN_SPREADSHEET, _BINARY_WORKBOOK, _APPLE, _XML_SPREADSHEET})

_BEGINNINGS = (
    (b"%PDF-", "a PDF"),
    (b"\xd0\xcf\x11\xe0", _OLD_OFFICE),
    (b"\x89PNG\r\n", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"{\\rtf", "an RTF document"),
    (b"\xff\xfe", UTF_16),
    (b"\xfe\xff", UTF_16),
)
_OPEN_DOCUMENTS = {
    "application/vnd.oasis.opendocument.spreadsheet": OPEN_SPREADSHEET,
    "application/vnd.oasis.opendocument.text": "an OpenDocument text (.odt)",
}
# Programs may number the main part: Word’s online version writes word/document2.xml.
_WORKBOOK_PART = re.compile(r"xl/workbook\d*\.xml")
_PARTS = (
    ("xl/workbook.bin", _BINARY_WORKBOOK),
    ("word/document.xml", "a Word document"),
    ("word/document2.xml", "a Word document"),
    ("ppt/presentation.xml", "a PowerPoint presentation"),
    ("Index/Document.iwa", _APPLE),
)
_CSV_ENDINGS = {".csv", ".tsv"}
_ENTRY_OF_YAML = re.compile(r"[-\w \"']*:(?: |$)|#|- ")


def kind_of_file(content: bytes, name: str = "") -> str:
    """What a file is, in words with their article, by its content or else its ending; "" if nothing tells."""
    beginning = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n")
    for signature, words in _BEGINNINGS:
        if content.startswith(signature):
            return words
    if content.startswith(b"PK\x03\x04"):
        return _kind_of_zip(content)
    if beginning[:15].lower().startswith((b"<!doctype html", b"<html")):
        return "a web page"
    if b"urn:schemas-microsoft-com:office:spreadsheet" in beginning:
        return _XML_SPREADSHEET
    return CSV if PurePath(name).suffix.lower() in _CSV_ENDINGS or _is_table(beginning) else ""


def workbook_part(names: Iterable[str]) -> str | None:
    """The main part among the names of an Excel workbook’s parts; None if it is no workbook."""
    return next((name for name in names if _WORKBOOK_PART.fullmatch(name)), None)


def is_strict_open_xml(content: bytes, part: str) -> bool:
    """Whether an Office file is saved as Strict Open XML, by its main part such as xl/workbook.xml."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return STRICT_NAMESPACE in next(member_chunks(packed, packed.getinfo(part)), b"")
    except (zipfile.BadZipFile, MisstatedZipMember, KeyError, ValueError, NotImplementedError, OSError):
        return False


def _is_table(beginning: bytes) -> bool:
    """Whether the first two lines of a text are rows of a table, and not entries of YAML."""
    lines = [line for line in beginning.decode("utf-8", "replace").splitlines() if line.strip()][:2]
    if len(lines) < 2 or any(_ENTRY_OF_YAML.match(line) for line in lines):  # noqa: PLR2004 — heading and a row
        return False
    return any(lines[0].count(separator) == lines[1].count(separator) > 0 for separator in ",;\t")


def _kind_of_zip(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = set(packed.namelist())
            # OpenDocument: the first member says what the file is, in plain text.
            stated = (
                next(member_chunks(packed, packed.getinfo("mimetype")), b"") if "mimetype" in names else b""
            )
    except (zipfile.BadZipFile, MisstatedZipMember, ValueError, NotImplementedError, OSError):
        return ""
    kind = _OPEN_DOCUMENTS.get(stated.decode("ascii", "replace").strip())
    if not kind and workbook_part(names):
        return WORKBOOK
    return kind or next((words for part, words in _PARTS if part in names), "a ZIP archive")
