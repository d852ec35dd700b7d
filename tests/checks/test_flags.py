"""What the checks before release find, and what they leave alone."""

from dataclasses import replace

import pytest

from surveyapp.brief.brief import BriefText, Resource
from surveyapp.brief.checks import brief_flags, brief_sentences
from surveyapp.brief.sections import assemble_brief
from surveyapp.checks.audit_facts import AuditFacts, Child, Organisation
from surveyapp.checks.consistency import organisations_left_out
from surveyapp.checks.flags import CHECKS, Flag
from surveyapp.checks.personal_details import personal_detail_flags
from surveyapp.checks.small_numbers import small_number_flags
from tests.brief.briefs import FACTS, WRITTEN, brief

PLAIN = BriefText(cohort="with a plan")


def of(text: str, facts: AuditFacts = FACTS) -> list[Flag]:
    """What is found in one point of a brief that says nothing else of interest."""
    made = brief(facts, replace(PLAIN, worries=(text,)))
    return [each for each in brief_flags(made, facts) if each.block == "worries"]


def said(text: str, check: str, facts: AuditFacts = FACTS) -> list[tuple[str, str]]:
    return [(each.wording, each.says) for each in of(text, facts) if each.check == check]


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
def test_what_differs_from_the_audit_is_found(text: str, wording: str, says: str) -> None:
    facts = replace(FACTS, organisations=(*FACTS.organisations, Organisation("Health", "health", 60)))
    found = said(text, "consistency", facts)
    assert any(each[0] == wording and says in each[1] for each in found), found


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
def test_what_agrees_is_left_alone(text: str) -> None:
    assert said(text, "consistency") == []


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
        (
            "A 13-year-old girl was not seen",
            "A 13-year-old girl was not seen",
            "(age and gender) fits 1 child",
        ),
        ("A girl with autism waited", "A girl with autism waited", "(gender and autism) fits 1 child"),
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
def test_small_numbers_are_found(text: str, wording: str, says: str) -> None:
    found = said(text, "small_number")
    assert any(each[0] == wording and says in each[1] for each in found), found


def test_small_is_what_the_partnership_says() -> None:
    low, high = replace(FACTS, threshold=3), replace(FACTS, threshold=8)
    assert said("Three children moved", "small_number", low) == []
    assert ("Six children", "6 children: under 8.") in said("Six children moved", "small_number", high)


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
def test_other_small_numbers_are_left_alone(text: str) -> None:
    assert said(text, "small_number") == []


@pytest.mark.parametrize(
    "written",
    [
        BriefText(cohort="with a plan, among them a girl aged 13 and her brother"),
        BriefText(cohort="with a plan, among them a pregnant 13-year-old girl"),
        BriefText(cohort="with a plan, of whom two were sisters"),
        BriefText(aim="To hear a 13-year-old girl with a child in need plan"),
    ],
)
def test_what_people_type_into_the_first_block_is_no_safer_than_the_rest(written: BriefText) -> None:
    found = [each for each in brief_flags(brief(FACTS, written), FACTS) if each.block == "about"]
    assert [each.check for each in found] == ["small_number"]


def test_what_fits_every_child_tells_none_of_them() -> None:
    girls = replace(FACTS, children=(Child(150, gender="female", plan="child protection"),) * 4)
    made = brief(girls, BriefText(cohort="of girls with a child protection plan"))
    assert not any(
        each.check == "small_number" and each.block == "about" for each in brief_flags(made, girls)
    )


def test_what_the_audit_itself_says_is_checked_too() -> None:
    made = brief(FACTS, WRITTEN)
    found = {(each.block, each.wording) for each in small_number_flags(tuple(brief_sentences(made)), FACTS)}
    assert ("children", "Five are girls") in found
    assert ("children", "three have a child in need plan") in found
    assert ("children", "autism") in found
    assert ("about", "seven of them") in found
    alone = replace(
        FACTS, organisations=(Organisation("New Paths", "voluntary", 1), *FACTS.organisations[:1])
    )
    assert ("organisations", "New Paths") in {
        (each.block, each.wording) for each in small_number_flags(tuple(brief_sentences(brief(alone))), alone)
    }


def test_an_organisation_that_returned_and_is_not_listed_is_found() -> None:
    made = brief()
    later = replace(FACTS, organisations=(*FACTS.organisations, Organisation("Harbour", "voluntary", 3)))
    assert [each.wording for each in organisations_left_out(tuple(brief_sentences(made)), later)] == [
        "Harbour"
    ]
    assert list(organisations_left_out(tuple(brief_sentences(made)), FACTS)) == []


def test_names_dates_of_birth_and_numbers_are_found_anywhere_and_our_own_names_are_not() -> None:
    odd = "Jamie Smith, born 3 May 2015, NHS number 943 476 5919, was seen."
    facts = replace(FACTS, organisations=(Organisation("Dr Jane Brown and Partners", "health", 9),))
    made = brief(facts, replace(PLAIN, callouts=(odd,), aim="To ask Dr Jane Brown and Partners"))
    found = [(each.block, each.wording) for each in personal_detail_flags(brief_sentences(made), facts)]
    assert ("callouts", "Jamie Smith") in found
    assert ("callouts", "3 May 2015") in found
    assert ("callouts", "943 476 5919") in found
    assert all(block == "callouts" for block, _ in found)


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ("We saw Kayleigh alone", "Kayleigh"),
        ("KAYLEIGH THOMPSON", "KAYLEIGH THOMPSON"),
        ("kayleigh thompson was hurt", "kayleigh"),
        ("We met Mrs. Zzyzx at home", "Mrs. Zzyzx"),
        ("D.o.b. 3 May 2019", "3 May 2019"),
        ("A girl born in May 2019 at Riverside Primary School", "May 2019"),
        ("Born on 3 May", "3 May"),
        ("DOB: 05/2019", "05/2019"),
        ("Child 7 was hurt", "Child 7"),
        ("Both CHILD  7’s plans", "CHILD  7"),
        ("Child #7 and others", "Child #7"),
        ("Children 3 and 7 were hurt", "Children 3 and 7"),
        ("Child B waited", "Child B"),
        ("We met Blue at home", "Blue"),
    ],
)
def test_who_a_child_is_or_is_called_here_is_found(text: str, wording: str) -> None:
    facts = replace(FACTS, pseudonyms=("Child 3", "Child 7", "B", "Blue"))
    assert [each[0] for each in said(text, "personal_detail", facts)] == [wording]


@pytest.mark.parametrize(
    "text",
    [
        "A child 7 years old, children 3 and 7 months old, the blue folder, Child 71, Figure 7",
        "Born too early, a plan of May 2019, due in May 2027",
        "Work with Victoria Road Surgery in May",
    ],
)
def test_what_tells_nobody_is_left_alone(text: str) -> None:
    facts = replace(FACTS, pseudonyms=("Child 3", "Child 7", "B", "Blue"))
    assert said(text, "personal_detail", facts) == []


def test_a_school_is_asked_about_and_not_the_police() -> None:
    found = said("Hill School and Northside Police wrote it down", "personal_detail")
    says = "“Hill School” may tell which child it is: say what kind of agency it is."
    assert found == [("Hill School", says)]


def test_neither_the_theme_nor_an_organisations_name_excuses_a_persons_name() -> None:
    facts = replace(
        FACTS,
        theme="Learning from Kayleigh Thompson",
        organisations=(Organisation("Dr Jane Brown and Partners", "health", 9),),
    )
    made = brief(facts, replace(PLAIN, worries=("Kayleigh Thompson waited", "Jane Brown waited")))
    found = {(each.block, each.wording) for each in personal_detail_flags(brief_sentences(made), facts)}
    assert found == {
        ("title", "Kayleigh Thompson"),
        ("worries", "Kayleigh Thompson"),
        ("worries", "Jane Brown"),
    }


def test_the_address_of_a_resource_is_read_too() -> None:
    link = Resource(
        "Toolkit", "a tool", "https://www.tools.example/reviews/Kayleigh-Thompson?nhs=943-476-5919"
    )
    made = assemble_brief(FACTS, PLAIN, resources=(link,))
    found = [each.wording for each in personal_detail_flags(brief_sentences(made), FACTS)]
    assert found == ["Kayleigh Thompson", "943 476 5919"]


def test_a_key_stays_while_its_sentence_stays_and_changes_with_it() -> None:
    [one] = of("Three children moved")
    [other] = of("Three  children moved")
    [edited] = of("Three children moved away")
    assert one.key == other.key
    assert one.key != edited.key
    both = of("Three children moved. Three children moved. They came back.")
    assert len(both) == 1


def test_every_sentence_is_looked_at_once_in_reading_order() -> None:
    found = list(brief_sentences(brief()))
    assert found[0].block == "title"
    assert [each.text for each in found if each.block == "worries"][1] == "Neglect was not named"
    assert not any(each.block == "chart" for each in found)
    assert {each.check for each in brief_flags(brief(), FACTS)} <= set(CHECKS)


def test_an_audit_without_returns_or_ages_has_nothing_to_differ_from() -> None:
    nothing = AuditFacts("", "", "", None, 0, (), ())
    assert said("The nine children, a 40-year-old", "consistency", nothing) == []
    assert said("A 40-year-old", "consistency", replace(FACTS, children=(Child(),))) == []


@pytest.mark.slow
def test_a_long_text_is_checked_in_time() -> None:
    words = "one of the ten children aged 12 to 13 years, 58 of 70 returns (82.9%) " * 600
    assert len(of(words)) < 50


def test_a_count_of_children_that_leaves_five_is_small_and_one_that_leaves_six_is_not() -> None:
    def found(children: int) -> list[str]:
        facts = replace(FACTS, cases=children, children=(FACTS.children * 2)[:children])
        return [says for _wording, says in said("Six children have a plan", "small_number", facts)]

    assert found(11) == ["That leaves 5 children of eleven, a number under 6."]
    assert found(12) == []


def test_an_organisation_that_audited_two_children_is_not_pointed_out_as_of_one() -> None:
    def found(returns: int) -> list[str]:
        facts = replace(
            FACTS, organisations=(Organisation("New Paths", "voluntary", returns), *FACTS.organisations[:1])
        )
        flags = brief_flags(brief(facts, PLAIN), facts)
        return [each.wording for each in flags if each.says.startswith("Each audited one child alone")]

    assert found(1) == ["New Paths"]
    assert found(2) == []
