"""Makes a finished Word file say which version of the report it is, whatever its template leaves out."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_STYLE = "Note"


def says_version(document: "WordDocument", version: str) -> bool:
    """Whether a paragraph of the text has these words where a reader sees them.

    Headers and footers do not count, since a section or its first page may have others.
    """
    wanted = "".join(version.split())
    return any(wanted in "".join(_seen(line).split()) for line in _paragraphs(document))


def put_line_on_top(document: "WordDocument", line: str) -> None:
    """Put a paragraph above everything else in the document."""
    from docx.oxml import OxmlElement
    from docx.text.paragraph import Paragraph

    body: Any = document.element.body
    element = OxmlElement("w:p")
    body.insert(0, element)
    paragraph = Paragraph(element, document._body)  # noqa: SLF001 — the library adds paragraphs at the end only
    paragraph.add_run(line)
    if _STYLE in [style.name for style in document.styles]:
        paragraph.style = document.styles[_STYLE]


def _paragraphs(document: "WordDocument") -> Any:  # noqa: ANN401 — elements of the library
    from docx.oxml.ns import qn

    return document.element.body.iter(qn("w:p"))


def _seen(line: Any) -> str:  # noqa: ANN401 — likewise
    """The text of a paragraph, without hidden and deleted text."""
    from docx.oxml.ns import qn

    hidden, deleted = qn("w:vanish"), qn("w:del")
    seen = []
    for run in line.iter(qn("w:r")):
        vanish = next(run.iter(hidden), None)
        is_hidden = vanish is not None and vanish.get(qn("w:val"), "true") not in {"0", "false", "off"}
        if not is_hidden and next(run.iterancestors(deleted), None) is None:
            seen += [text.text or "" for text in run.iter(qn("w:t"))]
    return "".join(seen)
