"""Section 3 of a report: each question as asked, with chart, table, sentence and quotes (R2014 3)."""

from collections.abc import Iterable

from surveyapp.collating.charts import REPORT_WIDTH, chart_description, draw_chart
from surveyapp.collating.figures import QuestionFigures
from surveyapp.foundation.words.shares import Share, counted
from surveyapp.gathering.models import SOURCES
from surveyapp.report.figures_in_sentences import NO_RETURNS, figure_rows, figure_sentences, share_in_words
from surveyapp.report.inputs import ReportInputs
from surveyapp.report.parts import Asked, Bullets, Chart, Note, Paragraph, Quoted, ReportPart, Section, Table

FIGURES_WITHHELD = "This question was put to a few agencies alone, so its figures are not printed here."
NO_QUESTION = "The form asks nothing under this heading."
# The theme under which parents' words stand, where the form has one (R2014 3.5).
PARENTS = "parents"


def theme_section(material: ReportInputs, theme: str) -> Section:
    """One theme, with its questions."""
    key = f"theme-{theme}"
    questions = tuple(
        question_section(material, figures)
        for name, _, found in material.collation.themes
        if name == theme
        for figures in found
    )
    parts: list[ReportPart] = list(_unplaced_quotes(material, parents=True)) if theme == PARENTS else []
    if not questions and not parts and key not in material.own:
        parts.append(Note(NO_QUESTION))
    return Section(material.form.themes[theme], key, tuple(parts), author_text(material, key), questions)


def question_section(
    material: ReportInputs, figures: QuestionFigures, *, width: int = REPORT_WIDTH
) -> Section:
    """One question: as asked, in figures, in a sentence, in chosen words; `width` is its chart's."""
    key = f"question-{figures.id}"
    return Section(figures.label, key, tuple(_question(material, figures, width)), author_text(material, key))


def author_text(material: ReportInputs, key: str) -> str:
    """The author's own paragraphs of one section."""
    written = material.own.get(key)
    return written.text if written else ""


def _question(material: ReportInputs, figures: QuestionFigures, width: int) -> Iterable[ReportPart]:
    question = figures.question
    yield Asked(f"Question {question.number}: {question.ask}")
    if question.items:
        yield Bullets(tuple(line.label for line in question.items))
    if not material.returns:
        yield Note(NO_RETURNS)
        return
    if not material.shows_figures(figures.id):
        yield Note(FIGURES_WITHHELD)
        yield from material.quotes_on(figures.id)
        return
    drawn = draw_chart(figures, width=width, titled=False)
    if drawn:
        yield Chart(figures.label, str(drawn), chart_description(figures))
    if figures.answered:
        yield Table(figures.label, ("Answer", "Returns", "Per cent"), figure_rows(figures))
    said = list(figure_sentences(figures, returns=material.returns))
    if figures.commented:
        said.append(f"{share_in_words(Share(figures.commented, figures.asked))} comment on it.")
    yield Paragraph(" ".join(said))
    yield from material.quotes_on(figures.id)


def voices_parts(material: ReportInputs) -> Iterable[ReportPart]:
    """What comments speak of, and the words of practitioners and parents that stand with no question."""
    if material.themes_mentioned:
        yield Paragraph(
            "The comments were read for themes of practice. The table counts the returns that speak of "
            "each, out of the returns with answers; one return may speak of several."
        )
        rows = tuple(
            (
                each.theme.name,
                _out_of_returns(each.mentioned.count, material),
                f"{each.strength.count:,}",
                f"{each.concern.count:,}",
            )
            for each in material.themes_mentioned
        )
        head = ("Theme", "Returns", "As a strength", "As a concern")
        yield Table("Themes of practice in the comments", head, rows, typed=(0,))
    else:
        yield Note("No comment has been read for themes of practice yet.")
    yield from _unplaced_quotes(material, parents=False)
    if PARENTS not in material.form.themes:
        yield from _unplaced_quotes(material, parents=True)


def _unplaced_quotes(material: ReportInputs, *, parents: bool) -> Iterable[Quoted]:
    """Quotes that stand with no question and in no finding: parents' words, or everybody else's."""
    for id_, (question, quoted) in material.quotes.items():
        if not question and id_ not in material.cited and (quoted.source == SOURCES["parent"]) == parents:
            yield quoted


def _out_of_returns(count: int, material: ReportInputs) -> str:
    return f"{count:,} of {counted(material.returns, 'return')}"
