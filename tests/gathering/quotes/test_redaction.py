"""Taking words out of a text, and pointing out wordings that may identify somebody."""

import pytest

from surveyapp.gathering.quotes.redaction import (
    REDACTION_MARK,
    contains_words,
    identifying_wordings,
    redact_words,
)


@pytest.mark.parametrize(
    ("text", "words", "left"),
    [
        ("Mrs Kaur rang. mrs kaur came.", ["Mrs Kaur"], "[…] rang. […] came."),
        ("Annual leave; Ann left.", ["Ann"], "Annual leave; […] left."),
        ("The school in\nHilltop wrote.", ["school in Hilltop"], "The […] wrote."),
        ("Seen by Ann Lee today.", ["Ann", "Lee"], "Seen by […] today."),
        ("Seen by Ann Lee today.", ["Lee", "Ann Lee"], "Seen by […] today."),
        ("It cost £4.50 (net).", ["(net)"], "It cost £4.50 […]."),
        ("Nothing here.", ["Ann"], "Nothing here."),
        ("Nothing here.", ["", "  "], "Nothing here."),
        (r"A \1 b", [r"\1"], "A […] b"),
        ("", ["a"], ""),
    ],
)
def test_words_taken_out_are_replaced_by_a_mark(text: str, words: list[str], left: str) -> None:
    assert redact_words(text, words) == left


def test_each_personal_detail_is_pointed_out_once() -> None:
    found = identifying_wordings("Mrs Kaur rang 01632 960101. Mrs Kaur was born on 3 May 2019.")
    assert [(detail.wording, detail.looks_like) for detail in found] == [
        ("Mrs Kaur", "a person’s name"),
        ("01632 960101", "a telephone number"),
        ("3 May 2019", "a date of birth"),
    ]
    assert identifying_wordings(f"{REDACTION_MARK} rang.") == ()


@pytest.mark.parametrize(
    ("part", "is_in"),
    [
        ("the child's own", True),
        ("the child’s\nown   words", True),
        ("own words are there", True),
        ("own word's", False),
        ("The Child", False),
    ],
)
def test_a_part_is_found_word_for_word(part: str, is_in: bool) -> None:  # noqa: FBT001 — which of two
    assert contains_words("In the child’s own words are there", part) is is_in
