"""Numbers of a workbook as it shows them, and which of them are days."""

from datetime import date

import pytest
from openpyxl.styles.numbers import is_date_format as openpyxl_takes_for_a_date

from surveyapp.foundation.tables.cells import NumberCell
from surveyapp.foundation.tables.number_formats import (
    day_of_iso,
    day_or_time,
    is_date_format,
    number_as_shown,
)


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
        (0.5, "0%", "0.5"),
        (4471, "#,##0", "4471"),
        (-3, "000", "-3"),
        (0, "0000", "0000"),
        (471, "000;[Red]-000", "471"),
    ],
)
def test_a_number_is_taken_as_its_format_shows_it(value: float, number_format: str, shown: str) -> None:
    assert number_as_shown(value, number_format) == shown


@pytest.mark.parametrize(
    ("number_format", "is_date"),
    [
        ("dd/mm/yyyy", True),
        ("[$-809]d mmmm yyyy;@", True),
        ("[h]:mm", True),
        ("General", False),
        ('0 "days"', False),
        (r"0\d", False),
        ("[Red]0.00", False),
        ("#,##0.00_);[Red]\\(#,##0.00\\)", False),
        ("0.00E+00", False),
    ],
)
def test_a_format_of_days_or_times_is_told_from_one_of_numbers(number_format: str, *, is_date: bool) -> None:
    assert is_date_format(164, {164: number_format}) is is_date
    assert bool(openpyxl_takes_for_a_date(number_format)) is is_date


def test_the_formats_that_every_workbook_has_are_known() -> None:
    assert is_date_format(14, {})
    assert is_date_format(22, {})
    assert not is_date_format(0, {})
    assert not is_date_format(49, {})


@pytest.mark.parametrize(
    ("serial", "from_1904", "value"),
    [
        (46374, False, date(2026, 12, 18)),
        (46374.99999, False, date(2026, 12, 18)),
        (46374 - 1462, True, date(2026, 12, 18)),
        (1, False, date(1900, 1, 1)),
        (59, False, date(1900, 2, 28)),
        (61, False, date(1900, 3, 1)),
        (0.395833333333333, False, "09:30:00"),
    ],
)
def test_days_are_counted_as_excel_counts_them(serial: float, *, from_1904: bool, value: object) -> None:
    assert day_or_time(serial, from_1904=from_1904) == value


def test_a_number_beyond_all_days_is_none() -> None:
    with pytest.raises(OverflowError):
        day_or_time(1e9, from_1904=False)


def test_a_day_may_be_written_out() -> None:
    assert day_of_iso("2026-12-18T00:00:00") == date(2026, 12, 18)
    assert day_of_iso("T09:30") == "09:30"


@pytest.mark.parametrize(
    ("text", "is_rounded"),
    [("123456789012345", False), ("1234567890123456", True), ("000000123456789012345", False)],
)
def test_a_number_of_more_than_fifteen_digits_is_rounded(text: str, *, is_rounded: bool) -> None:
    assert NumberCell(text).is_rounded is is_rounded
