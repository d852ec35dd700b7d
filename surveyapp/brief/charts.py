"""The chart of a brief: the answers to one question of its audit."""

from surveyapp.brief.brief import BriefBar, BriefChart
from surveyapp.collating.figures import Collation
from surveyapp.defining.definition import Question
from surveyapp.defining.kinds.registry import QUESTION_KINDS
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit

# Kinds of question whose answers are counted, so that they can be shown as bars.
CHARTABLE_KINDS = frozenset(name for name, kind in QUESTION_KINDS.items() if kind.offers)


def chartable_questions(audit: Audit) -> list[Question]:
    """The questions that can be shown as a chart, in the form's order."""
    return [question for question in form_of(audit).questions if question.kind in CHARTABLE_KINDS]


def chart_of(collation: Collation, question: str) -> BriefChart | None:
    """A chart of the answers to one question, by its id; None if nobody answered it."""
    figures = next((figures for figures in collation.questions if figures.id == question), None)
    if figures is None:
        return None
    bars = [BriefBar(row.label, row.share) for row in figures.rows if row.share is not None and row.share.of]
    for line in figures.lines:
        bars += [
            BriefBar(line.label, row.share)
            for row in line.rows
            if row.value == "yes" and row.share and row.share.of
        ]
    return BriefChart(figures.question.name, tuple(bars)) if bars else None
