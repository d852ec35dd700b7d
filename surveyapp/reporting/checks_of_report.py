"""A report looked through before it leaves, by the same checks as a brief, section by section."""

from collections.abc import Iterator

from surveyapp.reporting.brief import Brief, BriefFacts, Section
from surveyapp.reporting.checks import Flag
from surveyapp.reporting.checks_before_release import flags_of
from surveyapp.reporting.report_parts import Bullets, Heading, Note, Paragraph, Quoted, Report

# The block of a brief that lists organisations; a report lists agencies in a table of its own.
_LISTED = "organisations"


def flags_of_report(report: Report, facts: BriefFacts) -> tuple[Flag, ...]:
    """What there is to look at, each thing once: figures and facts, then numbers, then details.

    Tables, charts and questions are left out: the program counts the ones, and the form asks the others.
    """
    as_text = Brief(report.title, report.author, "", tuple(_sections(report)))
    return tuple(each for each in flags_of(as_text, facts) if each.block != _LISTED)


def _sections(report: Report) -> Iterator[Section]:
    """The report as sections of plain text, each under its numbered heading."""
    heading, texts = "", list[str]()
    for part in report.parts():
        if isinstance(part, Heading):
            if texts:
                yield Section(heading, heading, paragraphs=tuple(texts))
            heading, texts = f"{part.number} {part.text}".strip(), []
        elif isinstance(part, Bullets):
            texts += part.lines
        elif isinstance(part, (Paragraph, Quoted, Note)):
            texts.append(part.text)
    if texts:
        yield Section(heading, heading, paragraphs=tuple(texts))
