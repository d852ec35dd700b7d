"""Numbers of a workbook as it shows them."""

from types import SimpleNamespace

import pytest

from surveyapp.foundation.tables.cells import NumberCell, cell_value


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (471, "General", "471"),
        (471, "00000", "00471"),
        (1234500100, "00000 000000", "01234 500100"),
        (1234500100, r"00000\ 000000", "01234 500100"),
        (471, '"OCC/"0000', "OCC/0471"),
        (123456, "000", "123456"),
        (471.0, "0", "471"),
        (12.5, "0.00", "12.5"),
        (4471, "#,##0", "4471"),
        (-3, "000", "-3"),
        (0, "0000", "0000"),
        (471, "000;[Red]-000", "471"),
    ],
)
def test_a_number_is_taken_as_its_format_shows_it(value: float, number_format: str, shown: str) -> None:
    cell = SimpleNamespace(data_type="n", value=value, number_format=number_format)
    assert cell_value(cell) == shown
    assert isinstance(cell_value(cell), NumberCell)


@pytest.mark.parametrize(
    ("text", "is_rounded"),
    [("123456789012345", False), ("1234567890123456", True), ("000000123456789012345", False)],
)
def test_a_number_of_more_than_fifteen_digits_is_rounded(text: str, *, is_rounded: bool) -> None:
    assert NumberCell(text).is_rounded is is_rounded
