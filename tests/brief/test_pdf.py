"""The PDF of a brief: one tagged page in reading order, refused with the number of lines too many."""

import io
from dataclasses import replace
from typing import Any

import pikepdf
import pypdf
import pytest

from surveyapp.brief.brief import LearningTheme, Resource
from surveyapp.brief.pdf import BriefTooLong, as_brief_pdf, overflow_sentences, typeset_brief
from surveyapp.brief.printed_text import breakable_runs
from tests.brief.briefs import FACTS, ODD, WRITTEN, brief

pytestmark = pytest.mark.slow


def text_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == 1
    return " ".join(pages[0].extract_text().split())


def tags(pdf: bytes) -> list[Any]:
    """The structure tree in order: the names of elements and the numbers of marked content."""
    found: list[Any] = []

    def walk(node: Any) -> None:
        if isinstance(node, pikepdf.Array):
            for child in node:
                walk(child)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                found.append(str(node.S) if "/Alt" not in node else (str(node.S), str(node.Alt)))
            if "/K" in node:
                walk(node.K)
            elif "/MCID" in node:
                found.append(int(node.MCID))
        else:
            found.append(int(node))

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert str(opened.Root.Lang) == "en-GB"
        walk(opened.Root.StructTreeRoot.K)
    return found


def many(lines: int) -> Any:
    """A brief whose only theme has this many points of one line."""
    written = replace(WRITTEN, pairs=(), callouts=(), good_practice=(), worries=())
    written = replace(
        written, themes=(LearningTheme("Chronology", tuple(f"Point {n}" for n in range(lines))),)
    )
    return replace(
        brief(FACTS, written),
        sections=tuple(section for section in brief(FACTS, written).sections if section.name != "chart"),
    )


def test_a_brief_is_one_landscape_a4_page_in_reading_order() -> None:
    pdf = as_brief_pdf(brief())
    page = pypdf.PdfReader(io.BytesIO(pdf)).pages[0]
    assert [round(float(corner)) for corner in page.mediabox[2:]] == [842, 595]
    text, at = text_of(pdf), 0
    for section in brief().sections:
        for words in section.texts:
            plain = words.replace("**", "")
            found = text.find(plain.split(": ")[0] if section.links or section.chart else plain, at)
            assert found >= at, f"“{plain}” is not where it is read."
            at = found
    assert "(tools.example)" in text


def test_its_tags_are_in_reading_order_with_a_title_headings_and_lists() -> None:
    found = tags(as_brief_pdf(brief()))
    pieces = [tag for tag in found if isinstance(tag, int)]
    assert pieces == sorted(pieces)
    assert found.count("/Title") == 1
    assert (found.count("/H1"), found.count("/H2")) == (10, 1)
    assert found.count("/LI") == 8
    assert found.count("/Link") == 1
    figures = [tag[1] for tag in found if isinstance(tag, tuple)]
    assert any(
        description.startswith("Bar chart of returns. Overseen in supervision.") for description in figures
    )


def test_the_file_declares_its_title_and_pdf_ua() -> None:
    with pikepdf.open(io.BytesIO(as_brief_pdf(brief()))) as opened, opened.open_metadata() as facts:
        assert facts["dc:title"] == "Multi-agency quality assurance audit: Neglect, September 2024"
        assert facts["pdfuaid:part"] == "1"


def test_more_text_is_set_smaller_and_then_refused_with_the_lines_over() -> None:
    sizes = [typeset_brief(many(lines)).fit.size for lines in (10, 30)]
    assert sizes[0] > sizes[1]
    lines = 20
    while not any(typeset_brief(many(lines)).fit.over):
        lines += 1
    assert typeset_brief(many(lines - 1)).fit.size == 9
    with pytest.raises(
        BriefTooLong, match="The page is 1 line too long: shorten “Theme for learning: Chronology”"
    ):
        as_brief_pdf(many(lines))
    for over in (2, 3, 5):
        found = typeset_brief(many(lines + over - 1))
        assert max(found.fit.over) == over, "Taking so many lines away makes it fit, and fewer do not."
        assert f"by {over} lines" in overflow_sentences(many(lines), found.fit)[0]


def test_each_column_that_is_too_long_is_named() -> None:
    points = tuple(f"Point {number}" for number in range(60))
    found = brief(FACTS, replace(WRITTEN, worries=points, good_practice=points))
    first, second = overflow_sentences(found, typeset_brief(found).fit)
    assert first.startswith("The first column is ")
    assert second.startswith("The second column is ")
    assert "“What good practice we saw” by " in second


def test_a_block_that_is_far_too_long_has_a_column_of_its_own() -> None:
    found = typeset_brief(brief(FACTS, replace(WRITTEN, worries=tuple(f"Point {n}" for n in range(60))))).fit
    assert found.columns[0] == ("worries",)
    assert found.over[0] > 0
    assert found.over[1:] == (0, 0)
    assert all(found.columns)


def test_a_block_outside_the_columns_is_named_if_it_is_the_longest() -> None:
    links = tuple(Resource(f"Toolkit {number}", "what it is", "https://a.example/") for number in range(40))
    sections = [replace(section, links=links) if section.links else section for section in brief().sections]
    with pytest.raises(BriefTooLong, match=r"shorten “Tools and reading” by \d+ lines"):
        as_brief_pdf(replace(brief(), sections=tuple(sections)))


def test_markup_in_text_is_printed_as_text() -> None:
    text = text_of(as_brief_pdf(brief(FACTS, replace(WRITTEN, worries=(ODD,), cohort=ODD, aim=ODD))))
    for words in ("<b>bold</b>", "{{ 7*7 }}", "#panic(", "$x$", "\\textbf *a* _b_ @ref ]]", "“quotes”"):
        assert text.count(words) == 3, words


def test_two_asterisks_make_a_word_bold_and_one_does_not() -> None:
    assert breakable_runs("not **named** *so* ** x **") == [
        ("not ", False),
        ("named", True),
        (" *so* ** x **", False),
    ]


def test_a_very_long_word_is_set_and_refused() -> None:
    found = brief(FACTS, replace(WRITTEN, worries=("x" * 40_000,)))
    with pytest.raises(BriefTooLong, match="“What we are worried about”"):
        as_brief_pdf(found)
    wide = brief(replace(FACTS, theme="y" * 150, partnership="z" * 200))
    assert "y" * 36 in text_of(as_brief_pdf(wide))
