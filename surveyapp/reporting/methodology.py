"""Section 2 of a report: how the audit was done, written from what is stored of it (R2014 2; STORIES H3)."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from surveyapp.agencies.models import KINDS
from surveyapp.collating.benchmarks import in_words, mean, placed, printed
from surveyapp.collating.filters import AGE_BANDS, BAND_WORDS, NOT_KNOWN, UNBORN, band_of
from surveyapp.collating.wording import returns_in_words
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.counting import Share, counted
from surveyapp.foundation.settings import settings
from surveyapp.foundation.wording import day_in_words, listed, moment_in_words
from surveyapp.planning.ages import Age
from surveyapp.planning.models import Case
from surveyapp.reporting.material import Material
from surveyapp.reporting.report_parts import Bullets, Note, Paragraph, Part, Table, own_parts

_NOT_RECORDED = "Not recorded"
NO_RETURNS = "There are no returns yet."
_NARRATIVES = {
    "case_example": "a case example (appendix 1)",
    "practitioner": "a frontline practitioner’s view (appendix 2)",
}


def of_the_audit(material: Material) -> Iterable[Part]:
    """From whom the sample was drawn and by which rules, how it is made up, which agencies were asked."""
    report = material.report
    if report and report.population:
        yield from own_parts(report.population)
    if report and report.criteria:
        yield Paragraph("The sample was chosen by these rules:")
        yield Bullets(tuple(line for line in report.criteria.split("\n") if line.strip()))
    yield from _sample(material.audit.cases)
    yield from _asked(material)
    yield Paragraph(
        "Auditors are asked to act at once on anything in a file that worries them about current practice, "
        f"and not to wait for the audit. {material.concerns}"
    )


def _sample(cases: Sequence[Case]) -> Iterable[Part]:
    if not cases:
        yield Paragraph("No case has been chosen yet.")
        return
    yield Paragraph(f"The sample is {counted(len(cases), 'case')}. {_ages(cases)}{_siblings(cases)}".strip())
    rows = [(f"Age: {name}", figure) for name, figure in _shares(cases, _band)]
    for what, word in (
        ("Gender", lambda case: case.gender),
        ("Category", lambda case: case.category),
        ("Plan", lambda case: case.plan),
    ):
        found = _shares(cases, word)
        if [name for name, _ in found] != [_NOT_RECORDED]:
            rows += [(f"{what}: {name}", figure) for name, figure in found]
    yield Table(
        "The sample and its balance", ("What is known of the case", "Cases", "Per cent"), _three(rows)
    )


def _three(rows: Iterable[tuple[str, Share]]) -> tuple[tuple[str, str, str], ...]:
    return tuple((name, f"{share.count:,} of {share.of:,}", f"{share.percent}%") for name, share in rows)


def _shares(cases: Sequence[Case], word: Callable[[Case], str]) -> list[tuple[str, Share]]:
    """How many cases have each value: ages in their order, others most first."""
    count = Counter(_capital(word(case)) or _NOT_RECORDED for case in cases)
    bands = [BAND_WORDS[UNBORN], *(words for words, _, _ in AGE_BANDS.values()), BAND_WORDS[NOT_KNOWN]]
    order = {name: place for place, name in enumerate(bands)}
    names = sorted(count, key=lambda name: (order.get(name, 0), -count[name], name))
    return [(name, Share(count[name], len(cases), "cases")) for name in names]


def _band(case: Case) -> str:
    return BAND_WORDS[band_of(case)]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _ages(cases: Sequence[Case]) -> str:
    """From the youngest to the oldest: one number, one unit, cases."""
    ages = sorted(case.age_months for case in cases if case.age_months is not None)
    said = ""
    if ages:
        first, last = str(Age(ages[0])), str(Age(ages[-1]))
        are = f"aged {first}" if first == last else f"aged from {first} to {last}"
        said = f"The children were {are}."
    unborn = sum(case.unborn for case in cases)
    return f"{said} {counted(unborn, 'child', 'children')} not yet born." if unborn else said


def _siblings(cases: Sequence[Case]) -> str:
    groups = Counter(case.sibling_group for case in cases if case.sibling_group)
    if not groups:
        return ""
    each = "with one child from each" if max(groups.values()) == 1 else "some with more than one child"
    return f" They include {counted(len(groups), 'sibling group')}, {each}."


def _asked(material: Material) -> Iterable[Part]:
    audit, agencies = material.audit, material.agencies
    form = material.form
    questions = f"{counted(len(form.questions), 'question')} (appendix 3)"
    if not agencies:
        yield Paragraph(f"No agency has been asked yet. The form “{form.title}” has {questions}.")
        return
    requests = sum(each.requests for each in agencies)
    cases = len(material.audit.cases)
    average = printed(Decimal(requests) / max(cases, 1))
    yield Paragraph(
        f"Each agency that knew a child audited its own file on that child with the form “{form.title}”, "
        f"which has {questions}. Each case and agency is one request: {counted(requests, 'request')}, "
        f"{average} a case on average, to {counted(len(agencies), 'agency', 'agencies')} of "
        f"{counted(len({each.kind for each in agencies}), 'kind')}: "
        f"{listed([each.name for each in agencies])}. "
        "Agencies differ widely in how directly they work with a child."
    )
    days = [
        f"{words} on {day_in_words(day)}"
        for words, day in (("issued", audit.issue_on), ("due back", audit.due_on))
        if day
    ]
    if days:
        yield Paragraph(f"Requests were {listed(days)}.{_closing(material)}")


def _closing(material: Material) -> str:
    end = material.audit.answers_end_at
    closed = material.audit.is_closed(material.now)
    return f" Returns {'closed' if closed else 'close'} on {day_in_words(local_day(end))}." if end else ""


def of_the_response(material: Material) -> Iterable[Part]:
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
    yield _by_kind(material)
    yield Note(f"Figures as they stood on {moment_in_words(material.now)}, {_state(material)}.")


def _state(material: Material) -> str:
    return "after returns had closed" if material.audit.is_closed(material.now) else "with returns still open"


def _by_kind(material: Material) -> Table:
    asked, returned = Counter[str](), Counter[str]()
    for each in material.agencies:
        asked[each.kind] += each.requests
        returned[each.kind] += each.returned
    rows = [(KINDS[kind], Share(returned[kind], asked[kind], "requests")) for kind in KINDS if asked[kind]]
    rows.append(("All", Share(sum(returned.values()), sum(asked.values()), "requests")))
    return Table(
        "Requests returned, by kind of agency", ("Kind of agency", "Returned", "Per cent"), _three(rows)
    )


def of_other_sources(material: Material) -> Iterable[Part]:
    """Workshops, the case example and the practitioner's view."""
    if not material.workshops:
        yield Paragraph("No workshop has been recorded.")
    for each in material.workshops:
        people = sum(attendance.people for attendance in each.attendances)
        who = ""
        if people:
            of = counted(len(each.attendances), "agency", "agencies")
            who = f" {counted(people, 'person', 'people')} of {of} came."
        yield Paragraph(f"{each.title}: a workshop held on {day_in_words(each.held_on)}.{who}")
    written = [words for kind, words in _NARRATIVES.items() if kind in material.narratives]
    if written:
        yield Paragraph(f"To illustrate the theme, this report includes {listed(written)}.")


def of_families(material: Material) -> Iterable[Part]:
    """How many families were offered a talk, and how many talked."""
    talks = material.talks
    asked = sum(talks.values())
    if not asked:
        yield Paragraph("No talk with a family has been recorded.")
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
    said.append("What parents said stands under their own heading and is in no figure about returns.")
    yield Paragraph(" ".join(said))


def of_presentation(material: Material) -> Iterable[Part]:
    """The themes, and how to read a figure."""
    yield Paragraph("Section 3 has the answers under these headings:")
    yield Bullets(tuple(material.form.themes.values()))
    yield Paragraph(
        "Figures count returns, not children: one return is what one agency answered about one child. Each "
        "figure is out of the returns that answered the question. “Not applicable” and “don’t know” are "
        "counted as answers; a question left blank is not, and stands beside. Per cents have one decimal. "
        "Quotations name no one: whether an auditor, a practitioner or a parent said it is all that is kept."
    )


def of_the_context(material: Material) -> Iterable[Part]:
    """Places like ours beside our own figure."""
    benchmark = material.benchmark
    if benchmark is None:
        yield Paragraph("No figures of other places are compared with.")
        return
    own_name = settings().partnership or "This partnership"
    said = in_words(benchmark.pairs, benchmark.own, benchmark.national_average)
    yield Paragraph(f"{benchmark.measure}, {benchmark.period}. {said}".strip())
    rows = [
        (f"{place.name} (our own figure)" if place.is_own else place.name, f"{place.figure}%")
        for place in placed(benchmark.pairs, benchmark.own, own_name)
    ]
    average = mean(benchmark.pairs)
    if average is not None:
        rows.append((f"Mean of the {counted(len(benchmark.pairs), 'other place')}", f"{printed(average)}%"))
    if benchmark.national_average:
        rows.append(("National average", f"{benchmark.national_average}%"))
    yield Table(benchmark.measure, ("Place", "Per cent"), tuple(rows))
    yield Note(f"Source: {benchmark.source}.".replace("..", "."))
