"""Numbers as a brief writes them and as its checks read them."""

import re

import pytest

from surveyapp.foundation.words.number_words import NUMBER, capitalised, number_in_words, parse_number


def test_numbers_are_written_and_read_the_same_way() -> None:
    assert [number_in_words(number) for number in (0, 1, 15, 20, 42, 99, 100, 1202)] == [
        "no",
        "one",
        "fifteen",
        "twenty",
        "forty-two",
        "ninety-nine",
        "100",
        "1,202",
    ]
    assert all(parse_number(number_in_words(number)) == number for number in range(1, 101))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Twenty-one of 15 and thirty two", [21, 15, 32]),
        ("a three-year-old, a one-off, 13-year-old", [3, 13]),
        ("2024-09-17, 58/70, 10.30, 1,202, 88%, section 47", [47]),
        ("someone, often, height, 7 children.", [7]),
    ],
)
def test_dates_percentages_and_parts_of_words_are_not_numbers(text: str, numbers: list[int]) -> None:
    parsed = [parse_number(match[0]) for match in re.finditer(NUMBER, text, re.IGNORECASE)]
    assert parsed == numbers


def test_a_sentence_begins_with_a_capital() -> None:
    assert capitalised("ten cases") == "Ten cases"
    assert capitalised("") == ""
