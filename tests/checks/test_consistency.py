"""The check of figures and facts flags what differs from the audit."""

from dataclasses import replace

import pytest

from surveyapp.brief.checks import brief_sentences
from surveyapp.checks.audit_facts import AuditFacts, Child, Organisation
from surveyapp.checks.consistency import organisations_left_out
from tests.brief.briefs import FACTS, brief
from tests.checks.flagged_points import flagged


@pytest.mark.parametrize(
    ("text", "wording", "says"),
    [
        (
            "Involvement with the nine children",
            "the nine children",
            "It says nine, and 10 children were audited.",
        ),
        ("We read the records of 11 children", "records of 11 children", "It says 11"),
        ("Twelve cases were audited", "Twelve cases were audited", "It says Twelve"),
        ("Seven of the eight were discussed", "of the eight", "It says eight"),
        ("Plans of fourteen children", "fourteen children", "This audit has 10 cases, and it says"),
        ("Twelve of them were discussed", "Twelve of them", "This audit has 10 cases, and it says"),
        ("58 of 70 cases were overseen", "70 cases", "if the figure counts returns, write returns"),
        ("82.9% of cases (58 of 70)", "9% of cases", "shares of returns, not of cases or children"),
        ("90% of returns (66 of 75)", "90%", "66 of 75 is 88%, not 90%."),
        ("In 66 of 75 returns (87%)", "87%", "66 of 75 is 88%"),
        ("80 of 70 returns (114.3%)", "114.3%", "80 cannot be out of 70."),
        ("Most of them, 88 per cent, agreed", "88 per cent", "write it like 58 of 70 returns (82.9%)"),
        ("A 14-year-old went missing", "14-year-old", "they are from 6 months to 13 years 5 months old"),
        ("Aged between 2 and 16 years", "Aged between 2 and 16 years", "No child of this audit"),
        ("A three-week-old baby", "three-week-old", "No child of this audit"),
        ("Children aged 15 and over", "aged 15", "No child of this audit"),
        ("New Paths gave good support", "New Paths", "New Paths was asked and has returned no answers."),
    ],
)
def test_statements_that_differ_from_the_audit_are_flagged(text: str, wording: str, says: str) -> None:
    facts = replace(FACTS, organisations=(*FACTS.organisations, Organisation("Health", "health", 60)))
    found = flagged(text, "consistency", facts)
    assert any(flag[0] == wording and says in flag[1] for flag in found), found


@pytest.mark.parametrize(
    "text",
    [
        "Involvement with the ten children",
        "All 10 children had a plan, and seven of these were discussed",
        "In 66 of 75 returns (88%) it was so, 16.8% (34 of 202) before, and 58/70 (83%) now",
        "A 13-year-old and a baby of 6 months, 6 months to 13 years old",
        "Plans lasted between 2 and 16 months, the last for 3 years",
        "Meetings on 17 September 2024 and 2024-09-18 at 10.30",
        "Northside Police shared early",
        "Two of the returns and one of the agencies",
        "That is above their mean of 16.1% and above the national average of 14.9%",
        "One chronology for all, a one-off visit, section 47, working together 2023",
        "Section 47 children, Year 12 pupils and dates for eleven of the fourteen chairs",
    ],
)
def test_statements_that_agree_with_the_audit_are_not_flagged(text: str) -> None:
    assert flagged(text, "consistency") == []


def test_an_organisation_with_returns_that_is_not_listed_is_flagged() -> None:
    made = brief()
    later = replace(FACTS, organisations=(*FACTS.organisations, Organisation("Harbour", "voluntary", 3)))
    assert [flag.wording for flag in organisations_left_out(tuple(brief_sentences(made)), later)] == [
        "Harbour"
    ]
    assert list(organisations_left_out(tuple(brief_sentences(made)), FACTS)) == []


def test_an_audit_without_returns_or_ages_raises_no_flag_of_consistency() -> None:
    nothing = AuditFacts("", "", "", None, 0, (), ())
    assert flagged("The nine children, a 40-year-old", "consistency", nothing) == []
    assert flagged("A 40-year-old", "consistency", replace(FACTS, children=(Child(),))) == []
