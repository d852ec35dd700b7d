"""A brief as one PowerPoint slide: editable text boxes and a chart, in reading order."""

import io
from typing import Any, TypeAlias

from surveyapp.brief.brief import Brief, BriefChart, BriefSection, Look
from surveyapp.brief.pdf import (
    BlockPlace,
    BriefTooLong,
    PageFit,
    breakable_runs,
    is_long_title,
    overflow_sentences,
    site_name,
    typeset_brief,
)
from surveyapp.foundation.documents.properties import write_properties
from surveyapp.foundation.words.clean_text import clean_text

# python-pptx has types for only part of itself.
_Slide: TypeAlias = Any
_Frame: TypeAlias = Any
_Line: TypeAlias = Any
_Shape: TypeAlias = Any
_Length: TypeAlias = Any

_FONT, _LANGUAGE = "Arial", "en-GB"
# Millimetres: the same page as the PDF, and its margins.
_WIDE, _HIGH, _LEFT, _TOP = 297, 210, 11, 10
# Arial is wider than the font of the PDF: scaled by this, the same words take no more room.
_ARIAL_SCALE = 0.88
# Line height, size of a heading, and space before a heading and a paragraph, in sizes of the PDF's text.
_LINE, _HEADING, _BEFORE, _AFTER = 1.21, 1.18, 0.35, 0.1
# Points: left, top, right and bottom; PowerPoint's lines have space of their own above and below.
_INSETS = (7.0, 2.0, 6.0, 0.0)
# Height of a bar of the chart and the gap below it, in sizes of the text.
_BAR_HIGH = 1.22
_EDGE_WIDTH = 2.5
_INK, _QUIET, _PAPER, _BANNER = "16202A", "46525E", "FFFFFF", "17384D"
_LOOKS: dict[Look, tuple[str, str]] = {
    "plain": ("17384D", "F1F4F6"),
    "worry": ("8C3213", "FCF1EC"),
    "good": ("1B5E3F", "EDF6F0"),
    "theme": ("4B3480", "F3F0FA"),
    "pair": ("0F5573", "EBF5F9"),
    "callout": ("6B5200", "FDF5D9"),
    "figure": ("17384D", "F1F4F6"),
}
# Tells a screen reader to pass over a shape (Office 2019 and later).
_DECORATIVE = (
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
    import pptx  # noqa: PLC0415

    presentation = pptx.Presentation()
    presentation.slide_width, presentation.slide_height = _mm(_WIDE), _mm(_HIGH)
    write_properties(presentation.core_properties, title=brief.title, author=brief.author)
    # The layout with only a title.
    slide = presentation.slides.add_slide(presentation.slide_layouts[5])
    _write_banner(slide, brief, fit)
    sections = {section.name: section for section in brief.sections}
    for place in fit.places:
        _write_card(slide, sections[place.name], place, fit.size)
    foot = BlockPlace("Foot", 0, _points(_HIGH - _TOP - 8), _points(_WIDE - 2 * _LEFT), 12)
    _line(_box(slide, "Foot", foot, (0, 0, 0, 0)), brief.foot, 8 * _ARIAL_SCALE, _QUIET)
    content = io.BytesIO()
    presentation.save(content)
    return content.getvalue()


def _mm(millimetres: float) -> _Length:
    from pptx.util import Mm  # noqa: PLC0415

    return Mm(millimetres)


def _pt(points: float) -> _Length:
    from pptx.util import Pt  # noqa: PLC0415

    return Pt(points)


def _points(millimetres: float) -> float:
    return millimetres * 72 / 25.4


def _colour(name: str) -> _Shape:
    from pptx.dml.color import RGBColor  # noqa: PLC0415

    colour: _Shape = RGBColor
    return colour(*bytes.fromhex(name))


def _put(shape: _Shape, place: BlockPlace) -> None:
    shape.left, shape.top = _mm(_LEFT) + _pt(place.x), _mm(_TOP) + _pt(place.y)
    shape.width, shape.height = _pt(place.width), _pt(place.height)


def _write_banner(slide: _Slide, brief: Brief, fit: PageFit) -> None:
    title = slide.shapes.title
    if title is None:
        raise TypeError("The slide has no title.")
    width = _points(_WIDE - 2 * _LEFT)
    _put(title, BlockPlace("Title", 0, 0, width, fit.top))
    title.fill.solid()
    title.fill.fore_color.rgb = _colour(_BANNER)
    _set_up_frame(title.text_frame, (9, 4, 9, 0))
    size = 14 if is_long_title(brief) else 18
    title.text_frame.paragraphs[0].line_spacing = _pt(size * 1.1)
    _line(title.text_frame, brief.title, size * _ARIAL_SCALE, _PAPER, bold=True)
    if brief.author:
        under = BlockPlace("Partnership", 0, fit.top - 16, width, 15)
        _line(_box(slide, "Partnership", under, (9, 0, 9, 0)), brief.author, 10.5 * _ARIAL_SCALE, _PAPER)


def _box(slide: _Slide, name: str, place: BlockPlace, insets: tuple[float, ...]) -> _Frame:
    box = slide.shapes.add_textbox(0, 0, 0, 0)
    box.name = name
    _put(box, place)
    _set_up_frame(box.text_frame, insets)
    return box.text_frame


def _set_up_frame(frame: _Frame, insets: tuple[float, ...]) -> None:
    from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE  # noqa: PLC0415

    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    # PowerPoint shrinks the text where a wider font replaces Arial.
    frame.auto_size = MSO_AUTO_SIZE.TEXT_TO_FIT_SHAPE
    left, top, right, bottom = (_pt(inset) for inset in insets)
    frame.margin_left, frame.margin_top, frame.margin_right, frame.margin_bottom = left, top, right, bottom


def _write_card(slide: _Slide, section: BriefSection, place: BlockPlace, size: float) -> None:
    """Write a block as a text box with its heading; a chart is an object on top of it."""
    dark, tint = _LOOKS[section.look]
    _write_edge(slide, place, dark)
    frame = _box(slide, section.heading[:60], place, _INSETS)
    shape: _Shape = frame._parent  # noqa: SLF001 — a frame has no other way to its shape
    shape.fill.solid()
    shape.fill.fore_color.rgb = _colour(tint)
    lines = _Lines(frame, size, dark)
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
        height = len(section.chart.bars) * size * _BAR_HIGH + 4
        bottom = place.y + place.height - 2
        chart_place = BlockPlace("", place.x + 4, bottom - height, place.width - 8, height)
        _write_chart(slide, section.chart, chart_place, size, dark)


def _write_edge(slide: _Slide, place: BlockPlace, dark: str) -> None:
    from pptx.enum.shapes import MSO_SHAPE  # noqa: PLC0415
    from pptx.oxml import parse_xml  # noqa: PLC0415
    from pptx.oxml.ns import qn  # noqa: PLC0415

    bar: _Shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, 0, 0, 0, 0)
    bar.name = "Coloured edge"
    _put(bar, BlockPlace("", place.x - _EDGE_WIDTH, place.y, _EDGE_WIDTH, place.height))
    bar.fill.solid()
    bar.fill.fore_color.rgb = _colour(dark)
    bar.line.fill.background()
    element = bar.element
    # The theme's style would give the bar a shadow.
    element.remove(element.find(qn("p:style")))
    element.nvSpPr.cNvPr.append(parse_xml(_DECORATIVE))


def _line(frame: _Frame, text: str, size: float, colour: str, *, bold: bool = False) -> None:
    """Write a single line: the title, the partnership or the foot."""
    from pptx.enum.text import PP_ALIGN  # noqa: PLC0415

    line = frame.paragraphs[0]
    line.alignment = PP_ALIGN.LEFT
    for words, _bold in breakable_runs(clean_text(text)):
        _run(line, words, size, colour, bold=bold)


def _run(line: _Line, words: str, size: float, colour: str, *, bold: bool) -> _Shape:
    run = line.add_run()
    run.text = words
    run.font.size, run.font.bold, run.font.name = _pt(round(size, 1)), bold, _FONT
    run.font.color.rgb = _colour(colour)
    run._r.get_or_add_rPr().set("lang", _LANGUAGE)  # noqa: SLF001 — python-pptx knows other languages by number
    return run


class _Lines:
    """Writes the lines of a block into its text box, one after another."""

    def __init__(self, frame: _Frame, size: float, dark: str) -> None:
        self.frame, self.size, self.dark = frame, size, dark
        self.is_empty = True

    def _next(self, *, before: float = 0, height: float = _LINE) -> _Line:
        """The next empty line; the box has its first line already."""
        line = self.frame.paragraphs[0] if self.is_empty else self.frame.add_paragraph()
        line.line_spacing = _pt(round(self.size * height, 1))
        line.space_before = _pt(0 if self.is_empty else round(self.size * before, 1))
        line.space_after = _pt(0)
        self.is_empty = False
        return line

    def _write(self, line: _Line, text: str) -> None:
        for words, bold in breakable_runs(clean_text(text)):
            _run(line, words, self.size * _ARIAL_SCALE, _INK, bold=bold)

    def heading(self, text: str) -> None:
        """Write a heading in the colour of the block."""
        line = self._next(before=_BEFORE, height=_LINE * _HEADING)
        for words, _bold in breakable_runs(clean_text(text)):
            _run(line, words, self.size * _HEADING * _ARIAL_SCALE, self.dark, bold=True)

    def paragraph(self, text: str) -> None:
        """Write a paragraph."""
        self._write(self._next(before=_AFTER), text)

    def point(self, text: str) -> None:
        """Write a point with its bullet."""
        self._write(self._bullet(), text)

    def link(self, name: str, address: str, what: str) -> None:
        """Write a point that begins with a link."""
        line = self._bullet()
        for words, _bold in breakable_runs(clean_text(name)):
            run = _run(line, words, self.size * _ARIAL_SCALE, _INK, bold=True)
            run.hyperlink.address = address
        self._write(line, what)

    def _bullet(self) -> _Line:
        from pptx.oxml.ns import qn  # noqa: PLC0415

        line = self._next()
        properties: _Shape = line._p.get_or_add_pPr()  # noqa: SLF001 — python-pptx has no bullets of its own
        indent = round(self.size * 0.75 * 12_700)
        properties.set("marL", str(indent))
        properties.set("indent", str(-indent))
        properties.append(properties.makeelement(qn("a:buChar"), {"char": "•"}))
        return line


def _write_chart(slide: _Slide, chart: BriefChart, place: BlockPlace, size: float, dark: str) -> None:
    """Write a native PowerPoint chart, whose numbers can be edited, with a description for screen readers."""
    from pptx.chart.data import CategoryChartData  # noqa: PLC0415
    from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_MARK  # noqa: PLC0415

    figures: _Shape = CategoryChartData(  # type: ignore[no-untyped-call]
        number_format="0"
    )
    figures.categories = [clean_text(bar.label) for bar in chart.bars]
    figures.add_series("Returns", [bar.share.count for bar in chart.bars])
    frame: _Shape = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, 0, 0, _mm(10), _mm(10), figures)
    _put(frame, place)
    frame.name = "Chart"
    frame.element.nvGraphicFramePr.cNvPr.set("descr", clean_text(chart.description))
    drawing = frame.chart
    drawing.has_legend = drawing.has_title = False
    drawing.font.size, drawing.font.name = _pt(round(size * _ARIAL_SCALE, 1)), _FONT
    drawing.font.color.rgb = _colour(_INK)
    drawing.value_axis.visible = drawing.value_axis.has_major_gridlines = False
    # The axis is longer than the longest bar, to leave room for its figure.
    drawing.value_axis.minimum_scale = 0
    drawing.value_axis.maximum_scale = max((bar.share.of for bar in chart.bars), default=1) * 1.6 or 1
    # From the top, in the order of the form.
    drawing.category_axis.reverse_order = True
    drawing.category_axis.format.line.fill.background()
    drawing.category_axis.major_tick_mark = XL_TICK_MARK.NONE
    plot = drawing.plots[0]
    plot.gap_width = 35
    series = plot.series[0]
    series.format.fill.solid()
    series.format.fill.fore_color.rgb = _colour(dark)
    for number, bar in enumerate(chart.bars):
        label = series.points[number].data_label
        label.position = XL_LABEL_POSITION.OUTSIDE_END
        label.has_text_frame = True
        label.text_frame.text = bar.quoted
        label.text_frame.word_wrap = False
        for line in label.text_frame.paragraphs:
            line.font.size = _pt(round(size * _ARIAL_SCALE, 1))
