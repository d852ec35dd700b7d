"""The figures of an audit: what was answered to each question, out of how many, by which rule."""

from dataclasses import dataclass, field

from surveyapp.collating.filters import Filters
from surveyapp.defining.definition import Question
from surveyapp.foundation.settings_list import SMALL_NUMBER
from surveyapp.foundation.words.shares import Share, counted
from surveyapp.tracking.request_state import Tally


@dataclass(frozen=True)
class DenominatorRule:
    """Which answers stand in the denominator; printed beside every figure it rules (stories F3, 4.8)."""

    not_applicable: bool = True
    dont_know: bool = True

    def leaves_out(self, counts_as: str | None) -> bool:
        """Whether answers that count as this are left out of the denominator."""
        return (counts_as == "not_applicable" and not self.not_applicable) or (
            counts_as == "dont_know" and not self.dont_know
        )

    @property
    def words(self) -> str:
        """The rule in words, as it stands beside a figure."""
        return (
            f"“Not applicable” {'counted' if self.not_applicable else 'left out'}, "
            f"“don’t know” {'counted' if self.dont_know else 'left out'}"
        )


@dataclass(frozen=True)
class OptionFigures:
    """One answer that may be given: how many returns gave it, and the share where it stands in one.

    `share` is None for an answer that the rule leaves out of the denominator; `count` is known all the same.
    """

    value: str
    label: str
    count: int
    share: Share | None
    counts_as: str | None = None

    @property
    def quoted(self) -> str:
        """The figure as it may be copied into a document: 58 of 70 returns (82.9%)."""
        if self.share is None:
            return f"{counted(self.count, 'return')}, left out of the figures"
        return f"{self.share.count:,} of {counted(self.share.of, 'return')}{self.share.in_brackets}"


@dataclass(frozen=True)
class PartFigures:
    """The figures of one thing asked: a question, or one line of a checklist. Counts are of returns."""

    id: str
    label: str
    asked: int
    answered: int
    rows: tuple[OptionFigures, ...]

    @property
    def not_answered(self) -> int:
        """Asked and left blank: neither "no" nor "don't know"."""
        return self.asked - self.answered

    @property
    def dont_know(self) -> int:
        """How many returns answered that they do not know."""
        return sum(row.count for row in self.rows if row.counts_as == "dont_know")

    @property
    def blank(self) -> Share:
        """Not answered, out of those asked."""
        return Share(self.not_answered, self.asked)


@dataclass(frozen=True)
class QuestionFigures(PartFigures):
    """The figures of one question; a checklist has one part for each of its lines, and no rows of its own."""

    question: Question = field(kw_only=True)
    not_asked: int = field(kw_only=True)
    commented: int = field(kw_only=True)
    lines: tuple[PartFigures, ...] = field(default=(), kw_only=True)

    @property
    def parts(self) -> tuple[PartFigures, ...]:
        """Whatever has rows here: the question itself, or its lines."""
        return self.lines or ((self,) if self.rows else ())


@dataclass(frozen=True)
class Collation:
    """All figures of an audit, for the returns that the filters keep.

    `returns` are those with answers that stand behind the figures: not outstanding, nil or withdrawn.
    `tally` is of the whole audit, whatever the filters keep. Fewer returns or cases than `threshold` can
    point at a child or a person.
    """

    audit_id: int
    title: str
    tally: Tally
    returns: int
    cases: int
    filters: Filters
    rule: DenominatorRule
    themes: tuple[tuple[str, str, tuple[QuestionFigures, ...]], ...]
    not_collated: tuple[str, ...] = ()
    threshold: int = SMALL_NUMBER

    @property
    def questions(self) -> tuple[QuestionFigures, ...]:
        """Every question, in the report's order."""
        return tuple(each for _, _, figures in self.themes for each in figures)

    def question(self, name: str) -> QuestionFigures:
        """The figures of the question with this id; KeyError when there is none."""
        for each in self.questions:
            if each.id == name:
                return each
        raise KeyError(name)

    @property
    def most_dont_know(self) -> tuple[tuple[QuestionFigures, OptionFigures], ...]:
        """The three questions that most returns answered with "don't know", most first, each with that row.

        Fewer where fewer have such an answer; of a checklist, the line with most.
        """
        found = [
            (figures, max(rows, key=lambda row: row.count))
            for figures in self.questions
            if (rows := [row for part in figures.parts for row in part.rows if row.counts_as == "dont_know"])
        ]
        return tuple(sorted((each for each in found if each[1].count), key=lambda each: -each[1].count)[:3])

    @property
    def is_small(self) -> bool:
        """Whether so few returns or cases stand behind these figures that they could point at somebody."""
        return 0 < self.returns < self.threshold or 0 < self.cases < self.threshold
