"""The content of a document as plain values, which word.py and pdf.py write out."""

from dataclasses import dataclass
from typing import ClassVar, Literal


@dataclass(frozen=True)
class DocumentHeading:
    """A heading of level 1 to 3 below the title. The first heading has level 1, and no level is skipped."""

    kind: ClassVar[str] = "heading"

    text: str
    level: Literal[1, 2, 3] = 1
    # Whether its section is kept on one page, if it fits.
    keep_together: bool = False


@dataclass(frozen=True)
class DocumentParagraph:
    """Typed text with its line breaks; `weight` is "quiet" for an aside and "strong" for a warning."""

    kind: ClassVar[str] = "paragraph"

    text: str
    weight: Literal["plain", "quiet", "strong"] = "plain"


@dataclass(frozen=True)
class Boxes:
    """Tick boxes with their labels; in Word they are ticked with a click."""

    kind: ClassVar[str] = "boxes"

    labels: tuple[str, ...]


@dataclass(frozen=True)
class Space:
    """A box to write in, `lines` lines high; in Word it grows with the text."""

    kind: ClassVar[str] = "space"

    label: str
    lines: int


@dataclass(frozen=True)
class Facts:
    """A list of names with their values, such as “Agency: Northside Police”."""

    kind: ClassVar[str] = "facts"

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Bullets:
    """A list of points, in no order."""

    kind: ClassVar[str] = "bullets"

    points: tuple[str, ...]


@dataclass(frozen=True)
class DocumentTable:
    """A table with a head, which is repeated on each page; every row has as many cells as the head."""

    kind: ClassVar[str] = "table"

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = DocumentHeading | DocumentParagraph | Boxes | Space | Facts | Bullets | DocumentTable


@dataclass(frozen=True)
class Document:
    """A document in British English; `author` publishes it, `foot` is printed at the foot of each page."""

    title: str
    author: str
    foot: str
    blocks: tuple[Block, ...]
