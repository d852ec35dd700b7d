"""The content of a document as plain values, which word.py and pdf.py write out."""

from dataclasses import dataclass
from typing import ClassVar, Literal


@dataclass(frozen=True)
class DocumentHeading:
    """A heading, below the document's title; `level` 1 to 3: the first is 1, none is skipped."""

    kind: ClassVar[str] = "heading"

    text: str
    level: Literal[1, 2, 3] = 1
    # The section below it is kept on one page where it fits.
    keep_together: bool = False


@dataclass(frozen=True)
class DocumentParagraph:
    """Text as it was typed, its line breaks kept; "quiet" is an aside, "strong" a warning."""

    kind: ClassVar[str] = "paragraph"

    text: str
    weight: Literal["plain", "quiet", "strong"] = "plain"


@dataclass(frozen=True)
class Boxes:
    """Answers to tick by hand or, in Word, by a click."""

    kind: ClassVar[str] = "boxes"

    labels: tuple[str, ...]


@dataclass(frozen=True)
class Space:
    """Room to write in, so many lines high; in Word it grows."""

    kind: ClassVar[str] = "space"

    label: str
    lines: int


@dataclass(frozen=True)
class Facts:
    """Names and what they are: Agency, Northside Police."""

    kind: ClassVar[str] = "facts"

    rows: tuple[tuple[str, str], ...]


Block = DocumentHeading | DocumentParagraph | Boxes | Space | Facts


@dataclass(frozen=True)
class Document:
    """A document in British English: its title, who publishes it, what stands at the foot of each page."""

    title: str
    author: str
    foot: str
    blocks: tuple[Block, ...]
