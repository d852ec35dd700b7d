"""The involvement check in section 2.1 of the report: who was asked which child they knew (stories BM14)."""

from collections.abc import Iterable

from surveyapp.disclosure.small_rows import has_small_number
from surveyapp.foundation.words.dates_and_lists import list_in_words
from surveyapp.foundation.words.shares import counted
from surveyapp.report.parts import Paragraph, ReportPart
from surveyapp.report.sections.inputs import ReportInputs

_IN_WORDS = {
    "known": "“known”",
    "not_known": "“not known”",
    "relative_only": "“only a parent or sibling”",
}


def involvement_parts(inputs: ReportInputs) -> Iterable[ReportPart]:
    """Say how many agencies were asked and what they said; nothing if there was no check.

    The public version leaves out how often each answer was given where one of these numbers is small.
    """
    figures = inputs.involvement
    if figures is None:
        return
    asked = counted(figures.asked, "agency was", "agencies were")
    which, all_of_them = ("it", "it") if figures.asked == 1 else ("they", "all of them")
    answered = all_of_them if figures.answered == figures.asked else f"{figures.answered:,}"
    sentences = [
        f"Before the requests, {asked} asked which of the children {which} knew; {answered} answered."
    ]
    if figures.answered and not has_small_number(figures.said.values(), inputs.threshold):
        said = [f"{words} ({figures.said[answer]:,})" for answer, words in _IN_WORDS.items()]
        sentences.append(f"There were {counted(figures.said.total(), 'answer')}: {list_in_words(said)}.")
    if figures.not_involved:
        not_involved = counted(figures.not_involved, "agency", "agencies")
        sentences.append(f"{not_involved} had been involved with none of the children.")
    yield Paragraph(" ".join(sentences))
