"""Figures made from counts; the rule changes only the denominator."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveyapp.collating.figures import DenominatorRule
from surveyapp.collating.summaries import SUMMARIES, AnswerCounts
from surveyapp.defining.definition import KIND_NAMES
from surveyapp.foundation.words.shares import Share
from tests.collating.example_audits import FORM

RULES = st.builds(DenominatorRule, not_applicable=st.booleans(), dont_know=st.booleans())
FOUR = st.tuples(*(st.integers(0, 80) for _ in range(4)))


def counts(chosen: Mapping[str, int], blank: int) -> AnswerCounts:
    answered = sum(chosen.values())
    return AnswerCounts(
        answered + blank, 0, answered, {("", value): count for value, count in chosen.items()}
    )


@given(FOUR, st.integers(0, 20), RULES)
def test_the_rows_and_the_blanks_of_a_question_add_up_to_the_returns_asked(
    four: tuple[int, ...], blank: int, rule: DenominatorRule
) -> None:
    chosen = dict(zip(("yes", "no", "na", "dk"), four, strict=True))
    figures = SUMMARIES["choice"](FORM.question("seen"), counts(chosen, blank), rule)
    assert sum(row.count for row in figures.rows) + figures.not_answered == figures.asked
    shares = [row.share for row in figures.rows if row.share is not None]
    assert sum(share.count for share in shares) == shares[0].of
    assert len({share.of for share in shares}) == 1


def test_leaving_out_not_applicable_gives_the_figures_of_the_stories() -> None:
    chosen = {"yes": 58, "no": 4, "na": 8, "dk": 0}
    question = FORM.question("seen")
    counted = SUMMARIES["choice"](question, counts(chosen, 7), DenominatorRule())
    left_out = SUMMARIES["choice"](question, counts(chosen, 7), DenominatorRule(not_applicable=False))
    assert [row.quoted for row in counted.rows[:3]] == [
        "58 of 70 returns (82.9%)",
        "4 of 70 returns (5.7%)",
        "8 of 70 returns (11.4%)",
    ]
    assert [row.quoted for row in left_out.rows[:3]] == [
        "58 of 62 returns (93.5%)",
        "4 of 62 returns (6.5%)",
        "8 returns, left out of the figures",
    ]


def test_leaving_out_dont_know_keeps_not_applicable() -> None:
    figures = SUMMARIES["choice"](
        FORM.question("seen"),
        counts({"yes": 31, "no": 10, "na": 0, "dk": 31}, 5),
        DenominatorRule(dont_know=False),
    )
    assert figures.rows[0].quoted == "31 of 41 returns (75.6%)"
    assert (figures.rows[2].share, figures.rows[3].share) == (Share(0, 41), None)
    assert figures.dont_know == 31


def test_no_answers_give_no_percentage_rather_than_0() -> None:
    figures = SUMMARIES["choice"](FORM.question("seen"), counts({}, 5), DenominatorRule())
    assert [row.quoted for row in figures.rows] == ["0 of 0 returns"] * 4
    assert figures.blank == Share(5, 5)


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 9))
def test_each_line_of_a_checklist_is_out_of_the_returns_that_ticked_any_line(
    yes: int, no: int, blank: int
) -> None:
    chosen = {
        ("plan", "yes"): yes,
        ("plan", "no"): no,
        ("notes", "yes"): no,
        ("notes", "no"): yes,
    }
    figures = SUMMARIES["checklist"](
        FORM.question("file"), AnswerCounts(yes + no + blank, 0, yes + no, chosen), DenominatorRule()
    )
    assert figures.rows == ()
    for line in figures.lines:
        assert sum(row.count for row in line.rows) + line.not_answered == line.asked
        assert {row.share.of for row in line.rows if row.share} == {yes + no}


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_every_kind_of_question_has_a_summary(kind: str) -> None:
    assert kind in SUMMARIES
