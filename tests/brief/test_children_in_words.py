"""The sentences of a brief about its children."""

import pytest

from surveyapp.brief.children_in_words import children_in_words
from surveyapp.checks.audit_facts import Child
from tests.brief.briefs import FACTS, TEN, facts_of


def test_the_children_are_described_by_ages_splits_and_needs() -> None:
    ages, needs = children_in_words(FACTS, shows_splits=True)
    assert ages == (
        "The ten children were 6 months to 13 years old at the time of the audit. Five are girls and five "
        "are boys. Seven have a child protection plan and three have a child in need plan."
    )
    assert needs == "Their needs and experiences include domestic abuse and autism."
    assert "girls" not in children_in_words(FACTS, shows_splits=False)[0]


@pytest.mark.parametrize(
    ("children", "said"),
    [
        ((Child(25), Child(161)), "The two children were 2 to 13 years old"),
        ((Child(7), Child(18)), "7 to 18 months old"),
        ((Child(0), Child(30)), "under 1 month to 2 years old"),
        ((Child(unborn=True), Child(160)), "from before birth to 13 years old"),
        ((Child(30),), "The one child was 2 years old"),
        (
            (Child(30), Child()),
            "The two children were 2 years old at the time of the audit where their age is known.",
        ),
    ],
)
def test_the_ages_are_those_of_the_sample(children: tuple[Child, ...], said: str) -> None:
    assert said in children_in_words(facts_of(*children), shows_splits=True)[0]


def test_a_split_unknown_for_one_child_is_not_printed() -> None:
    assert "boys" not in children_in_words(facts_of(*TEN, Child(30)), shows_splits=True)[0]
    looked_after = facts_of(Child(30, plan="looked after"), Child(30, plan="early help"))
    said = children_in_words(looked_after, shows_splits=True)[0]
    assert "One has an early help plan and one is looked after." in said
