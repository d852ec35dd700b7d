"""The sample of an audit in a report: how many cases, how old, and how they are balanced (R2014 2.1.6)."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from surveyapp.collating.filters import AGE_BANDS, BAND_WORDS, NOT_KNOWN, UNBORN, band_of
from surveyapp.foundation.counting import Share, counted
from surveyapp.planning.ages import Age
from surveyapp.planning.models import Case
from surveyapp.reporting.report_parts import Paragraph, Part, Table

_NOT_RECORDED = "Not recorded"


def of_the_sample(cases: Sequence[Case]) -> Iterable[Part]:
    """How many cases there are, how old the children were, and what is known of them."""
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
        "The sample and its balance", ("What is known of the case", "Cases", "Per cent"), as_rows(rows)
    )


def as_rows(rows: Iterable[tuple[str, Share]]) -> tuple[tuple[str, str, str], ...]:
    """Figures as the rows of a table: name, count and what it is out of, per cent."""
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
