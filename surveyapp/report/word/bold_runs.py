"""Bold words in a Word file: marked while the template is filled, set in bold in the letters around them."""

from collections.abc import Iterator
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from surveyapp.foundation.documents.emphasis import text_runs

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

# XML bears these two, and no text is ever written with them.
_BEGIN, _END = "\ufdd0", "\ufdd1"


def without_our_marks(text: str) -> str:
    """Text in which nothing can be taken for a mark of ours."""
    return text.replace(_BEGIN, "").replace(_END, "")


def mark_bold(text: str) -> str:
    """Text whose bold words stand between marks that a template carries along."""
    return "".join(f"{_BEGIN}{words}{_END}" if bold else words for words, bold in text_runs(text))


def apply_bold(made: "WordDocument") -> None:
    """Take the marks out of a filled document: a run that holds some becomes several, some of them bold."""
    from docx.oxml.ns import qn  # noqa: PLC0415 — a heavy library, imported where used

    for run in list(made.element.body.iter(qn("w:r"))):
        if any(mark in (text.text or "") for text in run.iter(qn("w:t")) for mark in (_BEGIN, _END)):
            for piece in _pieces(run):
                run.addprevious(piece)
            run.getparent().remove(run)


def _pieces(run: Any) -> Iterator[Any]:  # noqa: ANN401 — the library's own element
    from docx.oxml.ns import qn  # noqa: PLC0415

    bold = False
    about = run.find(qn("w:rPr"))
    for part in run:
        if part is about:
            continue
        if part.tag != qn("w:t"):
            yield _run_like(run, part, bold=bold)
            continue
        for words in (part.text or "").replace(_BEGIN, f"\0{_BEGIN}").replace(_END, f"\0{_END}").split("\0"):
            bold = words.startswith(_BEGIN) or (bold and not words.startswith(_END))
            said = without_our_marks(words)
            if said:
                piece = deepcopy(part)
                piece.text = said
                piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
                yield _run_like(run, piece, bold=bold)


def _run_like(run: Any, content: Any, *, bold: bool) -> Any:  # noqa: ANN401 — likewise
    """A run with the letters of another."""
    from docx.oxml.ns import qn  # noqa: PLC0415

    made = run.makeelement(run.tag)
    about = run.find(qn("w:rPr"))
    if about is not None:
        made.append(deepcopy(about))
    made.append(deepcopy(content))
    if bold:
        made.get_or_add_rPr().get_or_add_b().val = True
    return made
