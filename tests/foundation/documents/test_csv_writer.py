import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveyapp.foundation.documents.csv_writer import text_cell, write_csv


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_that_would_be_a_formula_gets_an_apostrophe(start: str) -> None:
    assert text_cell(f"{start}1") == f"'{start}1"


def test_a_text_that_is_no_formula_stays_as_it_is() -> None:
    assert text_cell("Child 3 = A") == "Child 3 = A"


@given(st.lists(st.text(), min_size=2, max_size=2))
def test_no_cell_begins_as_a_formula_and_every_text_can_be_read_back(row: list[str]) -> None:
    written = write_csv(["one", "two"], [row]).decode("utf-8-sig")
    _head, read = list(csv.reader(io.StringIO(written, newline="")))[:2]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in read)
    assert [
        cell.removeprefix("'") if cell != text else cell for cell, text in zip(read, row, strict=True)
    ] == row
