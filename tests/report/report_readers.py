"""Reads reports: the values of their sections, and their text and tags in PDF and Word."""

import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

import docx
import pikepdf
from docx.table import Table
from pypdf import PdfReader

from surveyapp.planning.models import Audit
from surveyapp.report.parts import Bullets, FiguresAsOf, Note, Paragraph, Quoted, Report, ReportPart, Section
from surveyapp.report.report import report_of
from tests.conftest import MONDAY_MORNING

_QUESTION = re.compile(r"Question (\d+): ")
# The heading after the questions of section 3.
_AFTER = "4 Conclusions and recommendations"


def text_of_pdf(content: bytes) -> str:
    """All text of a PDF in reading order, with single spaces."""
    return _plain(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


def text_of_word(content: bytes) -> str:
    """All text of a Word file's body in order, with single spaces."""
    texts = []
    for block in docx.Document(io.BytesIO(content)).iter_inner_content():
        if isinstance(block, Table):
            texts += [cell.text for row in block.rows for cell in row.cells]
        else:
            texts.append(block.text)
    return _plain(" ".join(texts))


def _plain(text: str) -> str:
    return " ".join(text.replace("\u200b", "").split())


def by_question(text: str) -> dict[int, str]:
    """The text of section 3 on each question, by number."""
    # The heading is in the table of contents, too.
    analysis = text[: text.rindex(_AFTER)]
    parts = _QUESTION.split(analysis)[1:]
    return {int(number): answer for number, answer in zip(parts[::2], parts[1::2], strict=True)}


def section(text: str, begins: str, ends: str) -> str:
    """The text between two headings; both are in the table of contents too, so their last places count."""
    return text[text.rindex(begins) : text.rindex(ends)]


def structure(content: bytes) -> list[tuple[str, dict[str, str]]]:
    """The tags of a PDF in reading order, mapped to standard tags, with their alternative texts."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        root = pdf.Root.StructTreeRoot
        roles = {str(name): str(role) for name, role in root.get("/RoleMap", {}).items()}
        return list(_tags(root, roles))


def _tags(element: Any, roles: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    if not isinstance(element, pikepdf.Dictionary):
        return
    if "/S" in element:
        tag = str(element.S)
        texts = {
            name: str(element[f"/{name}"]) for name in ("Alt", "T", "ActualText") if f"/{name}" in element
        }
        yield roles.get(tag, tag).removeprefix("/"), texts
    kids: Any = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        yield from _tags(kid, roles)


def current_report(audit: Audit) -> Report:
    """The internal version of an audit's report."""
    return report_of(audit.id, now=MONDAY_MORNING)


def section_at(report: Report, *titles: str) -> Section:
    """The section at the end of a path of titles."""
    first, *others = titles
    section = next(section for section in report.sections if section.title == first)
    for title in others:
        section = next(inner for inner in section.sections if inner.title == title)
    return section


def words_of(parts: Iterable[ReportPart]) -> str:
    """The text of paragraphs, notes, quotes and lists, without tables and charts."""
    texts: list[str] = []
    for part in parts:
        texts += [part.text] if isinstance(part, Paragraph | Note | FiguresAsOf | Quoted) else []
        texts += part.lines if isinstance(part, Bullets) else []
    return "\n".join(texts)
