"""Newcombe's interval against a statistics library, and the sentence of a difference."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from surveyapp.collating.comparison.audit_comparison import (
    Difference,
    compared_by_theme,
    difference,
    newcombe_interval,
)
from surveyapp.collating.queries import collate
from surveyapp.defining.definition import AuditForm
from surveyapp.foundation.words.shares import Share
from tests.collating.example_audits import FORM, audit_of, chose
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

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
def test_the_interval_is_the_one_of_the_paper(first: Pair, second: Pair, low: float, high: float) -> None:
    assert newcombe_interval(*first, *second) == pytest.approx((low, high), abs=0.00005)


@given(pairs(), pairs())
def test_the_interval_is_that_of_a_statistics_library(first: Pair, second: Pair) -> None:
    expected = confint_proportions_2indep(*first, *second, method="newcomb", compare="diff")
    assert newcombe_interval(*first, *second) == pytest.approx([float(each) for each in expected], abs=1e-9)


@given(pairs(), pairs())
def test_the_interval_holds_the_difference_and_stays_within_bounds(first: Pair, second: Pair) -> None:
    found = difference(Share(*first), Share(*second))
    assert found is not None
    assert -100 <= found.low <= found.points <= found.high <= 100


@given(pairs(), pairs())
def test_swapping_the_audits_turns_the_interval_round(first: Pair, second: Pair) -> None:
    one, other = difference(Share(*first), Share(*second)), difference(Share(*second), Share(*first))
    assert one is not None
    assert other is not None
    assert one.points == -other.points
    assert float(one.low) == pytest.approx(-float(other.high), abs=1e-9)


@given(pairs())
def test_an_audit_beside_itself_does_not_differ(pair: Pair) -> None:
    found = difference(Share(*pair), Share(*pair))
    assert found is not None
    assert found.points == 0
    assert found.low <= 0 <= found.high
    assert found.in_words.startswith("about the same; at these sizes ")


def test_out_of_nought_there_is_no_difference() -> None:
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
def test_a_difference_reads_as_a_sentence(points: tuple[int, int, int], words: str, shown: str) -> None:
    found = Difference(*(Decimal(each) for each in points))
    assert found.in_words == f"{words} would be no surprise"
    assert found.shown == shown


def test_a_question_that_is_put_in_another_way_is_not_compared(make: Maker) -> None:
    written = json.loads(FORM.to_json())
    for question in written["questions"]:
        if question["id"] == "grade":
            question["kind"] = "choice"
        if question["id"] == "seen":
            question["ask"] = "Did anybody see the child?"
    first, second = audit_of(make), audit_of(make)
    second.form_definition = AuditForm.model_validate(written).to_json()
    for audit in (first, second):
        for audit_request in make.requests(audit):
            make.returned(audit_request, (*chose("seen", "yes"), *chose("grade", "yes")))
    here, there = (collate(audit, now=MONDAY_MORNING) for audit in (first, second))
    parts = {part.label: part for _heading, parts in compared_by_theme(here, there) for part in parts}
    grade, seen = (parts[here.question(name).label] for name in ("grade", "seen"))
    assert (grade.note, grade.rows) == ("The other audit asks this in another way: not compared.", ())
    assert seen.note == "The other audit asks: Did anybody see the child?"
    assert [row.first for row in seen.rows] == [row.second for row in seen.rows]
