"""No small number can be worked out from a published table, its total and the rule."""

from collections.abc import Iterator, Sequence
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from surveyapp.disclosure.small_rows import SplitRow, has_small_number, publishable_rows

SIX = 6


def split(*counts: int) -> list[SplitRow]:
    """A total split into counts of cases, each row by a letter."""
    return [SplitRow((letter,), (count,)) for letter, count in zip("abcdefgh", counts, strict=False)]


def shown(*counts: int, threshold: int = SIX) -> list[tuple[str, int]]:
    return [
        ("+".join(published.names), published.size)
        for published in publishable_rows(split(*counts), threshold)
    ]


@pytest.mark.parametrize(
    ("counts", "rows"),
    [
        # The sample of February 2014, by age.
        ((8, 4, 3), [("a", 8), ("b+c", 7)]),
        ((8, 7), [("a", 8), ("b", 7)]),
        ((15,), [("a", 15)]),
        # A single small row follows from the total, so the smallest other row joins it.
        ((20, 9, 2), [("a", 20), ("b+c", 11)]),
        # If two small rows have a small sum, the sum itself is small.
        ((20, 9, 2, 1), [("a", 20), ("b+c+d", 12)]),
        # Rows of equal size are joined together.
        ((20, 9, 9, 2), [("a", 20), ("b+c+d", 20)]),
        # All rows have their least size, or all have the largest small size.
        ((20, 9, 1, 1, 1, 1, 1, 1), [("a", 20), ("b+c+d+e+f+g+h", 15)]),
        ((20, 9, 5, 5), [("a", 20), ("b+c+d", 19)]),
        # No table is left.
        ((13, 2), []),
        ((5, 5), []),
        ((3,), []),
        # Zero is not a small number.
        ((9, 6, 0), [("a", 9), ("b", 6), ("c", 0)]),
        ((0,), [("a", 0)]),
        ((9, 4, 3, 0), [("a", 9), ("b+c", 7), ("d", 0)]),
        ((4, 4, 0), []),
        ((), []),
    ],
)
def test_small_rows_are_joined_until_none_can_be_worked_out(
    counts: tuple[int, ...], rows: list[tuple[str, int]]
) -> None:
    assert shown(*counts) == rows


def test_a_threshold_of_zero_hides_nothing() -> None:
    assert shown(8, 4, 3, 1, threshold=0) == [("a", 8), ("b", 4), ("c", 3), ("d", 1)]
    assert not has_small_number((1, 2), 0)


def test_a_row_is_small_if_one_of_its_parts_is_small() -> None:
    rows = [SplitRow(("a",), (15, 0)), SplitRow(("b",), (14, 1)), SplitRow(("c",), (12, 3))]
    assert publishable_rows(rows, SIX) == (rows[0], SplitRow(("b", "c"), (26, 4), least=2))


def test_rows_at_their_least_size_can_be_worked_out() -> None:
    schools, nurseries, police = (
        SplitRow(("s",), (4, 0), 4),
        SplitRow(("n",), (2, 0), 2),
        SplitRow(("p",), (9, 0)),
    )
    # Four schools and two nurseries with six requests have one request each.
    assert publishable_rows([police, schools, nurseries], SIX) == ()
    more = SplitRow(("n",), (3, 0), 2)
    assert publishable_rows([police, schools, more], SIX) == (police, SplitRow(("s", "n"), (7, 0), 6))


def of_sum(total: int, least: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Every way to split a total into numbers of at least these sizes."""
    if len(least) == 1:
        if total >= least[0]:
            yield (total,)
        return
    for first in range(least[0], total - sum(least[1:]) + 1):
        for rest in of_sum(total - first, least[1:]):
            yield first, *rest


@given(st.lists(st.integers(0, 12), min_size=1, max_size=5), st.integers(2, 7))
def test_no_joined_number_follows_from_the_total_and_the_rule(counts: list[int], threshold: int) -> None:
    cells = split(*counts)
    rows = publishable_rows(cells, threshold)
    assert sum(published.size for published in rows) == (sum(counts) if rows else 0)
    assert not any(published.is_small(threshold) for published in rows)
    joined = [published for published in rows if len(published.names) > 1]
    assert len(joined) <= 1
    for row in joined:
        places = ["abcdefgh".index(name) for name in row.names]
        possible: list[tuple[int, ...]] = []
        for numbers in of_sum(row.size, [1] * len(places)):
            others = list(counts)
            for place, number in zip(places, numbers, strict=True):
                others[place] = number
            if [published.names for published in publishable_rows(split(*others), threshold)] == [
                published.names for published in rows
            ]:
                possible.append(numbers)
        assert tuple(counts[place] for place in places) in possible
        assert all(len(set(values)) > 1 for values in zip(*possible, strict=True))


def left_of(least: list[int], firsts: tuple[int, ...]) -> list[int]:
    """The least size of each second part, given its first."""
    return [max(0, low - first) for low, first in zip(least, firsts, strict=True)]


row_of_two = st.tuples(st.integers(0, 7), st.integers(0, 4), st.integers(1, 2))


@given(st.lists(row_of_two, min_size=1, max_size=4))
def test_no_part_of_a_joined_row_follows_from_its_totals(numbers: list[tuple[int, int, int]]) -> None:
    assume(all(first + second >= least for first, second, least in numbers))
    cells = [
        SplitRow((letter,), (first, second), least)
        for letter, (first, second, least) in zip("abcd", numbers, strict=False)
    ]
    for row in publishable_rows(cells, SIX):
        if len(row.names) == 1:
            assert not row.is_small(SIX)
            continue
        inside = [cell for cell in cells if cell.names[0] in row.names]
        sums = row.parts
        possible = [
            (firsts, seconds)
            for firsts in product(range(sums[0] + 1), repeat=len(inside))
            if sum(firsts) == sums[0]
            for seconds in of_sum(sums[1], left_of([cell.least for cell in inside], firsts))
        ]
        for place, cell in enumerate(inside):
            values = {(firsts[place], seconds[place]) for firsts, seconds in possible}
            for part in (0, 1):
                # If all are zero, each is known to be zero, which is not a small number.
                assert len({value[part] for value in values}) > 1 or cell.parts[part] == 0
            assert len({sum(value) for value in values}) > 1
