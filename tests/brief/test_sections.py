"""The sentences of a brief filled from its audit, and the order of its blocks."""

from dataclasses import replace

from surveyapp.brief.brief import BriefText
from surveyapp.brief.sections import assemble_brief, brief_title, opening, organisations_in_words
from surveyapp.checks.audit_facts import AuditFacts, Organisation
from tests.brief.briefs import FACTS, WRITTEN, brief, facts_of


def test_the_title_has_the_theme_and_the_month_of_the_audit_day() -> None:
    assert brief_title(FACTS, WRITTEN) == "Multi-agency quality assurance audit: Neglect, September 2024"
    assert brief_title(FACTS, BriefText()).endswith("Neglect, October 2024")
    assert (
        brief_title(replace(FACTS, month=None, theme=""), BriefText())
        == "Multi-agency quality assurance audit"
    )


def test_the_opening_has_the_day_the_children_and_the_cases_discussed() -> None:
    assert opening(FACTS, WRITTEN) == (
        "The audit of 17 September 2024 reviewed the records of ten children with a child protection plan "
        "for neglect. Ten cases were audited, and seven of them were discussed together."
    )
    assert opening(FACTS, BriefText()) == "This audit reviewed the records of ten children."
    assert opening(facts_of(), BriefText()) == "This audit has no return with answers yet."


def test_only_organisations_with_a_return_are_listed_and_schools_by_kind() -> None:
    assert organisations_in_words(FACTS) == (
        "These audited their involvement with the ten children: Northside Social Care, Northside Police "
        "and schools."
    )
    nobody = replace(FACTS, organisations=(Organisation("New Paths", "voluntary", 0),))
    assert organisations_in_words(nobody) == ""


def test_blocks_are_in_reading_order_and_empty_ones_are_left_out() -> None:
    names = [section.name for section in brief().sections]
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
    assert [section.name for section in assemble_brief(FACTS, BriefText()).sections] == [
        "about",
        "children",
        "organisations",
    ]
    nothing = AuditFacts("", "", "", None, 0, (), ())
    assert [section.name for section in assemble_brief(nothing, BriefText()).sections] == ["about"]


def test_the_description_of_a_chart_has_every_share() -> None:
    chart = brief().sections[7].chart
    assert chart is not None
    assert chart.description == (
        "Bar chart of returns. Overseen in supervision. Yes: 58 of 70 (82.9%); No: 12 of 70 (17.1%)."
    )
