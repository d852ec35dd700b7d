"""Checks the file of an uploaded Word template before any library opens it, and keeps what a report needs."""

import io
import re
import zipfile

from surveyapp.foundation.documents.zip_limits import MisstatedZipMember, member_chunks
from surveyapp.report.word.active_content import check_elements, check_relationship
from surveyapp.report.word.package import (
    CONTENT_TYPES,
    WordPackage,
    parsed,
    read_member,
    read_package,
    rewritten,
)
from surveyapp.report.word.sandbox import LARGEST_TEXT, MOST_BRACKETS, TemplateRefused

# Less than the four megabytes that the standalone app accepts in one request.
MOST_TEMPLATE_BYTES = 3_000_000
MOST_MEMBERS = 400
MOST_UNPACKED = 40_000_000
_NOT_WORD = "The file is not a Word document: save it in Word as .docx."
_DOCX = "in Word, save it as “Word Document (.docx)”"
# The first bytes of a Word file of before 2007, and of every file that Office has locked with a password.
_OLE_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_OTHER_MAINS = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml": (
        "a template of Word’s own kind (.dotx)"
    ),
    "application/vnd.ms-word.document.macroEnabled.main+xml": "a document with macros (.docm)",
    "application/vnd.ms-word.template.macroEnabledTemplate.main+xml": "a template with macros (.dotm)",
}
_PROGRAMS = re.compile(
    r"vbaproject|vbadata|activex|embeddings/|oleobject|afchunk|\.(exe|dll|js|vbs)$", re.IGNORECASE
)


def check_template(content: bytes) -> bytes:
    """Refuse a file that is not a Word document, is too large, or contains more than text and styles.

    Returns the file as it may be kept and filled: without the parts that Word adds by itself and a report
    does not need. Raises TemplateRefused, whose message says what to do in Word.
    """
    if len(content) > MOST_TEMPLATE_BYTES:
        raise TemplateRefused(f"The template is larger than {MOST_TEMPLATE_BYTES // 1_000_000} MB.")
    if content.startswith(_OLE_FILE):
        raise TemplateRefused(
            f"The file is of an older Word (.doc), or it has a password: {_DOCX}, without a password."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return _checked(packed) or content
    except MisstatedZipMember as error:
        raise TemplateRefused(
            f"{error.member} in the template is not what the file says of it: save it in Word again."
        ) from error
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise TemplateRefused(_NOT_WORD) from error


def _checked(packed: zipfile.ZipFile) -> bytes:
    """The file without what a report does not need; empty if it needs everything. Raises TemplateRefused."""
    _check_members(packed)
    package = read_package(packed)
    _check_content_type(packed, package)
    kept = dict(rewritten(packed, package))
    for name, content in kept.items():
        if name.lower().endswith((".xml", ".rels")):
            _check_xml(name, content, is_filled=name in package.filled)
    if not package.changed and len(kept) == len(packed.infolist()):
        return b""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in kept.items():
            written.writestr(name, content)
    return output.getvalue()


def _check_members(packed: zipfile.ZipFile) -> None:
    members = packed.infolist()
    names = [member.filename for member in members]
    if len(members) > MOST_MEMBERS:
        raise TemplateRefused(f"The template holds {len(members)} files; {MOST_MEMBERS} are the most.")
    if sum(member.file_size for member in members) > MOST_UNPACKED:
        raise TemplateRefused("The template is far larger once it is unpacked.")
    # To Word, names that differ only in upper and lower case are the same.
    if len({name.lower() for name in names}) < len(names) or CONTENT_TYPES not in names:
        raise TemplateRefused(_NOT_WORD)
    program = next((name for name in names if _PROGRAMS.search(name)), None)
    if program:
        raise TemplateRefused(
            f"The template holds more than text and styles ({program}): delete it in Word, or paste it as a "
            "picture."
        )
    for member in members:
        for _ in member_chunks(packed, member):
            pass


def _check_content_type(packed: zipfile.ZipFile, package: WordPackage) -> None:
    """Refuse a main part that is not the text of a plain document. Raises TemplateRefused."""
    types = {
        element.get("PartName", "").lower(): element.get("ContentType", "")
        for element in parsed(read_member(packed, CONTENT_TYPES), CONTENT_TYPES)
    }
    main_type = types.get(f"/{package.main.lower()}", "")
    if main_type in _OTHER_MAINS:
        raise TemplateRefused(
            f"The file is not a plain Word document, but {_OTHER_MAINS[main_type]}: {_DOCX}."
        )
    if main_type != _MAIN:
        raise TemplateRefused(_NOT_WORD)


def _check_xml(name: str, content: bytes, *, is_filled: bool) -> None:
    if is_filled and len(content) > LARGEST_TEXT:
        raise TemplateRefused(f"{name} in the template is too large: leave the tags, styles and logos only.")
    if is_filled and content.count(b"{") > MOST_BRACKETS:
        raise TemplateRefused(f"{name} in the template has far more tags than a report has parts.")
    tree = parsed(content, name)
    if name.endswith(".rels"):
        for element in tree:
            external = element.get("TargetMode", "").lower() == "external"
            check_relationship(element.get("Type", ""), element.get("Target", ""), external=external)
    check_elements(tree.iter())
