"""Refuses the contents of a Word document that could fetch or run something when it is opened.

These are fields, links and embedded parts. The checks run twice: on a template before it is filled, and on
the finished report.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from surveyapp.report.word.allowed_tags import LONGEST_SHOWN
from surveyapp.report.word.sandbox import TemplateRefused

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFFICE = "{urn:schemas-microsoft-com:office:office}"
_OLE = f"{_OFFICE}OLEObject"
_VML = "{urn:schemas-microsoft-com:vml}"
_SIMPLE, _MARK = f"{_WORD}fldSimple", f"{_WORD}fldChar"
_INSTRUCTIONS = frozenset({f"{_WORD}instrText", f"{_WORD}delInstrText"})
# Embedded documents and programs, and a query that Word runs when it opens the file.
_REFUSED = frozenset({*(f"{_WORD}{name}" for name in ("altChunk", "subDoc", "mailMerge", "control")), _OLE})
_CHECKED_TAGS = (_SIMPLE, _MARK, *sorted(_INSTRUCTIONS), *sorted(_REFUSED), f"{_VML}*")
# The fields that describe the document itself. All others are refused, as a list of dangerous fields would
# never be complete: DDEAUTO and MACROBUTTON run a program, INCLUDEPICTURE and LINK fetch, PRINT sends
# printer codes.
_FIELDS = frozenset(
    {
        *(
            "=",
            "ADVANCE",
            "AUTHOR",
            "AUTONUM",
            "AUTONUMLGL",
            "AUTONUMOUT",
            "BIBLIOGRAPHY",
            "CITATION",
            "COMMENTS",
        ),
        *("CREATEDATE", "DATE", "DOCPROPERTY", "EDITTIME", "EQ", "FILENAME", "FILESIZE", "FORMCHECKBOX"),
        *(
            "FORMDROPDOWN",
            "FORMTEXT",
            "HYPERLINK",
            "IF",
            "INDEX",
            "INFO",
            "KEYWORDS",
            "LASTSAVEDBY",
            "LISTNUM",
        ),
        *("NOTEREF", "NUMCHARS", "NUMPAGES", "NUMWORDS", "PAGE", "PAGEREF", "PRINTDATE", "REF", "REVNUM"),
        *("SAVEDATE", "SECTION", "SECTIONPAGES", "SEQ", "SHAPE", "STYLEREF", "SUBJECT", "SYMBOL", "TA", "TC"),
        *("TIME", "TITLE", "TOA", "TOC", "USERINITIALS", "USERNAME", "XE"),
    }
)
# Marks the place of a nested field in the instruction of the outer one.
_NESTED = "\0"
_KIND = re.compile(r"\s*(=|[A-Za-z]+(?=[\s\"\\]|$))")
_TAG = re.compile(r"\{[{%#].*?(?:[}%#]\}|$)")
_ARGUMENT = re.compile(r'"([^"]*)"?|(\S+)')
# A switch is one letter or mark after a backslash; two backslashes begin the address of a server.
_SWITCH = re.compile(r"\\[A-Za-z*@#!]")
# What may follow a switch that takes no link. Word makes bookmarks of headings, with their colons.
_NAMES = {"\\l": re.compile(r"[^\\/]*"), "\\o": re.compile(r"[^\\/:]*"), "\\t": re.compile(r"[^\\/:]*")}
_LINK = re.compile(r"https?://|mailto:|#", re.IGNORECASE)

_SCHEMA_PREFIXES = (
    "http://schemas.openxmlformats.org/",
    "http://schemas.microsoft.com/office/",
    "http://purl.oclc.org/ooxml/",
)
_PICTURES = frozenset({"image", "hdphoto", "thumbnail", "font"})
_HYPERLINK = "hyperlink"
# The relationships of text, styles, pictures and comments. Charts, embedded workbooks, other documents,
# attached templates, macros, toolbars and add-ins are not among them.
_RELATIONSHIPS = _PICTURES | {
    *(
        "officeDocument",
        "core-properties",
        "extended-properties",
        "custom-properties",
        "classificationlabels",
    ),
    *("styles", "stylesWithEffects", "theme", "fontTable", "settings", "webSettings", "numbering"),
    *("header", "footer", "footnotes", "endnotes", "glossaryDocument", "customXml", "customXmlProps"),
    *("comments", "commentsExtended", "commentsIds", "commentsExtensible", "people", "documenttasks"),
    *("diagramData", "diagramLayout", "diagramQuickStyle", "diagramColors", "diagramDrawing", _HYPERLINK),
}

# What a person put into the document and has to take out, by the name of its relationship or element.
_MACROS = ("macros", "in Word, save it as “Word Document (.docx)”")
_OBJECT = ("an object of another program", "delete it in Word, or paste it as a picture")
_CHART = ("a chart", "copy it in Word, paste it as a picture and delete the chart")
_CONTROL = ("a control that runs a program", "delete it in Word, with Developer, Design Mode")
_MERGE = ("a mail merge", "in Word choose Mailings, Start Mail Merge, Normal Word Document")
_OTHER_TEXT = ("another document within it", "copy its text in instead")
_TO_REMOVE = {
    "vbaProject": _MACROS,
    "wordVbaData": _MACROS,
    "oleObject": _OBJECT,
    "OLEObject": _OBJECT,
    "package": _OBJECT,
    "chart": _CHART,
    "chartEx": _CHART,
    "control": _CONTROL,
    "activeXControlBinary": _CONTROL,
    "mailMerge": _MERGE,
    "mailMergeSource": _MERGE,
    "mailMergeHeaderSource": _MERGE,
    "recipientData": _MERGE,
    "aFChunk": _OTHER_TEXT,
    "altChunk": _OTHER_TEXT,
    "subDocument": _OTHER_TEXT,
    "subDoc": _OTHER_TEXT,
}


def is_carried(kind: str) -> bool:
    """Whether a report carries relationships of this kind: text, styles, pictures and comments."""
    return kind.rpartition("/")[2] in _RELATIONSHIPS and kind.startswith(_SCHEMA_PREFIXES)


def says_what_to_remove(name: str) -> bool:
    """Whether content of this name is known as something that a person has to take out of a template."""
    return name in _TO_REMOVE


def refuse_content(name: str) -> NoReturn:
    """Raise TemplateRefused with what a template holds and how to take it out."""
    what, how = _TO_REMOVE.get(
        name, ("something that a report cannot carry", "delete it in Word, or paste it as a picture")
    )
    raise TemplateRefused(f"The template has {what} ({name}): {how}.")


def check_relationship(kind: str, target: str, *, external: bool) -> None:
    """Refuse relationships other than those of text, styles and pictures. Raises TemplateRefused."""
    name = kind.rpartition("/")[2]
    if external and name != _HYPERLINK:
        raise TemplateRefused(
            f"The template fetches something from elsewhere ({name}): put it in itself, or break its link in "
            "Word under File, Info, Edit Links to Files."
        )
    if not is_carried(kind):
        refuse_content(name)
    if external:
        _check_link(target)
    elif name not in _PICTURES and name != _HYPERLINK and not target.lower().endswith(".xml"):
        # The libraries would read this part as XML, so it must have been checked as XML.
        raise TemplateRefused(f"{target} in the template is no part that Word writes: save it in Word again.")


def check_elements(elements: Iterable[Any]) -> None:
    """Refuse fields that could fetch or run something, and embedded documents. Raises TemplateRefused.

    `elements` are all elements of one part of a document, in document order. Those that can neither fetch nor
    run anything are skipped.
    """
    listed = list(elements)
    for element in listed:
        if element.tag in _REFUSED:
            refuse_content(element.tag.rpartition("}")[2])
        if element.tag.startswith(_VML):
            if element.get("src") or _fetches_picture(element):
                raise TemplateRefused(
                    "The template fetches a picture from elsewhere: put the picture in itself."
                )
            if element.get("href"):
                _check_link(element.get("href"))
    for words in _instructions(listed):
        _check_field(words)


def check_document(document: "WordDocument") -> None:
    """Check a finished document before it is sent. Raises TemplateRefused."""
    from docx.opc.oxml import parse_xml
    from docx.opc.part import XmlPart

    package = document.part.package
    parts = list(package.iter_parts()) if package else []
    for relationships in (*([package.rels] if package else []), *(part.rels for part in parts)):
        for relationship in relationships.values():
            target = (
                relationship.target_ref
                if relationship.is_external
                else str(relationship.target_part.partname)
            )
            check_relationship(relationship.reltype, target, external=relationship.is_external)
    for part in parts:
        if isinstance(part, XmlPart):
            check_elements(part.element.iter(*_CHECKED_TAGS))
        elif part.content_type.endswith("footnotes+xml"):
            # The library keeps this part as bytes, though it is filled from the template.
            check_elements(parse_xml(part.blob).iter(*_CHECKED_TAGS))


def _fetches_picture(element: Any) -> bool:  # noqa: ANN401 — an element of either library
    """Whether a drawing has the address of its picture, as pictures pasted from a web page do.

    A picture from an email has one too, of a part of that email (“cid:”), which is not fetched.
    """
    addresses = (element.get(f"{_OFFICE}{name}", "") for name in ("href", "althref"))
    return any(address and not address.lower().startswith("cid:") for address in addresses)


@dataclass
class _Field:
    """A field that has begun, with its instruction as read so far; `shows` once its result begins."""

    words: str = ""
    shows: bool = False


def _instructions(elements: Iterable[Any]) -> Iterator[str]:
    """The complete instruction of each field, joined from the runs that it is split into."""
    begun: list[_Field] = []
    loose = ""
    for element in elements:
        if element.tag == _SIMPLE:
            yield element.get(f"{_WORD}instr", "")
        elif element.tag in _INSTRUCTIONS:
            # Some parsers split the text at an XML comment.
            text = "".join([element.text or "", *(child.tail or "" for child in element)])
            if begun and not begun[-1].shows:
                begun[-1].words += text
            else:
                loose += text
        elif element.tag == _MARK:
            kind = element.get(f"{_WORD}fldCharType")
            if kind == "begin":
                if begun and not begun[-1].shows:
                    begun[-1].words += _NESTED
                begun.append(_Field())
            elif kind == "separate" and begun:
                begun[-1].shows = True
            elif kind == "end" and begun:
                yield begun.pop().words
    yield from (field.words for field in begun)
    yield loose


def _check_field(words: str) -> None:
    if "{" in words or "}" in words:
        # Filling a tag could change the instruction; a single brace may be part of a tag.
        tag = _TAG.search(words)
        excerpt = _excerpt(tag[0] if tag else words)
        raise TemplateRefused(
            f"The tag “{excerpt}” of the template stands inside a field: take it out of there."
        )
    if not words.strip():
        return
    kind_match = _KIND.match(words)
    kind = kind_match[1].upper() if kind_match else _excerpt(words.replace(_NESTED, "…"))
    if kind not in _FIELDS:
        raise TemplateRefused(
            f"The template has a field that could fetch or run something: {kind}. Take it out."
        )
    if kind == "HYPERLINK":
        _check_hyperlink(words.partition(kind_match[1] if kind_match else "")[2])


def _check_hyperlink(words: str) -> None:
    r"""Check the target of a link; `\l`, `\o` and `\t` precede bookmarks, tips and frames instead."""
    switch = ""
    for quoted, plain in _ARGUMENT.findall(words):
        if _SWITCH.fullmatch(plain):
            switch = plain.lower()
            continue
        is_name = switch in _NAMES and _NAMES[switch].fullmatch(quoted or plain)
        is_tip = switch == "\\o" and not plain
        if not is_name and not is_tip:
            _check_link(quoted or plain)
        switch = ""


def _check_link(target: str) -> None:
    if not _LINK.match(target) or _NESTED in target:
        excerpt = _excerpt(target.replace(_NESTED, "…"))
        raise TemplateRefused(
            f"The template links to “{excerpt}”: a link leads to a page (http, https) or an address (mailto)."
        )


def _excerpt(words: str) -> str:
    return " ".join(words.split())[:LONGEST_SHOWN]
