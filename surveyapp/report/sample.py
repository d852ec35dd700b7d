"""The sample of an audit in a report: how many cases, how old, and how they are balanced (R2014 2.1.6)."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from surveyapp.collating.age_bands import AGE_BAND_NOT_KNOWN, AGE_BAND_WORDS, AGE_BANDS, UNBORN, age_band_name
from surveyapp.disclosure.small_rows import SplitRow, has_small_number, publishable_rows
from surveyapp.foundation.words.shares import Share, counted
from surveyapp.planning.ages import Age, age_in_words
from surveyapp.planning.models import Case
from surveyapp.report.inputs import ReportInputs
from surveyapp.report.parts import Note, Paragraph, ReportPart, Table

_NOT_RECORDED = "Not recorded"
ROWS_JOINED = "Rows with small numbers are joined, or left out where that would not hide them."


def sample_parts(material: ReportInputs) -> Iterable[ReportPart]:
    """How many cases there are, how old the children were, and what is known of them."""
    cases = material.audit.cases
    if not cases:
        yield Paragraph("No case has been chosen yet.")
        return
    if has_small_number((len(cases),), material.threshold):
        yield Paragraph("The sample is a small number of cases, so nothing more is said of them here.")
        return
    said = f"{_ages(cases, public=material.public)}{_siblings(cases, material.threshold)}"
    yield Paragraph(f"The sample is {counted(len(cases), 'case')}. {said}".strip())
    rows, left_out = _balance(cases, material.threshold)
    if rows:
        head = ("What is known of the case", "Cases", "Per cent")
        yield Table("The sample and its balance", head, share_rows(rows))
    if left_out:
        yield Note(ROWS_JOINED)


def _balance(cases: Sequence[Case], threshold: int) -> tuple[list[tuple[str, Share]], bool]:
    """The rows of the table, and whether small numbers were joined or left out."""
    rows: list[tuple[str, Share]] = []
    is_whole = True
    for what, word in (
        ("Age", _band),
        ("Gender", lambda case: case.gender),
        ("Category", lambda case: case.category),
        ("Plan", lambda case: case.plan),
    ):
        found = _values(cases, word, threshold)
        if [each.names[0] for each in found] == [_NOT_RECORDED]:
            continue
        seen = publishable_rows(found, threshold)
        is_whole = is_whole and len(seen) == len(found)
        rows += [
            (f"{what}: {_joined_names(each.names)}", Share(each.size, len(cases), "cases")) for each in seen
        ]
    return rows, not is_whole


def share_rows(rows: Iterable[tuple[str, Share]]) -> tuple[tuple[str, str, str], ...]:
    """Figures as the rows of a table: name, count and what it is out of, per cent."""
    return tuple((name, f"{share.count:,} of {share.of:,}", f"{share.percent}%") for name, share in rows)


def _joined_names(names: Sequence[str]) -> str:
    """One name, or several that one row joins: Neglect, physical abuse or CIN."""
    first, *others = names
    if not others:
        return first
    # What is written in capitals stays so.
    lower = [name if name[:2].isupper() else name[:1].lower() + name[1:] for name in others]
    return f"{', '.join([first, *lower[:-1]])} or {lower[-1]}"


def _values(cases: Sequence[Case], word: Callable[[Case], str], threshold: int) -> list[SplitRow]:
    """How many cases have each value: ages in their order, others most first.

    The public has the others by the alphabet: most first would say which of those in one row is the largest.
    """
    count = Counter(_capital(word(case)) or _NOT_RECORDED for case in cases)
    bands = [
        AGE_BAND_WORDS[UNBORN],
        *(words for words, _, _ in AGE_BANDS.values()),
        AGE_BAND_WORDS[AGE_BAND_NOT_KNOWN],
    ]
    order = {name: place for place, name in enumerate(bands)}
    names = sorted(count, key=lambda name: (order.get(name, 0), 0 if threshold else -count[name], name))
    return [SplitRow((name,), (count[name],)) for name in names]


def _band(case: Case) -> str:
    return AGE_BAND_WORDS[age_band_name(case)]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _ages(cases: Sequence[Case], *, public: bool) -> str:
    """From the youngest to the oldest: one number, one unit, cases; to the public no nearer than a brief."""
    ages = sorted(case.age_months for case in cases if case.age_months is not None)
    said = ""
    if ages:
        in_words = age_in_words if public else _exactly
        first, last = in_words(ages[0]), in_words(ages[-1])
        are = f"aged {first}" if first == last else f"aged from {first} to {last}"
        said = f"The children were {are}."
    unborn = sum(case.unborn for case in cases)
    if not unborn:
        return said
    return f"{said} {'Some were' if public else counted(unborn, 'child', 'children')} not yet born."


def _exactly(months: int) -> str:
    return str(Age(months))


def _siblings(cases: Sequence[Case], threshold: int) -> str:
    groups = Counter(case.sibling_group for case in cases if case.sibling_group)
    if not groups:
        return ""
    each = "with one child from each" if max(groups.values()) == 1 else "some with more than one child"
    if not threshold:
        return f" They include {counted(len(groups), 'sibling group')}, {each}."
    numbers = (len(groups), sum(groups.values()))
    is_small = has_small_number((*numbers, *(len(cases) - each for each in numbers)), threshold)
    return f" They include {'' if is_small else f'{len(groups):,} '}sibling groups."
