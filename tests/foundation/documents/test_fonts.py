"""The fonts that come with the program."""

import unicodedata
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveyapp.foundation.documents.fonts import WEIGHTS, font_of_weight, printable, printable_with_breaks
from surveyapp.foundation.words.clean_text import clean_text


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
        ("👩\u200d👩\u200d👧 ☎\ufe0f", "[woman][woman][girl] [black telephone]"),
        ("\uf0b7 one\u2009▪ well\u2011known", "• one • well-known"),
    ],
)
def test_a_character_without_a_glyph_is_named_and_an_invisible_one_is_left_out(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text(max_size=50))
def test_every_character_of_a_printable_text_has_a_glyph(text: str) -> None:
    shown = printable(text)
    for weight in WEIGHTS:
        assert all(character == "\n" or font_of_weight(weight).glyphs[character] for character in shown)
    assert shown == clean_text(shown)


def test_break_opportunities_are_kept_for_typst_only() -> None:
    assert (printable_with_breaks("a\u200bb"), printable("a\u200bb")) == ("a\u200bb", "ab")


def test_glyphs_are_measured_in_thousandths_of_the_font_size() -> None:
    font = font_of_weight("Regular")
    assert 150 < font.widths[" "] < 300 < font.widths["m"] < 1_000
    assert font.descent < 0 < font.cap_height < font.ascent
    assert all(unicodedata.category(character) not in {"Cc", "Cf"} for character in font.glyphs)


@pytest.mark.parametrize(
    ("weight", "box", "widths"),
    [
        ("Regular", (-454, -292, 2159, 968), "cde5c7551ecf1a77"),
        ("Semibold", (-456, -304, 2158, 989), "ab1c89d2acdcfbab"),
        ("Bold", (-457, -315, 2157, 1009), "6a0dd84bec7ad5ba"),
    ],
)
def test_a_font_has_the_measures_with_which_the_pdf_of_returns_was_made(
    weight: str, box: tuple[int, int, int, int], widths: str
) -> None:
    found = font_of_weight(weight)
    assert (found.ascent, found.descent, found.cap_height, found.box) == (984, -273, 660, box)
    assert len(found.glyphs) == len(found.widths) == 1_294
    # The digest of every character with its width and glyph, as first read from the tables of the font.
    assert sha256(repr(sorted(found.widths.items())).encode()).hexdigest()[:16] == widths
    assert sha256(repr(sorted(found.glyphs.items())).encode()).hexdigest()[:16] == "04ee873e997e1b57"
