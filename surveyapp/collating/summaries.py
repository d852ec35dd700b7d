"""Turns answer counts into figures, by kind of question; a new kind needs a line in SUMMARIES."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from surveyapp.collating.figures import DenominatorRule, OptionFigures, PartFigures, QuestionFigures
from surveyapp.defining.definition import COMMENT, Question
from surveyapp.defining.kinds.registry import QUESTION_KINDS
from surveyapp.foundation.words.shares import Share


@dataclass(frozen=True)
class AnswerCounts:
    """Counts of returns for one question, as SQL gives them.

    `chosen` is by item and option; `answered` counts the returns with any answer other than a comment.
    """

    asked: int
    not_asked: int
    answered: int
    chosen: Mapping[tuple[str, str], int]
    # For questions with several answers: returns with an answer that the rule counts. None for others.
    returns_counted: int | None = None

    @property
    def commented(self) -> int:
        """How many returns have a comment."""
        return self.chosen.get((COMMENT, ""), 0)


def _figures(
    question: Question,
    counts: AnswerCounts,
    rows: tuple[OptionFigures, ...],
    lines: tuple[PartFigures, ...] = (),
) -> QuestionFigures:
    return QuestionFigures(
        id=question.id,
        label=question.name,
        asked=counts.asked,
        answered=counts.answered,
        rows=rows,
        question=question,
        not_asked=counts.not_asked,
        commented=counts.commented,
        lines=lines,
    )


def _of_options(question: Question, counts: AnswerCounts, rule: DenominatorRule) -> QuestionFigures:
    """A row for each option, out of the returns that answered, less those that the rule leaves out."""
    count = {option.value: counts.chosen.get(("", option.value), 0) for option in question.answers}
    left_out = sum(count[option.value] for option in question.answers if rule.leaves_out(option.counts_as))
    of = counts.answered - left_out if counts.returns_counted is None else counts.returns_counted
    rows = tuple(
        OptionFigures(
            option.value,
            option.name,
            count[option.value],
            None if rule.leaves_out(option.counts_as) else Share(count[option.value], of),
            option.counts_as,
        )
        for option in question.answers
    )
    return _figures(question, counts, rows)


def _of_lines(question: Question, counts: AnswerCounts, rule: DenominatorRule) -> QuestionFigures:  # noqa: ARG001 — the signature of every summary
    """Yes and no for each line: a return that ticked any line has answered them all (forms/README.md)."""
    lines = []
    for line in question.items:
        yes, no = (counts.chosen.get((line.id, option), 0) for option in ("yes", "no"))
        rows = (
            OptionFigures("yes", "Yes", yes, Share(yes, yes + no)),
            OptionFigures("no", "No", no, Share(no, yes + no)),
        )
        lines.append(PartFigures(line.id, line.name, counts.asked, yes + no, rows))
    return _figures(question, counts, (), tuple(lines))


def _of_text(question: Question, counts: AnswerCounts, rule: DenominatorRule) -> QuestionFigures:  # noqa: ARG001 — the signature of every summary
    """Only how many returns answered: texts are read, not counted."""
    return _figures(question, counts, ())


Summary = Callable[[Question, AnswerCounts, DenominatorRule], QuestionFigures]

_SUMMARY_OF: dict[str, Summary] = {"answers": _of_options, "items": _of_lines, "": _of_text}

SUMMARIES: dict[str, Summary] = {name: _SUMMARY_OF[kind.offers] for name, kind in QUESTION_KINDS.items()}
