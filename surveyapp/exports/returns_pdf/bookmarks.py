"""Bookmarks of a PDF: one for each part, grouped by case."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from surveyapp.exports.returns_pdf.pdf_objects import PdfWriter, text_string


@dataclass(frozen=True, slots=True)
class Bookmark:
    """The start of a part: its page (an object number) and height in points.

    `under` is the title of its group, empty for a bookmark at the top level.
    """

    title: str
    under: str
    page: int
    height: float

    @property
    def place(self) -> bytes:
        """The destination entry of the bookmark's dictionary."""
        return b"/Dest[%d 0 R/XYZ null %.2f null]" % (self.page, self.height)


def add_bookmarks(file: PdfWriter, bookmarks: Sequence[Bookmark]) -> int:
    """Write the bookmarks in order, and give the object number of the outline."""
    root = file.reserve()
    tops: list[tuple[int, bytes]] = []
    for under, group in groupby(bookmarks, key=lambda bookmark: bookmark.under):
        members = list(group)
        if not under:
            tops += [(file.reserve(), text_string(bookmark.title) + bookmark.place) for bookmark in members]
            continue
        number = file.reserve()
        below = [(file.reserve(), text_string(bookmark.title) + bookmark.place) for bookmark in members]
        _chain(file, number, below)
        kids = b"/First %d 0 R/Last %d 0 R/Count -%d" % (below[0][0], below[-1][0], len(below))
        tops.append((number, text_string(under) + members[0].place + kids))
    _chain(file, root, tops)
    ends = b"/First %d 0 R/Last %d 0 R" % (tops[0][0], tops[-1][0]) if tops else b""
    file.put(root, b"<</Type/Outlines%s/Count %d>>" % (ends, len(tops)))
    return root


def _chain(file: PdfWriter, parent: int, entries: Sequence[tuple[int, bytes]]) -> None:
    """Write the entries of one level, each linked to those before and after it."""
    for index, (number, content) in enumerate(entries):
        before = b"/Prev %d 0 R" % entries[index - 1][0] if index else b""
        after = b"/Next %d 0 R" % entries[index + 1][0] if index + 1 < len(entries) else b""
        file.put(number, b"<</Title %s/Parent %d 0 R%s%s>>" % (content, parent, before, after))
