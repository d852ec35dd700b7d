"""Runs the checks before release on every text of a report, section by section."""

from collections.abc import Iterator

from surveyapp.checks.audit_facts import AuditFacts
from surveyapp.checks.consistency import consistency_flags
from surveyapp.checks.flags import Flag, Sentence, TextKind, distinct_flags, split_sentences
from surveyapp.checks.personal_details import personal_detail_flags
from surveyapp.checks.small_numbers import small_number_flags
from surveyapp.report.parts import (
    FORM_SECTION,
    Asked,
    Bullets,
    Heading,
    Note,
    Paragraph,
    Quoted,
    Report,
    ReportPart,
    Table,
)

_MOST_SHOWN = 80  # characters of a quote, in a flag about the whole quote


def report_flags(report: Report, facts: AuditFacts) -> tuple[Flag, ...]:
    """The flags of a report, each once: outdated quotes, inconsistencies, small numbers, personal details.

    Everything that a reader sees is searched for personal details, except the words of the form and the
    charts. Only what people typed is checked for figures, since the program counts those of its tables.
    """
    texts = tuple(_sentences(report))
    return distinct_flags(
        (
            *_outdated_quotes(report),
            *consistency_flags(texts, facts),
            *small_number_flags(texts, facts),
            *personal_detail_flags(texts, facts),
        )
    )


def _sentences(report: Report) -> Iterator[Sentence]:
    """Every sentence and table cell of the report, each with its numbered heading."""
    yield Sentence("title", "Title", report.title)
    title_page: tuple[tuple[str, TextKind], ...] = ((report.kicker, "label"), (report.author, "owner"))
    for text, kind in title_page:
        yield from split_sentences("title", "Title", text, kind)
    for heading, section, part in _under_headings(report):
        for text, kind in _texts(part):
            yield from split_sentences(heading, heading, text, kind, section=section)


def _under_headings(report: Report) -> Iterator[tuple[str, str, ReportPart]]:
    """Each part with its heading and the name of its section.

    What the form says is left out: it was issued before anybody answered.
    """
    heading, section, of_form, before = "", "", False, None
    for part in report.parts():
        if isinstance(part, Heading):
            heading, section = f"{part.number} {part.text}".strip(), part.section
            of_form = section == FORM_SECTION
        elif not of_form and not (isinstance(part, Bullets) and isinstance(before, Asked)):
            yield heading, section, part
        before = part


def _texts(part: ReportPart) -> Iterator[tuple[str, TextKind]]:
    if isinstance(part, Bullets):
        yield from ((line, "prose") for line in part.lines)
    elif isinstance(part, Paragraph):
        yield part.lead, "label"
        yield part.text, "prose"
    elif isinstance(part, Quoted):
        yield part.text, "prose"
        yield part.source, "label"
    elif isinstance(part, Note):
        yield part.text, "prose"
    elif isinstance(part, Table):
        yield part.caption, "label"
        for row in part.rows:
            yield from ((cell, _kind(part, column)) for column, cell in enumerate(row))


def _kind(table: Table, column: int) -> TextKind:
    """The kind of text in a table column; a table with owners is an action plan."""
    if column in table.owners:
        return "owner"
    if column in table.typed:
        return "plan" if table.owners else "prose"
    return "label"


def _outdated_quotes(report: Report) -> Iterator[Flag]:
    """Flag the quotes whose return has since been corrected or withdrawn; the quote itself is unchanged."""
    for heading, section, part in _under_headings(report):
        if isinstance(part, Quoted) and part.is_gone:
            excerpt = part.text if len(part.text) <= _MOST_SHOWN else f"{part.text[:_MOST_SHOWN].rstrip()}…"
            says = "These words are no longer in the return they came from."
            yield Flag("consistency", heading, heading, excerpt, says, part.text, section)
