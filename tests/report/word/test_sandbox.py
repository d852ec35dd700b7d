"""A partnership's own Word template: what is refused, what is named, and what it cannot do."""

import io
import re
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable

import docx
import pytest

from surveyapp.report.parts import Paragraph, Report, Section
from surveyapp.report.word.default_template import default_template
from surveyapp.report.word.report_word import report_as_word
from surveyapp.report.word.sample_report import SAMPLE_REPORT
from surveyapp.report.word.sandbox import TemplateLanguage, TemplateRefused
from surveyapp.report.word.upload_checks import MOST_MEMBERS, MOST_TEMPLATE_BYTES, check_template
from tests.report.report_readers import text_of_word
from tests.report.word.word_templates import changed, in_body, refusal, template

pytestmark = pytest.mark.slow


def test_our_own_template_is_what_may_be_uploaded() -> None:
    assert text_of_word(report_as_word(SAMPLE_REPORT, default_template())) == text_of_word(
        report_as_word(SAMPLE_REPORT)
    )


def test_a_small_template_of_somebody_elses_is_filled() -> None:
    content = template("{{ title }}: {% for part in parts %}[{{ part.kind | upper }}]{% endfor %}")
    text = text_of_word(report_as_word(SAMPLE_REPORT, content))
    assert text.startswith("A sample report: [HEADING_1][HEADING_2][PARAGRAPH][BULLETS][ASKED][NOTE][CHART]")


@pytest.mark.parametrize(
    ("line", "tag", "why"),
    [
        ("{{ titel }}", "{{ titel }}", "“titel” is undefined"),
        (
            "{% for part in parts %}{{ part.txt }}{% endfor %}",
            "{{ part.txt }}",
            "has no attribute “txt”",
        ),
        ("{% if title %}no end", "{% if title %}", "it has no end"),
        ("{{ title", "{{ title", "it has no end"),
        ("{% include 'x' %}", "{% include 'x' %}", "names, loops and chooses"),
        ("{{ title | attr('x') }}", "attr", "it may not use “attr”"),
        ("{% autoescape false %}x{% endautoescape %}", "{% autoescape false %}", "names, loops and chooses"),
        ("{% raw %}{{ x }}{% endraw %}", "{% raw %}", "names, loops and chooses"),
        ("{% colspan title %}", "{% colspan title %}", "names, loops and chooses"),
        ("{% if title %}" * 300 + "{% endif %}" * 300, "{% if title %}", "more than 15 loops and choices"),
        ("{{ " + "(" * 30 + "title" + ")" * 30 + " }}", "{{ ((((", "at most 8 brackets"),
        ("{{ " + "(" * 800 + "title" + ")" * 800 + " }}", "{{ ((((", "at most 100 words"),
        ("{% if " + "not " * 2_900 + "title %}{% endif %}", "{% if not not", "at most 100 words"),
        ("title %}", "title %}", "it has no beginning"),
        ("{%tr for part in parts %}", "{%tr for part in parts %}", "outside the row of a table"),
        ("{{ title | nothing }}", "{{ title | nothing }}", "nothing"),
    ],
)
def test_the_tag_that_failed_is_named(line: str, tag: str, why: str) -> None:
    said = refusal(template("Before {{ title }}", line, "After {{ day }}"))
    assert said.startswith("The tag “")
    assert tag in said
    assert why in said
    assert "Before" not in said


def test_a_tag_in_what_word_keeps_beside_the_text_is_named_with_its_place() -> None:
    def title(words: str) -> bytes:
        made = docx.Document(io.BytesIO(default_template()))
        made.core_properties.title = words
        kept = io.BytesIO()
        made.save(kept)
        return kept.getvalue()

    said = refusal(title("{{ ''.__class__ }}"))
    assert "{{ ''.__class__ }}" in said
    assert said.endswith("It stands in docProps/core.xml (title).")
    assert "{% for p in parts %}" in refusal(title("{% for p in parts %}"))

    def much(members: dict[str, bytes]) -> None:
        facts = members["docProps/core.xml"]
        members["docProps/core.xml"] = re.sub(rb"(<dc:title>)[^<]*", rb"\1" + b"{{ day }}" * 1_000, facts)

    assert refusal(changed(much)).startswith("docProps/core.xml (title) in the template has far too much")
    filled = docx.Document(io.BytesIO(report_as_word(SAMPLE_REPORT, title("{{ title }}"))))
    assert filled.core_properties.title == "A sample report"


def test_a_part_that_cannot_be_filled_is_named() -> None:
    def cut_through(members: dict[str, bytes]) -> None:
        mark = b'</w:p><w:bookmarkStart w:id="1" w:name="{% endif %}"/></w:ftr>'
        footer = members["word/footer1.xml"].replace(b"{{ title }}", b"{% if kicker == title %}", 1)
        members["word/footer1.xml"] = re.sub(rb"</w:p>\s*</w:ftr>", mark, footer)

    assert refusal(changed(cut_through)).startswith("word/footer1.xml of the template could not be filled")
    wide = '<w:tc><w:tcPr><w:gridSpan w:val="x"/></w:tcPr><w:p/></w:tc>'
    table = in_body(f"<w:tbl><w:tblGrid/><w:tr>{wide}</w:tr></w:tbl>")
    assert refusal(table).startswith("word/document.xml of the template could not be filled")


def test_a_tag_in_a_header_is_named_too() -> None:
    assert "{{ nobody }}" in refusal(template("{{ title }}", header="{{ nobody }}"))


@pytest.mark.parametrize(
    "line",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ title.__class__ }}",
        "{{ parts.append('x') }}",
        "{{ title.upper() }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ self._TemplateReference__context }}",
        "{{ lipsum.__globals__ }}",
        "{{ 9 ** 9 }}",
        "{{ 'a' * 9999999999 }}",
        "{{ title ~ title }}",
        "{{ title | replace('a', title) }}",
        "{% set x = title %}",
        "{% macro x() %}{{ x() }}{% endmacro %}",
        "{% import 'os' as os %}",
        "{% extends title %}",
        "{% for a in range(99999) %}{% endfor %}",
        "{% for a in parts %}{% for b in parts %}{% endfor %}{% endfor %}",
        "{% for a in parts %}{% for b in a.rows %}{% for c in a.rows %}{% endfor %}{% endfor %}{% endfor %}",
        "{% for parts in parts %}{% for b in parts %}{% endfor %}{% endfor %}",
        "{% for a in parts recursive %}{{ loop(a) }}{% endfor %}",
        "{% for a, b in parts %}{% endfor %}",
        "{% for a in [1, 2, 3] %}{% endfor %}",
        "{% for a in 'abc' %}{% endfor %}",
        "{% filter upper %}x{% endfilter %}",
        "{% raw %}{{ x }}{% endraw %}{{ config }}",
    ],
)
def test_a_template_calls_nothing_computes_nothing_and_ends(line: str) -> None:
    assert "failed" in refusal(template(line))


def test_what_a_template_writes_has_an_end() -> None:
    long = Report("T", "K", "A", "P", "D", "F", 1, (Section("S", parts=(Paragraph("x" * 40_000),)),))
    line = "{% for part in parts %}" + "{{ part.text }}" * 550 + "{% endfor %}"
    with pytest.raises(
        TemplateRefused, match=r"“.*{{ part\.text }}.*” of the template failed: .* far too long"
    ):
        report_as_word(long, template(line))


def test_a_text_taken_through_filters_counts_as_written() -> None:
    long = Report("T", "K", "A", "P", "D", "F", 1, (Section("S", parts=(Paragraph("x" * 40_000),)),))
    taken = "{% if part.text" + " | upper" * 40 + " %}{% endif %}"
    with pytest.raises(TemplateRefused, match="far too long"):
        report_as_word(long, template("{% for part in parts %}" + taken * 20 + "{% endfor %}"))


@pytest.mark.parametrize(
    ("over", "loop"),
    [
        ("c in part.text", "{% for c in part.text %}"),
        ("c in title", "{% for c in title %}"),
        ("c in part.level", "{% for c in part.level %}"),
    ],
)
def test_a_loop_goes_over_a_list_and_nothing_else(over: str, loop: str) -> None:
    inner = f"{{% for {over} %}}x{{% endfor %}}"
    line = inner if over == "c in title" else f"{{% for part in parts %}}{inner}{{% endfor %}}"
    said = (
        f"The tag “{loop}” of the template failed: a loop goes over a list: the parts, or the lines or rows"
    )
    assert refusal(template(line)).startswith(said)


def test_loops_that_go_over_the_report_again_and_again_are_refused_with_the_sample_already() -> None:
    inner = "{% if p.kind == 'none' %}{% for row in p.rows %}{% endfor %}{% endif %}"
    loop = f"{{% for p in parts %}}{inner}{{% endfor %}}"
    assert refusal(template(loop * 150)).startswith("The tag “{% for p in parts %}” of the template failed: ")
    report_as_word(SAMPLE_REPORT, template(loop * 10))


def test_loops_are_counted_over_all_parts_of_a_document() -> None:
    loop = "{% for p in parts %}{% endfor %}"
    report_as_word(SAMPLE_REPORT, template(loop * 60))
    assert "more than 20 times" in refusal(template(loop * 60, header=loop * 60))


def test_more_tags_than_any_report_needs_are_refused_before_anybody_looks_for_them() -> None:
    assert "far more tags" in refusal(template("{{r " * 2_000))


def test_values_are_escaped_and_not_read_again() -> None:
    filled = TemplateLanguage().fill("<w:t>{{ title }}</w:t>", {"title": "</w:t>{{ day }}&"})
    assert filled == "<w:t>&lt;/w:t&gt;{{ day }}&amp;</w:t>"


def test_contents_that_word_has_filled_do_not_fail() -> None:
    made = docx.Document(io.BytesIO(default_template()))
    shown = next(
        each for each in made.paragraphs for run in each.runs if run.text == "Contents" and each.runs[1:]
    )
    next(run for run in shown.runs if run.text == "Contents").text = "{{ part.number }}  {{ part.text }}"
    kept = io.BytesIO()
    made.save(kept)
    assert "A theme" in text_of_word(report_as_word(SAMPLE_REPORT, kept.getvalue()))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nothing", b"%PDF-1.7", b"x" * 100])
def test_what_is_no_word_file_is_said(content: bytes) -> None:
    assert "not a Word document" in refusal(content)


def test_too_large_a_file_too_many_members_and_a_bomb_are_refused() -> None:
    assert "larger than 3 MB" in refusal(b"x" * (MOST_TEMPLATE_BYTES + 1))
    many = changed(lambda members: members.update({f"word/{n}.txt": b"" for n in range(MOST_MEMBERS)}))
    assert "files" in refusal(many)
    bomb = changed(lambda members: members.update({"word/media/image1.bmp": b"\0" * 50_000_000}))
    assert len(bomb) < MOST_TEMPLATE_BYTES
    assert "unpacked" in refusal(bomb)
    long = b"<w:p/>" * 200_000

    def swell(members: dict[str, bytes]) -> None:
        members["word/document.xml"] = members["word/document.xml"].replace(b"<w:body>", b"<w:body>" + long)

    assert "word/document.xml in the template is too large" in refusal(changed(swell))


def test_a_bomb_that_lies_about_its_size_is_not_unpacked() -> None:
    bomb = changed(lambda members: members.update({"word/bomb.xml": b"0" * 100_000_000}))
    lying = bytearray(bomb)
    struct.pack_into("<L", lying, bomb.rindex(b"PK\x01\x02") + 24, 100)
    tracemalloc.start()
    said = refusal(bytes(lying))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert said.startswith("word/bomb.xml in the template is not what the file says of it")
    assert most < 20_000_000


@pytest.mark.parametrize("name", ["word/media/image1.png", "word/styles.xml"])
def test_a_member_that_is_broken_is_named(name: str) -> None:
    content = changed(lambda members: members.update({name: members.get(name, b"") + b"<!-- -->" * 100}))
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        place = packed.getinfo(name).header_offset
    spoilt = bytearray(content)
    spoilt[place + 30 + len(name) + 2] ^= 0xFF
    assert f"{name} in the template is not what the file says of it" in refusal(bytes(spoilt))


@pytest.mark.parametrize("opening", ["{{", "{{r ", "{%", "{%p ", "{%- ", "{#", "{% colspan "])
def test_beginnings_of_tags_without_an_end_take_no_time(opening: str) -> None:
    content = template("x" * 200_000, opening * (1_000 // opening.count("{") // 2), "x" * 100_000)
    started = time.process_time()
    assert "it has no end" in refusal(content)
    assert time.process_time() - started < 2


def test_empty_paragraphs_take_no_time() -> None:
    content = in_body('<w:p w:rsidR="a"/>' * 15_000)
    started = time.process_time()
    report_as_word(SAMPLE_REPORT, content)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "name",
    [
        "word/vbaProject.bin",
        "word/activeX/activeX1.xml",
        "word/embeddings/a.xlsx",
        "word/afchunk.htm",
        "a.exe",
    ],
)
def test_programs_and_embedded_files_are_refused(name: str) -> None:
    said = refusal(changed(lambda members: members.update({name: b"<x/>"})))
    assert name in said


def test_a_file_with_entities_is_refused() -> None:
    def expand(members: dict[str, bytes]) -> None:
        text = members["word/document.xml"]
        head = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
        members["word/document.xml"] = head + text[text.index(b"?>") + 2 :]

    assert "cannot be read as Word writes it" in refusal(changed(expand))


def test_what_is_fetched_from_elsewhere_is_refused_and_a_plain_link_is_not() -> None:
    def attach(kind: str) -> Callable[[dict[str, bytes]], None]:
        link = (
            f'<Relationship Id="rId99" TargetMode="External" Target="http://x.example/" '
            f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/>'
        )

        def change(members: dict[str, bytes]) -> None:
            rels = members["word/_rels/document.xml.rels"]
            members["word/_rels/document.xml.rels"] = rels.replace(
                b"</Relationships>", link.encode() + b"</Relationships>"
            )

        return change

    assert "fetches something from elsewhere" in refusal(changed(attach("attachedTemplate")))
    check_template(changed(attach("hyperlink")))


def test_a_field_that_runs_something_is_refused() -> None:
    def run(members: dict[str, bytes]) -> None:
        text = members["word/document.xml"]
        members["word/document.xml"] = text.replace(
            b" TOC ", b' DDE</w:instrText><w:instrText>AUTO c:\\\\cmd "x" ', 1
        )

    assert "DDEAUTO" in refusal(changed(run))


def test_a_macro_document_by_another_name_is_refused() -> None:
    def macro(members: dict[str, bytes]) -> None:
        members["[Content_Types].xml"] = members["[Content_Types].xml"].replace(
            b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            b"application/vnd.ms-word.document.macroEnabled.main+xml",
        )

    assert "not a plain Word document" in refusal(changed(macro))
