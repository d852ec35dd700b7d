"""Bold words in a Word file: marked while the template is filled, then made bold in the surrounding style."""

from collections.abc import Iterator
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from surveyapp.foundation.documents.emphasis import text_runs

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

# Two noncharacters of Unicode: XML allows them, but no text contains them.
_BEGIN, _END = "\ufdd0", "\ufdd1"


def without_our_marks(text: str) -> str:
    """The text without our marks, if it has any."""
    return text.replace(_BEGIN, "").replace(_END, "")


def mark_bold(text: str) -> str:
    """The text with marks around its bold words, which stay in place while a template is filled."""
    return "".join(f"{_BEGIN}{words}{_END}" if bold else words for words, bold in text_runs(text))


def apply_bold(document: "WordDocument") -> None:
    """Split each run of a filled document at its marks, make the marked runs bold and remove the marks."""
    from docx.oxml.ns import qn

    for run in list(document.element.body.iter(qn("w:r"))):
        if any(mark in (text.text or "") for text in run.iter(qn("w:t")) for mark in (_BEGIN, _END)):
            for piece in _pieces(run):
                run.addprevious(piece)
            run.getparent().remove(run)


def _pieces(run: Any) -> Iterator[Any]:  # noqa: ANN401 — the library's own element
    from docx.oxml.ns import qn

    bold = False
    properties = run.find(qn("w:rPr"))
    for part in run:
        if part is properties:
            continue
        if part.tag != qn("w:t"):
            yield _run_like(run, part, bold=bold)
            continue
        for words in (part.text or "").replace(_BEGIN, f"\0{_BEGIN}").replace(_END, f"\0{_END}").split("\0"):
            bold = words.startswith(_BEGIN) or (bold and not words.startswith(_END))
            unmarked = without_our_marks(words)
            if unmarked:
                piece = deepcopy(part)
                piece.text = unmarked
                piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
                yield _run_like(run, piece, bold=bold)


def _run_like(run: Any, content: Any, *, bold: bool) -> Any:  # noqa: ANN401 — likewise
    """A run with this content and the formatting of another run."""
    from docx.oxml.ns import qn

    new_run = run.makeelement(run.tag)
    properties = run.find(qn("w:rPr"))
    if properties is not None:
        new_run.append(deepcopy(properties))
    new_run.append(deepcopy(content))
    if bold:
        new_run.get_or_add_rPr().get_or_add_b().val = True
    return new_run
