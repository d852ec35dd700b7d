"""Reading an export: what is taken, what is dropped, and what is refused with its row and column."""

from datetime import date

import pytest

from surveyapp.foundation.tables.table_mistakes import TableMistakes
from surveyapp.planning.cases.ages import Age
from surveyapp.sampling.children import ListedChild
from surveyapp.sampling.figures import population_figures
from tests.sampling.exports import LISTED_ON, SECRETS, export_of_2014, population_of


def only_child(head: str, row: str, *, on: date = LISTED_ON) -> ListedChild:
    """The one child of a list with these heads."""
    (child,) = population_of(f"{head}\n{row}\n", on=on).children.values()
    return child


def mistakes_of(text: str) -> list[str]:
    """The sentences by which a list is refused."""
    with pytest.raises(TableMistakes) as refused:
        population_of(text)
    return refused.value.listed


def test_a_made_population_has_the_figures_of_2014() -> None:
    population = population_of(export_of_2014())
    figures = population_figures(population.children.values(), listed_on=LISTED_ON)
    assert (figures.children, figures.repeats.count, str(figures.repeats.percent)) == (202, 34, "16.8")
    assert (figures.sibling_groups, figures.intervals) == (7, (6, 120))
    assert figures.categories == {"neglect": 23, "emotional abuse": 11}


def test_only_known_columns_are_taken_and_the_others_are_listed() -> None:
    population = population_of(export_of_2014())
    assert population.left_out == ("NHS number", "Forename", "Surname", "Address", "Postcode")
    assert population.heads["born_on"] == "Date of birth"
    taken = repr(population.children)
    for secret in (*SECRETS, "2009, 5"):
        assert secret not in taken


def test_a_birth_date_becomes_an_age_on_the_day_of_the_list() -> None:
    assert only_child("DOB", "16/01/2010").age == Age(48)
    assert only_child("DOB", "17/01/2010").age == Age(47)
    assert only_child("DOB", "2010-01-16 00:00:00").age == Age(48)
    assert only_child("DOB", "1 Feb 2014").age == Age(unborn=True)
    assert only_child("Age,Sex", "5,f").age == Age(60)
    assert only_child("Age (months),Sex", "5,f").age == Age(5)
    assert only_child("Age,Sex", ",f").age == Age()


def test_words_are_read_as_offices_write_them() -> None:
    child = only_child("Sex,Category,Plan type,Repeat plan", "Boy,EMOTIONAL ABUSE,Child Protection,Y")
    assert (child.gender, child.category, child.plan) == ("male", "emotional abuse", "child protection")
    assert child.is_repeat
    assert not only_child("Sex,Repeat plan", "F,no").is_repeat


def test_the_time_between_plans_comes_from_its_column_or_from_the_two_days() -> None:
    assert only_child("Interval (months),Sex", "27,f").interval == 27
    assert only_child("Interval,Sex", "2 years 3 months,f").interval == 27
    assert only_child("Interval in years,Sex,Gap", "x,f,1.5 years").interval == 18
    assert only_child("Plan start,Previous plan ended", "01/06/2013,01/12/2012").interval == 6


def test_siblings_share_a_letter_and_a_child_alone_has_none() -> None:
    population = population_of("Sex,Family\nf,Smith\nm,smith\nf,Jones\nm,\nf,\n")
    assert sorted(child.sibling_group for child in population.children.values()) == ["", "", "", "A", "A"]


def test_numbers_do_not_follow_the_order_of_the_file() -> None:
    population = population_of(export_of_2014())
    assert sorted(population.children) == list(range(1, 203))
    in_order = [population.rows[number] for number in sorted(population.rows)]
    assert in_order != sorted(in_order)
    assert population_of(export_of_2014()).rows == population.rows


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Sex,DOB\nf,31/02/2010\n", "Row 2, Date of birth: “31/02/2010” is not a day"),
        (
            "Sex,DOB\nf,1/2/2010\nf,1/2/10\n",
            "Row 3, Date of birth: “1/2/10” is not a day: enter the year in four",
        ),
        ("Sex,DOB\nf,1/2/1950\n", "Row 2, Date of birth: the child would be over 25 years old"),
        ("Sex,Age\nf,old\n", "Row 2, Age: “old” is not an age"),
        ("Sex,Interval\nf,27\n", "Row 2, Time between the plans: “27” has no unit"),
        ("Sex,Number of plans\nf,many\n", "Row 2, Number of plans: “many” is not a number from 1 to 30"),
        ("Sex,Repeat plan\nf,perhaps\n", "Row 2, Repeat plan: write yes or no"),
        (
            "Plan start,Previous plan ended\n01/01/2012,02/01/2012\n",
            "Row 2, Previous plan ended on: this is after the day on which the plan began",
        ),
        (
            "Sex,Category\nf,born 1/2/2010\n",
            "Row 2, Category: this looks like a date of birth, so it is not kept",
        ),
        ("Sex,Category\n", "there is no child below the heads"),
    ],
)
def test_what_cannot_be_read_is_named_by_row_and_column(text: str, sentence: str) -> None:
    assert any(sentence in listed for listed in mistakes_of(text)), mistakes_of(text)


def test_a_column_of_names_is_not_taken_for_a_category() -> None:
    names = "".join(f"f,Surname{letter}\n" for letter in "abcdefghijkl")
    assert mistakes_of(f"Sex,Category\n{names}") == [
        "Category: it holds 12 different values, so it seems to be another column"
    ]
