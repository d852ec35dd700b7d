"""The tag language of Word templates: what is refused, and how the message names the tag."""

import pytest

from surveyapp.report.parts import Paragraph, Report, Section
from surveyapp.report.word.default_template import default_template
from surveyapp.report.word.report_word import report_as_word
from surveyapp.report.word.sample_report import SAMPLE_REPORT
from surveyapp.report.word.sandbox import TemplateLanguage, TemplateRefused
from tests.report.report_readers import text_of_word
from tests.report.word.word_templates import refusal, template

pytestmark = pytest.mark.slow


def test_the_default_template_passes_as_an_upload() -> None:
    assert text_of_word(report_as_word(SAMPLE_REPORT, default_template())) == text_of_word(
        report_as_word(SAMPLE_REPORT)
    )


def test_a_small_template_is_filled() -> None:
    content = template("{{ title }}: {% for part in parts %}[{{ part.kind | upper }}]{% endfor %}")
    text = text_of_word(report_as_word(SAMPLE_REPORT, content))
    assert text.partition("9:00am. ")[2].startswith(
        "A sample report: [HEADING_1][HEADING_2][PARAGRAPH][BULLETS][ASKED][NOTE][CHART]"
    )


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
def test_the_message_names_the_tag_that_failed(line: str, tag: str, why: str) -> None:
    message = refusal(template("Before {{ title }}", line, "After {{ day }}"))
    assert message.startswith("The tag “")
    assert tag in message
    assert why in message
    assert "Before" not in message


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
def test_calls_calculations_and_other_loops_are_refused(line: str) -> None:
    assert "failed" in refusal(template(line))


def test_the_length_of_the_written_text_is_limited() -> None:
    long = Report("T", "K", "A", "P", "D", "F", 1, (Section("S", parts=(Paragraph("x" * 40_000),)),))
    line = "{% for part in parts %}" + "{{ part.text }}" * 550 + "{% endfor %}"
    with pytest.raises(
        TemplateRefused, match=r"“.*{{ part\.text }}.*” of the template failed: .* far too long"
    ):
        report_as_word(long, template(line))


def test_text_passed_through_filters_counts_towards_the_limit() -> None:
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
def test_a_loop_over_anything_but_a_list_is_refused(over: str, loop: str) -> None:
    inner = f"{{% for {over} %}}x{{% endfor %}}"
    line = inner if over == "c in title" else f"{{% for part in parts %}}{inner}{{% endfor %}}"
    message = (
        f"The tag “{loop}” of the template failed: a loop goes over a list: the parts, or the lines or rows"
    )
    assert refusal(template(line)).startswith(message)


def test_a_template_that_loops_too_often_is_refused_with_the_sample_report() -> None:
    inner = "{% if p.kind == 'none' %}{% for row in p.rows %}{% endfor %}{% endif %}"
    loop = f"{{% for p in parts %}}{inner}{{% endfor %}}"
    assert refusal(template(loop * 150)).startswith("The tag “{% for p in parts %}” of the template failed: ")
    report_as_word(SAMPLE_REPORT, template(loop * 10))


def test_loops_are_counted_in_all_parts_of_a_document_together() -> None:
    loop = "{% for p in parts %}{% endfor %}"
    report_as_word(SAMPLE_REPORT, template(loop * 60))
    assert "more than 20 times" in refusal(template(loop * 60, header=loop * 60))


def test_too_many_tags_are_refused_before_they_are_searched_for() -> None:
    assert "far more tags" in refusal(template("{{r " * 2_000))


def test_values_are_escaped_and_their_tags_are_not_filled() -> None:
    filled = TemplateLanguage().fill("<w:t>{{ title }}</w:t>", {"title": "</w:t>{{ day }}&"})
    assert filled == "<w:t>&lt;/w:t&gt;{{ day }}&amp;</w:t>"
