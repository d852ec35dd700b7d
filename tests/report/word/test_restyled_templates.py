"""Templates as partnerships make them of ours: what Word writes for looks comes into the report."""

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
    """Ours with other letters, a logo in its header, a style of its own, a comment and a link."""
    made = docx.Document(io.BytesIO(default_template()))
    made.styles["Normal"].font.name = "Georgia"
    own = made.styles.add_style("Partnership box", WD_STYLE_TYPE.PARAGRAPH)
    own.font.size = Pt(9)
    first = made.paragraphs[0].insert_paragraph_before("In confidence", style=own)
    made.add_comment(first.runs, text="Ask the chair", author="A", initials="A")
    section = made.sections[0]
    section.header.is_linked_to_previous = False
    section.header.paragraphs[0].add_run().add_picture(io.BytesIO(chart_png(_SVG, dots=1)), width=Cm(3))
    section.header.add_paragraph("{{ partnership }}")
    section.first_page_header.paragraphs[0].text = "{{ kicker }}"
    link = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    made.part.relate_to("https://partnership.example/", link, is_external=True)
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def with_footnote(words: str, *, sections: int = 1) -> bytes:
    """A small template with a footnote that says this."""

    def add(members: dict[str, bytes]) -> None:
        notes = (
            f'<w:footnotes xmlns:w="{_WORD}"><w:footnote w:id="2"><w:p><w:r><w:t>{words}</w:t></w:r></w:p>'
        )
        members["word/footnotes.xml"] = f"{notes}</w:footnote></w:footnotes>".encode()
        said = f'<Override PartName="/word/footnotes.xml" ContentType="{_TYPE}.footnotes+xml"/></Types>'
        members["[Content_Types].xml"] = members["[Content_Types].xml"].replace(b"</Types>", said.encode())
        link = f'<Relationship Id="rId98" Type="{RELATIONSHIPS}/footnotes" Target="footnotes.xml"/>'
        rels = members["word/_rels/document.xml.rels"]
        members["word/_rels/document.xml.rels"] = rels.replace(
            b"</Relationships>", f"{link}</Relationships>".encode()
        )
        if sections > 1:
            part = b"<w:body>" + b"<w:p><w:pPr><w:sectPr/></w:pPr></w:p>" * (sections - 1)
            members["word/document.xml"] = members["word/document.xml"].replace(b"<w:body>", part, 1)

    return changed(add)


def test_a_restyled_template_is_taken_and_its_looks_come_into_the_report() -> None:
    made = report_as_word(SAMPLE_REPORT, restyled())
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        headers = [packed.read(name) for name in packed.namelist() if "word/header" in name]
        assert b"Georgia" in packed.read("word/styles.xml")
        assert b"Ask the chair" in packed.read("word/comments.xml")
    assert any(b"A partnership" in each and b"<pic:pic" in each for each in headers)
    assert any(b"Multi-agency case audit report" in each for each in headers)
    assert "In confidence" in text_of_word(made)


def test_a_template_saved_by_libreoffice_is_taken() -> None:
    content = (Path(__file__).parent / "libreoffice.docx").read_bytes()
    made = report_as_word(SAMPLE_REPORT, content)
    assert "A paragraph." in text_of_word(made)
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
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
def test_parts_that_word_writes_by_itself_are_taken(kind: str, maker: str) -> None:
    def add(members: dict[str, bytes]) -> None:
        members[f"word/{kind}.xml"] = b"<x/>"
        rels = members["word/_rels/document.xml.rels"]
        link = f'<Relationship Id="rId98" Type="{maker}" Target="{kind}.xml"/></Relationships>'
        members["word/_rels/document.xml.rels"] = rels.replace(b"</Relationships>", link.encode())

    check_template(changed(add))


def test_a_footnote_is_filled_once_however_many_sections_there_are() -> None:
    report = Report("{{ day }}", "K", "A", "P", "D", "F", 1, (Section("S", parts=(Paragraph("x"),)),))
    with zipfile.ZipFile(
        io.BytesIO(report_as_word(report, with_footnote("{{ title }}", sections=3)))
    ) as packed:
        assert b">{{ day }}</w:t>" in packed.read("word/footnotes.xml")


def test_a_tag_is_found_again_however_word_has_cut_it_into_runs() -> None:
    made = docx.Document(io.BytesIO(template()))
    line = made.add_paragraph()
    for part in ("{", "{ ti", "tle }", "}"):
        line.add_run(part).bold = part == "tle }"
    kept = io.BytesIO()
    made.save(kept)
    assert "A sample report" in text_of_word(report_as_word(SAMPLE_REPORT, kept.getvalue()))
