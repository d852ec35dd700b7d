"""What a brief says of its audit by itself, and in which order it is read."""

from dataclasses import replace

import pytest

from surveyapp.brief.brief import BriefText
from surveyapp.brief.children_in_words import children_in_words
from surveyapp.brief.sections import assemble_brief, brief_title, opening, organisations_in_words
from surveyapp.checks.audit_facts import AuditFacts, Child, Organisation
from tests.brief.briefs import FACTS, TEN, WRITTEN, brief


def of(*children: Child) -> AuditFacts:
    return replace(FACTS, children=children)


def test_the_title_has_the_theme_and_the_month_of_the_audit_day() -> None:
    assert brief_title(FACTS, WRITTEN) == "Multi-agency quality assurance audit: Neglect, September 2024"
    assert brief_title(FACTS, BriefText()).endswith("Neglect, October 2024")
    assert (
        brief_title(replace(FACTS, month=None, theme=""), BriefText())
        == "Multi-agency quality assurance audit"
    )


def test_the_opening_says_when_how_many_who_and_how_many_were_discussed() -> None:
    assert opening(FACTS, WRITTEN) == (
        "The audit of 17 September 2024 reviewed the records of ten children with a child protection plan "
        "for neglect. Ten cases were audited, and seven of them were discussed together."
    )
    assert opening(FACTS, BriefText()) == "This audit reviewed the records of ten children."
    assert opening(of(), BriefText()) == "This audit has no return with answers yet."


def test_the_children_are_said_with_ages_splits_and_needs() -> None:
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
    assert said in children_in_words(of(*children), shows_splits=True)[0]


def test_a_split_that_is_not_known_of_every_child_is_not_printed() -> None:
    assert "boys" not in children_in_words(of(*TEN, Child(30)), shows_splits=True)[0]
    looked_after = of(Child(30, plan="looked after"), Child(30, plan="early help"))
    said = children_in_words(looked_after, shows_splits=True)[0]
    assert "One has an early help plan and one is looked after." in said


def test_only_organisations_with_a_return_are_listed_and_schools_by_kind() -> None:
    assert organisations_in_words(FACTS) == (
        "These audited their involvement with the ten children: Northside Social Care, Northside Police "
        "and schools."
    )
    nobody = replace(FACTS, organisations=(Organisation("New Paths", "voluntary", 0),))
    assert organisations_in_words(nobody) == ""


def test_the_blocks_stand_in_reading_order_and_empty_ones_are_left_out() -> None:
    names = [each.name for each in brief().sections]
    assert names == [
        "about",
        "children",
        "worries",
        "good-practice",
        "theme-1",
        "pair-1",
        "callouts",
        "chart",
        "organisations",
        "links",
    ]
    assert (
        brief().sections[0].paragraphs[1]
        == "The aim was to see whether agencies keep good standards together."
    )
    assert [each.name for each in assemble_brief(FACTS, BriefText()).sections] == [
        "about",
        "children",
        "organisations",
    ]
    nothing = AuditFacts("", "", "", None, 0, (), ())
    assert [each.name for each in assemble_brief(nothing, BriefText()).sections] == ["about"]


def test_a_chart_says_its_figures_with_what_they_are_out_of() -> None:
    chart = brief().sections[7].chart
    assert chart is not None
    assert chart.description == (
        "Bar chart of returns. Overseen in supervision. Yes: 58 of 70 (82.9%); No: 12 of 70 (17.1%)."
    )
