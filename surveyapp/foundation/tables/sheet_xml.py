"""Reads the XML inside a spreadsheet element by element, with the parser that Python has in C."""

import zipfile
from collections.abc import Iterator
from typing import IO, Any, NoReturn, cast
from xml.etree.ElementTree import Element, XMLPullParser
from xml.parsers.expat import ParserCreate

# Small pieces, so that few elements live at once and the garbage collector seldom looks through them.
_PIECE_BYTES = 4_096
# A row of Excel has at most 16,384 cells; each of a million elements takes some 400 bytes.
MOST_ELEMENTS = 250_000
Events = Iterator[tuple[str, Element]]


class UnusualXml(ValueError):
    """A part has a document type, which may declare entities, or far more in one row than a sheet has."""


def ended_elements(archive: zipfile.ZipFile, part: str, *names: str, clears: str = "") -> Iterator[Element]:
    """Each element of a part with one of these names as it ends, with what stands in it.

    Those named `clears` are emptied afterwards. defusedxml refuses entities too, but reads with a parser
    written in Python, which takes five times as long. Raises UnusualXml, KeyError for a part that is not
    there, and what the parser and zipfile raise.
    """
    with archive.open(part) as xml:
        _refuse_document_type(xml)
    parser: XMLPullParser[Any] = XMLPullParser(("end",))
    wanted, elements = frozenset((*names, clears)), 0
    with archive.open(part) as xml:
        while piece := xml.read(_PIECE_BYTES):
            parser.feed(piece)
            for _, element in cast("Events", parser.read_events()):
                elements += 1
                if element.tag in wanted:
                    yield element
                    if element.tag == clears:
                        element.clear()
                        elements = 0
            if elements > MOST_ELEMENTS:
                raise UnusualXml(part)
    parser.close()


def local_name(name: str) -> str:
    """The name of an element or attribute without its namespace."""
    return name.rpartition("}")[2]


def _refuse_document_type(xml: IO[bytes]) -> None:
    """Read up to the first element, before which alone a document type can stand."""
    parser = ParserCreate()
    has_begun = False

    def begin(_name: str, _attributes: object) -> None:
        nonlocal has_begun
        has_begun = True

    def refuse(*_declaration: object) -> NoReturn:
        raise UnusualXml

    parser.StartElementHandler = begin
    parser.StartDoctypeDeclHandler = refuse
    while not has_begun and (piece := xml.read(_PIECE_BYTES)):
        parser.Parse(piece)
