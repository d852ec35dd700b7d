"""The sections of a report in order, by the names under which its author adds paragraphs (stories H1)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from surveyapp.collating.charts import ON_A_PAGE
from surveyapp.defining.definition import AuditForm, Question
from surveyapp.exports.scope_in_words import put_to
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.settings import settings
from surveyapp.report import conclusions, methodology
from surveyapp.report.analysis import own_text, question_section, theme_section, voices
from surveyapp.report.inputs import Material
from surveyapp.report.parts import FORM_APPENDIX, Asked, Bullets, Note, Paragraph, Part, Section, own_parts

Written = Callable[[Material], Iterable[Part]]


def of_the_terms(material: Material) -> Iterable[Part]:
    """What the audit was for, and on what terms."""
    audit, partnership = material.audit, settings().partnership
    by = f" by {partnership}" if partnership else ""
    about = f", under the theme “{audit.theme}”" if audit.theme else ""
    yield Paragraph(f"This is the report of a multi-agency case audit{by}{about}.")
    if audit.aim:
        yield Paragraph(audit.aim, lead="Aim")
    if audit.terms_of_reference:
        yield from own_parts(audit.terms_of_reference)
    else:
        yield Note("No terms of reference have been written.")


SECTION_WORDS: dict[str, tuple[str, Written]] = {
    "terms": ("Terms of reference", of_the_terms),
    "audit": ("The audit and its sample", methodology.of_the_audit),
    "response": ("Response to the audit", methodology.of_the_response),
    "sources": ("Other sources", methodology.of_other_sources),
    "families": ("Talks with families", methodology.of_families),
    "presentation": ("How the findings are presented", methodology.of_presentation),
    "context": ("Context: other places", methodology.of_the_context),
    "voices": ("What the comments speak of", voices),
    "conclusions": ("Conclusions", conclusions.of_conclusions),
    "recommendations": ("Recommendations", conclusions.of_recommendations),
}
METHODOLOGY = ("audit", "response", "sources", "families", "presentation", "context")


def all_sections(material: Material) -> tuple[Section, ...]:
    """The seven sections of a report, complete."""
    return (
        Section("Introduction", sections=(_one(material, "terms"),)),
        Section("Audit methodology", sections=tuple(_one(material, key) for key in METHODOLOGY)),
        Section(
            "Analysis of thematic findings",
            sections=(
                *(theme_section(material, theme) for theme in material.form.themes),
                _one(material, "voices"),
            ),
        ),
        Section(
            "Conclusions and recommendations",
            sections=(_one(material, "conclusions"), _one(material, "recommendations")),
        ),
        Section(
            "Findings",
            parts=conclusions.nothing_found(material),
            sections=conclusions.findings_sections(material),
        ),
        Section("References", parts=_references(material)),
        Section("Appendices", sections=_appendices(material)),
    )


def _one(material: Material, key: str) -> Section:
    title, written = SECTION_WORDS[key]
    return Section(title, key, tuple(written(material)), own_text(material, key))


def section_named(material: Material, key: str) -> Section:
    """One section by its name for a page, without reading what others are made of. Raises NotFound."""
    if key in SECTION_WORDS:
        return _one(material, key)
    kind, _, name = key.partition("-")
    if kind == "theme" and name in material.form.themes:
        return theme_section(material, name)
    if kind == "question" and name in {each.id for each in material.form.questions}:
        return question_section(material, material.collation.question(name), width=ON_A_PAGE)
    raise NotFound


@dataclass(frozen=True)
class Entry:
    """One line of the outline: a section by its number and title; `key` where its author may write."""

    number: str
    title: str
    key: str = ""
    level: int = 2


def outline(form: AuditForm) -> tuple[Entry, ...]:
    """The sections of a report on this form, without reading any of them."""
    found = [Entry("1", "Introduction", level=1), _entry("1.1", "terms")]
    found.append(Entry("2", "Audit methodology", level=1))
    found += [_entry(f"2.{place}", key) for place, key in enumerate(METHODOLOGY, start=1)]
    found.append(Entry("3", "Analysis of thematic findings", level=1))
    for place, (theme, title) in enumerate(form.themes.items(), start=1):
        found.append(Entry(f"3.{place}", title, f"theme-{theme}"))
        found += [
            Entry("", each.name, f"question-{each.id}", 3) for each in form.questions if each.theme == theme
        ]
    found.append(_entry(f"3.{len(form.themes) + 1}", "voices"))
    found.append(Entry("4", "Conclusions and recommendations", level=1))
    found += [_entry("4.1", "conclusions"), _entry("4.2", "recommendations")]
    found += [Entry(str(number), title, level=1) for number, title in ((5, "Findings"), (6, "References"))]
    return (*found, Entry("7", "Appendices", level=1))


def _entry(number: str, key: str) -> Entry:
    return Entry(number, SECTION_WORDS[key][0], key)


def _references(material: Material) -> tuple[Part, ...]:
    report, benchmark = material.report, material.benchmark
    lines = [line.strip() for line in (report.references if report else "").split("\n") if line.strip()]
    if benchmark and benchmark.source not in lines:
        lines.append(benchmark.source)
    form = material.form
    lines.append(f"The form “{form.title}”: {form.source}")
    listed: list[Part] = [Bullets(tuple(lines))]
    if not (report and report.references.strip()):
        listed.insert(0, Note("No laws or guidance have been listed yet."))
    return tuple(listed)


def _appendices(material: Material) -> tuple[Section, ...]:
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
        parts: tuple[Part, ...] = own_parts(narrative.text) if narrative else (Note(nothing),)
        # Which case it is about stays with staff: beside the sample's ages it would tell who the child is.
        found.append(Section(title, parts=parts, numbered=False))
    form = material.form
    issued = "as issued" if material.audit.is_issued else "as it stands before issue"
    questions = tuple(part for each in form.questions for part in _printed(form, each))
    about: Part = Note(f"{form.title}, {issued}.")
    return (*found, Section(FORM_APPENDIX, parts=(about, *questions), numbered=False))


def _printed(form: AuditForm, question: Question) -> Iterable[Part]:
    yield Asked(f"{question.number}. {question.ask}")
    if question.only_for or question.show_if:
        yield Note(put_to(form, question))
    if question.hint:
        yield Note(question.hint)
    labels = [line.label for line in question.items] + [option.label for option in question.answers]
    if question.none_of_these:
        labels.append(question.none_of_these)
    if labels:
        yield Bullets(tuple(labels))
    if question.comment:
        yield Note(f"{question.comment}:")
