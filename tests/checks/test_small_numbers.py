"""The check of small numbers flags counts of few children, and leaves other numbers alone."""

from dataclasses import replace

import pytest

from surveyapp.brief.checks import brief_flags, brief_sentences
from surveyapp.checks.audit_facts import Organisation
from surveyapp.checks.small_numbers import small_number_flags
from tests.brief.briefs import FACTS, WRITTEN, brief
from tests.checks.flagged_points import PLAIN, flagged


@pytest.mark.parametrize(
    ("text", "wording", "says"),
    [
        ("Three children moved", "Three children", "3 children: under 6."),
        ("Not clear what a day is like for one child", "one child", "1 child: under 6."),
        ("2 of the older boys ran away", "2 of the older boys", "2 children"),
        ("One of the ten children was born in care", "One of the ten children", "1 child"),
        ("5 girls are carers", "5 girls", "5 children"),
        (
            "Seven children have a plan",
            "Seven children",
            "That leaves 3 children of ten, a number under 6.",
        ),
        ("Five are boys and five are girls", "Five are boys", "5 children: under 6."),
        ("Of these 3 have a child in need plan", "3 have a child in need plan", "3 children"),
        ("All but two were seen alone", "All but two", "2 children"),
        ("Seven of them were discussed", "Seven of them", "That leaves 3 children of ten"),
        ("The only boy was missed", "The only boy", "under 6"),
        ("Both girls and the twins", "Both girls", "under 6"),
        (
            "Northside Police recorded it in 8 of 10 returns",
            "8 of 10",
            "A figure of Northside Police alone, under 6.",
        ),
        ("Hill School sent 2 returns", "2 returns", "A figure of Hill School alone"),
        ("2/10 children were hit", "2/10 children", "2 children: under 6."),
        ("It was so for 2/15 children", "2/15 children", "2 children"),
        ("1 in 10 children", "1 in 10 children", "1 child: under 6."),
        ("One in every five children", "One in every five children", "2 children: under 6."),
        ("2 out of 10 children", "2 out of 10 children", "2 children"),
        ("2 of 10 cases", "2 of 10 cases", "2 children"),
        ("A couple of children", "A couple of children", "2 children"),
        ("Half a dozen children", "Half a dozen children", "That leaves 4 children of ten"),
        ("A handful of the boys", "A handful of the boys", "so few children"),
        ("Two pupils", "Two pupils", "2 children"),
        ("2 young women", "2 young women", "2 children"),
        ("4 kids waited", "4 kids", "4 children"),
        ("4 minors waited", "4 minors", "4 children"),
        ("4 adolescents waited", "4 adolescents", "4 children"),
        ("Her 3 sons", "3 sons", "3 children"),
        ("Three families moved", "Three families", "3 families: under 6."),
        ("Only 2 were seen", "Only 2 were", "2 children"),
        ("Of whom two were sisters", "Of whom two", "2 children"),
        ("Three were brothers", "Three were brothers", "3 children"),
        ("Several children, 4, were hit", "children, 4", "4 children"),
        ("Number of boys: 4", "boys: 4", "4 children"),
        ("A third of the children", "A third of the children", "About 3 children: under 6."),
        ("Half of the children", "Half of the children", "5 children: under 6."),
        ("Three quarters of them", "Three quarters of them", "That leaves 2 children of ten"),
        ("All but one were seen", "All but one", "1 child"),
        ("Two were found alone", "Two were found alone", "2 children"),
        ("Of the ten children, two were hit", "Of the ten children, two", "2 children"),
        ("Of the ten, two were hit", "Of the ten, two", "2 children"),
        ("2 per 10 children", "2 per 10 children", "2 children"),
        ("Girls (3 of 10)", "Girls (3", "3 children"),
        ("3-4 children", "3-4 children", "3 children"),
        ("Two 13-year-olds", "Two 13-year-olds", "2 children"),
        (
            "two unaccompanied asylum-seeking children",
            "two unaccompanied asylum-seeking children",
            "2 children",
        ),
        ("three young carers", "three young carers", "3 children"),
        ("Everybody bar two was seen", "Everybody bar two", "2 children"),
    ],
)
def test_counts_of_few_children_are_flagged(text: str, wording: str, says: str) -> None:
    found = flagged(text, "small_number")
    assert any(flag[0] == wording and says in flag[1] for flag in found), found


def test_the_threshold_is_that_of_the_partnership() -> None:
    low, high = replace(FACTS, threshold=3), replace(FACTS, threshold=8)
    assert flagged("Three children moved", "small_number", low) == []
    assert ("Six children", "6 children: under 8.") in flagged("Six children moved", "small_number", high)


@pytest.mark.parametrize(
    "text",
    [
        "All ten children were seen",
        "One agency told the others about three meetings within two weeks",
        "Children with autism and domestic abuse at home",
        "6 of 10 returns said so",
        "One worker stayed with the family for five years",
        "Section 47, Year 5 pupils, tier 3 families, two weeks and three meetings of one agency",
        "2 parents evenings, two case conferences, one child protection conference, two family courts",
        "Two children’s homes, one family support worker, one baby clinic, two minor injuries",
        "A third of agencies, half of the returns, half an hour, all but two meetings",
        "Only two meetings were held",
        "1 in 4 children in England, a third of children nationally",
        "Girls and boys with autism. Brothers and sisters. Boys aged 10 to 13",
        "Two men and two women at home, a child of two carers, one meeting children attended",
        "Of the ten meetings, two were late, in Year 2 of the plan",
    ],
)
def test_small_numbers_of_other_things_are_not_flagged(text: str) -> None:
    assert flagged(text, "small_number") == []


def test_sentences_filled_from_the_audit_are_checked() -> None:
    made = brief(FACTS, WRITTEN)
    found = {(flag.block, flag.wording) for flag in small_number_flags(tuple(brief_sentences(made)), FACTS)}
    assert ("children", "Five are girls") in found
    assert ("children", "three have a child in need plan") in found
    assert ("children", "autism") in found
    assert ("about", "seven of them") in found
    alone = replace(
        FACTS, organisations=(Organisation("New Paths", "voluntary", 1), *FACTS.organisations[:1])
    )
    assert ("organisations", "New Paths") in {
        (flag.block, flag.wording) for flag in small_number_flags(tuple(brief_sentences(brief(alone))), alone)
    }


def test_a_count_that_leaves_five_children_is_flagged_and_one_that_leaves_six_is_not() -> None:
    def found(children: int) -> list[str]:
        facts = replace(FACTS, cases=children, children=(FACTS.children * 2)[:children])
        return [says for _wording, says in flagged("Six children have a plan", "small_number", facts)]

    assert found(11) == ["That leaves 5 children of eleven, a number under 6."]
    assert found(12) == []


def test_an_organisation_is_flagged_for_one_child_and_not_for_two() -> None:
    def found(returns: int) -> list[str]:
        facts = replace(
            FACTS, organisations=(Organisation("New Paths", "voluntary", returns), *FACTS.organisations[:1])
        )
        flags = brief_flags(brief(facts, PLAIN), facts)
        return [flag.wording for flag in flags if flag.says.startswith("Each audited one child alone")]

    assert found(1) == ["New Paths"]
    assert found(2) == []
