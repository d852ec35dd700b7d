from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveyapp.foundation.words.shares import Share, counted


@pytest.mark.parametrize(
    ("count", "of", "printed"),
    [
        (58, 70, "82.9"),
        (4, 70, "5.7"),
        (8, 70, "11.4"),
        (66, 75, "88"),
        (77, 90, "85.6"),
        (34, 202, "16.8"),
        (0, 75, "0"),
        (75, 75, "100"),
    ],
)
def test_a_share_prints_as_the_report_does(count: int, of: int, printed: str) -> None:
    assert str(Share(count, of).percent) == printed


def test_a_share_of_nothing_has_no_percentage() -> None:
    assert Share(0, 0).percent is None
    assert Share(0, 0).in_brackets == ""


@given(st.integers(1, 100_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_a_percentage_is_within_a_twentieth_of_the_exact_value(pair: tuple[int, int]) -> None:
    count, of = pair
    percent = Share(count, of).percent
    assert percent is not None
    assert 0 <= percent <= 100
    assert abs(percent - Decimal(100) * count / of) <= Decimal("0.05")


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 returns"), (1, "1 return"), (90, "90 returns"), (1200, "1,200 returns")]
)
def test_a_count_has_its_noun_in_the_singular_or_plural(count: int, words: str) -> None:
    assert counted(count, "return") == words


def test_a_noun_may_have_an_irregular_plural() -> None:
    assert counted(9, "agency", "agencies") == "9 agencies"


@pytest.mark.parametrize(("count", "of", "printed"), [(1, 16, "6.3"), (3, 16, "18.8"), (1, 80, "1.3")])
def test_a_share_in_the_middle_of_two_is_rounded_up(count: int, of: int, printed: str) -> None:
    assert str(Share(count, of).percent) == printed
