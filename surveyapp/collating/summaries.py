"""How the answers to each kind of question are summed up; a new kind of question has its line here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from surveyapp.collating.figures import DenominatorRule, OptionFigures, PartFigures, QuestionFigures
from surveyapp.defining.definition import COMMENT, Question
from surveyapp.foundation.words.shares import Share


@dataclass(frozen=True)
class AnswerCounts:
    """What SQL counted about one question, in returns.

    `chosen` is by (item, option); `answered` are the returns with any answer but a comment.
    """

    asked: int
    not_asked: int
    answered: int
    chosen: Mapping[tuple[str, str], int]
    # Where a return may give several answers: the returns with an answer that the rule does not leave out.
    kept: int | None = None

    @property
    def commented(self) -> int:
        """Returns with a comment."""
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
    """A row for each option, out of those who answered, less what the rule leaves out."""
    count = {each.value: counts.chosen.get(("", each.value), 0) for each in question.answers}
    left_out = sum(count[each.value] for each in question.answers if rule.leaves_out(each.counts_as))
    of = counts.answered - left_out if counts.kept is None else counts.kept
    rows = tuple(
        OptionFigures(
            each.value,
            each.name,
            count[each.value],
            None if rule.leaves_out(each.counts_as) else Share(count[each.value], of),
            each.counts_as,
        )
        for each in question.answers
    )
    return _figures(question, counts, rows)


def _of_lines(question: Question, counts: AnswerCounts, rule: DenominatorRule) -> QuestionFigures:  # noqa: ARG001 — as all
    """A yes and a no for each line: whoever ticked anything has answered them all (forms/README.md)."""
    lines = []
    for line in question.items:
        yes, no = (counts.chosen.get((line.id, option), 0) for option in ("yes", "no"))
        rows = (
            OptionFigures("yes", "Yes", yes, Share(yes, yes + no)),
            OptionFigures("no", "No", no, Share(no, yes + no)),
        )
        lines.append(PartFigures(line.id, line.name, counts.asked, yes + no, rows))
    return _figures(question, counts, (), tuple(lines))


def _of_text(question: Question, counts: AnswerCounts, rule: DenominatorRule) -> QuestionFigures:  # noqa: ARG001 — as all
    """How many wrote something; what they wrote is read, not counted."""
    return _figures(question, counts, ())


Summary = Callable[[Question, AnswerCounts, DenominatorRule], QuestionFigures]

SUMMARIES: dict[str, Summary] = {
    "choice": _of_options,
    "choices": _of_options,
    "scale": _of_options,
    "checklist": _of_lines,
    "text": _of_text,
    "long_text": _of_text,
    "number": _of_text,
    "date": _of_text,
    "contact": _of_text,
}
