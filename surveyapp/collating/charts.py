"""Charts: a bar of 100 per cent for each thing asked, as SVG that needs neither style nor script."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from markupsafe import Markup, escape

from surveyapp.collating.figures import OptionFigures, QuestionFigures
from surveyapp.collating.figures_in_words import denominator_in_words
from surveyapp.collating.queries import MULTIPLE_ANSWER_KINDS
from surveyapp.foundation.words.shares import Share

# On a page a chart is as narrow as a telephone; a downloaded one is as wide as a report's text.
PAGE_WIDTH, REPORT_WIDTH = 320, 640
_SIZE, _SMALL, _LINE, _BAR, _GAP = 14, 12, 19, 28, 10
# How wide Arial's letters are at most, as a part of their size: narrow ones, wide ones, all others.
_WIDTHS = dict.fromkeys("ijl|.,:;!’‘'()[]/ ftrI", 0.34) | dict.fromkeys("mwMW@%—", 1.0)
_LETTER, _CAPITAL, _BOLDER = 0.56, 0.78, 1.06
_ANY_SCRIPT = 1.0
_INK, _QUIET, _PAPER = "#0b0c0c", "#484949", "#ffffff"


@dataclass(frozen=True)
class _FillStyle:
    """How a part of a bar is filled, so that two parts differ in greyscale too."""

    fill: str
    pattern: str = ""
    ink: str = _INK


# From dark to light; once these are used up, they come again striped.
_SHADES = (
    _FillStyle("#12436d", ink=_PAPER),
    _FillStyle("#2073bc", ink=_PAPER),
    _FillStyle("#6bace6"),
    _FillStyle("#bfd9f2"),
    _FillStyle("#12436d", "stripes"),
    _FillStyle("#2073bc", "stripes"),
    _FillStyle("#6bace6", "stripes"),
)
_DARK, _LIGHT = _SHADES[0], _SHADES[3]
_COUNTS_AS = {"not_applicable": _FillStyle("#f3f2f1", "hatching"), "dont_know": _FillStyle("#d3d6d8", "dots")}
# Few answers are set as far apart as the shades allow.
_SPREAD_SHADES = {1: (0,), 2: (0, 3), 3: (0, 2, 3)}


@dataclass(frozen=True)
class _Segment:
    label: str
    share: Share
    look: _FillStyle

    @property
    def words(self) -> str:
        """What the key says of it: Yes: 58 of 70 (82.9%)."""
        return f"{self.label}: {self.share.count:,} of {self.share.of:,}{self.share.in_brackets}"


@dataclass(frozen=True)
class _Bar:
    label: str
    segments: tuple[_Segment, ...]


def has_chart(figures: QuestionFigures) -> bool:
    """Whether there is anything to draw."""
    return bool(_bars(figures))


def draw_chart(
    figures: QuestionFigures, *, kept: str = "", width: int = PAGE_WIDTH, titled: bool = True
) -> Markup:
    """Draw the chart of a question; nothing where no return answered it.

    `kept` says which returns were chosen, `width` is in user units; where a caption names the question, the
    drawing need not be `titled`. The counts stand on the bars and in the key; title and description say all
    of it to a screen reader.
    """
    bars = _bars(figures)
    if not bars:
        return Markup()
    drawing = _Drawing(f"chart-{figures.id}", width)
    if titled:
        drawing.text(figures.label, bold=True)
    for words in filter(None, (denominator_in_words(figures), kept)):
        drawing.text(words, size=_SMALL, ink=_QUIET)
    drawing.y += _GAP
    for bar in bars:
        if bar.label:
            drawing.text(bar.label)
        drawing.bar(bar)
    drawing.key(bars)
    drawing.text(_not_answered_in_words(figures), size=_SMALL, ink=_QUIET)
    return drawing.svg(f"{figures.label}: chart", " ".join(_sentences(figures, bars)))


def chart_description(figures: QuestionFigures) -> str:
    """What the chart of a question shows, in sentences; empty where there is none."""
    bars = _bars(figures)
    return " ".join(filter(None, _sentences(figures, bars))) if bars else ""


def chart_png(svg: str, *, dots: int = 3) -> bytes:
    """The same chart as a picture, `dots` to a unit, with letters of our own wherever it runs."""
    from resvg_py import svg_to_bytes  # noqa: PLC0415 — a heavy library, imported where used

    letters = files("font_source_sans_pro") / "files"
    return svg_to_bytes(
        svg_string=svg,
        zoom=dots,
        skip_system_fonts=True,
        font_files=[str(letters / f"SourceSansPro-{weight}.ttf") for weight in ("Regular", "Bold")],
        sans_serif_family="Source Sans Pro",
    )


def _bars(figures: QuestionFigures) -> tuple[_Bar, ...]:
    if not figures.answered:
        return ()
    if figures.lines:
        pairs = [(line.label, line.rows[0], line.rows[1].share) for line in figures.lines]
        return tuple(_pair(label, row, "Yes", rest, "No") for label, row, rest in pairs if row.share and rest)
    rows = [row for row in figures.rows if row.share is not None and row.share.of]
    if figures.question.kind in MULTIPLE_ANSWER_KINDS:
        return tuple(
            _pair(row.label, row, "Chosen", Share(row.share.of - row.share.count, row.share.of), "Not chosen")
            for row in rows
            if row.share
        )
    looks = _fill_styles(rows)
    segments = tuple(_Segment(row.label, row.share, looks[row.value]) for row in rows if row.share)
    return (_Bar("", segments),) if segments else ()


def _pair(label: str, row: OptionFigures, first: str, rest: Share, second: str) -> _Bar:
    share = row.share or Share(0, 0)
    figure = f"{label}: {share.count:,} of {share.of:,}{share.in_brackets}"
    return _Bar(figure, (_Segment(first, share, _DARK), _Segment(second, rest, _LIGHT)))


def _fill_styles(rows: list[OptionFigures]) -> dict[str, _FillStyle]:
    plain = [row.value for row in rows if row.counts_as is None]
    order = _SPREAD_SHADES.get(len(plain), tuple(range(len(_SHADES))))
    looks = {value: _SHADES[order[place % len(order)]] for place, value in enumerate(plain)}
    return looks | {row.value: _COUNTS_AS[row.counts_as] for row in rows if row.counts_as}


def _not_answered_in_words(figures: QuestionFigures) -> str:
    asked = f"Not answered: {figures.not_answered:,} of {figures.asked:,} returns."
    return f"{asked} Not asked: {figures.not_asked:,}." if figures.not_asked else asked


def _sentences(figures: QuestionFigures, bars: tuple[_Bar, ...]) -> Iterator[str]:
    yield denominator_in_words(figures)
    for bar in bars:
        yield f"{bar.label}." if bar.label else " ".join(f"{each.words}." for each in bar.segments)
    yield _not_answered_in_words(figures)


def _width(words: str) -> float:
    """About how wide words are, in parts of the size of their letters; never too little."""
    return sum(_WIDTHS.get(each) or _width_of_other(each) for each in words)


def _width_of_other(letter: str) -> float:
    if letter.isupper():
        return _CAPITAL
    return _LETTER if letter < "Ͱ" or letter in "“”–" else _ANY_SCRIPT


def _lines(words: str, room: float) -> Iterator[str]:
    """Words in lines that fit; one too long for a line is broken."""
    line = ""
    for word in words.split():
        longer = f"{line} {word}".strip()
        if _width(longer) <= room:
            line = longer
            continue
        if line:
            yield line
        line = ""
        for letter in word:
            if line and _width(line + letter) > room:
                yield line
                line = ""
            line += letter
    if line:
        yield line


class _Drawing:
    """A chart under way: `y` is how far down it has come."""

    def __init__(self, name: str, width: int) -> None:
        self.name, self.width, self.y = name, width, 0
        self.parts: list[Markup] = []

    def text(
        self, words: str, *, size: int = _SIZE, bold: bool = False, ink: str = _INK, left: int = 0
    ) -> None:
        """Set words from the left, in as many lines as they need."""
        for line in _lines(words, (self.width - left) / size / (_BOLDER if bold else 1)):
            self.y += _LINE
            weight = Markup(' font-weight="700"') if bold else ""
            self.parts.append(
                Markup('<text x="{}" y="{}" font-size="{}" fill="{}"{}>{}</text>').format(
                    left, self.y - 5, size, ink, weight, line
                )
            )

    def bar(self, bar: _Bar) -> None:
        """Draw one bar over the whole width, with a count on each part that has room for it."""
        of, done = sum(each.share.count for each in bar.segments), 0
        for each in bar.segments:
            if not each.share.count:
                continue
            left, right = self._at(done, of), self._at(done + each.share.count, of)
            self._block(left, self.y, right - left, _BAR, each.look)
            self._count(f"{each.share.count:,}", left, right, each.look)
            done += each.share.count
        self.y += _BAR + _GAP

    def _at(self, count: int, of: int) -> float:
        return round(self.width * count / of, 1)

    def _count(self, words: str, left: float, right: float, look: _FillStyle) -> None:
        wide = _width(words) * _SIZE * _BOLDER + 6
        if right - left < wide:
            return
        middle = round((left + right) / 2, 1)
        if look.pattern:
            self.parts.append(
                Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>').format(
                    round(middle - wide / 2, 1), self.y + 4, round(wide, 1), _BAR - 8, _PAPER
                )
            )
        self.parts.append(
            Markup(
                '<text x="{}" y="{}" font-size="{}" font-weight="700" text-anchor="middle" '
                'fill="{}">{}</text>'
            ).format(middle, self.y + _BAR / 2 + 5, _SIZE, look.ink, words)
        )

    def _block(self, left: float, top: float, width: float, height: float, look: _FillStyle) -> None:
        box = Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}"/>')
        # A line half a unit wide goes round each part, and the thinnest part at the end stays in the drawing.
        left = min(left + 0.5, self.width - 1)
        sides = (round(left, 1), top + 0.5, round(max(width - 1, 0.5), 1), height - 1)
        self.parts.append(box.format(*sides, look.fill, _INK))
        if look.pattern:
            self.parts.append(box.format(*sides, f"url(#{self.name}-{look.pattern})", _INK))

    def key(self, bars: tuple[_Bar, ...]) -> None:
        """Say what each filling stands for; where there is one bar, with its figures."""
        for each in bars[0].segments:
            self._block(0, self.y + 4, 14, 14, each.look)
            self.text(each.label if bars[0].label else each.words, left=22)
            self.y += 3

    def svg(self, title: str, description: str) -> Markup:
        """The whole drawing."""
        used = Markup().join(
            _PATTERNS[name].format(f"{self.name}-{name}")
            for name in _PATTERNS
            if any(f"#{self.name}-{name})" in part for part in self.parts)
        )
        return Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" class="survey-chart" viewBox="0 0 {0} {1}" role="img" '
            'aria-labelledby="{2}-title {2}-desc" font-family="Arial, sans-serif">'
            '<title id="{2}-title">{3}</title><desc id="{2}-desc">{4}</desc>'
            "<defs>{5}</defs>"
            '<rect width="{0}" height="{1}" fill="{6}"/>{7}</svg>'
        ).format(
            self.width,
            self.y + 4,
            self.name,
            escape(title),
            escape(description),
            used,
            _PAPER,
            Markup().join(self.parts),
        )


_PATTERNS = {
    "stripes": Markup(
        '<pattern id="{}" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="3" height="8" fill="#ffffff"/></pattern>'
    ),
    "hatching": Markup(
        '<pattern id="{}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="1.5" height="6" fill="#484949"/></pattern>'
    ),
    "dots": Markup(
        '<pattern id="{}" width="6" height="6" patternUnits="userSpaceOnUse">'
        '<circle cx="3" cy="3" r="1.2" fill="#484949"/></pattern>'
    ),
}
