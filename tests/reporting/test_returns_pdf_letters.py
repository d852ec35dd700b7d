import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveyapp.foundation.text import clean
from surveyapp.reporting.returns_pdf_letters import Measure, letters, printable

WIDTH = 200.0
KNOWN = st.text(st.sampled_from("abc xyz ßéŁőЖя—“”’…\n 1"), max_size=300)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Zoë’s plan – “kept”", "Zoë’s plan – “kept”"),
        ("😀", "[grinning face]"),
        ("ن", "[arabic letter noon]"),
        ("\U000e0041\u200b\u00ad", ""),
        ("a\tb", "a    b"),
        ("a\u2028b\r\nc", "a\nb\nc"),
        ("\ue000", "[u+e000]"),
        ("\x00\x07\u202e", ""),
        ("e\u0301", "é"),
    ],
)
def test_a_character_without_a_letter_is_named_and_one_that_nobody_sees_is_left_out(
    text: str, shown: str
) -> None:
    assert printable(text) == shown


@given(st.text(max_size=50))
def test_every_character_of_a_printable_text_has_a_letter(text: str) -> None:
    shown = printable(text)
    for weight in ("Regular", "Semibold"):
        assert all(each == "\n" or letters(weight).glyphs[each] for each in shown)
    assert shown == clean(shown)


@given(KNOWN)
def test_lines_fit_and_hold_all_of_the_text(text: str) -> None:
    measure = Measure("Regular", 10, WIDTH)
    shown = printable(text)
    lines = measure.lines(shown)
    assert all(measure.points(line.rstrip(" ")) <= WIDTH for line in lines)
    assert "".join("".join(lines).split()) == "".join(shown.split())


def test_a_word_longer_than_a_line_is_cut_and_nothing_of_it_is_lost() -> None:
    lines = Measure("Regular", 10, WIDTH).lines("x " + "m" * 1_000 + " y")
    assert len(lines) > 30
    assert "".join(lines) == "x " + "m" * 1_000 + " y"


def test_all_lines_but_the_last_end_with_a_blank_so_that_no_two_words_run_together() -> None:
    lines = Measure("Regular", 10, WIDTH).lines("one\ntwo " + "three " * 20 + "\n\nend")
    assert all(line.endswith(" ") for line in lines[:-1])
    assert lines[-1] == "end"


def test_letters_are_measured_in_thousandths_of_the_size() -> None:
    found = letters("Regular")
    assert 150 < found.widths[" "] < 300 < found.widths["m"] < 1_000
    assert found.descent < 0 < found.capitals < found.ascent
    assert all(unicodedata.category(each) not in {"Cc", "Cf"} for each in found.glyphs)
