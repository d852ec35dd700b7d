"""Facts in one sentence are flagged if together they may identify a child."""

from dataclasses import replace

import pytest

from surveyapp.brief.brief import BriefText
from surveyapp.brief.checks import brief_flags
from surveyapp.checks.audit_facts import Child
from tests.brief.briefs import FACTS, brief
from tests.checks.flagged_points import flagged


@pytest.mark.parametrize(
    ("text", "wording", "says"),
    [
        (
            "A 13-year-old girl was not seen",
            "A 13-year-old girl was not seen",
            "(age and gender) fits 1 child",
        ),
        ("A girl with autism waited", "A girl with autism waited", "(gender and autism) fits 1 child"),
        (
            "A 13-year-old girl, seen 2 to 3 times a year, was alone.",
            "A 13-year-old girl, seen 2 to 3 times a year, was alone.",
            "(age and gender) fits 1 child",
        ),
        ("The girl was 13 and waited", "The girl was 13 and waited", "(age and gender) fits 1 child"),
        ("A girl, 13, waited", "A girl, 13, waited", "(age and gender) fits 1 child"),
        ("A girl of 13 and her mother", "A girl of 13 and her mother", "(age and gender) fits 1 child"),
        ("A Year 8 girl waited", "A Year 8 girl waited", "(age and gender) fits 1 child"),
        ("A girl, 13 years of age", "A girl, 13 years of age", "(age and gender) fits 1 child"),
        (
            "A girl aged 13 and her brother",
            "A girl aged 13 and her brother",
            "(age, gender and place among brothers and sisters) fits 1 child",
        ),
        (
            "A 13-year-old boy with a plan",
            "A 13-year-old boy with a plan",
            "fits no child as recorded here: does it tell who one is?",
        ),
    ],
)
def test_facts_that_together_fit_few_children_are_flagged(text: str, wording: str, says: str) -> None:
    flags = flagged(text, "small_number")
    assert any(flag[0] == wording and says in flag[1] for flag in flags), flags


@pytest.mark.parametrize(
    "written",
    [
        BriefText(cohort="with a plan, among them a girl aged 13 and her brother"),
        BriefText(cohort="with a plan, among them a pregnant 13-year-old girl"),
        BriefText(cohort="with a plan, of whom two were sisters"),
        BriefText(aim="To hear a 13-year-old girl with a child in need plan"),
    ],
)
def test_the_cohort_and_the_aim_are_checked_for_combinations(written: BriefText) -> None:
    found = [flag for flag in brief_flags(brief(FACTS, written), FACTS) if flag.block == "about"]
    assert [flag.check for flag in found] == ["small_number"]


def test_a_combination_that_fits_every_child_is_not_flagged() -> None:
    girls = replace(FACTS, children=(Child(150, gender="female", plan="child protection"),) * 4)
    made = brief(girls, BriefText(cohort="of girls with a child protection plan"))
    assert not any(
        flag.check == "small_number" and flag.block == "about" for flag in brief_flags(made, girls)
    )
