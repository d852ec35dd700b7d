"""Section 2 of a report: how the audit was done, written from what is stored of it (R2014 2; stories H3)."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from surveyapp.agencies.models import AGENCY_KINDS
from surveyapp.collating.comparison.benchmarks import (
    benchmark_in_words,
    mean_figure,
    printed_percent,
    ranked_places,
)
from surveyapp.collating.figures_in_words import returns_in_words
from surveyapp.disclosure.agency_kinds import UNNAMED_KINDS, UNNAMED_KINDS_SINGULAR
from surveyapp.disclosure.small_rows import has_small_number
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.settings import settings
from surveyapp.foundation.words.dates_and_lists import day_in_words, list_in_words, moment_in_words
from surveyapp.foundation.words.shares import Share, counted
from surveyapp.report.inputs import ReportInputs
from surveyapp.report.parts import Bullets, Note, Paragraph, ReportPart, Table, parts_from_text
from surveyapp.report.sample import ROWS_JOINED, sample_parts, share_rows

NO_RETURNS = "There are no returns yet."
_APART = "What parents said is quoted as theirs and is in no figure about returns."
_NARRATIVES = {
    "case_example": "a case example (appendix 1)",
    "practitioner": "a frontline practitioner’s view (appendix 2)",
}


def audit_parts(material: ReportInputs) -> Iterable[ReportPart]:
    """From whom the sample was drawn and by which rules, how it is made up, which agencies were asked."""
    report = material.report
    if report and report.population:
        yield from parts_from_text(report.population)
    if report and report.criteria:
        yield Paragraph("The sample was chosen by these rules:")
        yield Bullets(tuple(line for line in report.criteria.split("\n") if line.strip()))
    yield from sample_parts(material)
    yield from _requests_parts(material)
    yield Paragraph(
        "Auditors are asked to act at once on anything in a file that worries them about current practice, "
        f"and not to wait for the audit. {material.concerns}"
    )


def _requests_parts(material: ReportInputs) -> Iterable[ReportPart]:
    audit, agencies = material.audit, material.agencies
    form = material.form
    questions = f"{counted(len(form.questions), 'question')} (appendix 3)"
    if not agencies:
        yield Paragraph(f"No agency has been asked yet. The form “{form.title}” has {questions}.")
        return
    requests = sum(each.requests for each in agencies)
    yield Paragraph(
        f"Each agency that knew a child audited its own file on that child with the form “{form.title}”, "
        f"which has {questions}. Each case and agency is one request: {counted(requests, 'request')}, "
        f"{_average(material, requests)}to {counted(len(agencies), 'agency', 'agencies')} of "
        f"{counted(len(material.kinds), 'kind')}: {list_in_words(_agencies_named(material))}. "
        "Agencies differ widely in how directly they work with a child."
    )
    days = [
        f"{words} on {day_in_words(day)}"
        for words, day in (("issued", audit.issue_on), ("due back", audit.due_on))
        if day
    ]
    if days:
        yield Paragraph(f"Requests were {list_in_words(days)}.{_closing(material)}")


def _average(material: ReportInputs, requests: int) -> str:
    cases = len(material.audit.cases)
    # Requests over their average are cases.
    if has_small_number((cases,), material.threshold):
        return ""
    return f"{printed_percent(Decimal(requests) / max(cases, 1))} a case on average, "


def _agencies_named(material: ReportInputs) -> list[str]:
    """The agencies that were asked; to the public those whose name may tell a child by their kind alone."""
    names: list[str] = []
    for kind, found in material.kinds.items():
        if material.public and kind in UNNAMED_KINDS:
            names.append(counted(len(found.agencies), UNNAMED_KINDS_SINGULAR[kind], UNNAMED_KINDS[kind]))
        else:
            names += [each.name for each in found.agencies]
    return names


def _closing(material: ReportInputs) -> str:
    end = material.audit.answers_end_at
    closed = material.audit.is_closed(material.now)
    return f" Returns {'closed' if closed else 'close'} on {day_in_words(local_day(end))}." if end else ""


def returns_parts(material: ReportInputs) -> Iterable[ReportPart]:
    """How many of the requests came back, by kind of agency."""
    found = material.collation
    tally = found.tally
    if not tally.requests:
        yield Note(f"Nothing has been asked yet. {NO_RETURNS}")
        return
    said = [f"{returns_in_words(found)}."]
    if not tally.returned:
        said.append(NO_RETURNS)
    if tally.outstanding:
        said.append(f"{counted(tally.outstanding, 'request is', 'requests are')} outstanding.")
    if tally.nil:
        said.append(
            f"{counted(tally.nil, 'return says', 'returns say')} that the agency had nothing to audit; "
            "they count as returned and stand in no figure of section 3."
        )
    if tally.late:
        said.append(f"{counted(tally.late, 'return')} came after returns had closed.")
    yield Paragraph(" ".join(said))
    yield from _by_kind(material)
    yield Note(f"Figures as they stood on {moment_in_words(material.now)}, {_state(material)}.")


def _state(material: ReportInputs) -> str:
    return "after returns had closed" if material.audit.is_closed(material.now) else "with returns still open"


def _by_kind(material: ReportInputs) -> Iterable[ReportPart]:
    found = material.rows_by_kind
    if found:
        rows = [(_kinds(each.names), Share(each.parts[0], each.size, "requests")) for each in found]
        every = [sum(numbers) for numbers in zip(*(each.parts for each in found), strict=True)]
        rows.append(("All", Share(every[0], sum(every), "requests")))
        head = ("Kind of agency", "Returned", "Per cent")
        yield Table("Requests returned, by kind of agency", head, share_rows(rows))
    if len(found) < len(material.kinds):
        yield Note(ROWS_JOINED)


def _kinds(kinds: Sequence[str]) -> str:
    said = list_in_words([AGENCY_KINDS[each] for each in kinds])
    return said if len(kinds) == 1 else f"{said}, together"


def other_sources_parts(material: ReportInputs) -> Iterable[ReportPart]:
    """Workshops, the case example and the practitioner's view."""
    if not material.workshops:
        yield Paragraph("No workshop has been recorded.")
    for each in material.workshops:
        people = sum(attendance.people for attendance in each.attendances)
        who = ""
        if people and not has_small_number((people,), material.threshold):
            of = counted(len(each.attendances), "agency", "agencies")
            who = f" {counted(people, 'person', 'people')} of {of} came."
        yield Paragraph(f"{each.title}: a workshop held on {day_in_words(each.held_on)}.{who}")
    written = [words for kind, words in _NARRATIVES.items() if kind in material.narratives]
    if written:
        yield Paragraph(f"To illustrate the theme, this report includes {list_in_words(written)}.")


def family_talks_parts(material: ReportInputs) -> Iterable[ReportPart]:
    """How many families were offered a talk, and how many talked."""
    talks = material.talks
    asked = sum(talks.values())
    if not asked:
        yield Paragraph("No talk with a family has been recorded.")
        return
    if has_small_number((asked, len(material.audit.cases) - asked, *talks.values()), material.threshold):
        said = ["Some families were offered a talk, through an agency that knows them."]
        said += ["Some of them talked with us."] if talks.get("done") else []
        yield Paragraph(" ".join([*said, _APART]))
        return
    said = [
        f"{counted(asked, 'family was', 'families were')} offered a talk, through an agency that knows them."
    ]
    said += [
        f"{talks[state]:,} {words}."
        for state, words in (
            ("done", "talked with us"),
            ("agreed", "agreed, and the talk is still to come"),
            ("declined", "declined"),
            ("offered", "had not answered yet"),
        )
        if talks.get(state)
    ]
    said.append(_APART)
    yield Paragraph(" ".join(said))


def presentation_parts(material: ReportInputs) -> Iterable[ReportPart]:
    """The themes, and how to read a figure."""
    yield Paragraph("Section 3 has the answers under these headings:")
    yield Bullets(tuple(material.form.themes.values()))
    # The checks before release point at every “one child”.
    one, an = ("a", "an") if material.public else ("one", "one")
    yield Paragraph(
        f"Figures count returns, not children: {one} return is what {an} agency answered about {one} child. "
        "Each figure is out of the returns that answered the question. “Not applicable” and “don’t know” are "
        "counted as answers; a question left blank is not, and stands beside. Per cents have one decimal. "
        "Quotations name no one: whether an auditor, a practitioner or a parent said it is all that is kept."
    )
    if material.public:
        yield Paragraph(
            "The tables and sentences written from the audit hide numbers of children, and figures of one "
            f"agency or kind of agency, that are under {material.threshold} or would give such a number "
            "away. They are joined with others or left out."
        )


def context_parts(material: ReportInputs) -> Iterable[ReportPart]:
    """Places like ours beside our own figure."""
    benchmark = material.benchmark
    if benchmark is None:
        yield Paragraph("No figures of other places are compared with.")
        return
    own_name = settings().partnership or "This partnership"
    own = benchmark.own
    if own and has_small_number((own.count, own.of - own.count), material.threshold):
        own = None
    said = benchmark_in_words(benchmark.pairs, own, benchmark.national_average)
    yield Paragraph(f"{benchmark.measure}, {benchmark.period}. {said}".strip())
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
