"""Reports read back from PDF and Word, as a person or a screen reader would."""

import io
import re
from collections.abc import Iterator
from typing import Any

import docx
import pikepdf
from docx.table import Table
from pypdf import PdfReader

_QUESTION = re.compile(r"Question (\d+): ")
# Where the questions of section 3 end.
_AFTER = "4 Conclusions and recommendations"


def text_of_pdf(content: bytes) -> str:
    """All text of a PDF in reading order, with single spaces."""
    return _plain(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


def text_of_word(content: bytes) -> str:
    """All text of a Word file's body in order, with single spaces."""
    said = []
    for each in docx.Document(io.BytesIO(content)).iter_inner_content():
        if isinstance(each, Table):
            said += [cell.text for row in each.rows for cell in row.cells]
        else:
            said.append(each.text)
    return _plain(" ".join(said))


def _plain(text: str) -> str:
    return " ".join(text.replace("\u200b", "").split())


def by_question(text: str) -> dict[int, str]:
    """What stands in section 3 on each question, by its number."""
    # The contents name the section too.
    analysis = text[: text.rindex(_AFTER)]
    parts = _QUESTION.split(analysis)[1:]
    return {int(number): said for number, said in zip(parts[::2], parts[1::2], strict=True)}


def section(text: str, begins: str, ends: str) -> str:
    """The text between two headings; the contents name both, so the last of each counts."""
    return text[text.rindex(begins) : text.rindex(ends)]


def structure(content: bytes) -> list[tuple[str, dict[str, str]]]:
    """The tags of a PDF in reading order, each by the standard tag it stands for, with what it says."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        root = pdf.Root.StructTreeRoot
        roles = {str(name): str(role) for name, role in root.get("/RoleMap", {}).items()}
        return list(_tags(root, roles))


def _tags(element: Any, roles: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    if not isinstance(element, pikepdf.Dictionary):
        return
    if "/S" in element:
        tag = str(element.S)
        said = {
            name: str(element[f"/{name}"]) for name in ("Alt", "T", "ActualText") if f"/{name}" in element
        }
        yield roles.get(tag, tag).removeprefix("/"), said
    kids: Any = element.get("/K", [])
    for each in kids if isinstance(kids, pikepdf.Array) else [kids]:
        yield from _tags(each, roles)
