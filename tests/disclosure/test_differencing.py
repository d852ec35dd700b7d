"""No subtraction shows what a few returns said: not of one figure, not of all of them and the total."""

from hypothesis import given
from hypothesis import strategies as st

from surveyapp.disclosure.differencing import Cell, hidden_of_one_answer, hidden_of_several, may_stand_beside

THRESHOLDS = st.integers(2, 8)
CELLS = st.lists(
    st.builds(lambda own, others: Cell(own, own + others), st.integers(0, 20), st.integers(0, 20)),
    min_size=2,
    max_size=8,
)


def left(cells: list[Cell], hidden: frozenset[int]) -> int:
    return sum(cells[each].others for each in hidden)


def test_the_whole_stands_beside_where_two_others_gave_enough() -> None:
    assert may_stand_beside(Cell(13, 19), 2, 6)
    assert not may_stand_beside(Cell(13, 18), 2, 6)
    assert not may_stand_beside(Cell(13, 25), 1, 6), "What is left of two agencies is the other’s own."
    assert not may_stand_beside(Cell(13, 13), 0, 6)


def test_the_row_that_leaves_one_is_hidden_with_the_next_smallest() -> None:
    cells = [Cell(9, 30), Cell(0, 1), Cell(4, 13), Cell(0, 0)]
    assert hidden_of_one_answer(cells, 6) == {1, 2}
    # One more, where the two together would leave few.
    assert hidden_of_one_answer([Cell(9, 30), Cell(0, 1), Cell(4, 7), Cell(0, 9)], 6) == {1, 2, 3}


def test_a_small_whole_is_hidden_though_all_of_it_is_ones_own() -> None:
    assert hidden_of_one_answer([Cell(4, 4), Cell(9, 30), Cell(0, 8)], 6) == {0, 2}


def test_the_returns_that_did_not_tick_are_a_figure_too() -> None:
    assert hidden_of_several([Cell(2, 22), Cell(0, 9), Cell(0, 10)], Cell(10, 31), 6) == {0, 1}
    assert hidden_of_several([Cell(2, 12), Cell(0, 9), Cell(0, 10)], Cell(10, 31), 6) == set()


@given(CELLS, THRESHOLDS)
def test_what_is_shown_leaves_nobody_few(cells: list[Cell], threshold: int) -> None:
    hidden = hidden_of_one_answer(cells, threshold)
    for place, each in enumerate(cells):
        if place not in hidden:
            assert each.others == 0 or each.others >= threshold
            assert each.whole == 0 or each.whole >= threshold


@given(CELLS, THRESHOLDS)
def test_the_total_gives_no_hidden_row_back(cells: list[Cell], threshold: int) -> None:
    """Who knows the total, their own and all that is shown, knows how many others are hidden together."""
    if not may_stand_beside(Cell(0, sum(each.others for each in cells)), 2, threshold):
        return
    hidden = hidden_of_one_answer(cells, threshold)
    assert len(hidden) != 1
    assert not hidden or left(cells, hidden) == 0 or left(cells, hidden) >= threshold
    # Each of them may as well be nought, or all that is hidden: nothing narrows it down.
    small = [place for place in hidden if 0 < cells[place].others < threshold]
    assert not small or left(cells, hidden) >= threshold


@given(CELLS, THRESHOLDS)
def test_of_several_answers_neither_the_tick_nor_its_absence_leaves_few(
    cells: list[Cell], threshold: int
) -> None:
    total = Cell(20, 20 + max(each.others for each in cells))
    hidden = hidden_of_several(cells, total, threshold)
    assert len(hidden) != 1
    for place, each in enumerate(cells):
        if place not in hidden:
            assert each.others == 0 or each.others >= threshold
            assert total.others == each.others or total.others - each.others >= threshold


@given(CELLS, THRESHOLDS)
def test_nothing_is_hidden_where_nothing_is_small(cells: list[Cell], threshold: int) -> None:
    if not any(each.is_small(threshold) for each in cells):
        assert hidden_of_one_answer(cells, threshold) == frozenset()
