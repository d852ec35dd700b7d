"""The one-page learning brief as plain values: its facts, what people write, its blocks in reading order."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from surveyapp.foundation.words.shares import Share

Look = Literal["plain", "worry", "good", "theme", "pair", "callout", "figure"]


@dataclass(frozen=True)
class Resource:
    """A tool, policy or review that a brief points to: its name, what it is, and its address."""

    name: str
    what: str
    address: str


@dataclass(frozen=True)
class Bar:
    """One answer of the chart: how many returns gave it, out of how many answered."""

    label: str
    share: Share

    @property
    def quoted(self) -> str:
        """The figure as it stands beside its bar: 58 of 70 (82.9%)."""
        return f"{self.share.count:,} of {self.share.of:,}{self.share.in_brackets}"


@dataclass(frozen=True)
class BriefChart:
    """One question of the audit as bars; it counts returns."""

    title: str
    bars: tuple[Bar, ...]

    @property
    def description(self) -> str:
        """The chart in words, for those who do not see it."""
        said = "; ".join(f"{each.label}: {each.quoted}" for each in self.bars)
        return f"Bar chart of returns. {self.title}. {said}."


@dataclass(frozen=True)
class LearningTheme:
    """A theme for learning: its title, and its points."""

    title: str = ""
    points: tuple[str, ...] = ()


@dataclass(frozen=True)
class FoundAndNeeded:
    """What was found, and what needs to happen."""

    title: str = ""
    found: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()


@dataclass(frozen=True)
class BriefText:
    """What people write into a brief; everything may be empty. `**word**` prints bold."""

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
    # The id of the question whose answers stand as a chart; empty: none.
    question: str = ""


_PLACES: dict[str, Literal["head", "foot"]] = {
    "about": "head",
    "children": "head",
    "organisations": "foot",
    "links": "foot",
}


@dataclass(frozen=True)
class BriefSection:
    """One block of the page: a heading, then paragraphs, points, bars, links, and what follows from it."""

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
        """Where it stands: above the columns, in one of them, or below them."""
        return _PLACES.get(self.name, "column")

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that is read in it, in reading order."""
        bars = [f"{each.label}: {each.quoted}" for each in (self.chart.bars if self.chart else ())]
        links = [f"{each.name}: {each.what}" for each in self.links]
        then = [self.then_heading] if self.then_heading else []
        return (self.heading, *self.paragraphs, *self.points, *bars, *links, *then, *self.then_points)


@dataclass(frozen=True)
class Brief:
    """A whole brief in reading order, ready for either kind of file."""

    title: str
    author: str
    foot: str
    sections: tuple[BriefSection, ...] = field(default=())
