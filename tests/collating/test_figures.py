"""A figure as it is copied, the rule in words, and the warning of small numbers."""

import pytest

from surveyapp.collating.figures import Collation, DenominatorRule, OptionFigures
from surveyapp.collating.filters import Filters
from surveyapp.foundation.words.shares import Share
from surveyapp.tracking.tally import Tally


def test_34_of_202_is_16_point_8_per_cent() -> None:
    # The report prints 16 (published_2014.toml, oddities).
    assert OptionFigures("repeat", "Repeat plans", 34, Share(34, 202)).quoted == "34 of 202 returns (16.8%)"


@pytest.mark.parametrize(
    ("count", "of", "quoted"),
    [
        (58, 70, "58 of 70 returns (82.9%)"),
        (66, 75, "66 of 75 returns (88%)"),
        (1, 1, "1 of 1 return (100%)"),
        (0, 0, "0 of 0 returns"),
        (1234, 5000, "1,234 of 5,000 returns (24.7%)"),
    ],
)
def test_a_figure_is_copied_with_its_denominator_and_unit(count: int, of: int, quoted: str) -> None:
    assert OptionFigures("yes", "Yes", count, Share(count, of)).quoted == quoted


def test_the_rule_names_both_switches() -> None:
    assert DenominatorRule().words == "“Not applicable” counted, “don’t know” counted"
    assert DenominatorRule(not_applicable=False, dont_know=False).words == (
        "“Not applicable” left out, “don’t know” left out"
    )


@pytest.mark.parametrize(
    ("returns", "cases", "small"),
    [(0, 0, False), (5, 5, True), (6, 6, False), (77, 5, True), (77, 15, False), (1, 1, True)],
)
def test_fewer_than_six_returns_or_cases_are_small(returns: int, cases: int, *, small: bool) -> None:
    collation = Collation(1, "Audit", Tally(), returns, cases, Filters(), DenominatorRule(), ())
    assert collation.is_small is small


def test_an_unknown_question_raises_a_key_error() -> None:
    with pytest.raises(KeyError):
        Collation(1, "Audit", Tally(), 1, 1, Filters(), DenominatorRule(), ()).question("nothing")
