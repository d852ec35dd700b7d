"""Bookmarks of a PDF: one for each part, those of a case below the case."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from surveyapp.exports.returns_pdf.pdf_objects import PdfWriter, text_string


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Where a part begins; `under` is what it hangs below, empty for nothing."""

    title: str
    under: str
    page: int
    height: float

    @property
    def place(self) -> bytes:
        """Its page and how high on it, as a PDF says it."""
        return b"/Dest[%d 0 R/XYZ null %.2f null]" % (self.page, self.height)


def add_bookmarks(file: PdfWriter, bookmarks: Sequence[Bookmark]) -> int:
    """Write the bookmarks in their order, and give the number of their root."""
    root = file.reserve()
    tops: list[tuple[int, bytes]] = []
    for under, group in groupby(bookmarks, key=lambda each: each.under):
        some = list(group)
        if not under:
            tops += [(file.reserve(), text_string(each.title) + each.place) for each in some]
            continue
        number = file.reserve()
        below = [(file.reserve(), text_string(each.title) + each.place) for each in some]
        _chain(file, number, below)
        kids = b"/First %d 0 R/Last %d 0 R/Count -%d" % (below[0][0], below[-1][0], len(below))
        tops.append((number, text_string(under) + some[0].place + kids))
    _chain(file, root, tops)
    ends = b"/First %d 0 R/Last %d 0 R" % (tops[0][0], tops[-1][0]) if tops else b""
    file.put(root, b"<</Type/Outlines%s/Count %d>>" % (ends, len(tops)))
    return root


def _chain(file: PdfWriter, parent: int, entries: Sequence[tuple[int, bytes]]) -> None:
    for nth, (number, said) in enumerate(entries):
        before = b"/Prev %d 0 R" % entries[nth - 1][0] if nth else b""
        after = b"/Next %d 0 R" % entries[nth + 1][0] if nth + 1 < len(entries) else b""
        file.put(number, b"<</Title %s/Parent %d 0 R%s%s>>" % (said, parent, before, after))
