"""A template is kept only if a report would be in it, and what it leaves out is said."""

import io

import docx
import pytest

from surveyapp.report.parts import INTERNAL
from surveyapp.report.word.default_template import default_template
from surveyapp.report.word.report_word import NO_PARTS, report_as_word
from surveyapp.report.word.sample_report import SAMPLE_REPORT
from surveyapp.report.word.sandbox import TemplateRefused
from surveyapp.report.word.template_trial import try_template
from tests.report.word.word_templates import changed, template

pytestmark = pytest.mark.slow


def without(*texts: str) -> bytes:
    """The default template without the text of these tags."""

    def remove(members: dict[str, bytes]) -> None:
        for text in texts:
            assert text.encode() in members["word/document.xml"]
            members["word/document.xml"] = members["word/document.xml"].replace(text.encode(), b"")

    return changed(remove)


def test_our_own_template_leaves_nothing_out() -> None:
    assert try_template(default_template()).notices == ()


@pytest.mark.parametrize(
    "content",
    [
        template("Minutes of the meeting", "Present: Ann Lee"),
        template("{{ title }}", "{{ as_of }}"),
        template("{%p for part in parts %}", "{%p endfor %}"),
        template(
            "{% for part in parts %}{% if part.kind == “other” %}{{ part.text }}{% endif %}{% endfor %}"
        ),
        report_as_word(SAMPLE_REPORT),
    ],
    ids=["minutes", "title page", "empty loop", "nothing chosen", "finished report"],
)
def test_a_file_in_which_no_section_would_be_is_refused(content: bytes) -> None:
    with pytest.raises(TemplateRefused) as refused:
        try_template(content)
    assert refused.value.message == NO_PARTS
    assert "{%p for part in parts %}" in NO_PARTS
    assert "Download our template" in refused.value.way_on


def test_a_report_is_not_filled_into_a_file_without_the_loop() -> None:
    document = docx.Document(io.BytesIO(report_as_word(SAMPLE_REPORT)))
    buffer = io.BytesIO()
    document.save(buffer)
    with pytest.raises(TemplateRefused, match="so no section of the report would be in it"):
        report_as_word(SAMPLE_REPORT, buffer.getvalue())


def test_what_a_template_leaves_out_is_named() -> None:
    [notice] = try_template(
        without("{{ line }}", "“{{ part.text }}”", "{{ part.picture }}", "{{ title }}")
    ).notices
    assert notice == (
        "Your template has no place for the title, lists, charts and quotes: "
        "Word files of this report leave them out."
    )


def test_a_template_without_the_version_line_says_where_it_is_put() -> None:
    [notice] = try_template(without("{{ as_of }}")).notices
    assert notice == (
        f"Your template has no {{{{ as_of }}}} in its text, so Word files say “{INTERNAL}” "
        "above everything else."
    )
