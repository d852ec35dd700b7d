"""Conclusions in one line: a question's figures, an excerpt of a text, an audit with its year."""

from surveyapp.collating.figures import QuestionFigures
from surveyapp.concluding.audit_order import began_on
from surveyapp.concluding.models import Finding, Recommendation
from surveyapp.defining.definition import AuditForm
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.models import Audit

# In characters: enough to tell a text from the others in a list.
EXCERPT_LENGTH = 110


def excerpt(text: str, at_most: int = EXCERPT_LENGTH) -> str:
    """The beginning of a text on one line, cut after a whole word; `at_most` is in characters."""
    line = " ".join(text.split())
    return line if len(line) <= at_most else f"{line[:at_most].rsplit(' ', 1)[0]} …"


def questions_in_order(finding: Finding, form: AuditForm) -> list[str]:
    """The ids of a finding's questions in the form's order; those no longer in the form come last."""
    places = {question.id: place for place, question in enumerate(form.questions)}
    question_ids = (link.question for link in finding.questions)
    return sorted(question_ids, key=lambda question_id: (places.get(question_id, len(places)), question_id))


def figures_in_lines(figures: QuestionFigures) -> list[tuple[str, str]]:
    """A question's figures as a finding quotes them: each answer with “58 of 70 returns (82.9%)”.

    For a checklist, each line with its yes; for a question without shares, how many answered. Empty where no
    return answered.
    """
    if not figures.answered:
        return []
    if figures.lines:
        return [(line.label, line.rows[0].quoted) for line in figures.lines]
    if figures.rows:
        return [(row.label, row.quoted) for row in figures.rows]
    return [("Answered", f"{figures.answered:,} of {counted(figures.asked, 'return')}")]


def figures_in_a_sentence(figures: QuestionFigures) -> str:
    """A question's figures on one line: Yes: 58 of 70 returns (82.9%); No: 4 of 70 returns (5.7%)."""
    lines = figures_in_lines(figures)
    return "; ".join(f"{label}: {words}" for label, words in lines) if lines else "No return answered this."


def title_with_year(audit: Audit) -> str:
    """The title of an audit, with its year unless the title contains it."""
    year = str(began_on(audit).year)
    return audit.title if year in audit.title else f"{audit.title} ({year})"


def repeated_in_words(recommendation: Recommendation) -> str:
    """The audit, with its year, and the number that a recommendation repeats; empty if it repeats none."""
    before = recommendation.repeated_from
    if before is not None:
        return f"{title_with_year(before.audit)}, {before.name.lower()}"
    return recommendation.repeated_from_elsewhere
