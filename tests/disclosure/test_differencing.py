"""No subtraction shows what a few returns said: not of one figure, not of all of them and the total."""

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


def left(cells: list[ComparedCount], hidden: frozenset[int]) -> int:
    return sum(cells[each].others for each in hidden)


def test_the_whole_stands_beside_where_two_others_gave_enough() -> None:
    assert may_compare(ComparedCount(13, 19), 2, 6)
    assert not may_compare(ComparedCount(13, 18), 2, 6)
    assert not may_compare(ComparedCount(13, 25), 1, 6), "What is left of two agencies is the other’s own."
    assert not may_compare(ComparedCount(13, 13), 0, 6)


def test_the_row_that_leaves_one_is_hidden_with_the_next_smallest() -> None:
    cells = [ComparedCount(9, 30), ComparedCount(0, 1), ComparedCount(4, 13), ComparedCount(0, 0)]
    assert suppressed_single_choice(cells, 6) == {1, 2}
    # One more, where the two together would leave few.
    assert suppressed_single_choice(
        [ComparedCount(9, 30), ComparedCount(0, 1), ComparedCount(4, 7), ComparedCount(0, 9)], 6
    ) == {1, 2, 3}


def test_a_small_whole_is_hidden_though_all_of_it_is_ones_own() -> None:
    assert suppressed_single_choice([ComparedCount(4, 4), ComparedCount(9, 30), ComparedCount(0, 8)], 6) == {
        0,
        2,
    }


def test_the_returns_that_did_not_tick_are_a_figure_too() -> None:
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
def test_what_is_shown_leaves_nobody_few(cells: list[ComparedCount], threshold: int) -> None:
    hidden = suppressed_single_choice(cells, threshold)
    for place, each in enumerate(cells):
        if place not in hidden:
            assert each.others == 0 or each.others >= threshold
            assert each.whole == 0 or each.whole >= threshold


@given(CELLS, THRESHOLDS)
def test_the_total_gives_no_hidden_row_back(cells: list[ComparedCount], threshold: int) -> None:
    """Who knows the total, their own and all that is shown, knows how many others are hidden together."""
    if not may_compare(ComparedCount(0, sum(each.others for each in cells)), 2, threshold):
        return
    hidden = suppressed_single_choice(cells, threshold)
    assert len(hidden) != 1
    assert not hidden or left(cells, hidden) == 0 or left(cells, hidden) >= threshold
    # Each of them may as well be nought, or all that is hidden: nothing narrows it down.
    small = [place for place in hidden if 0 < cells[place].others < threshold]
    assert not small or left(cells, hidden) >= threshold


@pytest.mark.slow
@given(CELLS, THRESHOLDS)
def test_of_several_answers_neither_the_tick_nor_its_absence_leaves_few(
    cells: list[ComparedCount], threshold: int
) -> None:
    total = ComparedCount(20, 20 + max(each.others for each in cells))
    hidden = suppressed_multiple_choice(cells, total, threshold)
    assert len(hidden) != 1
    for place, each in enumerate(cells):
        if place not in hidden:
            assert each.others == 0 or each.others >= threshold
            assert total.others == each.others or total.others - each.others >= threshold


@given(CELLS, THRESHOLDS)
def test_nothing_is_hidden_where_nothing_is_small(cells: list[ComparedCount], threshold: int) -> None:
    if not any(each.is_small(threshold) for each in cells):
        assert suppressed_single_choice(cells, threshold) == frozenset()


def test_a_figure_is_small_from_one_to_one_below_the_threshold() -> None:
    wholes = [whole for whole in range(9) if ComparedCount(0, whole).is_small(6)]
    assert wholes == [1, 2, 3, 4, 5]
    # Of nineteen returns, as many of one's own as leave from one to five of the others.
    assert [own for own in range(20) if ComparedCount(own, 19).is_small(6)] == [14, 15, 16, 17, 18]
    assert suppressed_single_choice([ComparedCount(0, 6), ComparedCount(3, 9)], 6) == frozenset()
