"""Section 2.1 of the report: the sample, the requests and current practice concerns (R2014 2; stories H3)."""

from collections.abc import Iterable
from decimal import Decimal

from surveyapp.collating.comparison.benchmarks import (
    printed_percent,
)
from surveyapp.disclosure.agency_kinds import UNNAMED_KINDS, UNNAMED_KINDS_SINGULAR
from surveyapp.disclosure.small_rows import has_small_number
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.words.dates_and_lists import day_in_words, list_in_words
from surveyapp.foundation.words.shares import counted
from surveyapp.report.parts import Bullets, Paragraph, ReportPart, parts_from_text
from surveyapp.report.sections.inputs import ReportInputs
from surveyapp.report.sections.involvement import involvement_parts
from surveyapp.report.sections.population import population_parts
from surveyapp.report.sections.sample import sample_parts


def audit_parts(inputs: ReportInputs) -> Iterable[ReportPart]:
    """Describe the population, the rules of selection, the sample, the requests and the concerns raised."""
    report = inputs.saved_report
    if report and report.population:
        yield from parts_from_text(report.population)
    if report and report.criteria:
        yield Paragraph("The sample was chosen by these rules:")
        yield Bullets(tuple(line for line in report.criteria.split("\n") if line.strip()))
    yield from population_parts(inputs)
    yield from sample_parts(inputs)
    yield from involvement_parts(inputs)
    yield from _requests_parts(inputs)
    yield Paragraph(
        "Auditors are asked to act at once on anything in a file that worries them about current practice, "
        f"and not to wait for the audit. {inputs.concerns_sentence}"
    )


def _requests_parts(inputs: ReportInputs) -> Iterable[ReportPart]:
    audit, agencies = inputs.audit, inputs.agencies
    form = inputs.form
    questions = f"{counted(len(form.questions), 'question')} (appendix 3)"
    if not agencies:
        yield Paragraph(f"No agency has been asked yet. The form “{form.title}” has {questions}.")
        return
    requests = sum(agency.requests for agency in agencies)
    yield Paragraph(
        f"Each agency that knew a child audited its own file on that child with the form “{form.title}”, "
        f"which has {questions}. Each case and agency is one request: {counted(requests, 'request')}, "
        f"{_average_requests(inputs, requests)}to {counted(len(agencies), 'agency', 'agencies')} of "
        f"{counted(len(inputs.agency_kinds), 'kind')}: {list_in_words(_agency_names(inputs))}. "
        "Agencies differ widely in how directly they work with a child."
    )
    days = [
        f"{words} on {day_in_words(day)}"
        for words, day in (("issued", audit.asked_on), ("due back", audit.due_on))
        if day
    ]
    if days:
        yield Paragraph(f"Requests were {list_in_words(days)}.{_closing_sentence(inputs)}")


def _average_requests(inputs: ReportInputs, requests: int) -> str:
    cases = len(inputs.audit.cases)
    # Dividing the requests by their average would give the number of cases.
    if has_small_number((cases,), inputs.threshold):
        return ""
    return f"{printed_percent(Decimal(requests) / max(cases, 1))} a case on average, "


def _agency_names(inputs: ReportInputs) -> list[str]:
    """The agencies with requests; for the public, those that may identify a child are counted, not named."""
    names: list[str] = []
    for kind, group in inputs.agency_kinds.items():
        if inputs.public and kind in UNNAMED_KINDS:
            names.append(counted(len(group.agencies), UNNAMED_KINDS_SINGULAR[kind], UNNAMED_KINDS[kind]))
        else:
            names += [agency.name for agency in group.agencies]
    return names


def _closing_sentence(inputs: ReportInputs) -> str:
    end = inputs.audit.answers_end_at
    closed = inputs.audit.is_closed(inputs.now)
    return f" Returns {'closed' if closed else 'close'} on {day_in_words(local_day(end))}." if end else ""
