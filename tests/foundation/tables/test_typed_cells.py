"""What offices type into cells is taken."""

from datetime import date

import pytest

from surveyapp.foundation.tables.cells import NumberCell
from surveyapp.foundation.tables.typed_cells import mended_telephone, read_tick


@pytest.mark.parametrize(
    ("cells", "ticked"),
    [
        (["Y", "y", "Yes", "YES", "x", "X", "1", NumberCell("1"), True, "TRUE", "✓", " yes. "], True),
        (["", "N", "no", "No", "0", NumberCell("0"), False, "FALSE", "-", "–", "n/a", "not known"], False),
        (["?", "maybe", "2", "unknown", date(2026, 1, 1)], None),
    ],
)
def test_a_tick_is_read_in_all_its_forms(cells: list[object], *, ticked: bool | None) -> None:
    assert [read_tick(cell) for cell in cells] == [ticked] * len(cells)


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [
        (NumberCell("1632960001"), "01632960001"),
        ("1632 960001", "01632 960001"),
        ("7700900123", "07700900123"),
        ("441632960001", "+441632960001"),
        ("01632 960001", "01632 960001"),
        ("101", "101"),
        ("01632 960001 ext 12", "01632 960001 ext 12"),
        ("+44 1632 960001", "+44 1632 960001"),
        ("", ""),
    ],
)
def test_a_telephone_number_gets_back_the_nought_or_plus_that_a_spreadsheet_took(
    typed: object, dialled: str
) -> None:
    assert mended_telephone(typed) == dialled


@pytest.mark.parametrize("typed", ["1.63296E+09", date(2026, 1, 1), NumberCell("1632960001163296")])
def test_a_telephone_number_that_lost_digits_is_refused(typed: object) -> None:
    with pytest.raises(ValueError, match="format the column as Text"):
        mended_telephone(typed)
