"""The learning brief as plain values: the text that people write, and the blocks of the page."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from surveyapp.foundation.words.shares import Share

Look = Literal["plain", "worry", "good", "theme", "pair", "callout", "figure"]


@dataclass(frozen=True)
class Resource:
    """A tool, policy or review that a brief links to: its name, what it is, and its address."""

    name: str
    what: str
    address: str


@dataclass(frozen=True)
class BriefBar:
    """A bar of the chart: one answer, and its share of the returns that answered."""

    label: str
    share: Share

    @property
    def quoted(self) -> str:
        """The figure printed beside the bar, such as 58 of 70 (82.9%)."""
        return f"{self.share.count:,} of {self.share.of:,}{self.share.in_brackets}"


@dataclass(frozen=True)
class BriefChart:
    """A bar chart of the answers to one question; it counts returns."""

    title: str
    bars: tuple[BriefBar, ...]

    @property
    def description(self) -> str:
        """The chart in words, for people who cannot see it."""
        bars = "; ".join(f"{bar.label}: {bar.quoted}" for bar in self.bars)
        return f"Bar chart of returns. {self.title}. {bars}."


@dataclass(frozen=True)
class LearningTheme:
    """A theme for learning: a title and its points."""

    title: str = ""
    points: tuple[str, ...] = ()


@dataclass(frozen=True)
class FoundAndNeeded:
    """What the audit found on one matter, and what needs to happen."""

    title: str = ""
    found: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()


@dataclass(frozen=True)
class BriefText:
    """The text that people write into a brief; any field may be empty. `**word**` is printed bold."""

    audited_on: date | None = None
    cohort: str = ""
    aim: str = ""
    discussed: int | None = None
    shows_splits: bool = False
    worries: tuple[str, ...] = ()
    good_practice: tuple[str, ...] = ()
    themes: tuple[LearningTheme, ...] = ()
    pairs: tuple[FoundAndNeeded, ...] = ()
    callouts: tuple[str, ...] = ()
    # The id of the question shown as a chart; empty for no chart.
    question: str = ""


_PLACES: dict[str, Literal["head", "foot"]] = {
    "about": "head",
    "children": "head",
    "organisations": "foot",
    "links": "foot",
}


@dataclass(frozen=True)
class BriefSection:
    """A block of the page: a heading, paragraphs, points, a chart or links, and a second list of points."""

    name: str
    heading: str
    look: Look = "plain"
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    then_heading: str = ""
    then_points: tuple[str, ...] = ()
    chart: BriefChart | None = None
    links: tuple[Resource, ...] = ()

    @property
    def place(self) -> Literal["head", "column", "foot"]:
        """Where the block is printed: above the columns, in one of them, or below them."""
        return _PLACES.get(self.name, "column")

    @property
    def texts(self) -> tuple[str, ...]:
        """All text of the block, in reading order."""
        bars = [f"{bar.label}: {bar.quoted}" for bar in (self.chart.bars if self.chart else ())]
        links = [f"{resource.name}: {resource.what}" for resource in self.links]
        then = [self.then_heading] if self.then_heading else []
        return (self.heading, *self.paragraphs, *self.points, *bars, *links, *then, *self.then_points)


@dataclass(frozen=True)
class Brief:
    """A whole brief in reading order, ready to be written as PDF or as a slide."""

    title: str
    author: str
    foot: str
    sections: tuple[BriefSection, ...] = field(default=())
