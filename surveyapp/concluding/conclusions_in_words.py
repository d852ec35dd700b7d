"""How conclusions are said in one line: a question's figures, the beginning of a text, what repeats what."""

from surveyapp.collating.figures import QuestionFigures
from surveyapp.concluding.models import Finding, Recommendation
from surveyapp.concluding.queries import began_on
from surveyapp.defining.definition import AuditForm
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.models import Audit

# As much of a text as tells it from the others of a list.
EXCERPT_LENGTH = 110


def excerpt(text: str, at_most: int = EXCERPT_LENGTH) -> str:
    """The beginning of a text, on one line and ending with a whole word; `at_most` in characters."""
    line = " ".join(text.split())
    return line if len(line) <= at_most else f"{line[:at_most].rsplit(' ', 1)[0]} …"


def questions_in_order(finding: Finding, form: AuditForm) -> list[str]:
    """The ids of the questions a finding rests on, in the template's order; what has left the form last."""
    places = {each.id: place for place, each in enumerate(form.questions)}
    linked = (each.question for each in finding.questions)
    return sorted(linked, key=lambda each: (places.get(each, len(places)), each))


def figures_in_lines(figures: QuestionFigures) -> list[tuple[str, str]]:
    """A question's shares as a finding quotes them: each answer, and “58 of 70 returns (82.9%)”.

    Of a checklist each line, with how many returns say yes. Of what has no shares, how many answered. Empty
    where no return answered.
    """
    if not figures.answered:
        return []
    if figures.lines:
        return [(line.label, line.rows[0].quoted) for line in figures.lines]
    if figures.rows:
        return [(row.label, row.quoted) for row in figures.rows]
    return [("Answered", f"{figures.answered:,} of {counted(figures.asked, 'return')}")]


def figures_in_a_sentence(figures: QuestionFigures) -> str:
    """The same on one line: Yes: 58 of 70 returns (82.9%); No: 4 of 70 returns (5.7%)."""
    lines = figures_in_lines(figures)
    return "; ".join(f"{label}: {words}" for label, words in lines) if lines else "No return answered this."


def title_with_year(audit: Audit) -> str:
    """An audit by its title and its year, where the title does not say the year itself."""
    year = str(began_on(audit).year)
    return audit.title if year in audit.title else f"{audit.title} ({year})"


def repeated_in_words(recommendation: Recommendation) -> str:
    """What a recommendation repeats: an audit by title and year, and the number there; empty for nothing."""
    before = recommendation.repeated_from
    if before is not None:
        return f"{title_with_year(before.audit)}, {before.name.lower()}"
    return recommendation.repeated_from_elsewhere
