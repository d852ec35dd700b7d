"""The page tree of a tagged PDF: page content, footers, and the parent tree.

The parent tree links marked content to structure elements.
"""

from collections.abc import Callable, Iterable

from surveyapp.exports.returns_pdf.pdf_objects import PdfWriter

# A4 and its margins, in points.
WIDE, HIGH = 595.28, 841.89
SIDE, TOP, BOTTOM, FOOT = 62, 58, 66, 36
# Width for the number of pages in the footer, in points; it is known only at the end.
TOTAL = 30
# The number of pages on one branch of the tree.
BRANCH = 100


def references(numbers: Iterable[int]) -> bytes:
    """An array of references to objects."""
    return b"[%s]" % b" ".join(b"%d 0 R" % number for number in numbers)


def show_line(line: str) -> bytes:
    """The operator that shows a line of printable text one line further down."""
    return b"<%s>'" % line.encode("utf-16-be").hex().encode()


class PageTree:
    """Writes pages one at a time; `number` is the object number of the open page, or 0.

    `drawn` holds the content of the open page.
    """

    def __init__(
        self, file: PdfWriter, *, fonts: bytes, foot: bytes, about: str, wide: Callable[[str], float]
    ) -> None:
        """Begin without a page; `foot` selects the font of the footer and `about` is its text.

        `wide` measures a line in that font, in points.
        """
        self.number = 0
        self.drawn: list[bytes] = []
        self._marked: list[int] = []
        # Leading 0 shows the line of the footer at its position, not one line further down.
        self._file, self._fonts, self._foot, self._about = file, fonts, foot + b" 0 TL", show_line(about)
        self._wide = wide
        self._tree, self._total = file.reserve(), file.reserve()
        self._branches: list[tuple[int, int]] = []
        self._on_branch: list[int] = []
        # For each page, the object that lists the structure elements of its marked content.
        self.parent_tree_objects: list[int] = []

    def begin(self) -> None:
        """Begin a new page."""
        self.end()
        self.number = self._file.reserve()
        if not self._on_branch:
            self._branches.append((self._file.reserve(), 0))
        self._on_branch.append(self.number)

    def mark(self, element: int) -> int:
        """Assign the text drawn next to a structure element, and give its marked-content id on this page."""
        self._marked.append(element)
        return len(self._marked) - 1

    def end(self) -> None:
        """Write the open page, if any, with its footer."""
        if not self.number:
            return
        file, page = self._file, f"Page {len(self.parent_tree_objects) + 1} of "
        # The number of pages is at the same position on every page.
        ends_at = WIDE - SIDE - TOTAL
        at = ends_at - self._wide(page)
        self.drawn.append(
            b"/Artifact<</Type/Pagination/Subtype/Footer>>BDC BT %s 1 0 0 1 %d %d Tm %s"
            b" 1 0 0 1 %.2f %d Tm %s ET q 1 0 0 1 %.2f %d cm /T Do Q EMC"
            % (self._foot, SIDE, FOOT, self._about, at, FOOT, show_line(page), ends_at, FOOT)
        )
        content = file.stream(b"\n".join(self.drawn))
        file.put(
            self.number,
            b"<</Type/Page/Parent %d 0 R/Contents %d 0 R/StructParents %d/Tabs/S>>"
            % (self._branches[-1][0], content, len(self.parent_tree_objects)),
        )
        self.parent_tree_objects.append(file.add(references(self._marked)))
        self.number, self.drawn, self._marked = 0, [], []
        if len(self._on_branch) == BRANCH:
            self._end_branch()

    def finish(self) -> tuple[int, int]:
        """Write the page tree, and give the object numbers of its root and of the parent tree."""
        self.end()
        self._end_branch()
        file, count = self._file, len(self.parent_tree_objects)
        file.stream(
            b"BT %s 1 0 0 1 0 0 Tm %s ET" % (self._foot, show_line(str(count))),
            b"/Type/XObject/Subtype/Form/BBox[0 -4 60 12]/Resources<<%s>>" % self._fonts,
            number=self._total,
        )
        file.put(
            self._tree,
            b"<</Type/Pages/Count %d/Kids%s/MediaBox[0 0 %.2f %.2f]"
            b"/Resources<<%s/XObject<</T %d 0 R>>>>>>"
            % (
                *(count, references(number for number, _count in self._branches), WIDE, HIGH),
                *(self._fonts, self._total),
            ),
        )
        return self._tree, self._write_parent_tree()

    def _end_branch(self) -> None:
        """Write the branch of the latest pages."""
        if not self._on_branch:
            return
        number = self._branches[-1][0]
        self._branches[-1] = (number, len(self._on_branch))
        self._file.put(
            number,
            b"<</Type/Pages/Parent %d 0 R/Count %d/Kids%s>>"
            % (self._tree, len(self._on_branch), references(self._on_branch)),
        )
        self._on_branch = []

    def _write_parent_tree(self) -> int:
        """Write the parent tree, and give its object number."""
        branches = []
        for first in range(0, len(self.parent_tree_objects), BRANCH):
            branch = self.parent_tree_objects[first : first + BRANCH]
            pairs = b" ".join(b"%d %d 0 R" % (key, number) for key, number in enumerate(branch, first))
            branches.append(
                self._file.add(b"<</Limits[%d %d]/Nums[%s]>>" % (first, first + len(branch) - 1, pairs))
            )
        return self._file.add(b"<</Kids%s>>" % references(branches))
