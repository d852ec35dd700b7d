"""Splitting long texts and naming sheets."""

from hypothesis import given
from hypothesis import strategies as st

from surveyapp.foundation.documents.text_limits import SheetNames, split_text, utf16_units


@given(st.text(max_size=60), st.integers(2, 20))
def test_pieces_of_a_text_fit_and_add_up_to_it(text: str, longest: int) -> None:
    pieces = split_text(text, longest)
    assert "".join(pieces) == text
    assert all(utf16_units(piece) <= longest for piece in pieces)


@given(st.lists(st.text(max_size=60), max_size=20))
def test_sheet_names_are_valid_and_unique(wanted: list[str]) -> None:
    names = SheetNames(["About"])
    sheet_names = [names.name(title) for title in wanted]
    assert len({name.casefold() for name in sheet_names}) == len(sheet_names)
    for name in sheet_names:
        assert 1 <= utf16_units(name) <= 31
        assert not set(name) & set("[]:*?/\\")
        assert not name.startswith("'")
        assert not name.endswith("'")
        assert name.casefold() not in {"history", "about"}


def test_sheet_names_stay_readable() -> None:
    names = SheetNames()
    assert names.name("File/record management") == "File-record management"
    assert names.name("Other comments regarding multi-agency working") == "Other comments regarding multi-"
    assert names.name("Other comments regarding multi-purpose") == "Other comments regarding mult 2"
    assert names.name("[]") == "--"
    assert names.name("''") == "Sheet"
