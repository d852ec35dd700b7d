"""A question's chart: bars of 100 per cent as SVG, its description in sentences, and a PNG of it."""

from collections.abc import Iterator
from importlib.resources import files

from markupsafe import Markup

from surveyapp.collating.charts.bars import QUIET, Bar, bars_of
from surveyapp.collating.charts.drawing import GAP, SMALL_FONT_SIZE, Drawing
from surveyapp.collating.figures import QuestionFigures
from surveyapp.collating.figures_in_words import denominator_in_words

# In SVG user units: a page's chart fits a telephone, a downloaded one is as wide as the report's text.
PAGE_WIDTH, REPORT_WIDTH = 320, 640


def has_chart(figures: QuestionFigures) -> bool:
    """Whether the question has a chart: false until a return has answered it."""
    return bool(bars_of(figures))


def draw_chart(
    figures: QuestionFigures, *, filters_note: str = "", width: int = PAGE_WIDTH, titled: bool = True
) -> Markup:
    """Draw the chart of a question as SVG; empty where no return answered it.

    `filters_note` says which returns the filters keep. `width` is in SVG user units. `titled` is False
    where a caption names the question. The SVG's title and description hold every figure for screen readers.
    """
    bars = bars_of(figures)
    if not bars:
        return Markup()
    drawing = Drawing(f"chart-{figures.id}", width)
    if titled:
        drawing.text(figures.label, bold=True)
    for sentence in filter(None, (denominator_in_words(figures), filters_note)):
        drawing.text(sentence, size=SMALL_FONT_SIZE, ink=QUIET)
    drawing.y += GAP
    for bar in bars:
        if bar.label:
            drawing.text(bar.label)
        drawing.bar(bar)
    drawing.key(bars)
    drawing.text(_not_answered_in_words(figures), size=SMALL_FONT_SIZE, ink=QUIET)
    return drawing.svg(f"{figures.label}: chart", " ".join(_sentences(figures, bars)))


def chart_description(figures: QuestionFigures) -> str:
    """The chart of a question in sentences; empty where it has no chart."""
    bars = bars_of(figures)
    return " ".join(filter(None, _sentences(figures, bars))) if bars else ""


def chart_png(svg: str, *, dots: int = 3) -> bytes:
    """Render a chart's SVG as PNG with `dots` pixels to a user unit, always in our own font."""
    from resvg_py import svg_to_bytes

    fonts = files("font_source_sans_pro") / "files"
    return svg_to_bytes(
        svg_string=svg,
        zoom=dots,
        skip_system_fonts=True,
        font_files=[str(fonts / f"SourceSansPro-{weight}.ttf") for weight in ("Regular", "Bold")],
        sans_serif_family="Source Sans Pro",
    )


def _not_answered_in_words(figures: QuestionFigures) -> str:
    asked = f"Not answered: {figures.not_answered:,} of {figures.asked:,} returns."
    return f"{asked} Not asked: {figures.not_asked:,}." if figures.not_asked else asked


def _sentences(figures: QuestionFigures, bars: tuple[Bar, ...]) -> Iterator[str]:
    yield denominator_in_words(figures)
    for bar in bars:
        yield f"{bar.label}." if bar.label else " ".join(f"{segment.words}." for segment in bar.segments)
    yield _not_answered_in_words(figures)
