"""Section 3 of the report: each question with its chart, table, sentences and quotes (R2014 3)."""

from collections.abc import Iterable

from surveyapp.collating.charts.chart import REPORT_WIDTH, chart_description, draw_chart
from surveyapp.collating.figures import QuestionFigures
from surveyapp.foundation.words.shares import Share, counted
from surveyapp.gathering.models import SOURCES
from surveyapp.report.parts import Asked, Bullets, Chart, Note, Paragraph, Quoted, ReportPart, Section, Table
from surveyapp.report.sections.figures_in_sentences import (
    NO_RETURNS,
    figure_rows,
    figure_sentences,
    share_in_words,
)
from surveyapp.report.sections.inputs import ReportInputs

FIGURES_WITHHELD = "This question was put to a few agencies alone, so its figures are not printed here."
NO_QUESTION = "The form asks nothing under this heading."
# The theme that contains the words of parents, where the form has it (R2014 3.5).
PARENTS = "parents"


def theme_section(inputs: ReportInputs, theme: str) -> Section:
    """Write the section of one theme, with a subsection for each of its questions."""
    key = f"theme-{theme}"
    questions = tuple(
        question_section(inputs, figures)
        for name, _, theme_figures in inputs.collation.themes
        if name == theme
        for figures in theme_figures
    )
    parts: list[ReportPart] = list(_unplaced_quotes(inputs, parents=True)) if theme == PARENTS else []
    if not questions and not parts and key not in inputs.author_texts:
        parts.append(Note(NO_QUESTION))
    return Section(inputs.form.themes[theme], key, tuple(parts), author_text(inputs, key), questions)


def question_section(inputs: ReportInputs, figures: QuestionFigures, *, width: int = REPORT_WIDTH) -> Section:
    """Write the section of one question; `width` is the width of its chart in units of the drawing."""
    key = f"question-{figures.id}"
    return Section(
        figures.label, key, tuple(_question_parts(inputs, figures, width)), author_text(inputs, key)
    )


def author_text(inputs: ReportInputs, key: str) -> str:
    """The author’s own text of one section; empty where there is none."""
    saved_text = inputs.author_texts.get(key)
    return saved_text.text if saved_text else ""


def _question_parts(inputs: ReportInputs, figures: QuestionFigures, width: int) -> Iterable[ReportPart]:
    question = figures.question
    yield Asked(f"Question {question.number}: {question.ask}")
    if question.items:
        yield Bullets(tuple(statement.label for statement in question.items))
    if not inputs.returns:
        yield Note(NO_RETURNS)
        return
    if not inputs.shows_figures(figures.id):
        yield Note(FIGURES_WITHHELD)
        yield from inputs.quotes_on(figures.id)
        return
    drawing = draw_chart(figures, width=width, titled=False)
    if drawing:
        yield Chart(figures.label, str(drawing), chart_description(figures))
    if figures.answered:
        yield Table(figures.label, ("Answer", "Returns", "Per cent"), figure_rows(figures))
    sentences = list(figure_sentences(figures, returns=inputs.returns))
    if figures.commented:
        sentences.append(f"{share_in_words(Share(figures.commented, figures.asked))} comment on it.")
    yield Paragraph(" ".join(sentences))
    yield from inputs.quotes_on(figures.id)


def voices_parts(inputs: ReportInputs) -> Iterable[ReportPart]:
    """Count the practice themes of the comments, and quote what belongs to no question or finding."""
    if inputs.themes_mentioned:
        yield Paragraph(
            "The comments were read for themes of practice. The table counts the returns that speak of "
            "each, out of the returns with answers; one return may speak of several."
        )
        rows = tuple(
            (
                theme_count.theme.name,
                _out_of_returns(theme_count.mentioned.count, inputs),
                f"{theme_count.strength.count:,}",
                f"{theme_count.concern.count:,}",
            )
            for theme_count in inputs.themes_mentioned
        )
        head = ("Theme", "Returns", "As a strength", "As a concern")
        yield Table("Themes of practice in the comments", head, rows, typed=(0,))
    else:
        yield Note("No comment has been read for themes of practice yet.")
    yield from _unplaced_quotes(inputs, parents=False)
    if PARENTS not in inputs.form.themes:
        yield from _unplaced_quotes(inputs, parents=True)


def _unplaced_quotes(inputs: ReportInputs, *, parents: bool) -> Iterable[Quoted]:
    """Quotes that belong to no question or finding: either those of parents or all others."""
    for id_, (question, quoted) in inputs.quotes.items():
        if (
            not question
            and id_ not in inputs.cited_quote_ids
            and (quoted.source == SOURCES["parent"]) == parents
        ):
            yield quoted


def _out_of_returns(count: int, inputs: ReportInputs) -> str:
    return f"{count:,} of {counted(inputs.returns, 'return')}"
