"""The population in section 2.1 of the report: its figures, the rules, who chose (R2014 2.1.4–2.1.6)."""

from collections.abc import Iterable

from surveyapp.disclosure.small_rows import SplitRow, has_small_number, publishable_rows
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.words.dates_and_lists import document_day, list_in_words
from surveyapp.foundation.words.shares import counted
from surveyapp.report.parts import Bullets, Paragraph, ReportPart
from surveyapp.report.sections.inputs import ReportInputs
from surveyapp.sampling.durations import months_in_words
from surveyapp.sampling.figures import PopulationFigures
from surveyapp.sampling.sample import Sample


def population_parts(inputs: ReportInputs) -> Iterable[ReportPart]:
    """Describe the list that the sample was drawn from, the rules and the method; nothing without a list."""
    sample = inputs.sample
    if sample is None:
        return
    yield Paragraph(" ".join(_population_sentences(sample.figures, inputs.threshold, public=inputs.public)))
    rules = sample.criteria.in_words()
    if rules:
        yield Paragraph("The sample was chosen from the list by these rules:")
        yield Bullets(rules)
    yield Paragraph(" ".join(_choice_sentences(sample, inputs)))


def _population_sentences(figures: PopulationFigures, threshold: int, *, public: bool) -> Iterable[str]:
    children = counted(figures.children, "child", "children")
    day = document_day(figures.listed_on)
    yield f"On {day} there were {children} on the list from which the sample was drawn."
    repeats = figures.repeats
    if repeats.count and not has_small_number((repeats.count, repeats.of - repeats.count), threshold):
        yield f"{repeats.count:,} of the {repeats.of:,} were on a repeat plan{repeats.in_brackets}."
    whom = "The children on a repeat plan" if repeats.count else "They"
    groups = (
        figures.sibling_groups,
        figures.in_sibling_groups,
        figures.described - figures.in_sibling_groups,
    )
    if figures.sibling_groups and not has_small_number(groups, threshold):
        yield f"{whom} included {counted(figures.sibling_groups, 'sibling group')}."
    rows = publishable_rows(
        [SplitRow((name,), (count,)) for name, count in figures.categories.items()], threshold
    )
    if rows:
        split = [f"{row.size:,} for {' or '.join(row.names)}" for row in rows]
        yield f"By category, {counted(figures.described, 'plan was', 'plans were')}: {list_in_words(split)}."
    # The shortest and the longest time are each of one child.
    if figures.intervals and not public:
        first, last = map(months_in_words, figures.intervals)
        yield f"The time between the plans was from {first} to {last}."


def _choice_sentences(sample: Sample, inputs: ReportInputs) -> Iterable[str]:
    eligible, chosen = len(sample.eligible), len(sample.chosen)
    by_hand = sum(bool(child.left_out_reason) for child in sample.children.values())
    if not has_small_number((eligible, len(sample.children) - eligible, eligible - chosen), inputs.threshold):
        yield f"{counted(eligible, 'child was', 'children were')} eligible, of whom {chosen:,} were chosen."
    yield sample.method
    if by_hand and not has_small_number((by_hand,), inputs.threshold):
        left_out = counted(by_hand, "child was", "children were")
        yield f"{left_out} left out by hand, each for a reason that is kept."
    sampling = sample.sampling
    if sampling.selected_at is None or inputs.public:
        return
    consulted = f" together with {sampling.consulted}" if sampling.consulted else ""
    day = document_day(local_day(sampling.selected_at))
    yield f"The sample was chosen by {sampling.selected_by}{consulted} on {day}."
    approval = inputs.sample_approval
    if approval:
        yield f"{approval.approved_by} approved it on {document_day(local_day(approval.approved_at))}."
