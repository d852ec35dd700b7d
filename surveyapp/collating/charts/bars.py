"""The bars of a question's chart before they are drawn: labels, shares and fill styles."""

from dataclasses import dataclass

from surveyapp.collating.figures import MULTIPLE_ANSWER_KINDS, OptionFigures, QuestionFigures
from surveyapp.foundation.words.shares import Share

INK, QUIET, PAPER = "#0b0c0c", "#484949", "#ffffff"


@dataclass(frozen=True)
class FillStyle:
    """The fill of one segment: colour, pattern, and the ink of a count printed on it."""

    fill: str
    pattern: str = ""
    ink: str = INK


# From dark to light, then with stripes, so that segments differ in greyscale too.
_SHADES = (
    FillStyle("#12436d", ink=PAPER),
    FillStyle("#2073bc", ink=PAPER),
    FillStyle("#6bace6"),
    FillStyle("#bfd9f2"),
    FillStyle("#12436d", "stripes"),
    FillStyle("#2073bc", "stripes"),
    FillStyle("#6bace6", "stripes"),
)


_DARK, _LIGHT = _SHADES[0], _SHADES[3]


_COUNTS_AS = {"not_applicable": FillStyle("#f3f2f1", "hatching"), "dont_know": FillStyle("#d3d6d8", "dots")}


# One to three answers get shades as far apart as possible.
_SPREAD_SHADES = {1: (0,), 2: (0, 3), 3: (0, 2, 3)}


@dataclass(frozen=True)
class Segment:
    """One answer in a bar; its length is its count."""

    label: str
    share: Share
    style: FillStyle

    @property
    def words(self) -> str:
        """The segment in the key: Yes: 58 of 70 (82.9%)."""
        return f"{self.label}: {self.share.count:,} of {self.share.of:,}{self.share.in_brackets}"


@dataclass(frozen=True)
class Bar:
    """One bar: a whole question without a label, or one option or checklist line with its label."""

    label: str
    segments: tuple[Segment, ...]


def bars_of(figures: QuestionFigures) -> tuple[Bar, ...]:
    """The bars of a question's chart; none where no return answered it.

    A question with one answer is one bar of all its answers; a checklist has a bar for each line, and a
    question with several answers one for each option.
    """
    if not figures.answered:
        return ()
    if figures.lines:
        pairs = [(line.label, line.rows[0], line.rows[1].share) for line in figures.lines]
        return tuple(
            _pair(label, row, "Yes", no_share, "No")
            for label, row, no_share in pairs
            if row.share and no_share
        )
    rows = [row for row in figures.rows if row.share is not None and row.share.of]
    if figures.question.kind in MULTIPLE_ANSWER_KINDS:
        return tuple(
            _pair(row.label, row, "Chosen", Share(row.share.of - row.share.count, row.share.of), "Not chosen")
            for row in rows
            if row.share
        )
    styles = _fill_styles(rows)
    segments = tuple(Segment(row.label, row.share, styles[row.value]) for row in rows if row.share)
    return (Bar("", segments),) if segments else ()


def _pair(label: str, row: OptionFigures, first: str, rest: Share, second: str) -> Bar:
    share = row.share or Share(0, 0)
    figure = f"{label}: {share.count:,} of {share.of:,}{share.in_brackets}"
    return Bar(figure, (Segment(first, share, _DARK), Segment(second, rest, _LIGHT)))


def _fill_styles(rows: list[OptionFigures]) -> dict[str, FillStyle]:
    plain = [row.value for row in rows if row.counts_as is None]
    order = _SPREAD_SHADES.get(len(plain), tuple(range(len(_SHADES))))
    styles = {value: _SHADES[order[place % len(order)]] for place, value in enumerate(plain)}
    return styles | {row.value: _COUNTS_AS[row.counts_as] for row in rows if row.counts_as}
