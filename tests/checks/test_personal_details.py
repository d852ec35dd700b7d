"""The check of personal details flags names, dates of birth, numbers and pseudonyms."""

from dataclasses import replace

import pytest

from surveyapp.brief.checks import brief_sentences
from surveyapp.checks.audit_facts import Organisation
from surveyapp.checks.personal_details import personal_detail_flags
from surveyapp.foundation.words.clean_text import name_key
from tests.brief.briefs import FACTS, brief
from tests.checks.flagged_points import PLAIN, flagged


def test_names_dates_of_birth_and_numbers_are_flagged_but_not_organisations() -> None:
    odd = "Jamie Smith, born 3 May 2015, NHS number 943 476 5919, was seen."
    facts = replace(FACTS, organisations=(Organisation("Dr Jane Brown and Partners", "health", 9),))
    made = brief(facts, replace(PLAIN, callouts=(odd,), aim="To ask Dr Jane Brown and Partners"))
    found = [(flag.block, flag.wording) for flag in personal_detail_flags(brief_sentences(made), facts)]
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
def test_names_birth_dates_and_pseudonyms_of_a_child_are_flagged(text: str, wording: str) -> None:
    facts = replace(FACTS, pseudonyms=("Child 3", "Child 7", "B", "Blue"))
    assert [flag[0] for flag in flagged(text, "personal_detail", facts)] == [wording]


@pytest.mark.parametrize(
    "text",
    [
        "A child 7 years old, children 3 and 7 months old, the blue folder, Child 71, Figure 7",
        "Born too early, a plan of May 2019, due in May 2027",
        "Work with Victoria Road Surgery in May",
    ],
)
def test_words_that_identify_nobody_are_not_flagged(text: str) -> None:
    facts = replace(FACTS, pseudonyms=("Child 3", "Child 7", "B", "Blue"))
    assert flagged(text, "personal_detail", facts) == []


@pytest.mark.parametrize("typed", ["St Mary’s School", "St Mary's School", "st mary‘s\u00a0 school"])
@pytest.mark.parametrize("stored", ["St Mary’s School", "St Mary's School"])
def test_the_name_of_a_school_is_flagged_however_it_is_typed(stored: str, typed: str) -> None:
    school = replace(FACTS.organisations[0], name=stored, kind="school")
    facts = replace(FACTS, organisations=(*FACTS.organisations, school))
    wordings = [wording for wording, _ in flagged(f"{typed} wrote it down", "personal_detail", facts)]
    assert len(wordings) == 1
    assert name_key(wordings[0]) == name_key(stored)
    assert any(
        stored in says
        for _, says in flagged(f"{typed} recorded it in 8 of 10 returns", "small_number", facts)
    )


def test_the_name_of_a_school_is_flagged_but_not_that_of_the_police() -> None:
    found = flagged("Hill School and Northside Police wrote it down", "personal_detail")
    says = "“Hill School” may tell which child it is: say what kind of agency it is."
    assert found == [("Hill School", says)]


def test_a_persons_name_is_flagged_even_if_the_theme_has_it() -> None:
    facts = replace(
        FACTS,
        theme="Learning from Kayleigh Thompson",
        organisations=(Organisation("Dr Jane Brown and Partners", "health", 9),),
    )
    made = brief(facts, replace(PLAIN, worries=("Kayleigh Thompson waited", "Jane Brown waited")))
    found = {(flag.block, flag.wording) for flag in personal_detail_flags(brief_sentences(made), facts)}
    assert found == {
        ("title", "Kayleigh Thompson"),
        ("worries", "Kayleigh Thompson"),
        ("worries", "Jane Brown"),
    }
