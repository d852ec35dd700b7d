"""The chart of a brief as a native PowerPoint chart."""

from surveyapp.brief.brief import BriefChart
from surveyapp.brief.pdf import BlockPlace
from surveyapp.brief.slide.shapes import ARIAL_SCALE, FONT, INK, Shape, Slide, mm, pt, put, rgb
from surveyapp.foundation.words.clean_text import clean_text


def write_chart(slide: Slide, chart: BriefChart, place: BlockPlace, size: float, dark: str) -> None:
    """Write a native PowerPoint chart, whose numbers can be edited, with a description for screen readers."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_MARK

    figures: Shape = CategoryChartData(  # type: ignore[no-untyped-call]
        number_format="0"
    )
    figures.categories = [clean_text(bar.label) for bar in chart.bars]
    figures.add_series("Returns", [bar.share.count for bar in chart.bars])
    frame: Shape = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, 0, 0, mm(10), mm(10), figures)
    put(frame, place)
    frame.name = "Chart"
    frame.element.nvGraphicFramePr.cNvPr.set("descr", clean_text(chart.description))
    drawing = frame.chart
    drawing.has_legend = drawing.has_title = False
    drawing.font.size, drawing.font.name = pt(round(size * ARIAL_SCALE, 1)), FONT
    drawing.font.color.rgb = rgb(INK)
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
    series.format.fill.fore_color.rgb = rgb(dark)
    for number, bar in enumerate(chart.bars):
        label = series.points[number].data_label
        label.position = XL_LABEL_POSITION.OUTSIDE_END
        label.has_text_frame = True
        label.text_frame.text = bar.quoted
        label.text_frame.word_wrap = False
        for line in label.text_frame.paragraphs:
            line.font.size = pt(round(size * ARIAL_SCALE, 1))
