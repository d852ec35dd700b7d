"""Word templates for tests: small ones, and changed copies of the default template."""

import io
import zipfile
from collections.abc import Callable

import docx
import pytest

from surveyapp.report.word.default_template import default_template
from surveyapp.report.word.report_word import report_as_word
from surveyapp.report.word.sample_report import SAMPLE_REPORT
from surveyapp.report.word.sandbox import TemplateRefused

RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_FIELD = (
    '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{}<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    '<w:r><w:t>shown</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
)


def template(*lines: str, header: str = "") -> bytes:
    """A small template with these paragraphs, and a header if given."""
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def members_of(content: bytes) -> dict[str, bytes]:
    """The members of a Word file by their names."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def changed(change: Callable[[dict[str, bytes]], None], *, of: bytes | None = None) -> bytes:
    """A template, by default ours, with its zip members changed."""
    members = members_of(of or default_template())
    change(members)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return buffer.getvalue()


def refusal(content: bytes) -> str:
    """The message with which a template is refused."""
    with pytest.raises(TemplateRefused) as refused:
        report_as_word(SAMPLE_REPORT, content)
    return refused.value.message


def in_body(xml: str, *, of: bytes | None = None) -> bytes:
    """A template, by default ours, with this XML at the beginning of its body."""

    def change(members: dict[str, bytes]) -> None:
        text = members["word/document.xml"]
        members["word/document.xml"] = text.replace(b"<w:body>", b"<w:body>" + xml.encode(), 1)

    return changed(change, of=of)


def field(*runs: str) -> str:
    """A field whose instruction is split into these runs."""
    instruction = "".join(f'<w:r><w:instrText xml:space="preserve">{run}</w:instrText></w:r>' for run in runs)
    return _FIELD.format(instruction)


def related(kind: str, target: str, *, of: str = "word/document.xml", external: bool = False) -> bytes:
    """The default template with one more relationship of one of its parts."""
    base = "" if "://" in kind else f"{RELATIONSHIPS}/"
    mode = ' TargetMode="External"' if external else ""
    link = f'<Relationship Id="rId99" Type="{base}{kind}" Target="{target}"{mode}/></Relationships>'

    def change(members: dict[str, bytes]) -> None:
        folder, _, name = of.rpartition("/")
        rels = f"{folder}/_rels/{name}.rels"
        members[rels] = members[rels].replace(b"</Relationships>", link.encode())

    return changed(change)
