from datetime import UTC, date, datetime

import pytest

from surveyapp.foundation.words.dates_and_lists import (
    clock_time,
    day_in_words,
    list_in_words,
    moment_in_words,
)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 3, 9, 8, 30, tzinfo=UTC), "8:30am"),
        (datetime(2026, 7, 9, 12, 5, tzinfo=UTC), "1:05pm"),
        (datetime(2026, 1, 9, 0, 0, tzinfo=UTC), "12:00am"),
        (datetime(2026, 1, 9, 12, 0, tzinfo=UTC), "12:00pm"),
    ],
)
def test_a_time_of_day_is_uk_time_in_words(moment: datetime, words: str) -> None:
    assert clock_time(moment) == words


def test_a_day_is_written_in_full() -> None:
    assert day_in_words(date(2026, 3, 9)) == "Monday 9 March 2026"
    assert moment_in_words(datetime(2026, 3, 9, 8, 30, tzinfo=UTC)) == "Monday 9 March 2026 at 8:30am"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [([], ""), (["Child 1"], "Child 1"), (["Child 1", "Child 2", "Child 3"], "Child 1, Child 2 and Child 3")],
)
def test_words_are_joined_with_commas_and_and(words: list[str], sentence: str) -> None:
    assert list_in_words(words) == sentence
