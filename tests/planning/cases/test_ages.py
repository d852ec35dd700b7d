"""Reading ages as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveyapp.planning.cases.ages import OLDEST_MONTHS, Age, read_age


@given(st.integers(0, OLDEST_MONTHS))
def test_every_age_reads_back_from_its_own_words(months: int) -> None:
    assert read_age(str(Age(months))) == Age(months)


def _refusal(text: str) -> str:
    try:
        read_age(text)
    except ValueError as error:
        return str(error)
    return ""


@given(st.text(max_size=20))
def test_any_text_is_an_age_or_is_refused_in_a_sentence_that_quotes_it(text: str) -> None:
    assert _refusal(text)[:1] in {"", "“"}


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("3 years", 36),
        ("6 months", 6),
        ("3 years 2 months", 38),
        ("3y 2m", 38),
        ("18 Months", 18),
        ("0 months", 0),
        ("5", 60),
        (" 5.5 ", 66),
        ("0", 0),
    ],
)
def test_years_and_months_are_read(text: str, months: int) -> None:
    assert read_age(text) == Age(months)


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("6 weeks", 1),
        ("10 days", 0),
        ("newborn", 0),
        ("New-born", 0),
        ("4 wks", 0),
        ("9 weeks", 2),
        ("52 weeks", 11),
        ("1 year, 2 months and 1 week", 14),
        ("3½ years", 42),
        ("2.5 years", 30),
        ("5 years old", 60),
    ],
)
def test_weeks_days_and_halves_count_as_the_months_they_complete(text: str, months: int) -> None:
    assert read_age(text) == Age(months)


def test_an_unborn_child_has_no_age() -> None:
    assert read_age(" Unborn ") == Age(unborn=True)
    assert read_age("unborn baby") == Age(unborn=True)
    assert str(Age(unborn=True)) == "unborn"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("three", "write it like 3 years, 6 months, 3 years 2 months, 6 weeks, newborn or unborn"),
        ("3 years 12 months", "count them as years"),
        ("26 years", "over 25 years"),
        ("12/03/2014", "is not an age"),
    ],
)
def test_a_text_that_is_no_age_is_refused_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_age(text)
