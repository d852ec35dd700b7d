"""Newcombe's interval, compared with the paper and a statistics library, and the difference in words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from surveyapp.collating.comparison.proportion_difference import Difference, difference, newcombe_interval
from surveyapp.foundation.words.shares import Share

Pair = tuple[int, int]


@st.composite
def pairs(draw: st.DrawFn) -> Pair:
    of = draw(st.integers(1, 100_000))
    return draw(st.integers(0, of)), of


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        # Newcombe 1998, table II, examples a, c, e, f and h, method 10, as printed there.
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_the_interval_equals_that_of_the_paper(first: Pair, second: Pair, low: float, high: float) -> None:
    assert newcombe_interval(*first, *second) == pytest.approx((low, high), abs=0.00005)


@given(pairs(), pairs())
def test_the_interval_equals_that_of_a_statistics_library(first: Pair, second: Pair) -> None:
    expected = confint_proportions_2indep(*first, *second, method="newcomb", compare="diff")
    assert newcombe_interval(*first, *second) == pytest.approx([float(bound) for bound in expected], abs=1e-9)


@given(pairs(), pairs())
def test_the_interval_contains_the_difference_and_stays_within_bounds(first: Pair, second: Pair) -> None:
    result = difference(Share(*first), Share(*second))
    assert result is not None
    assert -100 <= result.low <= result.points <= result.high <= 100


@given(pairs(), pairs())
def test_swapping_the_audits_reverses_the_interval(first: Pair, second: Pair) -> None:
    one, other = difference(Share(*first), Share(*second)), difference(Share(*second), Share(*first))
    assert one is not None
    assert other is not None
    assert one.points == -other.points
    assert float(one.low) == pytest.approx(-float(other.high), abs=1e-9)


@given(pairs())
def test_an_audit_compared_with_itself_does_not_differ(pair: Pair) -> None:
    result = difference(Share(*pair), Share(*pair))
    assert result is not None
    assert result.points == 0
    assert not result.is_beyond_chance
    assert result.in_words.startswith("about the same; at these sizes ")


def test_a_share_out_of_0_has_no_difference() -> None:
    assert difference(Share(0, 0), Share(1, 2)) is None
    assert difference(Share(1, 2), Share(0, 0)) is None


@pytest.mark.parametrize(
    ("points", "words", "shown"),
    [
        ((12, -3, 26), "higher by 12 points; at these sizes anything from 3 lower to 26 higher", "+12.0"),
        ((12, 3, 26), "higher by 12 points; at these sizes anything from 3 to 26 higher", "+12.0"),
        ((-12, -26, -3), "lower by 12 points; at these sizes anything from 26 to 3 lower", "−12.0"),
        ((1, 0, 2), "higher by 1 point; at these sizes anything from 0 to 2 higher", "+1.0"),
        ((0, -2, 2), "about the same; at these sizes anything from 2 lower to 2 higher", "0.0"),
        ((-1, -2, 0), "lower by 1 point; at these sizes anything from 2 to 0 lower", "−1.0"),
        ((0, 0, 0), "about the same; at these sizes no difference", "0.0"),
    ],
)
def test_a_difference_is_put_into_words_with_its_interval(
    points: tuple[int, int, int], words: str, shown: str
) -> None:
    result = Difference(*(Decimal(point) for point in points))
    assert result.in_words == f"{words} would be no surprise"
    assert result.shown == shown
