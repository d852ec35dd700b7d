"""Sections 2.3 and 2.4 of the report: workshops, narratives and talks with families (R2014 2.3, 2.4)."""

from collections.abc import Iterable

from surveyapp.disclosure.small_rows import has_small_number
from surveyapp.foundation.words.dates_and_lists import day_in_words, list_in_words
from surveyapp.foundation.words.shares import counted
from surveyapp.report.parts import Paragraph, ReportPart
from surveyapp.report.sections.inputs import ReportInputs

_PARENTS_APART = "What parents said is quoted as theirs and is in no figure about returns."
_NARRATIVES = {
    "case_example": "a case example (appendix 1)",
    "practitioner": "a frontline practitioner’s view (appendix 2)",
}


def other_sources_parts(inputs: ReportInputs) -> Iterable[ReportPart]:
    """List the workshops, and the narratives that are in the appendices."""
    if not inputs.workshops:
        yield Paragraph("No workshop has been recorded.")
    for workshop in inputs.workshops:
        people = sum(attendance.people for attendance in workshop.attendances)
        attendance_sentence = ""
        if people and not has_small_number((people,), inputs.threshold):
            agencies = counted(len(workshop.attendances), "agency", "agencies")
            attendance_sentence = f" {counted(people, 'person', 'people')} of {agencies} came."
        yield Paragraph(
            f"{workshop.title}: a workshop held on {day_in_words(workshop.held_on)}.{attendance_sentence}"
        )
    narratives = [words for kind, words in _NARRATIVES.items() if kind in inputs.narratives]
    if narratives:
        yield Paragraph(f"To illustrate the theme, this report includes {list_in_words(narratives)}.")


def family_talks_parts(inputs: ReportInputs) -> Iterable[ReportPart]:
    """Say how many families were offered a talk, and how many accepted."""
    talks = inputs.talks_by_state
    offered = sum(talks.values())
    if not offered:
        yield Paragraph("No talk with a family has been recorded.")
        return
    if has_small_number((offered, len(inputs.audit.cases) - offered, *talks.values()), inputs.threshold):
        sentences = ["Some families were offered a talk, through an agency that knows them."]
        sentences += ["Some of them talked with us."] if talks.get("done") else []
        yield Paragraph(" ".join([*sentences, _PARENTS_APART]))
        return
    families_were = counted(offered, "family was", "families were")
    sentences = [f"{families_were} offered a talk, through an agency that knows them."]
    sentences += [
        f"{talks[state]:,} {words}."
        for state, words in (
            ("done", "talked with us"),
            ("agreed", "agreed, and the talk is still to come"),
            ("declined", "declined"),
            ("offered", "had not answered yet"),
        )
        if talks.get(state)
    ]
    sentences.append(_PARENTS_APART)
    yield Paragraph(" ".join(sentences))
