"""Section 2.6 of the report: the audit’s own figure compared with those of other places."""

from collections.abc import Iterable

from surveyapp.collating.comparison.benchmarks import (
    benchmark_in_words,
    mean_figure,
    printed_percent,
    ranked_places,
)
from surveyapp.disclosure.small_rows import has_small_number
from surveyapp.foundation.settings import settings
from surveyapp.foundation.words.shares import counted
from surveyapp.report.parts import Note, Paragraph, ReportPart, Table
from surveyapp.report.sections.inputs import ReportInputs


def context_parts(inputs: ReportInputs) -> Iterable[ReportPart]:
    """Compare the benchmark’s own figure with those of other places and the national average."""
    benchmark = inputs.benchmark
    if benchmark is None:
        yield Paragraph("No figures of other places are compared with.")
        return
    own_name = settings().partnership or "This partnership"
    own = benchmark.own
    if own and has_small_number((own.count, own.of - own.count), inputs.threshold):
        own = None
    comparison = benchmark_in_words(benchmark.pairs, own, benchmark.national_average)
    yield Paragraph(f"{benchmark.measure}, {benchmark.period}. {comparison}".strip())
    rows = [
        (f"{place.name} (our own figure)" if place.is_own else place.name, f"{place.figure}%")
        for place in ranked_places(benchmark.pairs, own, own_name)
    ]
    average = mean_figure(benchmark.pairs)
    if average is not None:
        rows.append(
            (f"Mean of the {counted(len(benchmark.pairs), 'other place')}", f"{printed_percent(average)}%")
        )
    if benchmark.national_average:
        rows.append(("National average", f"{benchmark.national_average}%"))
    yield Table(benchmark.measure, ("Place", "Per cent"), tuple(rows))
    yield Note(f"Source: {benchmark.source}.".replace("..", "."))
