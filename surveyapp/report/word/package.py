"""A Word file as a package of parts, without the parts that a report does not need.

Word writes more into a file than text, styles and pictures, and somebody who restyles a template can neither
see nor remove it: spelling suggestions, printer settings, add-ins, the file that the document was made from.
What no text refers to is left out, whatever its name. What the text does refer to stands in the document, so
it is kept if it is on the list of what a report may hold, and refused otherwise.
"""

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from defusedxml import ElementTree as SafeTree
from defusedxml.common import DefusedXmlException

from surveyapp.foundation.documents.zip_limits import member_chunks
from surveyapp.report.word.active_content import (
    check_relationship,
    is_carried,
    refuse_content,
    says_what_to_remove,
)
from surveyapp.report.word.sandbox import TemplateRefused

CONTENT_TYPES = "[Content_Types].xml"
LARGEST_XML = 3_000_000
_ROOT = ""
_MAIN_KIND = "officeDocument"
_STRICT = "http://purl.oclc.org/ooxml/"
# The kinds of part that are filled, and are therefore limited in size.
_FILLED = frozenset({_MAIN_KIND, "header", "footer", "footnotes", "endnotes"})
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_O = "{urn:schemas-microsoft-com:office:office}"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# What Word writes by itself and refers to: how the page was last printed, and the file it was made from.
_LEFT_OUT = frozenset({f"{_W}printerSettings", f"{_W}attachedTemplate"})
# The address from which an embedded picture came, beside the picture itself.
_ORIGIN_OF_PICTURE = {f"{_R}link": (f"{_R}embed",), f"{_R}href": (f"{_R}id", f"{_O}relid")}


@dataclass(frozen=True)
class Relationship:
    """One relationship of a part: `target` is the name of another part, or an address if it is external."""

    id: str
    kind: str
    target: str
    is_external: bool

    @property
    def name(self) -> str:
        """The end of its kind, such as “header”."""
        return self.kind.rpartition("/")[2]


@dataclass
class WordPackage:
    """The parts of a Word file that a report needs; `changed` are those without some of their references."""

    main: str = ""
    kept: set[str] = field(default_factory=set)
    filled: set[str] = field(default_factory=set)
    changed: dict[str, bytes] = field(default_factory=dict)


def read_package(packed: zipfile.ZipFile) -> WordPackage:
    """Follow the relationships of a Word file from its root. Raises TemplateRefused.

    The members of the file have been checked to be as large as stated.
    """
    names = {name.lower(): name for name in packed.namelist()}
    package, waiting = WordPackage(kept={CONTENT_TYPES}), [_ROOT]
    while waiting:
        source = waiting.pop()
        rels = names.get(_relationships_of(source).lower())
        if rels is None:
            continue
        package.kept.add(rels)
        for relationship in _kept_relationships(packed, package, source, rels):
            if relationship.is_external:
                continue
            target = names.get(relationship.target.lower())
            if target is None:
                continue
            if source == _ROOT and relationship.name == _MAIN_KIND:
                package.main = target
            if relationship.name in _FILLED:
                package.filled.add(target)
            if target not in package.kept:
                package.kept.add(target)
                waiting.append(target)
    if not package.main:
        raise TemplateRefused("The file is not a Word document: save it in Word as .docx.")
    return package


def read_member(packed: zipfile.ZipFile, name: str) -> bytes:
    """The content of one member. Raises TemplateRefused if it is too large for a part of a template."""
    member = packed.getinfo(name)
    if member.file_size > LARGEST_XML:
        raise TemplateRefused(f"{name} in the template is too large: leave the tags, styles and logos only.")
    return b"".join(member_chunks(packed, member))


def parsed(content: bytes, name: str) -> Any:  # noqa: ANN401 — an element of the standard library's parser
    """The root element of a part. Raises TemplateRefused."""
    try:
        return SafeTree.fromstring(content, forbid_dtd=True)
    except (SafeTree.ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise TemplateRefused(f"{name} in the template cannot be read as Word writes it.") from error


def _relationships_of(source: str) -> str:
    folder, name = posixpath.split(source)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _kept_relationships(
    packed: zipfile.ZipFile, package: WordPackage, source: str, rels: str
) -> list[Relationship]:
    """The relationships of a part that a report needs; the others are taken out of the part."""
    content = read_member(packed, rels)
    relationships = [_relationship(element, source) for element in parsed(content, rels)]
    if source == _ROOT and any(
        relationship.name == _MAIN_KIND and relationship.kind.startswith(_STRICT)
        for relationship in relationships
    ):
        raise TemplateRefused(
            "The file was saved as Strict Open XML: in Word, save it as “Word Document (.docx)”."
        )
    if all(_is_plain(relationship) for relationship in relationships):
        return relationships
    text = read_member(packed, source) if source else b""
    references = _references(parsed(text, source)) if source.lower().endswith(".xml") else {}
    left_out = {
        relationship.id
        for relationship in relationships
        if not _is_plain(relationship) and _is_left_out(relationship, references.get(relationship.id, []))
    }
    if left_out:
        package.changed[rels] = _without(content, left_out)
    if left_out & set(references):
        package.changed[source] = _without(text, left_out)
    return [relationship for relationship in relationships if relationship.id not in left_out]


def _relationship(element: Any, source: str) -> Relationship:  # noqa: ANN401 — as above
    is_external = element.get("TargetMode", "").lower() == "external"
    target = element.get("Target", "")
    if not is_external:
        target = posixpath.normpath(posixpath.join("/", posixpath.dirname(source), unquote(target)))
        target = target.lstrip("/")
    return Relationship(element.get("Id", ""), element.get("Type", ""), target, is_external)


def _is_plain(relationship: Relationship) -> bool:
    """Whether a report carries it as it is; a link is checked with all others."""
    return is_carried(relationship.kind) and (
        not relationship.is_external or relationship.name == "hyperlink"
    )


def _references(root: Any) -> dict[str, list[tuple[Any, str]]]:  # noqa: ANN401 — as above
    """The elements and attributes that refer to a relationship, by its id."""
    found: dict[str, list[tuple[Any, str]]] = {}
    for element in root.iter():
        for name, value in element.attrib.items():
            if name.startswith(_R) or name.rpartition("}")[2].lower() == "relid":
                found.setdefault(value, []).append((element, name))
    return found


def _is_left_out(relationship: Relationship, references: list[tuple[Any, str]]) -> bool:
    """Whether a relationship can be taken out without changing the document. Raises TemplateRefused."""
    if says_what_to_remove(relationship.name):
        refuse_content(relationship.name)
    if all(
        element.tag in _LEFT_OUT or any(element.get(own) for own in _ORIGIN_OF_PICTURE.get(attribute, ()))
        for element, attribute in references
    ):
        return True
    # It stands in the document.
    check_relationship(relationship.kind, relationship.target, external=relationship.is_external)
    return False


def _without(content: bytes, ids: set[str]) -> bytes:
    """A part without these relationships, or without what refers to them."""
    from docx.opc.oxml import serialize_part_xml
    from docx.oxml import parse_xml

    root: Any = parse_xml(content)
    for element in list(root.iter("*")):
        if element.tag.endswith("}Relationship") and element.get("Id") in ids:
            element.getparent().remove(element)
            continue
        for name in [name for name, value in element.attrib.items() if value in ids and name.startswith(_R)]:
            if element.tag in _LEFT_OUT:
                element.getparent().remove(element)
                break
            del element.attrib[name]
    return serialize_part_xml(root)


def rewritten(packed: zipfile.ZipFile, package: WordPackage) -> Iterator[tuple[str, bytes]]:
    """The members of the file that a report needs, each as it is to be stored."""
    for member in packed.infolist():
        if member.filename == CONTENT_TYPES:
            yield member.filename, _types_of(read_member(packed, CONTENT_TYPES), package.kept)
        elif member.filename in package.kept:
            changed = package.changed.get(member.filename)
            yield member.filename, changed or b"".join(member_chunks(packed, member))


def _types_of(content: bytes, kept: set[str]) -> bytes:
    """The content types without those of parts that were left out."""
    from docx.opc.oxml import serialize_part_xml
    from docx.oxml import parse_xml

    root: Any = parse_xml(content)
    names = {f"/{name}".lower() for name in kept}
    for element in list(root):
        if element.get("PartName") and element.get("PartName").lower() not in names:
            root.remove(element)
    return serialize_part_xml(root)
