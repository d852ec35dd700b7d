"""Checks the file of an uploaded Word template, before any library opens it."""

import io
import re
import zipfile

from defusedxml import ElementTree as SafeTree
from defusedxml.common import DefusedXmlException

from surveyapp.foundation.documents.zip_limits import MisstatedZipMember, member_chunks
from surveyapp.report.word.active_content import check_elements, check_relationship
from surveyapp.report.word.sandbox import LARGEST_TEXT, MOST_BRACKETS, TemplateRefused

# Less than the four megabytes that the standalone app accepts in one request.
MOST_TEMPLATE_BYTES = 3_000_000
MOST_MEMBERS = 400
MOST_UNPACKED = 40_000_000
LARGEST_XML = 3_000_000
_BODY = "word/document.xml"
_TEXTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_PROGRAMS = re.compile(r"vbaproject|vbadata|activex|embeddings/|oleobject|afchunk|\.(exe|dll|js|vbs|bin)$")


def check_template(content: bytes) -> None:
    """Refuse a file that is not a Word document, is too large, or contains more than text and styles.

    Raises TemplateRefused, whose message says which.
    """
    if len(content) > MOST_TEMPLATE_BYTES:
        raise TemplateRefused(f"The template is larger than {MOST_TEMPLATE_BYTES // 1_000_000} MB.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            _check_members(packed)
    except MisstatedZipMember as error:
        raise TemplateRefused(
            f"{error.member} in the template is not what the file says of it: save it in Word again."
        ) from error
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise TemplateRefused("The file is not a Word document: save it in Word as .docx.") from error


def _check_members(packed: zipfile.ZipFile) -> None:
    members = packed.infolist()
    names = [member.filename for member in members]
    if len(members) > MOST_MEMBERS:
        raise TemplateRefused(f"The template holds {len(members)} files; {MOST_MEMBERS} are the most.")
    if sum(member.file_size for member in members) > MOST_UNPACKED:
        raise TemplateRefused("The template is far larger once it is unpacked.")
    # To Word, names that differ only in upper and lower case are the same.
    if (
        len({name.lower() for name in names}) < len(names)
        or _BODY not in names
        or "[Content_Types].xml" not in names
    ):
        raise TemplateRefused("The file is not a Word document: save it in Word as .docx.")
    program = next((name for name in names if _PROGRAMS.search(name.lower())), None)
    if program:
        raise TemplateRefused(f"The template holds more than text and styles: {program}. Take it out.")
    for member in members:
        if member.filename.lower().endswith((".xml", ".rels")):
            _check_xml(packed, member)
        else:
            for _ in member_chunks(packed, member):
                pass


def _check_xml(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    name = member.filename
    is_text = _TEXTS.fullmatch(name) is not None
    if member.file_size > (LARGEST_TEXT if is_text else LARGEST_XML):
        raise TemplateRefused(f"{name} in the template is too large: leave the tags, styles and logos only.")
    content = b"".join(member_chunks(packed, member))
    if is_text and content.count(b"{") > MOST_BRACKETS:
        raise TemplateRefused(f"{name} in the template has far more tags than a report has parts.")
    try:
        tree = SafeTree.fromstring(content, forbid_dtd=True)
    except (SafeTree.ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise TemplateRefused(f"{name} in the template cannot be read as Word writes it.") from error
    if name == "[Content_Types].xml":
        types = {element.get("PartName", ""): element.get("ContentType", "") for element in tree}
        if types.get(f"/{_BODY}") != _MAIN:
            raise TemplateRefused("The file is not a plain Word document: save it in Word as .docx.")
    if name.endswith(".rels"):
        for element in tree:
            external = element.get("TargetMode") == "External"
            check_relationship(element.get("Type", ""), element.get("Target", ""), external=external)
    check_elements(tree.iter())
