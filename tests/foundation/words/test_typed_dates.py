"""Dates are read as people write them."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveyapp.foundation.words.dates_and_lists import day_in_words, document_day, short_day
from surveyapp.foundation.words.typed_dates import NotADate, YearNotInFull, read_date, stored_date

NINTH_OF_MARCH = date(2026, 3, 9)


@pytest.mark.parametrize(
    "typed",
    [
        "9 3 2026",
        "09 03 2026",
        "9/3/2026",
        "9.3.2026",
        "9-3-2026",
        "9 March 2026",
        "9 Mar 2026",
        "9 MAR. 2026",
        "9-Mar-2026",
        "9th March, 2026",
        "the 9th of March 2026",
        "Monday 9 March 2026",
        "Mon 9 march 2026",
        "March 9, 2026",
        "2026-03-09",
        "2026/3/9",
        "9 March 2026  ",
    ],
)
def test_a_date_may_be_written_in_many_ways(typed: str) -> None:
    assert read_date(typed) == NINTH_OF_MARCH


def test_september_may_be_shortened_to_three_letters_or_four() -> None:
    assert read_date("1 Sep 2026") == read_date("1 Sept 2026") == date(2026, 9, 1)


@pytest.mark.parametrize(
    "typed",
    ["", "9", "9 3", "31 2 2026", "9 13 2026", "9 Ma 2026", "9 Smarch 2026", "9 3 2026 10", "٩ 3 2026"],
)
def test_a_text_that_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(NotADate, match="enter a real day, like 1 12 2026 or 1 December 2026"):
        read_date(typed)


@pytest.mark.parametrize("typed", ["9 3 26", "9 3 0026", "9 March 26", "0 0 0000", "9 3 20266"])
def test_a_year_is_asked_for_in_four_figures(typed: str) -> None:
    with pytest.raises(YearNotInFull, match="enter the year in four figures, like 2026"):
        read_date(typed)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2999, 12, 31)))
def test_every_day_that_we_print_is_read_again(day: date) -> None:
    printed = (day_in_words(day), document_day(day), short_day(day, today=date.max), day.isoformat())
    assert [read_date(words) for words in printed] == [day] * 4
    assert stored_date(day.isoformat()) == day


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_is_refused_in_words(typed: str) -> None:
    with suppress(NotADate):
        assert read_date(typed).year >= 1000


@pytest.mark.parametrize("text", ["", "0026-03-09", "1899-12-31", "2026-02-31", "9 3 2026", "20260309"])
def test_only_a_day_from_1900_on_is_a_stored_date(text: str) -> None:
    assert stored_date(text) is None
