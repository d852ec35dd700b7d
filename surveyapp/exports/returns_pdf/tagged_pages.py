"""Writes headings, paragraphs and lists on tagged pages, with bookmarks (PDF/UA-1)."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import IO, Literal

from surveyapp.exports.returns_pdf.bookmarks import Bookmark, add_bookmarks
from surveyapp.exports.returns_pdf.fonts import add_font
from surveyapp.exports.returns_pdf.line_breaks import LineBreaker
from surveyapp.exports.returns_pdf.metadata import add_metadata
from surveyapp.exports.returns_pdf.page_tree import (
    BOTTOM,
    HIGH,
    SIDE,
    TOP,
    WIDE,
    PageTree,
    references,
    show_line,
)
from surveyapp.exports.returns_pdf.pdf_objects import PdfWriter
from surveyapp.foundation.documents.fonts import printable
from surveyapp.foundation.words.clean_text import clean_line

INDENT = 14
LEADING = 1.3
# Short texts recur (questions, options, names), so the lines of some of them are cached.
SHORT, MOST_CACHED_TEXTS = 300, 10_000
# A longer heading may continue on the next page.
MOST_HEADING_LINES = 4
FONTS = {"Regular": b"/R", "Semibold": b"/S"}


@dataclass(frozen=True)
class Style:
    """The style of a paragraph, in points.

    `before` is the space above it, `grey` runs from 0 (black) to 1, and `keep` is the space needed below it
    on the page, so that a heading stays with its text.
    """

    weight: Literal["Regular", "Semibold"]
    size: float
    before: float
    grey: float = 0
    keep: float = 0

    @property
    def leading(self) -> float:
        """The distance between the baselines of two lines."""
        return self.size * LEADING

    @property
    def chosen(self) -> bytes:
        """The operators that select its font, leading and colour."""
        return b"%s %.4g Tf %.4g TL %.4g g" % (FONTS[self.weight], self.size, self.leading, self.grey)


STYLES = {
    "H1": Style("Semibold", 20, 0, keep=40),
    "H2": Style("Semibold", 15, 0, keep=40),
    "H3": Style("Semibold", 10.5, 9, keep=28),
    "P": Style("Regular", 10.5, 3),
    "quiet": Style("Regular", 9.5, 1, grey=0.282),
    "foot": Style("Regular", 9.5, 0, grey=0.282),
}


@cache
def _line_breaker(name: str, indent: int) -> LineBreaker:
    """The line breaker of a style, for lines with this indent in points."""
    style = STYLES[name]
    return LineBreaker(style.weight, style.size, WIDE - 2 * SIDE - indent)


class TaggedPages:
    """Writes a tagged document with a footer; text is never taken for PDF syntax."""

    def __init__(self, output: IO[bytes], *, title: str, author: str, about: str, made_at: datetime) -> None:
        """Begin a document in British English; `about` is its footer and `made_at` is UTC."""
        self._file = PdfWriter(output)
        self._title, self._author, self._made_at = clean_line(title), clean_line(author), made_at
        self._tree, self._document = self._file.reserve(), self._file.reserve()
        fonts = b"".join(
            b"%s %d 0 R" % (name, add_font(self._file, weight)) for weight, name in FONTS.items()
        )
        one_line = printable(about).replace("\n", " ")
        self._sheets = PageTree(
            self._file,
            fonts=b"/Font<<%s>>" % fonts,
            foot=STYLES["foot"].chosen,
            about=_line_breaker("foot", 140).lines(one_line)[0],
            wide=_line_breaker("foot", 0).points,
        )
        # The object numbers of the open part (0 for none), of its children, and of all finished parts.
        self._part, self._kids, self._parts = 0, list[int](), list[int]()
        self._bookmarks: list[Bookmark] = []
        self._line_cache: dict[tuple[str, int, str], tuple[bytes, ...]] = {}
        # The height on the page at which the next line begins.
        self._height = 0.0

    def part(self, title: str, *, under: str = "") -> None:
        """Begin a part on a new page, with its heading and a bookmark; `under` groups bookmarks."""
        self._end_part()
        self._part, self._kids = self._file.reserve(), []
        self._new_sheet()
        self._bookmarks.append(Bookmark(printable(title), printable(under), self._sheets.number, HIGH - TOP))
        level = "H2" if self._parts else "H1"
        self._text(level, level, title)

    def question(self, text: str) -> None:
        """Write a heading within a part."""
        self._text("H3", "H3", text)

    def paragraph(self, text: str, *, quiet: bool = False) -> None:
        """Write a paragraph with its line breaks."""
        self._text("P", "quiet" if quiet else "P", text)

    def points(self, texts: Iterable[str]) -> None:
        """Write a bulleted list."""
        whole, style, entries = self._file.reserve(), STYLES["P"], []
        for text in texts:
            entry = self._file.reserve()
            self._room(style, 1)
            bullet = self._draw("Lbl", (show_line("•"),), style, entry)
            # Go back up, so that the text begins beside its bullet.
            self._height += style.leading
            body = self._draw("LBody", self._lines("P", text, INDENT), style, entry, indent=INDENT)
            self._element(entry, b"LI", whole, references((bullet, body)))
            entries.append(entry)
        self._element(whole, b"L", self._part, references(entries), b"/A<</O/List/ListNumbering/Disc>>")
        self._kids.append(whole)

    def end(self) -> None:
        """Finish the document: structure tree, metadata, bookmarks and catalogue."""
        self._end_part()
        file = self._file
        pages, parent_tree = self._sheets.finish()
        self._element(self._document, b"Document", self._tree, references(self._parts))
        count = len(self._sheets.parent_tree_objects)
        file.put(
            self._tree,
            b"<</Type/StructTreeRoot/K %d 0 R/ParentTree %d 0 R/ParentTreeNextKey %d>>"
            % (self._document, parent_tree, count),
        )
        metadata, properties = add_metadata(file, self._title, self._author, self._made_at)
        root = file.add(
            b"<</Type/Catalog/Pages %d 0 R/StructTreeRoot %d 0 R/MarkInfo<</Marked true>>/Lang(en-GB)"
            b"/Metadata %d 0 R/ViewerPreferences<</DisplayDocTitle true>>/PageMode/UseOutlines"
            b"/Outlines %d 0 R>>" % (pages, self._tree, metadata, add_bookmarks(file, self._bookmarks))
        )
        mark = hashlib.sha256(f"{self._title}\n{self._made_at.isoformat()}\n{count}".encode())
        file.end(root, properties, mark.digest()[:16])

    def _text(self, tag: str, name: str, text: str) -> None:
        """Write one element of the open part in the style of this name; nothing for an empty text."""
        lines, style = self._lines(name, text), STYLES[name]
        if lines:
            self._room(style, min(len(lines), MOST_HEADING_LINES) if style.keep else 1)
            self._kids.append(self._draw(tag, lines, style, self._part))

    def _lines(self, name: str, text: str, indent: int = 0) -> tuple[bytes, ...]:
        """The operators that show the lines of a text; none for an empty text."""
        key = (name, indent, text)
        operators = self._line_cache.get(key)
        if operators is None:
            drawable = printable(text)
            lines = _line_breaker(name, indent).lines(drawable) if drawable.strip() else []
            operators = tuple(show_line(line) for line in lines)
            if len(text) <= SHORT and len(self._line_cache) < MOST_CACHED_TEXTS:
                self._line_cache[key] = operators
        return operators

    def _room(self, style: Style, lines: int) -> None:
        """Begin a new page unless so many lines and the space to keep below them fit on this one."""
        if not self._sheets.drawn:
            return
        if self._height - style.before - lines * style.leading - style.keep < BOTTOM:
            self._new_sheet()
        else:
            self._height -= style.before

    def _draw(self, tag: str, lines: tuple[bytes, ...], style: Style, parent: int, *, indent: int = 0) -> int:
        """Draw lines as one structure element, over as many pages as needed, and give its object number."""
        number, tagged = self._file.reserve(), tag.encode()
        places: list[tuple[int, int]] = []
        while lines:
            fit = int((self._height - BOTTOM) / style.leading)
            if fit < 1:
                self._new_sheet()
                continue
            fitting, lines = lines[:fit], lines[fit:]
            places.append((self._sheets.number, self._sheets.mark(number)))
            # Each line first moves down by the leading, so the first starts one leading higher.
            begins = self._height + style.leading - style.size
            self._sheets.drawn.append(
                b"/%s<</MCID %d>>BDC BT %s 1 0 0 1 %d %.2f Tm %s ET EMC"
                % (tagged, places[-1][1], style.chosen, SIDE + indent, begins, b"".join(fitting))
            )
            self._height -= len(fitting) * style.leading
        if len(places) == 1:
            self._element(number, tagged, parent, b"%d/Pg %d 0 R" % (places[0][1], places[0][0]))
        else:
            kids = b"".join(b"<</Type/MCR/Pg %d 0 R/MCID %d>>" % place for place in places)
            self._element(number, tagged, parent, b"[%s]" % kids)
        return number

    def _element(self, number: int, tag: bytes, parent: int, kids: bytes, about: bytes = b"") -> None:
        """Write a structure element."""
        self._file.put(number, b"<</S/%s/P %d 0 R/K %s%s>>" % (tag, parent, kids, about))

    def _end_part(self) -> None:
        """Write the structure element of the open part, if any."""
        if self._part:
            self._element(self._part, b"Sect", self._document, references(self._kids))
            self._parts.append(self._part)

    def _new_sheet(self) -> None:
        """Begin a new page."""
        self._sheets.begin()
        self._height = HIGH - TOP
