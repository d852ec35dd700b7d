"""What in a Word document could fetch or run something as it is opened: fields, links, parts of other kinds.

Looked for twice: in a template before it is filled, and in the report that it made.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from surveyapp.report.word.allowed_tags import LONGEST_SHOWN
from surveyapp.report.word.sandbox import TemplateRefused

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OLE = "{urn:schemas-microsoft-com:office:office}OLEObject"
_VML = "{urn:schemas-microsoft-com:vml}"
_SIMPLE, _MARK = f"{_WORD}fldSimple", f"{_WORD}fldChar"
_INSTRUCTIONS = frozenset({f"{_WORD}instrText", f"{_WORD}delInstrText"})
# Other documents put into this one, programs, and a query that Word runs as it opens the file.
_REFUSED = frozenset({*(f"{_WORD}{name}" for name in ("altChunk", "subDoc", "mailMerge", "control")), _OLE})
_CHECKED_TAGS = (_SIMPLE, _MARK, *sorted(_INSTRUCTIONS), *sorted(_REFUSED), f"{_VML}*")
# The fields that say something of the document itself. All others are refused, as a list of dangerous ones
# is never complete: DDEAUTO and MACROBUTTON run a program, INCLUDEPICTURE and LINK fetch, PRINT drives one.
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
# Where a field stands inside the instruction of another.
_NESTED = "\0"
_KIND = re.compile(r"\s*(=|[A-Za-z]+(?=[\s\"\\]|$))")
_TAG = re.compile(r"\{[{%#].*?(?:[}%#]\}|$)")
_ARGUMENT = re.compile(r'"([^"]*)"?|(\S+)')
_LINK = re.compile(r"https?://|mailto:|#", re.IGNORECASE)

_SCHEMA_PREFIXES = (
    "http://schemas.openxmlformats.org/",
    "http://schemas.microsoft.com/office/",
    "http://purl.oclc.org/ooxml/",
)
_PICTURES = frozenset({"image", "hdphoto", "thumbnail", "font"})
_HYPERLINK = "hyperlink"
# What Word itself writes for text, its looks and what is said about it. Charts and embedded workbooks,
# other documents, attached templates, macros, toolbars and add-ins are left out.
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


def check_relationship(kind: str, target: str, *, external: bool) -> None:
    """Refuse what Word does not write for a document of text, styles and pictures. Raises TemplateRefused."""
    name = kind.rpartition("/")[2]
    if external and name != _HYPERLINK:
        raise TemplateRefused(f"The template fetches something from elsewhere ({name}): take the link out.")
    if name not in _RELATIONSHIPS or not kind.startswith(_SCHEMA_PREFIXES):
        raise TemplateRefused(
            f"The template holds more than text, styles and pictures ({name}): take it out."
        )
    if external:
        _check_link(target)
    elif name not in _PICTURES and name != _HYPERLINK and not target.lower().endswith(".xml"):
        # Whatever the libraries read as XML has been looked at as XML.
        raise TemplateRefused(f"{target} in the template is no part that Word writes: save it in Word again.")


def check_elements(elements: Iterable[Any]) -> None:
    """Refuse fields that could fetch or run something, and other documents put in. Raises TemplateRefused.

    `elements` are those of one part of a document in its order; others than these mean nothing here.
    """
    seen = list(elements)
    for each in seen:
        if each.tag in _REFUSED:
            name = each.tag.rpartition("}")[2]
            raise TemplateRefused(
                f"The template puts something else into the document ({name}): take it out."
            )
        if each.tag.startswith(_VML):
            if each.get("src"):
                raise TemplateRefused(
                    "The template fetches a picture from elsewhere: put the picture in itself."
                )
            if each.get("href"):
                _check_link(each.get("href"))
    for words in _instructions(seen):
        _check_field(words)


def check_document(made: "WordDocument") -> None:
    """Look through a finished document before it is given to anybody. Raises TemplateRefused."""
    from docx.opc.oxml import parse_xml  # noqa: PLC0415 — a heavy library, imported where used
    from docx.opc.part import XmlPart  # noqa: PLC0415 — likewise

    package = made.part.package
    parts = list(package.iter_parts()) if package else []
    for relationships in (*([package.rels] if package else []), *(each.rels for each in parts)):
        for each in relationships.values():
            target = each.target_ref if each.is_external else str(each.target_part.partname)
            check_relationship(each.reltype, target, external=each.is_external)
    for part in parts:
        if isinstance(part, XmlPart):
            check_elements(part.element.iter(*_CHECKED_TAGS))
        elif part.content_type.endswith("footnotes+xml"):
            # The one filled part that the library keeps as text.
            check_elements(parse_xml(part.blob).iter(*_CHECKED_TAGS))


@dataclass
class _Field:
    """A field that has begun, and what stands in it until what it shows begins."""

    words: str = ""
    shows: bool = False


def _instructions(elements: Iterable[Any]) -> Iterator[str]:
    """The instruction of each field, whole, however many runs it is cut into."""
    begun: list[_Field] = []
    loose = ""
    for each in elements:
        if each.tag == _SIMPLE:
            yield each.get(f"{_WORD}instr", "")
        elif each.tag in _INSTRUCTIONS:
            # A comment inside parts the text in some parsers.
            text = "".join([each.text or "", *(child.tail or "" for child in each)])
            if begun and not begun[-1].shows:
                begun[-1].words += text
            else:
                loose += text
        elif each.tag == _MARK:
            kind = each.get(f"{_WORD}fldCharType")
            if kind == "begin":
                if begun and not begun[-1].shows:
                    begun[-1].words += _NESTED
                begun.append(_Field())
            elif kind == "separate" and begun:
                begun[-1].shows = True
            elif kind == "end" and begun:
                yield begun.pop().words
    yield from (each.words for each in begun)
    yield loose


def _check_field(words: str) -> None:
    if "{" in words or "}" in words:
        # A tag could make another instruction of it once it is filled; one brace may begin a tag.
        tag = _TAG.search(words)
        shown = _shown(tag[0] if tag else words)
        raise TemplateRefused(
            f"The tag “{shown}” of the template stands inside a field: take it out of there."
        )
    if not words.strip():
        return
    found = _KIND.match(words)
    kind = found[1].upper() if found else _shown(words.replace(_NESTED, "…"))
    if kind not in _FIELDS:
        raise TemplateRefused(
            f"The template has a field that could fetch or run something: {kind}. Take it out."
        )
    if kind == "HYPERLINK":
        _check_hyperlink(words.partition(found[1] if found else "")[2])


def _check_hyperlink(words: str) -> None:
    r"""Look at where a link leads: what follows `\l`, `\o` and `\t` is a place in the document and words."""
    before = ""
    for quoted, plain in _ARGUMENT.findall(words):
        if not plain.startswith("\\") and before not in {"\\l", "\\o", "\\t"}:
            _check_link(quoted or plain)
        before = plain.lower()


def _check_link(target: str) -> None:
    if not _LINK.match(target) or _NESTED in target:
        shown = _shown(target.replace(_NESTED, "…"))
        raise TemplateRefused(
            f"The template links to “{shown}”: a link leads to a page (http, https) or an address (mailto)."
        )


def _shown(words: str) -> str:
    return " ".join(words.split())[:LONGEST_SHOWN]
