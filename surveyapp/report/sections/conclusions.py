"""Sections 4 and 5 of the report: conclusions, recommendations, findings and response (R2014 4, 5)."""

from collections.abc import Iterable

from surveyapp.collating.figures import QuestionFigures
from surveyapp.concluding.conclusions_in_words import repeated_in_words
from surveyapp.concluding.models import STATUSES, Action, Finding, Recommendation
from surveyapp.foundation.words.dates_and_lists import day_in_words, document_day, list_in_words
from surveyapp.foundation.words.shares import counted
from surveyapp.report.parts import Bullets, Note, Paragraph, ReportPart, Section, Table
from surveyapp.report.sections.inputs import ReportInputs
from surveyapp.report.sections.response import NO_RETURNS

EVIDENCE_NOT_STRONG = "The evidence was not strong enough for a finding."


def conclusions_parts(inputs: ReportInputs) -> Iterable[ReportPart]:
    """Introduce the author’s own conclusions by pointing to the findings."""
    if not inputs.returns:
        yield Note(NO_RETURNS)
    count = len(inputs.findings)
    if count:
        names = list_in_words([f"Finding {number}" for number in range(1, count + 1)])
        yield Paragraph(f"What this audit concludes is presented in section 5 as {names}.")
    elif "conclusions" not in inputs.author_texts:
        yield Note("No conclusions have been written yet.")


def recommendations_parts(inputs: ReportInputs) -> Iterable[ReportPart]:
    """List the recommendations, each with the finding that it follows from and the one that it repeats."""
    if not inputs.recommendations:
        yield Note("No recommendations have been written yet.")
    finding_numbers = {finding.id: number for number, finding in enumerate(inputs.findings, start=1)}
    for number, recommendation in enumerate(inputs.recommendations, start=1):
        sentences = (
            _finding_sentence(recommendation, finding_numbers),
            _repetition_sentence(recommendation),
        )
        origin = " ".join(filter(None, sentences))
        yield Paragraph(f"{recommendation.text}\n{origin}", lead=f"Recommendation {number}", marked=True)
    conclusion = inputs.conclusion
    if conclusion and conclusion.re_audit_on:
        yield Paragraph(f"The same theme is to be audited again on {day_in_words(conclusion.re_audit_on)}.")


def _finding_sentence(recommendation: Recommendation, finding_numbers: dict[int, int]) -> str:
    number = finding_numbers.get(recommendation.finding_id or 0)
    return f"It follows from Finding {number}." if number else EVIDENCE_NOT_STRONG


def _repetition_sentence(recommendation: Recommendation) -> str:
    earlier = repeated_in_words(recommendation)
    return f"It repeats a recommendation of an earlier audit: {earlier}." if earlier else ""


def findings_sections(inputs: ReportInputs) -> tuple[Section, ...]:
    """Write a section for each finding, and one for the response where there is an action plan."""
    sections = [
        Section(
            f"Finding {number}", parts=tuple(_finding_parts(inputs, finding)), about=f"finding-{finding.id}"
        )
        for number, finding in enumerate(inputs.findings, start=1)
    ]
    if inputs.actions:
        sections.append(Section("The response", parts=tuple(_action_plan_parts(inputs)), about="actions"))
    return tuple(sections)


def no_findings_parts(inputs: ReportInputs) -> tuple[ReportPart, ...]:
    """Say that there are no findings yet; empty where there are some."""
    if inputs.findings:
        return ()
    no_findings = "No findings have been written yet."
    return (Note(no_findings if inputs.returns else f"{NO_RETURNS} {no_findings}"),)


def _finding_parts(inputs: ReportInputs, finding: Finding) -> Iterable[ReportPart]:
    yield Paragraph(finding.text, marked=True)
    if finding.challenge:
        yield Paragraph(finding.challenge, lead="Challenge to the board", marked=True)
    question_ids = {evidence.question for evidence in finding.questions}
    # In the form's order; a question that the form no longer has is left out.
    evidence = [
        _figures_sentence(inputs, inputs.collation.question(question.id))
        for question in inputs.form.questions
        if question.id in question_ids
    ]
    mentions = {
        theme_count.theme.name: theme_count.mentioned.count for theme_count in inputs.themes_mentioned
    }
    evidence += [
        f"Comments speak of “{theme.name}” in {mentions.get(theme.name, 0):,} "
        f"of {counted(inputs.returns, 'return')}."
        for theme in finding.themes
    ]
    if evidence:
        yield Paragraph("It rests on:")
        yield Bullets(tuple(evidence))
    yield from (inputs.quotes[quote.id][1] for quote in finding.quotes if quote.id in inputs.quotes)


def _figures_sentence(inputs: ReportInputs, figures: QuestionFigures) -> str:
    question = f"Question {figures.question.number}, {figures.label}"
    if not inputs.shows_figures(figures.id):
        return f"{question}: its figures are not printed here."
    if not figures.answered:
        return f"{question}: no return answered it."
    rows = [(line.label, line.rows[0]) for line in figures.lines]
    rows = rows or [(row.label, row) for row in figures.rows]
    shares = [f"{label}, {row.quoted}" for label, row in rows]
    return (
        f"{question}: {'; '.join(shares)}."
        if shares
        else f"{question}: {figures.answered:,} wrote an answer."
    )


def _action_plan_parts(inputs: ReportInputs) -> Iterable[ReportPart]:
    findings = {finding.id: f"Finding {number}" for number, finding in enumerate(inputs.findings, start=1)}
    recommendations = {
        recommendation.id: f"Recommendation {number}"
        for number, recommendation in enumerate(inputs.recommendations, start=1)
    }
    rows = tuple(_action_row(action, findings, recommendations) for action in inputs.actions)
    head = ("Action", "Answers", "Who", "By when", "How it will be known", "Progress")
    # Columns 0 and 4 are the action and its measure, column 2 its owner.
    yield Table("The action plan", head, rows, typed=(0, 4), owners=(2,))


def _action_row(action: Action, findings: dict[int, str], recommendations: dict[int, str]) -> tuple[str, ...]:
    finding = findings.get(action.finding_id or 0)
    recommendation = recommendations.get(action.recommendation_id or 0)
    owner = f"{action.owner}, {action.agency.name}" if action.agency else action.owner
    due_day = document_day(action.due_on)
    return (
        action.what,
        finding or recommendation or "",
        owner,
        due_day,
        action.measure,
        STATUSES[action.status],
    )
