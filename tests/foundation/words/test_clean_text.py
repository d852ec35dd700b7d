import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveyapp.foundation.words.clean_text import clean_line, clean_text, name_key, name_pattern


@given(st.text(st.characters(), max_size=200))
def test_cleaning_twice_changes_nothing_more(typed: str) -> None:
    assert clean_text(clean_text(typed)) == clean_text(typed)


@given(st.text(st.characters(), max_size=200))
def test_cleaned_text_can_be_written_to_every_file_format(typed: str) -> None:
    cleaned = clean_text(typed)
    cleaned.encode()
    assert not any(
        unicodedata.category(character) == "Cc" and character not in "\n\t" for character in cleaned
    )


def test_arabic_emoji_and_combining_marks_are_kept() -> None:
    typed = "طفل 👩‍👧 e\u0301"
    assert clean_text(typed) == "طفل 👩‍👧 é"


def test_a_null_and_direction_marks_are_removed() -> None:
    assert clean_text("a\x00b\u202ec\r\nd") == "abc\nd"


def test_a_line_has_no_breaks_and_no_doubled_spaces() -> None:
    assert clean_line("  Child \r\n  3 ") == "Child 3"


def test_a_line_has_no_invisible_characters_but_the_joiners_that_scripts_need() -> None:
    assert clean_line("North\u200bside\ufeff Po\u00adlice") == "Northside Police"
    assert clean_line("👩\u200d👧") == "👩\u200d👧"


@pytest.mark.parametrize(
    "typed",
    [
        "St Mary’s School",
        "ST MARY'S SCHOOL",
        " St  Mary`s\u00a0School ",
        "St Mary\u02bcs School",
        "St Mary's\u200b School",
        "St\u00adMary's School".replace("\u00ad", " \u00ad"),
        "Ｓt Mary's School",
    ],
)
def test_a_name_is_recognised_however_it_is_typed(typed: str) -> None:
    assert name_key(typed) == name_key("St Mary's School")


@pytest.mark.parametrize("other", ["St Mary School", "St. Mary's School", "St Marys School", "Child 01", ""])
def test_other_names_stay_apart(other: str) -> None:
    assert name_key(other) not in {name_key("St Mary's School"), name_key("Child 1")}


@pytest.mark.parametrize("typed", ["St Mary’s School", "st  mary's\u00a0school", "ST MARY`S SCHOOL"])
def test_a_name_is_found_in_a_text_however_it_is_typed(typed: str) -> None:
    found = re.search(name_pattern("St Mary's  School"), f"At {typed}, they said", re.IGNORECASE)
    assert found is not None
    assert found[0] == typed
    assert re.search(name_pattern("A.B (C-D)"), "A.B (C–D)")
    assert not re.search(name_pattern("A.B"), "A-B")


def test_dashes_and_double_quotes_of_a_word_processor_are_those_of_the_keyboard() -> None:
    assert name_key("Neglect – “winter”") == name_key('Neglect - "winter"')


@given(st.text(st.characters(), max_size=60))
def test_a_name_and_its_key_have_the_same_key(typed: str) -> None:
    assert name_key(name_key(typed)) == name_key(typed) == name_key(clean_line(typed))
