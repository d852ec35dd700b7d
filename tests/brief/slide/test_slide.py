"""The slide of a brief: editable, accessible and in reading order."""

import io
from dataclasses import replace
from typing import Any

import pptx
import pytest
from pptx.oxml.ns import qn

from surveyapp.brief.pdf import BriefTooLong
from surveyapp.brief.slide.slide import as_brief_slide
from tests.brief.briefs import FACTS, ODD, WRITTEN, brief


def shapes(content: bytes) -> list[Any]:
    slides = pptx.Presentation(io.BytesIO(content)).slides
    assert len(slides) == 1
    return list(slides[0].shapes)


def is_decorative(shape: Any) -> bool:
    return "decorative" in "".join(element.tag for element in shape.element.iter())


def test_every_block_is_a_text_box_in_reading_order_below_the_title() -> None:
    found = shapes(as_brief_slide(brief()))
    assert found[0].is_placeholder
    assert found[0].text_frame.text == brief().title
    boxes = [shape for shape in found[1:] if shape.has_text_frame and not is_decorative(shape)]
    said = [[line.text for line in shape.text_frame.paragraphs] for shape in boxes]
    assert said[0] == ["Example Partnership"]
    assert said[-1] == ["Draft"]
    for section, lines in zip(brief().sections, said[1:-1], strict=True):
        wanted = [text.replace("**", "") for text in section.texts]
        if section.chart:
            wanted = wanted[:2]
        if section.links:
            wanted[1] += " (tools.example)"
        assert lines == wanted


def test_the_slide_is_landscape_a4_and_blocks_neither_overlap_nor_leave_it() -> None:
    content = as_brief_slide(brief())
    made = pptx.Presentation(io.BytesIO(content))
    wide, high = made.slide_width or 0, made.slide_height or 0
    assert (round(wide / 36_000), round(high / 36_000)) == (297, 210)
    cards = [
        shape
        for shape in shapes(content)
        if shape.has_text_frame and shape.name not in {"Partnership", "Foot"}
    ]
    for shape in shapes(content):
        assert shape.left >= 0
        assert shape.top >= 0
        assert shape.left + shape.width <= wide
        assert shape.top + shape.height <= high
    blocks = [shape for shape in cards if not is_decorative(shape)]
    for number, one in enumerate(blocks):
        for other in blocks[number + 1 :]:
            beside = one.left + one.width <= other.left or other.left + other.width <= one.left
            assert beside or one.top + one.height <= other.top or other.top + other.height <= one.top


def test_the_chart_is_a_native_chart_with_numbers_and_a_description() -> None:
    chart = next(shape for shape in shapes(as_brief_slide(brief())) if shape.has_chart)
    plot = chart.chart.plots[0]
    assert list(plot.categories) == ["Yes", "No"]
    assert list(plot.series[0].values) == [58, 12]
    described = chart.element.nvGraphicFramePr.cNvPr.get("descr")
    assert described.startswith("Bar chart of returns. Overseen in supervision. Yes: 58 of 70 (82.9%)")
    assert chart.chart.part.chart_workbook.xlsx_part is not None


def test_links_bold_words_and_the_language_are_set() -> None:
    found = shapes(as_brief_slide(brief()))
    runs = [
        run
        for shape in found
        if shape.has_text_frame
        for line in shape.text_frame.paragraphs
        for run in line.runs
    ]
    assert [run.text for run in runs if run.hyperlink.address] == ["Neglect toolkit"]
    assert "https://www.tools.example/neglect?a=1&b=2" in [run.hyperlink.address for run in runs]
    assert [run.font.bold for run in runs if run.text == "named"] == [True]
    languages = {about.get("lang") for shape in found for about in shape.element.iter(qn("a:rPr"))}
    assert languages >= {"en-GB"}


def test_the_properties_name_the_partnership_alone() -> None:
    page = brief()
    facts = pptx.Presentation(io.BytesIO(as_brief_slide(page))).core_properties
    assert (facts.title, facts.author, facts.last_modified_by) == (page.title, page.author, page.author)
    assert (facts.comments, facts.keywords, facts.created, facts.modified) == ("", "", None, None)


@pytest.mark.slow
def test_odd_text_is_kept_and_a_brief_that_does_not_fit_is_refused() -> None:
    found = shapes(as_brief_slide(brief(FACTS, replace(WRITTEN, worries=(ODD,)))))
    text = "\n".join(shape.text_frame.text for shape in found if shape.has_text_frame)
    assert ODD.replace("\x07", "").replace("\x00", "") in text
    with pytest.raises(BriefTooLong):
        as_brief_slide(brief(FACTS, replace(WRITTEN, worries=("x" * 40_000,))))
