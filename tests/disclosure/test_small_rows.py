"""Nobody can compute a small cell from what a public table shows, knowing the total and the rule."""

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
    return [("+".join(each.names), each.size) for each in publishable_rows(split(*counts), threshold)]


@pytest.mark.parametrize(
    ("counts", "rows"),
    [
        # The sample of February 2014, by age.
        ((8, 4, 3), [("a", 8), ("b+c", 7)]),
        ((8, 7), [("a", 8), ("b", 7)]),
        ((15,), [("a", 15)]),
        # One small number alone would be what the others leave, so the smallest of them joins it.
        ((20, 9, 2), [("a", 20), ("b+c", 11)]),
        # Two that are few together give away that they are few.
        ((20, 9, 2, 1), [("a", 20), ("b+c+d", 12)]),
        # Equal ones go together.
        ((20, 9, 9, 2), [("a", 20), ("b+c+d", 20)]),
        # At the ends of what they can be: all 1, or all 5.
        ((20, 9, 1, 1, 1, 1, 1, 1), [("a", 20), ("b+c+d+e+f+g+h", 15)]),
        ((20, 9, 5, 5), [("a", 20), ("b+c+d", 19)]),
        # Nothing is left to tell.
        ((13, 2), []),
        ((5, 5), []),
        ((3,), []),
        # Nought is no small number.
        ((9, 6, 0), [("a", 9), ("b", 6), ("c", 0)]),
        ((0,), [("a", 0)]),
        ((9, 4, 3, 0), [("a", 9), ("b+c", 7), ("d", 0)]),
        ((4, 4, 0), []),
        ((), []),
    ],
)
def test_small_rows_are_joined_until_none_can_be_told(
    counts: tuple[int, ...], rows: list[tuple[str, int]]
) -> None:
    assert shown(*counts) == rows


def test_with_a_threshold_of_nought_everything_is_told() -> None:
    assert shown(8, 4, 3, 1, threshold=0) == [("a", 8), ("b", 4), ("c", 3), ("d", 1)]
    assert not has_small_number((1, 2), 0)


def test_a_row_is_small_by_what_it_leaves_too() -> None:
    rows = [SplitRow(("a",), (15, 0)), SplitRow(("b",), (14, 1)), SplitRow(("c",), (12, 3))]
    assert publishable_rows(rows, SIX) == (rows[0], SplitRow(("b", "c"), (26, 4), least=2))


def test_what_is_known_to_be_in_a_row_at_least_is_reckoned_with() -> None:
    schools, nurseries, police = (
        SplitRow(("s",), (4, 0), 4),
        SplitRow(("n",), (2, 0), 2),
        SplitRow(("p",), (9, 0)),
    )
    # Four schools and two nurseries with six requests have one each.
    assert publishable_rows([police, schools, nurseries], SIX) == ()
    more = SplitRow(("n",), (3, 0), 2)
    assert publishable_rows([police, schools, more], SIX) == (police, SplitRow(("s", "n"), (7, 0), 6))


def of_sum(total: int, least: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Every way to share a total out, each with its least."""
    if len(least) == 1:
        if total >= least[0]:
            yield (total,)
        return
    for first in range(least[0], total - sum(least[1:]) + 1):
        for rest in of_sum(total - first, least[1:]):
            yield first, *rest


@given(st.lists(st.integers(0, 12), min_size=1, max_size=5), st.integers(2, 7))
def test_whoever_knows_total_and_rule_cannot_tell_a_joined_number(counts: list[int], threshold: int) -> None:
    cells = split(*counts)
    rows = publishable_rows(cells, threshold)
    assert sum(each.size for each in rows) == (sum(counts) if rows else 0)
    assert not any(each.is_small(threshold) for each in rows)
    joined = [each for each in rows if len(each.names) > 1]
    assert len(joined) <= 1
    for row in joined:
        places = ["abcdefgh".index(name) for name in row.names]
        possible: list[tuple[int, ...]] = []
        for numbers in of_sum(row.size, [1] * len(places)):
            others = list(counts)
            for place, number in zip(places, numbers, strict=True):
                others[place] = number
            if [each.names for each in publishable_rows(split(*others), threshold)] == [
                each.names for each in rows
            ]:
                possible.append(numbers)
        assert tuple(counts[place] for place in places) in possible
        assert all(len(set(values)) > 1 for values in zip(*possible, strict=True))


def left_of(least: list[int], firsts: tuple[int, ...]) -> list[int]:
    """How much each second part has at least, beside its first."""
    return [max(0, low - first) for low, first in zip(least, firsts, strict=True)]


row_of_two = st.tuples(st.integers(0, 7), st.integers(0, 4), st.integers(1, 2))


@given(st.lists(row_of_two, min_size=1, max_size=4))
def test_no_part_of_a_joined_row_follows_from_its_sums(numbers: list[tuple[int, int, int]]) -> None:
    assume(all(first + second >= least for first, second, least in numbers))
    cells = [
        SplitRow((letter,), (first, second), least)
        for letter, (first, second, least) in zip("abcd", numbers, strict=False)
    ]
    for row in publishable_rows(cells, SIX):
        if len(row.names) == 1:
            assert not row.is_small(SIX)
            continue
        inside = [each for each in cells if each.names[0] in row.names]
        sums = row.parts
        possible = [
            (firsts, seconds)
            for firsts in product(range(sums[0] + 1), repeat=len(inside))
            if sum(firsts) == sums[0]
            for seconds in of_sum(sums[1], left_of([each.least for each in inside], firsts))
        ]
        for place, each in enumerate(inside):
            values = {(firsts[place], seconds[place]) for firsts, seconds in possible}
            for part in (0, 1):
                # What is nought in all of them together is known to be nought, which is no small number.
                assert len({value[part] for value in values}) > 1 or each.parts[part] == 0
            assert len({sum(value) for value in values}) > 1
