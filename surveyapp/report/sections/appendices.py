"""Sections 6 and 7 of the report: the references and the appendices."""

from collections.abc import Iterable

from surveyapp.defining.definition import AuditForm, Question
from surveyapp.exports.scope_in_words import audience_in_words
from surveyapp.report.parts import (
    FORM_SECTION,
    Asked,
    Bullets,
    Note,
    ReportPart,
    Section,
    parts_from_text,
)
from surveyapp.report.sections.inputs import ReportInputs


def references_parts(inputs: ReportInputs) -> tuple[ReportPart, ...]:
    """List the author’s references, the benchmark’s source and the form’s source."""
    saved_report, benchmark = inputs.saved_report, inputs.benchmark
    lines = [
        line.strip() for line in (saved_report.references if saved_report else "").split("\n") if line.strip()
    ]
    if benchmark and benchmark.source not in lines:
        lines.append(benchmark.source)
    form = inputs.form
    lines.append(f"The form “{form.title}”: {form.source}")
    parts: list[ReportPart] = [Bullets(tuple(lines))]
    if not (saved_report and saved_report.references.strip()):
        parts.insert(0, Note("No laws or guidance have been listed yet."))
    return tuple(parts)


def appendix_sections(inputs: ReportInputs) -> tuple[Section, ...]:
    """Write the three appendices: the case example, the practitioner’s view and the form."""
    narratives = (
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
    sections = []
    for kind, title, missing in narratives:
        narrative = inputs.narratives.get(kind)
        parts: tuple[ReportPart, ...] = parts_from_text(narrative.text) if narrative else (Note(missing),)
        # The report omits which case it is about: with the ages of the sample, it could identify the child.
        sections.append(Section(title, parts=parts, numbered=False, about=f"narrative-{kind}"))
    form = inputs.form
    issued = "as issued" if inputs.audit.is_issued else "as it stands before issue"
    questions = tuple(part for question in form.questions for part in _form_question_parts(form, question))
    form_note: ReportPart = Note(f"{form.title}, {issued}.")
    return (
        *sections,
        Section("Appendix 3: The form", parts=(form_note, *questions), numbered=False, about=FORM_SECTION),
    )


def _form_question_parts(form: AuditForm, question: Question) -> Iterable[ReportPart]:
    yield Asked(f"{question.number}. {question.ask}")
    if question.only_for or question.show_if:
        yield Note(audience_in_words(form, question))
    if question.hint:
        yield Note(question.hint)
    labels = [line.wording for line in question.items] + [option.wording for option in question.answers]
    if question.none_of_these:
        labels.append(question.none_of_these)
    if labels:
        yield Bullets(tuple(labels))
    if question.comment:
        yield Note(f"{question.comment}:")
