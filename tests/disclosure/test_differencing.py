"""No small figure follows by subtraction, neither from a single figure nor from several and the total."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveyapp.disclosure.differencing import (
    ComparedCount,
    may_compare,
    suppressed_multiple_choice,
    suppressed_single_choice,
)

THRESHOLDS = st.integers(2, 8)
CELLS = st.lists(
    st.builds(lambda own, others: ComparedCount(own, own + others), st.integers(0, 20), st.integers(0, 20)),
    min_size=2,
    max_size=8,
)


def hidden_remainder(cells: list[ComparedCount], hidden: frozenset[int]) -> int:
    return sum(cells[place].others for place in hidden)


def test_totals_are_shown_if_two_other_agencies_gave_enough_answers() -> None:
    assert may_compare(ComparedCount(13, 19), 2, 6)
    assert not may_compare(ComparedCount(13, 18), 2, 6)
    assert not may_compare(ComparedCount(13, 25), 1, 6), (
        "With one other agency, the remainder is that agency’s own."
    )
    assert not may_compare(ComparedCount(13, 13), 0, 6)


def test_a_row_with_a_small_remainder_is_hidden_with_the_next_smallest() -> None:
    cells = [ComparedCount(9, 30), ComparedCount(0, 1), ComparedCount(4, 13), ComparedCount(0, 0)]
    assert suppressed_single_choice(cells, 6) == {1, 2}
    # A third is hidden where the remainders of two add up to a small number.
    assert suppressed_single_choice(
        [ComparedCount(9, 30), ComparedCount(0, 1), ComparedCount(4, 7), ComparedCount(0, 9)], 6
    ) == {1, 2, 3}


def test_a_small_total_is_hidden_even_if_all_of_it_is_the_agencys_own() -> None:
    assert suppressed_single_choice([ComparedCount(4, 4), ComparedCount(9, 30), ComparedCount(0, 8)], 6) == {
        0,
        2,
    }


def test_the_returns_that_did_not_choose_an_answer_are_protected_too() -> None:
    assert suppressed_multiple_choice(
        [ComparedCount(2, 22), ComparedCount(0, 9), ComparedCount(0, 10)], ComparedCount(10, 31), 6
    ) == {0, 1}
    assert (
        suppressed_multiple_choice(
            [ComparedCount(2, 12), ComparedCount(0, 9), ComparedCount(0, 10)], ComparedCount(10, 31), 6
        )
        == set()
    )


@given(CELLS, THRESHOLDS)
def test_no_visible_figure_has_a_small_remainder(cells: list[ComparedCount], threshold: int) -> None:
    hidden = suppressed_single_choice(cells, threshold)
    for place, cell in enumerate(cells):
        if place not in hidden:
            assert cell.others == 0 or cell.others >= threshold
            assert cell.whole == 0 or cell.whole >= threshold


@given(CELLS, THRESHOLDS)
def test_no_hidden_figure_follows_from_the_total(cells: list[ComparedCount], threshold: int) -> None:
    """From the total, their own and the visible figures, readers know the sum of the hidden remainders."""
    if not may_compare(ComparedCount(0, sum(cell.others for cell in cells)), 2, threshold):
        return
    hidden = suppressed_single_choice(cells, threshold)
    assert len(hidden) != 1
    assert not hidden or hidden_remainder(cells, hidden) == 0 or hidden_remainder(cells, hidden) >= threshold
    # Each hidden remainder can then be anything from zero to the whole sum.
    small = [place for place in hidden if 0 < cells[place].others < threshold]
    assert not small or hidden_remainder(cells, hidden) >= threshold


@pytest.mark.slow
@given(CELLS, THRESHOLDS)
def test_in_a_multiple_choice_neither_choosing_nor_not_choosing_has_a_small_remainder(
    cells: list[ComparedCount], threshold: int
) -> None:
    total = ComparedCount(20, 20 + max(cell.others for cell in cells))
    hidden = suppressed_multiple_choice(cells, total, threshold)
    assert len(hidden) != 1
    for place, cell in enumerate(cells):
        if place not in hidden:
            assert cell.others == 0 or cell.others >= threshold
            assert total.others == cell.others or total.others - cell.others >= threshold


@given(CELLS, THRESHOLDS)
def test_nothing_is_hidden_where_nothing_is_small(cells: list[ComparedCount], threshold: int) -> None:
    if not any(cell.is_small(threshold) for cell in cells):
        assert suppressed_single_choice(cells, threshold) == frozenset()


def test_a_figure_is_small_from_one_to_one_below_the_threshold() -> None:
    wholes = [whole for whole in range(9) if ComparedCount(0, whole).is_small(6)]
    assert wholes == [1, 2, 3, 4, 5]
    # Of nineteen returns, as many of one's own as leave from one to five of the others.
    assert [own for own in range(20) if ComparedCount(own, 19).is_small(6)] == [14, 15, 16, 17, 18]
    assert suppressed_single_choice([ComparedCount(0, 6), ComparedCount(3, 9)], 6) == frozenset()
