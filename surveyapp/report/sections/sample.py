"""The audit’s sample in section 2.1: the number of cases, the ages and the balance (R2014 2.1.6)."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from surveyapp.disclosure.small_rows import SplitRow, has_small_number, publishable_rows
from surveyapp.foundation.words.shares import Share, counted
from surveyapp.planning.cases.age_bands import (
    AGE_BAND_NOT_KNOWN,
    AGE_BAND_WORDS,
    AGE_BANDS,
    UNBORN,
    age_band_name,
)
from surveyapp.planning.cases.ages import Age, age_in_words
from surveyapp.planning.models import Case
from surveyapp.report.parts import Note, Paragraph, ReportPart, Table
from surveyapp.report.sections.inputs import ReportInputs

_NOT_RECORDED = "Not recorded"
ROWS_JOINED = "Rows with small numbers are joined, or left out where that would not hide them."


def sample_parts(inputs: ReportInputs) -> Iterable[ReportPart]:
    """Say how many cases there are and how old the children were, and show the balance in a table."""
    cases = inputs.audit.cases
    if not cases:
        yield Paragraph("No case has been chosen yet.")
        return
    if has_small_number((len(cases),), inputs.threshold):
        yield Paragraph("The sample is a small number of cases, so nothing more is said of them here.")
        return
    details = f"{_ages(cases, public=inputs.public)}{_siblings(cases, inputs.threshold)}"
    yield Paragraph(f"The sample is {counted(len(cases), 'case')}. {details}".strip())
    rows, left_out = _balance(cases, inputs.threshold)
    if rows:
        head = ("What is known of the case", "Cases", "Per cent")
        yield Table("The sample and its balance", head, share_rows(rows))
    if left_out:
        yield Note(ROWS_JOINED)


def _balance(cases: Sequence[Case], threshold: int) -> tuple[list[tuple[str, Share]], bool]:
    """The rows of the table, and whether rows with small numbers were joined or left out."""
    rows: list[tuple[str, Share]] = []
    is_whole = True
    for heading, value_of in (
        ("Age", _age_band),
        ("Gender", lambda case: case.gender),
        ("Category", lambda case: case.category),
        ("Plan", lambda case: case.plan),
    ):
        value_rows = _value_rows(cases, value_of, threshold)
        if [row.names[0] for row in value_rows] == [_NOT_RECORDED]:
            continue
        published = publishable_rows(value_rows, threshold)
        is_whole = is_whole and len(published) == len(value_rows)
        rows += [
            (f"{heading}: {_joined_names(row.names)}", Share(row.size, len(cases), "cases"))
            for row in published
        ]
    return rows, not is_whole


def share_rows(rows: Iterable[tuple[str, Share]]) -> tuple[tuple[str, str, str], ...]:
    """Shares as table rows: name, count and total, per cent."""
    return tuple((name, f"{share.count:,} of {share.of:,}", f"{share.percent}%") for name, share in rows)


def _joined_names(names: Sequence[str]) -> str:
    """The name of a row, or the names that it joins: “Neglect, physical abuse or CIN”."""
    first, *others = names
    if not others:
        return first
    # An abbreviation in capitals keeps them.
    lower = [name if name[:2].isupper() else name[:1].lower() + name[1:] for name in others]
    return f"{', '.join([first, *lower[:-1]])} or {lower[-1]}"


def _value_rows(cases: Sequence[Case], value_of: Callable[[Case], str], threshold: int) -> list[SplitRow]:
    """The number of cases with each value: ages in their order, other values by frequency.

    In the public version, other values are in alphabetical order: ordering them by frequency would reveal
    which value of a joined row is the most frequent.
    """
    count = Counter(_capitalised(value_of(case)) or _NOT_RECORDED for case in cases)
    bands = [
        AGE_BAND_WORDS[UNBORN],
        *(words for words, _, _ in AGE_BANDS.values()),
        AGE_BAND_WORDS[AGE_BAND_NOT_KNOWN],
    ]
    order = {name: place for place, name in enumerate(bands)}
    names = sorted(count, key=lambda name: (order.get(name, 0), 0 if threshold else -count[name], name))
    return [SplitRow((name,), (count[name],)) for name in names]


def _age_band(case: Case) -> str:
    return AGE_BAND_WORDS[age_band_name(case)]


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _ages(cases: Sequence[Case], *, public: bool) -> str:
    """The range of ages in a sentence; exact for staff, and for the public as coarse as in a brief."""
    ages = sorted(case.age_months for case in cases if case.age_months is not None)
    sentence = ""
    if ages:
        in_words = age_in_words if public else _exact_age
        first, last = in_words(ages[0]), in_words(ages[-1])
        age_range = f"aged {first}" if first == last else f"aged from {first} to {last}"
        sentence = f"The children were {age_range}."
    unborn = sum(case.unborn for case in cases)
    if not unborn:
        return sentence
    return f"{sentence} {'Some were' if public else counted(unborn, 'child', 'children')} not yet born."


def _exact_age(months: int) -> str:
    return str(Age(months))


def _siblings(cases: Sequence[Case], threshold: int) -> str:
    groups = Counter(case.sibling_group for case in cases if case.sibling_group)
    if not groups:
        return ""
    children_in_each = (
        "with one child from each" if max(groups.values()) == 1 else "some with more than one child"
    )
    if not threshold:
        return f" They include {counted(len(groups), 'sibling group')}, {children_in_each}."
    numbers = (len(groups), sum(groups.values()))
    is_small = has_small_number((*numbers, *(len(cases) - number for number in numbers)), threshold)
    return f" They include {'' if is_small else f'{len(groups):,} '}sibling groups."
