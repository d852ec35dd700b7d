"""Draws the bars of a chart as SVG that needs neither style sheet nor script."""

from markupsafe import Markup, escape

from surveyapp.collating.charts.bars import INK, PAPER, Bar, FillStyle
from surveyapp.collating.charts.text_widths import BOLD_FACTOR, text_width, wrapped_lines

# In SVG user units: font sizes, the height of a line and of a bar, and the space below a bar.
FONT_SIZE, SMALL_FONT_SIZE, LINE_HEIGHT, BAR_HEIGHT, GAP = 14, 12, 19, 28, 10

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


class Drawing:
    """An SVG drawing that grows downwards; `y` is its height so far, in user units."""

    def __init__(self, name: str, width: int) -> None:
        self.name, self.width, self.y = name, width, 0
        self.parts: list[Markup] = []

    def text(
        self, text: str, *, size: int = FONT_SIZE, bold: bool = False, ink: str = INK, left: int = 0
    ) -> None:
        """Add text from `left`, on as many lines as it needs."""
        for line in wrapped_lines(text, (self.width - left) / size / (BOLD_FACTOR if bold else 1)):
            self.y += LINE_HEIGHT
            weight = Markup(' font-weight="700"') if bold else ""
            self.parts.append(
                Markup('<text x="{}" y="{}" font-size="{}" fill="{}"{}>{}</text>').format(
                    left, self.y - 5, size, ink, weight, line
                )
            )

    def bar(self, bar: Bar) -> None:
        """Add a bar over the whole width, with a count on each segment that has room for it."""
        total, drawn = sum(segment.share.count for segment in bar.segments), 0
        for segment in bar.segments:
            count = segment.share.count
            if not count:
                continue
            left, right = self._x_of(drawn, total), self._x_of(drawn + count, total)
            self._block(left, self.y, right - left, BAR_HEIGHT, segment.style)
            self._count(f"{count:,}", left, right, segment.style)
            drawn += count
        self.y += BAR_HEIGHT + GAP

    def _x_of(self, count: int, total: int) -> float:
        return round(self.width * count / total, 1)

    def _count(self, text: str, left: float, right: float, style: FillStyle) -> None:
        width = text_width(text) * FONT_SIZE * BOLD_FACTOR + 6
        if right - left < width:
            return
        middle = round((left + right) / 2, 1)
        if style.pattern:
            self.parts.append(
                Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>').format(
                    round(middle - width / 2, 1), self.y + 4, round(width, 1), BAR_HEIGHT - 8, PAPER
                )
            )
        self.parts.append(
            Markup(
                '<text x="{}" y="{}" font-size="{}" font-weight="700" text-anchor="middle" '
                'fill="{}">{}</text>'
            ).format(middle, self.y + BAR_HEIGHT / 2 + 5, FONT_SIZE, style.ink, text)
        )

    def _block(self, left: float, top: float, width: float, height: float, style: FillStyle) -> None:
        box = Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}"/>')
        # The outline is drawn inside the segment, and the thinnest last segment stays within the drawing.
        left = min(left + 0.5, self.width - 1)
        sides = (round(left, 1), top + 0.5, round(max(width - 1, 0.5), 1), height - 1)
        self.parts.append(box.format(*sides, style.fill, INK))
        if style.pattern:
            self.parts.append(box.format(*sides, f"url(#{self.name}-{style.pattern})", INK))

    def key(self, bars: tuple[Bar, ...]) -> None:
        """Add the key of the fill styles; with the figures where there is only one bar."""
        for segment in bars[0].segments:
            self._block(0, self.y + 4, 14, 14, segment.style)
            self.text(segment.label if bars[0].label else segment.words, left=22)
            self.y += 3

    def svg(self, title: str, description: str) -> Markup:
        """The finished drawing, with the title and description that screen readers use."""
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
            PAPER,
            Markup().join(self.parts),
        )
