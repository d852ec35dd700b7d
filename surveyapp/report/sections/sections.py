"""All sections of the report in order, and single sections by the key of the author’s text (stories H1)."""

from collections.abc import Callable, Iterable

from surveyapp.collating.charts.chart import PAGE_WIDTH
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.settings import settings
from surveyapp.planning.models import EMPHASES
from surveyapp.report.parts import (
    Note,
    Paragraph,
    ReportPart,
    Section,
    parts_from_text,
)
from surveyapp.report.sections.analysis import author_text, question_section, theme_section, voices_parts
from surveyapp.report.sections.appendices import appendix_sections, references_parts
from surveyapp.report.sections.audit_and_sample import audit_parts
from surveyapp.report.sections.conclusions import (
    conclusions_parts,
    findings_sections,
    no_findings_parts,
    recommendations_parts,
)
from surveyapp.report.sections.context import context_parts
from surveyapp.report.sections.inputs import ReportInputs
from surveyapp.report.sections.other_sources import family_talks_parts, other_sources_parts
from surveyapp.report.sections.presentation import presentation_parts
from surveyapp.report.sections.response import returns_parts

PartsWriter = Callable[[ReportInputs], Iterable[ReportPart]]


def terms_parts(inputs: ReportInputs) -> Iterable[ReportPart]:
    """Introduce the audit: its partnership, theme, aim and terms of reference."""
    audit, partnership = inputs.audit, settings().partnership
    by_whom = f" by {partnership}" if partnership else ""
    theme = f", under the theme “{audit.theme}”" if audit.theme else ""
    yield Paragraph(f"This is the report of a multi-agency case audit{by_whom}{theme}.")
    if audit.theme_reason:
        yield Paragraph(audit.theme_reason, lead="Why this theme")
    if audit.emphasis:
        yield Paragraph(f"{EMPHASES[audit.emphasis]}.", lead="Emphasis")
    if audit.period_reviewed:
        yield Paragraph(audit.period_reviewed, lead="Period reviewed")
    if audit.audit_lead:
        yield Paragraph(audit.audit_lead, lead="Audit lead")
    if audit.aim:
        yield Paragraph(audit.aim, lead="Aim")
    if audit.terms_of_reference:
        yield from parts_from_text(audit.terms_of_reference)
    else:
        yield Note("No terms of reference have been written.")


SECTIONS_BY_KEY: dict[str, tuple[str, PartsWriter]] = {
    "terms": ("Terms of reference", terms_parts),
    "audit": ("The audit and its sample", audit_parts),
    "response": ("Response to the audit", returns_parts),
    "sources": ("Other sources", other_sources_parts),
    "families": ("Talks with families", family_talks_parts),
    "presentation": ("How the findings are presented", presentation_parts),
    "context": ("Context: other places", context_parts),
    "voices": ("What the comments speak of", voices_parts),
    "conclusions": ("Conclusions", conclusions_parts),
    "recommendations": ("Recommendations", recommendations_parts),
}
METHODOLOGY_KEYS = ("audit", "response", "sources", "families", "presentation", "context")


def all_sections(inputs: ReportInputs) -> tuple[Section, ...]:
    """Write all seven sections of a report."""
    return (
        Section("Introduction", sections=(_section(inputs, "terms"),)),
        Section("Audit methodology", sections=tuple(_section(inputs, key) for key in METHODOLOGY_KEYS)),
        Section(
            "Analysis of thematic findings",
            sections=(
                *(theme_section(inputs, theme) for theme in inputs.form.themes),
                _section(inputs, "voices"),
            ),
        ),
        Section(
            "Conclusions and recommendations",
            sections=(_section(inputs, "conclusions"), _section(inputs, "recommendations")),
        ),
        Section(
            "Findings",
            about="findings",
            parts=no_findings_parts(inputs),
            sections=findings_sections(inputs),
        ),
        Section("References", parts=references_parts(inputs)),
        Section("Appendices", sections=appendix_sections(inputs)),
    )


def _section(inputs: ReportInputs, key: str) -> Section:
    title, write_parts = SECTIONS_BY_KEY[key]
    return Section(title, key, tuple(write_parts(inputs)), author_text(inputs, key))


def section_named(inputs: ReportInputs, key: str) -> Section:
    """Write one section, reading only its own inputs. Raises NotFound for an unknown key."""
    if key in SECTIONS_BY_KEY:
        return _section(inputs, key)
    kind, _, name = key.partition("-")
    if kind == "theme" and name in inputs.form.themes:
        return theme_section(inputs, name)
    if kind == "question" and name in {question.id for question in inputs.form.questions}:
        return question_section(inputs, inputs.collation.question(name), width=PAGE_WIDTH)
    raise NotFound
