"""Restyled copies of the default template are accepted, and their styles are used."""

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.shared import Cm, Pt

from surveyapp.collating.charts.chart import chart_png
from surveyapp.report.parts import Paragraph, Report, Section
from surveyapp.report.word.default_template import default_template
from surveyapp.report.word.report_word import report_as_word
from surveyapp.report.word.sample_report import SAMPLE_REPORT
from surveyapp.report.word.upload_checks import check_template
from tests.report.report_readers import text_of_word
from tests.report.word.word_templates import RELATIONSHIPS, changed, template

pytestmark = pytest.mark.slow

_SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><rect width="40" height="10"/></svg>'
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def restyled() -> bytes:
    """The default template with another font, a logo in its header, a new style, a comment and a link."""
    document = docx.Document(io.BytesIO(default_template()))
    document.styles["Normal"].font.name = "Georgia"
    own = document.styles.add_style("Partnership box", WD_STYLE_TYPE.PARAGRAPH)
    own.font.size = Pt(9)
    first = document.paragraphs[0].insert_paragraph_before("In confidence", style=own)
    document.add_comment(first.runs, text="Ask the chair", author="A", initials="A")
    section = document.sections[0]
    section.header.is_linked_to_previous = False
    section.header.paragraphs[0].add_run().add_picture(io.BytesIO(chart_png(_SVG, dots=1)), width=Cm(3))
    section.header.add_paragraph("{{ partnership }}")
    section.first_page_header.paragraphs[0].text = "{{ kicker }}"
    link = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    document.part.relate_to("https://partnership.example/", link, is_external=True)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def with_footnote(words: str, *, sections: int = 1) -> bytes:
    """The default template with this footnote, in so many sections."""

    def add(members: dict[str, bytes]) -> None:
        notes = (
            f'<w:footnotes xmlns:w="{_WORD}"><w:footnote w:id="2"><w:p><w:r><w:t>{words}</w:t></w:r></w:p>'
        )
        members["word/footnotes.xml"] = f"{notes}</w:footnote></w:footnotes>".encode()
        content_type = (
            f'<Override PartName="/word/footnotes.xml" ContentType="{_TYPE}.footnotes+xml"/></Types>'
        )
        members["[Content_Types].xml"] = members["[Content_Types].xml"].replace(
            b"</Types>", content_type.encode()
        )
        link = f'<Relationship Id="rId98" Type="{RELATIONSHIPS}/footnotes" Target="footnotes.xml"/>'
        rels = members["word/_rels/document.xml.rels"]
        members["word/_rels/document.xml.rels"] = rels.replace(
            b"</Relationships>", f"{link}</Relationships>".encode()
        )
        if sections > 1:
            part = b"<w:body>" + b"<w:p><w:pPr><w:sectPr/></w:pPr></w:p>" * (sections - 1)
            members["word/document.xml"] = members["word/document.xml"].replace(b"<w:body>", part, 1)

    return changed(add)


def test_a_restyled_template_is_accepted_and_its_styles_are_used() -> None:
    word_file = report_as_word(SAMPLE_REPORT, restyled())
    with zipfile.ZipFile(io.BytesIO(word_file)) as packed:
        headers = [packed.read(name) for name in packed.namelist() if "word/header" in name]
        assert b"Georgia" in packed.read("word/styles.xml")
        assert b"Ask the chair" in packed.read("word/comments.xml")
    assert any(b"A partnership" in header and b"<pic:pic" in header for header in headers)
    assert any(b"Multi-agency case audit report" in header for header in headers)
    assert "In confidence" in text_of_word(word_file)


def test_a_template_saved_by_libreoffice_is_accepted() -> None:
    content = (Path(__file__).parent / "libreoffice.docx").read_bytes()
    word_file = report_as_word(SAMPLE_REPORT, content)
    assert "A paragraph." in text_of_word(word_file)
    with zipfile.ZipFile(io.BytesIO(word_file)) as packed:
        assert b"A partnership" in packed.read("word/footnotes.xml")


@pytest.mark.parametrize(
    ("kind", "maker"),
    [
        ("commentsExtended", "http://schemas.microsoft.com/office/2011/relationships/commentsExtended"),
        ("people", "http://schemas.microsoft.com/office/2011/relationships/people"),
        ("glossaryDocument", f"{RELATIONSHIPS}/glossaryDocument"),
        ("endnotes", "http://purl.oclc.org/ooxml/officeDocument/relationships/endnotes"),
    ],
)
def test_parts_that_word_adds_by_itself_are_accepted(kind: str, maker: str) -> None:
    def add(members: dict[str, bytes]) -> None:
        members[f"word/{kind}.xml"] = b"<x/>"
        rels = members["word/_rels/document.xml.rels"]
        link = f'<Relationship Id="rId98" Type="{maker}" Target="{kind}.xml"/></Relationships>'
        members["word/_rels/document.xml.rels"] = rels.replace(b"</Relationships>", link.encode())

    check_template(changed(add))


def test_a_footnote_is_filled_once_in_a_document_of_several_sections() -> None:
    report = Report("{{ day }}", "K", "A", "P", "D", "F", 1, (Section("S", parts=(Paragraph("x"),)),))
    with zipfile.ZipFile(
        io.BytesIO(report_as_word(report, with_footnote("{{ title }}", sections=3)))
    ) as packed:
        assert b">{{ day }}</w:t>" in packed.read("word/footnotes.xml")


def test_a_tag_is_filled_even_if_word_has_split_it_into_runs() -> None:
    document = docx.Document(io.BytesIO(template("{%p for part in parts %}", "{%p endfor %}")))
    line = document.add_paragraph()
    for part in ("{", "{ ti", "tle }", "}"):
        line.add_run(part).bold = part == "tle }"
    buffer = io.BytesIO()
    document.save(buffer)
    assert "A sample report" in text_of_word(report_as_word(SAMPLE_REPORT, buffer.getvalue()))
