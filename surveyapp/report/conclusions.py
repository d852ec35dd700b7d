"""Sections 4 and 5 of a report: recommendations, findings with challenges, the response (R2014 4, 5)."""

from collections.abc import Iterable

from surveyapp.collating.figures import QuestionFigures
from surveyapp.concluding.conclusions_in_words import repeated_in_words
from surveyapp.concluding.models import STATUSES, Action, Finding, Recommendation
from surveyapp.foundation.words.dates_and_lists import day_in_words, document_day, list_in_words
from surveyapp.foundation.words.shares import counted
from surveyapp.report.inputs import ReportInputs
from surveyapp.report.methodology import NO_RETURNS
from surveyapp.report.parts import Bullets, Note, Paragraph, ReportPart, Section, Table

EVIDENCE_NOT_STRONG = "The evidence was not strong enough for a finding."


def conclusions_parts(material: ReportInputs) -> Iterable[ReportPart]:
    """What stands before the author's own conclusions."""
    if not material.returns:
        yield Note(NO_RETURNS)
    count = len(material.findings)
    if count:
        names = list_in_words([f"Finding {number}" for number in range(1, count + 1)])
        yield Paragraph(f"What this audit concludes is presented in section 5 as {names}.")
    elif "conclusions" not in material.own:
        yield Note("No conclusions have been written yet.")


def recommendations_parts(material: ReportInputs) -> Iterable[ReportPart]:
    """The recommendations, each with the finding it belongs to and what it repeats."""
    if not material.recommendations:
        yield Note("No recommendations have been written yet.")
    numbers = {finding.id: place for place, finding in enumerate(material.findings, start=1)}
    for number, each in enumerate(material.recommendations, start=1):
        said = " ".join(filter(None, [_finding_sentence(each, numbers), _repeats(each)]))
        yield Paragraph(f"{each.text}\n{said}", lead=f"Recommendation {number}", marked=True)
    conclusion = material.conclusion
    if conclusion and conclusion.re_audit_on:
        yield Paragraph(f"The same theme is to be audited again on {day_in_words(conclusion.re_audit_on)}.")


def _finding_sentence(each: Recommendation, numbers: dict[int, int]) -> str:
    number = numbers.get(each.finding_id or 0)
    return f"It follows from Finding {number}." if number else EVIDENCE_NOT_STRONG


def _repeats(each: Recommendation) -> str:
    before = repeated_in_words(each)
    return f"It repeats a recommendation of an earlier audit: {before}." if before else ""


def findings_sections(material: ReportInputs) -> tuple[Section, ...]:
    """A section for each finding, and one for the response where there is an action plan."""
    found = [
        Section(f"Finding {number}", parts=tuple(_finding(material, each)), about=f"finding-{each.id}")
        for number, each in enumerate(material.findings, start=1)
    ]
    if material.actions:
        found.append(Section("The response", parts=tuple(_action_plan(material)), about="actions"))
    return tuple(found)


def no_findings_parts(material: ReportInputs) -> tuple[ReportPart, ...]:
    """What stands in section 5 while there is no finding."""
    if material.findings:
        return ()
    said = "No findings have been written yet."
    return (Note(said if material.returns else f"{NO_RETURNS} {said}"),)


def _finding(material: ReportInputs, finding: Finding) -> Iterable[ReportPart]:
    yield Paragraph(finding.text, marked=True)
    if finding.challenge:
        yield Paragraph(finding.challenge, lead="Challenge to the board", marked=True)
    resting = {each.question for each in finding.questions}
    # In the form's order; one that the form no longer has is left out.
    names = [each.id for each in material.form.questions if each.id in resting]
    evidence = [_figures(material, material.collation.question(name)) for name in names]
    mentioned = {each.theme.name: each.mentioned.count for each in material.themes_mentioned}
    evidence += [
        f"Comments speak of “{theme.name}” in {mentioned.get(theme.name, 0):,} "
        f"of {counted(material.returns, 'return')}."
        for theme in finding.themes
    ]
    if evidence:
        yield Paragraph("It rests on:")
        yield Bullets(tuple(evidence))
    yield from (material.quotes[quote.id][1] for quote in finding.quotes if quote.id in material.quotes)


def _figures(material: ReportInputs, figures: QuestionFigures) -> str:
    asked = f"Question {figures.question.number}, {figures.label}"
    if not material.shows_figures(figures.id):
        return f"{asked}: its figures are not printed here."
    if not figures.answered:
        return f"{asked}: no return answered it."
    rows = [(line.label, line.rows[0]) for line in figures.lines]
    rows = rows or [(row.label, row) for row in figures.rows]
    shares = [f"{label}, {row.quoted}" for label, row in rows]
    return f"{asked}: {'; '.join(shares)}." if shares else f"{asked}: {figures.answered:,} wrote an answer."


def _action_plan(material: ReportInputs) -> Iterable[ReportPart]:
    finding = {each.id: f"Finding {place}" for place, each in enumerate(material.findings, start=1)}
    recommended = {
        each.id: f"Recommendation {place}" for place, each in enumerate(material.recommendations, start=1)
    }
    rows = tuple(_action(each, finding, recommended) for each in material.actions)
    head = ("Action", "Answers", "Who", "By when", "How it will be known", "Progress")
    # What, and how it will be known; and who.
    yield Table("The action plan", head, rows, typed=(0, 4), owners=(2,))


def _action(each: Action, findings: dict[int, str], recommended: dict[int, str]) -> tuple[str, ...]:
    answers = findings.get(each.finding_id or 0) or recommended.get(each.recommendation_id or 0) or ""
    who = f"{each.owner}, {each.agency.name}" if each.agency else each.owner
    day = document_day(each.due_on)
    return each.what, answers, who, day, each.measure, STATUSES[each.status]
