"""Turns the main part of one of our own pages into a document, so that its words are written once."""

from html.parser import HTMLParser

from surveyapp.foundation.documents.blocks import (
    Block,
    Bullets,
    Document,
    DocumentHeading,
    DocumentParagraph,
    DocumentTable,
)

_HEADINGS = {"h1", "h2", "h3"}
_TEXTS = {*_HEADINGS, "p", "li", "th", "td"}
# Parts of a page that are no part of the paper: what is pressed, and what only the screen needs.
_LEFT_OUT = {"form", "button", "script", "svg", "nav"}


def page_as_document(html: str, *, author: str, foot: str) -> Document:
    """The headings, paragraphs, lists and tables within <main>; its h1 is the title.

    The address of a link follows its words, as the reader of a paper cannot press it. What an element with
    the attribute `data-on-screen` or a form holds is left out.
    """
    reader = _PageReader()
    reader.feed(html)
    reader.close()
    return Document(reader.title, author, foot, tuple(reader.blocks))


class _PageReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.title = ""
        self.blocks: list[Block] = []
        self._in_main = False
        # How many elements deep we are in a part that is left out.
        self._left_out = 0
        self._text: list[str] = []
        self._address = ""
        self._points: list[str] = []
        self._rows: list[tuple[str, ...]] = []
        self._cells: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "main":
            self._in_main = True
        elif self._left_out or tag in _LEFT_OUT or "data-on-screen" in attributes:
            # Elements without an end, such as <br> and <input>, hold nothing.
            self._left_out += tag not in {"br", "hr", "img", "input"}
        elif tag in _TEXTS:
            self._text = []
        elif tag == "br":
            self._text.append("\n")
        elif tag == "a":
            self._address = attributes.get("href") or ""
        elif tag == "ul":
            self._points = []
        elif tag == "table":
            self._rows = []
        elif tag == "tr":
            self._cells = []

    def handle_data(self, data: str) -> None:
        if self._in_main and not self._left_out:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self._in_main = False
        elif self._left_out:
            self._left_out -= 1
        elif self._in_main:
            self._end(tag)

    def _end(self, tag: str) -> None:
        """Take what an element held; the words are those since the last element with text began."""
        words = " ".join("".join(self._text).split())
        match tag:
            case "a" if self._address.startswith("https://"):
                self._text.append(f" ({self._address})")
            case "h1":
                self.title = words
            case "h2" | "h3":
                self.blocks.append(DocumentHeading(words, 1 if tag == "h2" else 2))
            case "p" if words:
                self.blocks.append(DocumentParagraph(words))
            case "li":
                self._points.append(words)
            case "th" | "td":
                self._cells.append(words)
            case "tr":
                self._rows.append(tuple(self._cells))
            case "ul":
                self.blocks.append(Bullets(tuple(self._points)))
            case "table":
                self.blocks.append(DocumentTable(self._rows[0], tuple(self._rows[1:])))
            case _:
                pass
