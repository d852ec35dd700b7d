"""Identifiers in pseudonyms, and numbered ranges."""

import pytest

from surveyapp.planning.cases.pseudonyms import identifier_kind, pseudonym_range


@pytest.mark.parametrize(
    ("text", "like"),
    [
        ("Child 1", ""),
        ("Case 2026/11", ""),
        ("943 476 5919", "an NHS number"),
        ("Child 9434765919", "an NHS number"),
        ("9434765918", ""),
        ("Child 12/03/2014", "a date of birth"),
        ("2014-03-12", "a date of birth"),
        ("12 March 2014", "a date of birth"),
        ("Child of AB1 2CD", "a postcode"),
    ],
)
def test_the_kind_of_identifier_is_named(text: str, like: str) -> None:
    assert identifier_kind(text) == like


def test_a_range_counts_from_the_first_to_the_last() -> None:
    assert pseudonym_range("Child 9", "Child 11") == ["Child 9", "Child 10", "Child 11"]


@pytest.mark.parametrize(
    ("first", "last", "named"),
    [
        ("Child 01", "Child 12", ["Child 01", "Child 02", "Child 12"]),
        ("Child 08", "Child 11", ["Child 08", "Child 09", "Child 11"]),
        ("Child 098", "Child 101", ["Child 098", "Child 099", "Child 101"]),
        ("Child 09", "child\u00a010", ["Child 09", "Child 10", "Child 10"]),
    ],
)
def test_noughts_in_front_are_kept(first: str, last: str, named: list[str]) -> None:
    names = pseudonym_range(first, last)
    assert [names[0], names[1], names[-1]] == named


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("Child 01", "Child 9", "such as Child 01 and Child 09"),
        ("Child 1", "Child 012", "such as Child 1 and Child 12"),
        ("Child 1", "Case 5", "alike but for the number"),
        ("Child", "Child 5", "alike but for the number"),
        ("Child 5", "Child 1", "swap them"),
        ("Child 1", "Child 100", "That is 100 cases: add at most 60 at once"),
    ],
)
def test_an_impossible_range_is_refused_in_a_sentence(first: str, last: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        pseudonym_range(first, last)
