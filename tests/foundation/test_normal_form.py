"""Normal forms of text with many combining marks."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveyapp.foundation.normal_form import MOST_MARKS, normal_form

MARKS = "\u0301\u0316\u0323\u0344\u0f73\u0345\uff9e\u3099"
STARTERS = "aé\u1f82\u0958安\u00ad\u200b "


@pytest.mark.parametrize(
    "text",
    [
        "e\u0301 طفل 👩‍👧 한국어 हिन्दी ਪੰਜਾਬੀ বাংলা فارسی",
        "Ấ" * 500,
        "שִׁׁ֖",
        "a" + "\u0301" * MOST_MARKS,
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFKC", "NFKD"])
def test_text_that_people_write_is_normalised_as_unicode_says(form: str, text: str) -> None:
    expected = unicodedata.normalize(form, text)  # type: ignore[arg-type]  # one of three  # noqa: TID251 — to compare with
    assert normal_form(form, text) == expected  # type: ignore[arg-type]  # one of three


def test_marks_beyond_thirty_on_one_letter_are_left_out() -> None:
    assert normal_form("NFKD", "x" + "\u0316" * 40 + "y\u0316") == "x" + "\u0316" * MOST_MARKS + "y\u0316"


def test_an_invisible_character_does_not_begin_a_new_run_of_marks() -> None:
    text = normal_form("NFKD", "x" + ("\u0316" * 20 + "\u200b") * 3)
    assert text.count("\u0316") == MOST_MARKS
    assert text.count("\u200b") == 3


@given(st.text(st.sampled_from(MARKS * 6 + STARTERS), max_size=300))
def test_no_letter_has_more_marks_than_thirty_and_a_second_time_changes_nothing(text: str) -> None:
    once = normal_form("NFC", text)
    assert normal_form("NFC", once) == once
    run = longest = 0
    for character in normal_form("NFKD", text):
        run = run + 1 if unicodedata.combining(character) else 0
        longest = max(longest, run)
    assert longest <= MOST_MARKS + 3
