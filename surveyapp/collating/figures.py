"""The figures of an audit: how many returns gave each answer, out of how many, and by which rule."""

from dataclasses import dataclass, field

from surveyapp.collating.filters import Filters
from surveyapp.defining.definition import Question
from surveyapp.defining.kinds.registry import QUESTION_KINDS
from surveyapp.foundation.settings_list import SMALL_NUMBER
from surveyapp.foundation.words.shares import Share, counted
from surveyapp.tracking.tally import Tally

# The kinds of question to which one return may give several answers, so that answers are not returns.
MULTIPLE_ANSWER_KINDS = frozenset(name for name, kind in QUESTION_KINDS.items() if kind.gives_several_answers)


@dataclass(frozen=True)
class DenominatorRule:
    """Which answers count in the denominator; printed beside every figure it applies to (stories F3, 4.8)."""

    not_applicable: bool = True
    dont_know: bool = True

    def leaves_out(self, counts_as: str | None) -> bool:
        """Whether answers with this `counts_as` are left out of the denominator."""
        return (counts_as == "not_applicable" and not self.not_applicable) or (
            counts_as == "dont_know" and not self.dont_know
        )

    @property
    def words(self) -> str:
        """The rule in words, as printed beside a figure."""
        return (
            f"“Not applicable” {'counted' if self.not_applicable else 'left out'}, "
            f"“don’t know” {'counted' if self.dont_know else 'left out'}"
        )


@dataclass(frozen=True)
class OptionFigures:
    """One option of a question: how many returns chose it, and the share.

    `share` is None for an option that the rule leaves out of the denominator; `count` is set all the same.
    """

    value: str
    label: str
    count: int
    share: Share | None
    counts_as: str | None = None

    @property
    def quoted(self) -> str:
        """The figure as people copy it into a document: 58 of 70 returns (82.9%)."""
        if self.share is None:
            return f"{counted(self.count, 'return')}, left out of the figures"
        return f"{self.share.count:,} of {counted(self.share.of, 'return')}{self.share.in_brackets}"


@dataclass(frozen=True)
class PartFigures:
    """Figures of one question, or of one line of a checklist. Counts are of returns."""

    id: str
    label: str
    asked: int
    answered: int
    rows: tuple[OptionFigures, ...]

    @property
    def not_answered(self) -> int:
        """How many returns left it blank, which is neither "no" nor "don't know"."""
        return self.asked - self.answered

    @property
    def dont_know(self) -> int:
        """How many returns answered "don't know"."""
        return sum(row.count for row in self.rows if row.counts_as == "dont_know")

    @property
    def blank(self) -> Share:
        """The share of the returns asked that left it blank."""
        return Share(self.not_answered, self.asked)


@dataclass(frozen=True)
class QuestionFigures(PartFigures):
    """Figures of one question; a checklist has a part for each of its lines, and no rows of its own."""

    question: Question = field(kw_only=True)
    not_asked: int = field(kw_only=True)
    commented: int = field(kw_only=True)
    lines: tuple[PartFigures, ...] = field(default=(), kw_only=True)

    @property
    def parts(self) -> tuple[PartFigures, ...]:
        """The parts that have rows: the lines of a checklist, otherwise the question itself."""
        return self.lines or ((self,) if self.rows else ())


@dataclass(frozen=True)
class Collation:
    """All figures of an audit, for the returns that the filters keep.

    `returns` and `cases` count the returns with answers behind the figures, and their cases; outstanding, nil
    and withdrawn ones are not among them. `tally` is of the whole audit, whatever the filters. Figures of
    fewer returns or cases than `threshold` can identify a child or a person. `themes` are id, heading and
    questions of each theme.
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
        """The figures of every question, in the report's order."""
        return tuple(figures for _, _, questions in self.themes for figures in questions)

    def question(self, name: str) -> QuestionFigures:
        """The figures of the question with this id. Raises KeyError for an unknown id."""
        for figures in self.questions:
            if figures.id == name:
                return figures
        raise KeyError(name)

    @property
    def most_dont_know(self) -> tuple[tuple[QuestionFigures, OptionFigures], ...]:
        """The three questions that most returns answered with "don't know", most first, each with that row.

        Fewer where fewer questions have such answers; for a checklist, the line with the most.
        """
        unknown = [
            (figures, max(rows, key=lambda row: row.count))
            for figures in self.questions
            if (rows := [row for part in figures.parts for row in part.rows if row.counts_as == "dont_know"])
        ]
        counted_rows = [(figures, row) for figures, row in unknown if row.count]
        return tuple(sorted(counted_rows, key=lambda pair: -pair[1].count)[:3])

    @property
    def is_small(self) -> bool:
        """Whether the figures rest on so few returns or cases that they could identify somebody."""
        return 0 < self.returns < self.threshold or 0 < self.cases < self.threshold
