"""Compares the figures of two audits, question by question."""

from collections.abc import Iterable
from dataclasses import dataclass

from surveyapp.collating.comparison.proportion_difference import Difference, difference
from surveyapp.collating.figures import Collation, OptionFigures, PartFigures, QuestionFigures
from surveyapp.foundation.words.shares import Share


@dataclass(frozen=True)
class ComparedAnswer:
    """One answer in both audits; a share is None where an audit does not offer it or leaves it out."""

    label: str
    first: Share | None
    second: Share | None

    @property
    def difference(self) -> Difference | None:
        """The first share less the second; None where one of them is missing or out of 0."""
        return difference(self.first, self.second) if self.first and self.second else None


@dataclass(frozen=True)
class ComparedQuestion:
    """One question in both audits, with its answers; `note` says how the audits differ in asking it."""

    label: str
    note: str
    rows: tuple[ComparedAnswer, ...]


def compared_by_theme(first: Collation, second: Collation) -> list[tuple[str, list[ComparedQuestion]]]:
    """The questions that both audits ask, under the headings of the first."""
    second_figures = {figures.id: figures for figures in second.questions}
    themes = []
    for _, heading, questions in first.themes:
        compared = [
            row
            for figures in questions
            if figures.id in second_figures
            for row in _compared_question(figures, second_figures[figures.id])
        ]
        if compared:
            themes.append((heading, compared))
    return themes


def questions_only_in_first(first: Collation, second: Collation) -> list[str]:
    """The labels of the questions that the first audit asks and the second does not."""
    second_ids = {figures.id for figures in second.questions}
    return [figures.label for figures in first.questions if figures.id not in second_ids]


def _compared_question(first: QuestionFigures, second: QuestionFigures) -> list[ComparedQuestion]:
    note = ""
    if first.question.ask != second.question.ask:
        note = f"The other audit asks: {second.question.ask}"
    if bool(first.lines) != bool(second.lines) or first.question.kind != second.question.kind:
        return [ComparedQuestion(first.label, "The other audit asks this in another way: not compared.", ())]
    rows = _lines(first.lines, second.lines) if first.lines else _rows(first.rows, second.rows)
    if rows and not first.answered and not second.answered:
        return [ComparedQuestion(first.label, "Nobody has answered this in either audit.", ())]
    return [ComparedQuestion(first.label, note, rows)] if rows else []


def _rows(first: Iterable[OptionFigures], second: Iterable[OptionFigures]) -> tuple[ComparedAnswer, ...]:
    first_rows, second_rows = ({row.value: row for row in rows} for rows in (first, second))
    return tuple(
        ComparedAnswer(
            (first_rows.get(value) or second_rows[value]).label,
            first_rows[value].share if value in first_rows else None,
            second_rows[value].share if value in second_rows else None,
        )
        for value in dict.fromkeys((*first_rows, *second_rows))
    )


def _lines(first: Iterable[PartFigures], second: Iterable[PartFigures]) -> tuple[ComparedAnswer, ...]:
    """The lines of a checklist, compared by “yes” only, since “no” is the rest."""
    first_lines, second_lines = ({line.id: line for line in lines} for lines in (first, second))
    return tuple(
        ComparedAnswer(
            (first_lines.get(line_id) or second_lines[line_id]).label,
            first_lines[line_id].rows[0].share if line_id in first_lines else None,
            second_lines[line_id].rows[0].share if line_id in second_lines else None,
        )
        for line_id in dict.fromkeys((*first_lines, *second_lines))
    )
