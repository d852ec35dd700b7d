"""Section 3 of a report: each question as asked, with chart, table, sentence and quotes (R2014 3)."""

from collections.abc import Iterable

from surveyapp.collating.charts import IN_A_REPORT, chart, description
from surveyapp.collating.figures import QuestionFigures
from surveyapp.foundation.words.shares import Share, counted
from surveyapp.gathering.models import SOURCES
from surveyapp.report.figures_in_sentences import NO_RETURNS, in_returns, rows_of, said_of
from surveyapp.report.inputs import Material
from surveyapp.report.parts import Asked, Bullets, Chart, Note, Paragraph, Part, Quoted, Section, Table

OF_FEW = "This question was put to a few agencies alone, so its figures are not printed here."
NO_QUESTION = "The form asks nothing under this heading."
# The theme under which parents' words stand, where the form has one (R2014 3.5).
PARENTS = "parents"


def sections_of_analysis(material: Material) -> tuple[Section, ...]:
    """A section for each theme of the form, in its order, with one below it for each question."""
    return tuple(theme_section(material, theme) for theme in material.form.themes)


def theme_section(material: Material, theme: str) -> Section:
    """One theme, with its questions."""
    key = f"theme-{theme}"
    questions = tuple(
        question_section(material, figures)
        for name, _, found in material.collation.themes
        if name == theme
        for figures in found
    )
    parts: list[Part] = list(_unplaced(material, parents=True)) if theme == PARENTS else []
    if not questions and not parts and key not in material.own:
        parts.append(Note(NO_QUESTION))
    return Section(material.form.themes[theme], key, tuple(parts), own_text(material, key), questions)


def question_section(material: Material, figures: QuestionFigures, *, width: int = IN_A_REPORT) -> Section:
    """One question: as asked, in figures, in a sentence, in chosen words; `width` is its chart's."""
    key = f"question-{figures.id}"
    return Section(figures.label, key, tuple(_question(material, figures, width)), own_text(material, key))


def own_text(material: Material, key: str) -> str:
    """The author's own paragraphs of one section."""
    written = material.own.get(key)
    return written.text if written else ""


def _question(material: Material, figures: QuestionFigures, width: int) -> Iterable[Part]:
    question = figures.question
    yield Asked(f"Question {question.number}: {question.ask}")
    if question.items:
        yield Bullets(tuple(line.label for line in question.items))
    if not material.returns:
        yield Note(NO_RETURNS)
        return
    if not material.tells(figures.id):
        yield Note(OF_FEW)
        yield from material.quotes_on(figures.id)
        return
    drawn = chart(figures, width=width, titled=False)
    if drawn:
        yield Chart(figures.label, str(drawn), description(figures))
    if figures.answered:
        yield Table(figures.label, ("Answer", "Returns", "Per cent"), rows_of(figures))
    said = list(said_of(figures, returns=material.returns))
    if figures.commented:
        said.append(f"{in_returns(Share(figures.commented, figures.asked))} comment on it.")
    yield Paragraph(" ".join(said))
    yield from material.quotes_on(figures.id)


def voices(material: Material) -> Iterable[Part]:
    """What comments speak of, and the words of practitioners and parents that stand with no question."""
    if material.themes_mentioned:
        yield Paragraph(
            "The comments were read for themes of practice. The table counts the returns that speak of "
            "each, out of the returns with answers; one return may speak of several."
        )
        rows = tuple(
            (
                each.theme.name,
                _of(each.mentioned.count, material),
                f"{each.strength.count:,}",
                f"{each.concern.count:,}",
            )
            for each in material.themes_mentioned
        )
        head = ("Theme", "Returns", "As a strength", "As a concern")
        yield Table("Themes of practice in the comments", head, rows, typed=(0,))
    else:
        yield Note("No comment has been read for themes of practice yet.")
    yield from _unplaced(material, parents=False)
    if PARENTS not in material.form.themes:
        yield from _unplaced(material, parents=True)


def _unplaced(material: Material, *, parents: bool) -> Iterable[Quoted]:
    """Quotes that stand with no question and in no finding: parents' words, or everybody else's."""
    for id_, (question, quoted) in material.quotes.items():
        if not question and id_ not in material.cited and (quoted.source == SOURCES["parent"]) == parents:
            yield quoted


def _of(count: int, material: Material) -> str:
    return f"{count:,} of {counted(material.returns, 'return')}"
