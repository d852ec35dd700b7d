"""The one-page learning brief as plain values: its facts, what people write, its blocks in reading order."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from surveyapp.foundation.settings import SMALL_NUMBER
from surveyapp.foundation.words.shares import Share

Look = Literal["plain", "worry", "good", "theme", "pair", "callout", "figure"]


@dataclass(frozen=True)
class Child:
    """One child of the audit, as far as a brief or its checks need to know; `age_months` None: not known."""

    age_months: int | None = None
    unborn: bool = False
    gender: str = ""
    category: str = ""
    plan: str = ""
    sibling_group: str = ""
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Organisation:
    """An agency that was asked: on how many children it returned answers; a nil return audits nothing."""

    name: str
    kind: str
    returns: int


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
class AuditFacts:
    """What an audit says of itself: nobody types it, so it is true whenever the brief is printed.

    `children` are those on whom at least one organisation returned answers; `cases` is how many were chosen.
    Fewer children than `threshold` are asked about before release.
    """

    theme: str
    aim: str
    partnership: str
    month: date | None
    cases: int
    children: tuple[Child, ...]
    organisations: tuple[Organisation, ...]
    threshold: int = SMALL_NUMBER
    # What the children are called among those who answered; it stands in nothing that leaves.
    pseudonyms: tuple[str, ...] = ()

    @property
    def audited(self) -> tuple[Organisation, ...]:
        """The organisations that returned answers."""
        return tuple(each for each in self.organisations if each.returns)

    @property
    def organisations_without_returns(self) -> tuple[Organisation, ...]:
        """Those that were asked and returned none."""
        return tuple(each for each in self.organisations if not each.returns)

    @property
    def returns(self) -> int:
        """How many returns with answers there are."""
        return sum(each.returns for each in self.organisations)


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
