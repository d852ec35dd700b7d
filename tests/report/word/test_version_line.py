"""Every Word file says which version of the report it is, whatever its template leaves out."""

import io
from dataclasses import replace

import docx
import pytest
from docx.document import Document

from surveyapp.report.parts import INTERNAL
from surveyapp.report.word.default_template import default_template
from surveyapp.report.word.report_word import report_as_word
from surveyapp.report.word.sample_report import SAMPLE_REPORT
from surveyapp.report.word.version_line import says_version
from tests.report.word.word_templates import in_body, template

LINE = f"{INTERNAL} {SAMPLE_REPORT.figures_as_of}"
LOOP = ("{%p for part in parts %}", "{{ part.kind }}", "{%p endfor %}")


def opened(content: bytes) -> Document:
    return docx.Document(io.BytesIO(content))


def lines_of(content: bytes) -> list[str]:
    """The paragraphs of a Word file that say which version it is."""
    return [line.text for line in opened(content).paragraphs if INTERNAL in line.text]


def test_the_default_template_says_it_once() -> None:
    assert lines_of(report_as_word(SAMPLE_REPORT)) == [LINE]


@pytest.mark.parametrize("header", ["", "{{ as_of }}"])
def test_a_template_without_the_line_gets_it_above_everything_else(header: str) -> None:
    content = report_as_word(SAMPLE_REPORT, template("{{ title }}", *LOOP, header=header))
    assert opened(content).paragraphs[0].text == LINE
    assert len(lines_of(content)) == 1


def test_the_line_has_the_style_of_notes_where_there_is_one() -> None:
    document = opened(default_template())
    line = next(line for line in document.paragraphs if "as_of" in line.text)
    line._p.getparent().remove(line._p)  # noqa: SLF001 — the library removes no paragraphs
    buffer = io.BytesIO()
    document.save(buffer)
    first = opened(report_as_word(SAMPLE_REPORT, buffer.getvalue())).paragraphs[0]
    assert (first.text, first.style.name if first.style else "") == (LINE, "Note")


@pytest.mark.parametrize(
    ("run", "is_seen"),
    [
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>{}</w:t></w:r>", False),
        ('<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>{}</w:t></w:r>', True),
        ("<w:r><w:t>{}</w:t></w:r>", True),
        (
            "<w:r><w:t>{}</w:t></w:r>".replace(
                "{}", "Internal version, not</w:t></w:r><w:r><w:t> for publication."
            ),
            True,
        ),
        ('<w:del w:id="1" w:author="A"><w:r><w:t>{}</w:t></w:r></w:del>', False),
    ],
)
def test_hidden_and_deleted_words_do_not_count(run: str, *, is_seen: bool) -> None:
    content = in_body(f"<w:p>{run.format(INTERNAL)}</w:p>")
    assert says_version(opened(content), INTERNAL) is is_seen


def test_an_approved_report_says_who_approved_it() -> None:
    approved = replace(SAMPLE_REPORT, approved="Approved for publication by Ann Lee.")
    content = report_as_word(approved, template(*LOOP))
    assert opened(content).paragraphs[0].text.startswith("Approved for publication by Ann Lee. Figures")
    assert lines_of(content) == []
