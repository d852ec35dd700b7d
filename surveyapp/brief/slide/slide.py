"""A brief as one PowerPoint slide: editable text boxes and a chart, in reading order."""

import io

from surveyapp.brief.brief import Brief, BriefSection, Look
from surveyapp.brief.pdf import BlockPlace, BriefTooLong, PageFit, overflow_sentences, typeset_brief
from surveyapp.brief.printed_text import is_long_title, site_name
from surveyapp.brief.slide.chart import write_chart
from surveyapp.brief.slide.shapes import (
    ARIAL_SCALE,
    LEFT,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    TOP,
    Shape,
    Slide,
    add_box,
    mm,
    points,
    pt,
    put,
    rgb,
    set_up_frame,
)
from surveyapp.brief.slide.text import BlockLines, write_line
from surveyapp.foundation.documents.properties import write_properties

# Points: left, top, right and bottom; PowerPoint's lines have space of their own above and below.
INSETS = (7.0, 2.0, 6.0, 0.0)
# Height of a bar of the chart and the gap below it, in sizes of the text.
BAR_HEIGHT = 1.22
EDGE_WIDTH = 2.5
FOOT_INK, BANNER_INK, BANNER_FILL = "46525E", "FFFFFF", "17384D"
LOOKS: dict[Look, tuple[str, str]] = {
    "plain": ("17384D", "F1F4F6"),
    "worry": ("8C3213", "FCF1EC"),
    "good": ("1B5E3F", "EDF6F0"),
    "theme": ("4B3480", "F3F0FA"),
    "pair": ("0F5573", "EBF5F9"),
    "callout": ("6B5200", "FDF5D9"),
    "figure": ("17384D", "F1F4F6"),
}
# Tells a screen reader to pass over a shape (Office 2019 and later).
DECORATIVE = (
    '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}">'
    '<adec:decorative xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/>'
    "</a:ext></a:extLst>"
)


def as_brief_slide(brief: Brief) -> bytes:
    """Write a brief as .pptx, laid out as in the PDF. Raises BriefTooLong if it does not fit its page."""
    fit = typeset_brief(brief).fit
    for sentence in overflow_sentences(brief, fit):
        raise BriefTooLong(sentence)
    # python-pptx takes a tenth of a second to load, so only slides load it.
    import pptx

    presentation = pptx.Presentation()
    presentation.slide_width, presentation.slide_height = mm(PAGE_WIDTH), mm(PAGE_HEIGHT)
    write_properties(presentation.core_properties, title=brief.title, author=brief.author)
    # The layout with only a title.
    slide = presentation.slides.add_slide(presentation.slide_layouts[5])
    _write_banner(slide, brief, fit)
    sections = {section.name: section for section in brief.sections}
    for place in fit.places:
        _write_card(slide, sections[place.name], place, fit.size)
    foot = BlockPlace("Foot", 0, points(PAGE_HEIGHT - TOP - 8), points(PAGE_WIDTH - 2 * LEFT), 12)
    write_line(add_box(slide, "Foot", foot, (0, 0, 0, 0)), brief.foot, 8 * ARIAL_SCALE, FOOT_INK)
    content = io.BytesIO()
    presentation.save(content)
    return content.getvalue()


def _write_banner(slide: Slide, brief: Brief, fit: PageFit) -> None:
    title = slide.shapes.title
    if title is None:
        raise TypeError("The slide has no title.")
    width = points(PAGE_WIDTH - 2 * LEFT)
    put(title, BlockPlace("Title", 0, 0, width, fit.top))
    title.fill.solid()
    title.fill.fore_color.rgb = rgb(BANNER_FILL)
    set_up_frame(title.text_frame, (9, 4, 9, 0))
    size = 14 if is_long_title(brief) else 18
    title.text_frame.paragraphs[0].line_spacing = pt(size * 1.1)
    write_line(title.text_frame, brief.title, size * ARIAL_SCALE, BANNER_INK, bold=True)
    if brief.author:
        under = BlockPlace("Partnership", 0, fit.top - 16, width, 15)
        write_line(
            add_box(slide, "Partnership", under, (9, 0, 9, 0)), brief.author, 10.5 * ARIAL_SCALE, BANNER_INK
        )


def _write_card(slide: Slide, section: BriefSection, place: BlockPlace, size: float) -> None:
    """Write a block as a text box with its heading; a chart is an object on top of it."""
    dark, tint = LOOKS[section.look]
    _write_edge(slide, place, dark)
    frame = add_box(slide, section.heading[:60], place, INSETS)
    shape: Shape = frame._parent  # noqa: SLF001 — a frame has no other way to its shape
    shape.fill.solid()
    shape.fill.fore_color.rgb = rgb(tint)
    lines = BlockLines(frame, size, dark)
    lines.heading(section.heading)
    for paragraph in section.paragraphs:
        lines.paragraph(paragraph)
    for point in section.points:
        lines.point(point)
    for link in section.links:
        lines.link(link.name, link.address, f": {link.what} ({site_name(link)})")
    if section.then_points:
        lines.heading(section.then_heading)
    for point in section.then_points:
        lines.point(point)
    if section.chart:
        height = len(section.chart.bars) * size * BAR_HEIGHT + 4
        bottom = place.y + place.height - 2
        chart_place = BlockPlace("", place.x + 4, bottom - height, place.width - 8, height)
        write_chart(slide, section.chart, chart_place, size, dark)


def _write_edge(slide: Slide, place: BlockPlace, dark: str) -> None:
    from pptx.enum.shapes import MSO_SHAPE
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import qn

    bar: Shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, 0, 0, 0, 0)
    bar.name = "Coloured edge"
    put(bar, BlockPlace("", place.x - EDGE_WIDTH, place.y, EDGE_WIDTH, place.height))
    bar.fill.solid()
    bar.fill.fore_color.rgb = rgb(dark)
    bar.line.fill.background()
    element = bar.element
    # The theme's style would give the bar a shadow.
    element.remove(element.find(qn("p:style")))
    element.nvSpPr.cNvPr.append(parse_xml(DECORATIVE))
