"""The sections of a report in order, by the names under which its author adds paragraphs (stories H1)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from surveyapp.collating.charts import PAGE_WIDTH
from surveyapp.defining.definition import AuditForm, Question
from surveyapp.exports.scope_in_words import audience_in_words
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.settings import settings
from surveyapp.report import conclusions, methodology
from surveyapp.report.analysis import author_text, question_section, theme_section, voices_parts
from surveyapp.report.inputs import ReportInputs
from surveyapp.report.parts import (
    FORM_SECTION,
    Asked,
    Bullets,
    Note,
    Paragraph,
    ReportPart,
    Section,
    parts_from_text,
)

PartsWriter = Callable[[ReportInputs], Iterable[ReportPart]]


def terms_parts(material: ReportInputs) -> Iterable[ReportPart]:
    """What the audit was for, and on what terms."""
    audit, partnership = material.audit, settings().partnership
    by = f" by {partnership}" if partnership else ""
    about = f", under the theme “{audit.theme}”" if audit.theme else ""
    yield Paragraph(f"This is the report of a multi-agency case audit{by}{about}.")
    if audit.aim:
        yield Paragraph(audit.aim, lead="Aim")
    if audit.terms_of_reference:
        yield from parts_from_text(audit.terms_of_reference)
    else:
        yield Note("No terms of reference have been written.")


SECTIONS_BY_KEY: dict[str, tuple[str, PartsWriter]] = {
    "terms": ("Terms of reference", terms_parts),
    "audit": ("The audit and its sample", methodology.audit_parts),
    "response": ("Response to the audit", methodology.returns_parts),
    "sources": ("Other sources", methodology.other_sources_parts),
    "families": ("Talks with families", methodology.family_talks_parts),
    "presentation": ("How the findings are presented", methodology.presentation_parts),
    "context": ("Context: other places", methodology.context_parts),
    "voices": ("What the comments speak of", voices_parts),
    "conclusions": ("Conclusions", conclusions.conclusions_parts),
    "recommendations": ("Recommendations", conclusions.recommendations_parts),
}
METHODOLOGY = ("audit", "response", "sources", "families", "presentation", "context")


def all_sections(material: ReportInputs) -> tuple[Section, ...]:
    """The seven sections of a report, complete."""
    return (
        Section("Introduction", sections=(_section(material, "terms"),)),
        Section("Audit methodology", sections=tuple(_section(material, key) for key in METHODOLOGY)),
        Section(
            "Analysis of thematic findings",
            sections=(
                *(theme_section(material, theme) for theme in material.form.themes),
                _section(material, "voices"),
            ),
        ),
        Section(
            "Conclusions and recommendations",
            sections=(_section(material, "conclusions"), _section(material, "recommendations")),
        ),
        Section(
            "Findings",
            about="findings",
            parts=conclusions.no_findings_parts(material),
            sections=conclusions.findings_sections(material),
        ),
        Section("References", parts=_references(material)),
        Section("Appendices", sections=_appendices(material)),
    )


def _section(material: ReportInputs, key: str) -> Section:
    title, written = SECTIONS_BY_KEY[key]
    return Section(title, key, tuple(written(material)), author_text(material, key))


def section_named(material: ReportInputs, key: str) -> Section:
    """One section by its name for a page, without reading what others are made of. Raises NotFound."""
    if key in SECTIONS_BY_KEY:
        return _section(material, key)
    kind, _, name = key.partition("-")
    if kind == "theme" and name in material.form.themes:
        return theme_section(material, name)
    if kind == "question" and name in {each.id for each in material.form.questions}:
        return question_section(material, material.collation.question(name), width=PAGE_WIDTH)
    raise NotFound


@dataclass(frozen=True)
class OutlineEntry:
    """One line of the outline: a section by its number and title; `key` where its author may write."""

    number: str
    title: str
    key: str = ""
    level: int = 2


def outline(form: AuditForm) -> tuple[OutlineEntry, ...]:
    """The sections of a report on this form, without reading any of them."""
    found = [OutlineEntry("1", "Introduction", level=1), _entry("1.1", "terms")]
    found.append(OutlineEntry("2", "Audit methodology", level=1))
    found += [_entry(f"2.{place}", key) for place, key in enumerate(METHODOLOGY, start=1)]
    found.append(OutlineEntry("3", "Analysis of thematic findings", level=1))
    for place, (theme, title) in enumerate(form.themes.items(), start=1):
        found.append(OutlineEntry(f"3.{place}", title, f"theme-{theme}"))
        found += [
            OutlineEntry("", each.name, f"question-{each.id}", 3)
            for each in form.questions
            if each.theme == theme
        ]
    found.append(_entry(f"3.{len(form.themes) + 1}", "voices"))
    found.append(OutlineEntry("4", "Conclusions and recommendations", level=1))
    found += [_entry("4.1", "conclusions"), _entry("4.2", "recommendations")]
    found += [
        OutlineEntry(str(number), title, level=1) for number, title in ((5, "Findings"), (6, "References"))
    ]
    return (*found, OutlineEntry("7", "Appendices", level=1))


def _entry(number: str, key: str) -> OutlineEntry:
    return OutlineEntry(number, SECTIONS_BY_KEY[key][0], key)


def _references(material: ReportInputs) -> tuple[ReportPart, ...]:
    report, benchmark = material.report, material.benchmark
    lines = [line.strip() for line in (report.references if report else "").split("\n") if line.strip()]
    if benchmark and benchmark.source not in lines:
        lines.append(benchmark.source)
    form = material.form
    lines.append(f"The form “{form.title}”: {form.source}")
    listed: list[ReportPart] = [Bullets(tuple(lines))]
    if not (report and report.references.strip()):
        listed.insert(0, Note("No laws or guidance have been listed yet."))
    return tuple(listed)


def _appendices(material: ReportInputs) -> tuple[Section, ...]:
    told = (
        (
            "case_example",
            "Appendix 1: Case example from the audit sample",
            "No case example has been written.",
        ),
        (
            "practitioner",
            "Appendix 2: A frontline practitioner’s view",
            "No practitioner’s view has been written.",
        ),
    )
    found = []
    for kind, title, nothing in told:
        narrative = material.narratives.get(kind)
        parts: tuple[ReportPart, ...] = parts_from_text(narrative.text) if narrative else (Note(nothing),)
        # Which case it is about stays with staff: beside the sample's ages it would tell who the child is.
        found.append(Section(title, parts=parts, numbered=False, about=f"narrative-{kind}"))
    form = material.form
    issued = "as issued" if material.audit.is_issued else "as it stands before issue"
    questions = tuple(part for each in form.questions for part in _form_question_parts(form, each))
    about: ReportPart = Note(f"{form.title}, {issued}.")
    return (
        *found,
        Section("Appendix 3: The form", parts=(about, *questions), numbered=False, about=FORM_SECTION),
    )


def _form_question_parts(form: AuditForm, question: Question) -> Iterable[ReportPart]:
    yield Asked(f"{question.number}. {question.ask}")
    if question.only_for or question.show_if:
        yield Note(audience_in_words(form, question))
    if question.hint:
        yield Note(question.hint)
    labels = [line.label for line in question.items] + [option.label for option in question.answers]
    if question.none_of_these:
        labels.append(question.none_of_these)
    if labels:
        yield Bullets(tuple(labels))
    if question.comment:
        yield Note(f"{question.comment}:")
