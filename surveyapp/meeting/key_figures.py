"""The key figures of an audit: those on which findings rest, then those with the largest share."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from surveyapp.collating.figures import Collation, QuestionFigures
from surveyapp.concluding.conclusions_in_words import questions_in_order
from surveyapp.concluding.models import Finding
from surveyapp.defining.definition import AuditForm
from surveyapp.foundation.words.dates_and_lists import list_in_words
from surveyapp.foundation.words.shares import counted

# As many as fit on the page with everything else.
MOST_FIGURES = 6


@dataclass(frozen=True)
class KeyFigure:
    """The figures of one question, and the numbers of the findings that rest on it."""

    figures: QuestionFigures
    findings: tuple[int, ...] = ()

    @property
    def question(self) -> str:
        """The question with its number in the form."""
        return f"{self.figures.question.number}. {self.figures.label}"

    @property
    def findings_in_words(self) -> str:
        """The findings that rest on it: Finding 1, Findings 1 and 2, or No finding."""
        if not self.findings:
            return "No finding"
        numbers = list_in_words([str(number) for number in self.findings])
        return f"{'Findings' if len(self.findings) > 1 else 'Finding'} {numbers}"

    @property
    def in_words(self) -> str:
        """Its shares and what they are out of: Of 70 returns: Yes 58 (82.9%); No 4 (5.7%).

        A checklist has the “yes” of each line; a question without shares has the number of answers.
        """
        parts = [(line.label, line.rows[0]) for line in self.figures.lines]
        parts = parts or [(row.label, row) for row in self.figures.rows]
        shares = [row.share for _, row in parts if row.share]
        denominator = counted(shares[0].of if shares else self.figures.asked, "return")
        counts = [
            f"{label} {row.count:,}{row.share.in_brackets if row.share else ''}" for label, row in parts
        ] or [f"Answered {self.figures.answered:,}"]
        return f"Of {denominator}: {'; '.join(counts)}."


@dataclass(frozen=True)
class KeyFigures:
    """The chosen figures in reading order; `left_out` counts those of findings that had no room."""

    figures: tuple[KeyFigure, ...]
    left_out: int


def key_figures(collation: Collation, findings: Sequence[Finding], form: AuditForm) -> KeyFigures:
    """Choose at most six figures: the strongest of each finding, then its second, then the strongest others.

    They are in the order of the findings, and within a finding in the form's order; figures of no finding
    come last, the strongest first.
    """
    figures_by_id = {figures.id: figures for figures in collation.questions}
    resting = {
        finding.position: [name for name in questions_in_order(finding, form) if name in figures_by_id]
        for finding in findings
    }
    strongest = sorted(figures_by_id, key=lambda name: -largest_share(figures_by_id[name]))
    of_findings = _interleaved([[name for name in strongest if name in mine] for mine in resting.values()])
    # A question without answers is shown only if a finding rests on it.
    other_names = [
        name for name in strongest if name not in of_findings and largest_share(figures_by_id[name])
    ]
    chosen = [*of_findings, *other_names][:MOST_FIGURES]
    in_order = dict.fromkeys([*(name for mine in resting.values() for name in mine), *other_names])
    return KeyFigures(
        tuple(
            KeyFigure(figures_by_id[name], tuple(number for number, mine in resting.items() if name in mine))
            for name in in_order
            if name in chosen
        ),
        left_out=len(set(of_findings) - set(chosen)),
    )


def largest_share(figures: QuestionFigures) -> Decimal:
    """The largest share of returns with one answer, in per cent; 0 for a question without shares.

    “Not applicable” is left out, since it says nothing about practice.
    """
    shares = [row.share for row in figures.rows if row.share and row.counts_as != "not_applicable"]
    return max((share.percent or Decimal(0) for share in shares), default=Decimal(0))


def _interleaved(lists: list[list[str]]) -> list[str]:
    """The first of each list, then the second of each, and so on, without repetition."""
    longest = max(map(len, lists), default=0)
    return list(dict.fromkeys(names[turn] for turn in range(longest) for names in lists if turn < len(names)))
