"""Ten digits with the right check digit."""

from surveyapp.foundation.personal_details.nhs_numbers import is_nhs_number


def test_an_nhs_number_has_ten_digits_with_the_right_check_digit() -> None:
    assert is_nhs_number("943 476 5919")
    assert not is_nhs_number("943 476 591")
    assert not is_nhs_number("")
