"""Telephone numbers to dial."""

import pytest

from surveyapp.foundation.words.telephone_numbers import dialled


@pytest.mark.parametrize(
    ("written", "to_dial"),
    [
        ("01234 500100", "01234500100"),
        ("+44 (0)1234 500-100 ext. 22", "+441234500100"),
        ("(01234) 500100 or 07700 900123", "01234500100"),
        ("999", "999"),
        ("12", ""),
        ("switchboard", ""),
        ("", ""),
    ],
)
def test_the_first_number_of_a_text_is_dialled(written: str, to_dial: str) -> None:
    assert dialled(written) == to_dial
