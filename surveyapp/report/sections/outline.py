"""The outline of a report: its sections by number and title, without their contents."""

from dataclasses import dataclass

from surveyapp.defining.definition import AuditForm
from surveyapp.report.sections.sections import METHODOLOGY_KEYS, SECTIONS_BY_KEY


@dataclass(frozen=True)
class OutlineEntry:
    """One line of the outline: a section’s number and title; `key` is empty where the author adds no text."""

    number: str
    title: str
    key: str = ""
    level: int = 2


def outline(form: AuditForm) -> tuple[OutlineEntry, ...]:
    """List the sections of a report on this form; only the form is read."""
    entries = [OutlineEntry("1", "Introduction", level=1), _keyed_entry("1.1", "terms")]
    entries.append(OutlineEntry("2", "Audit methodology", level=1))
    entries += [_keyed_entry(f"2.{place}", key) for place, key in enumerate(METHODOLOGY_KEYS, start=1)]
    entries.append(OutlineEntry("3", "Analysis of thematic findings", level=1))
    for place, (theme, title) in enumerate(form.themes.items(), start=1):
        entries.append(OutlineEntry(f"3.{place}", title, f"theme-{theme}"))
        entries += [
            OutlineEntry("", question.name, f"question-{question.id}", 3)
            for question in form.questions
            if question.theme == theme
        ]
    entries.append(_keyed_entry(f"3.{len(form.themes) + 1}", "voices"))
    entries.append(OutlineEntry("4", "Conclusions and recommendations", level=1))
    entries += [_keyed_entry("4.1", "conclusions"), _keyed_entry("4.2", "recommendations")]
    entries += [
        OutlineEntry(str(number), title, level=1) for number, title in ((5, "Findings"), (6, "References"))
    ]
    return (*entries, OutlineEntry("7", "Appendices", level=1))


def section_keys(form: AuditForm) -> list[str]:
    """The keys of the sections to which the author can add text, in the order of the report."""
    return [entry.key for entry in outline(form) if entry.key]


def _keyed_entry(number: str, key: str) -> OutlineEntry:
    return OutlineEntry(number, SECTIONS_BY_KEY[key][0], key)
