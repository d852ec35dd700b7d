"""Filling a Word template: parts outside the body, failed tags and many tags."""

import io
import re
import time

import docx
import pytest

from surveyapp.report.word.default_template import default_template
from surveyapp.report.word.report_word import report_as_word
from surveyapp.report.word.sample_report import SAMPLE_REPORT
from tests.report.report_readers import text_of_word
from tests.report.word.word_templates import changed, in_body, refusal, template

pytestmark = pytest.mark.slow


def test_a_failed_tag_in_the_document_properties_is_named_with_its_place() -> None:
    def title(words: str) -> bytes:
        document = docx.Document(io.BytesIO(default_template()))
        document.core_properties.title = words
        buffer = io.BytesIO()
        document.save(buffer)
        return buffer.getvalue()

    message = refusal(title("{{ ''.__class__ }}"))
    assert "{{ ''.__class__ }}" in message
    assert message.endswith("It stands in docProps/core.xml (title).")
    assert "{% for p in parts %}" in refusal(title("{% for p in parts %}"))

    def much(members: dict[str, bytes]) -> None:
        facts = members["docProps/core.xml"]
        members["docProps/core.xml"] = re.sub(rb"(<dc:title>)[^<]*", rb"\1" + b"{{ day }}" * 1_000, facts)

    assert refusal(changed(much)).startswith("docProps/core.xml (title) in the template has far too much")
    filled = docx.Document(io.BytesIO(report_as_word(SAMPLE_REPORT, title("{{ title }}"))))
    assert filled.core_properties.title == "A sample report"


def test_the_message_names_the_part_that_cannot_be_filled() -> None:
    def cut_through(members: dict[str, bytes]) -> None:
        mark = b'</w:p><w:bookmarkStart w:id="1" w:name="{% endif %}"/></w:ftr>'
        footer = members["word/footer1.xml"].replace(b"{{ title }}", b"{% if kicker == title %}", 1)
        members["word/footer1.xml"] = re.sub(rb"</w:p>\s*</w:ftr>", mark, footer)

    assert refusal(changed(cut_through)).startswith("word/footer1.xml of the template could not be filled")
    wide = '<w:tc><w:tcPr><w:gridSpan w:val="x"/></w:tcPr><w:p/></w:tc>'
    table = in_body(f"<w:tbl><w:tblGrid/><w:tr>{wide}</w:tr></w:tbl>")
    assert refusal(table).startswith("word/document.xml of the template could not be filled")


def test_a_failed_tag_in_a_header_is_named() -> None:
    assert "{{ nobody }}" in refusal(template("{{ title }}", header="{{ nobody }}"))


@pytest.mark.parametrize("opening", ["{{", "{{r ", "{%", "{%p ", "{%- ", "{#", "{% colspan "])
def test_many_unclosed_tags_are_refused_quickly(opening: str) -> None:
    content = template("x" * 200_000, opening * (1_000 // opening.count("{") // 2), "x" * 100_000)
    started = time.process_time()
    assert "it has no end" in refusal(content)
    assert time.process_time() - started < 2


def test_many_empty_paragraphs_are_filled_quickly() -> None:
    content = in_body('<w:p w:rsidR="a"/>' * 15_000)
    started = time.process_time()
    report_as_word(SAMPLE_REPORT, content)
    assert time.process_time() - started < 5


def test_a_template_whose_contents_were_updated_in_word_is_filled() -> None:
    document = docx.Document(io.BytesIO(default_template()))
    shown = next(
        paragraph
        for paragraph in document.paragraphs
        for run in paragraph.runs
        if run.text == "Contents" and paragraph.runs[1:]
    )
    next(run for run in shown.runs if run.text == "Contents").text = "{{ part.number }}  {{ part.text }}"
    buffer = io.BytesIO()
    document.save(buffer)
    assert "A theme" in text_of_word(report_as_word(SAMPLE_REPORT, buffer.getvalue()))
