"""Columns are recognised by their heads; what is not settled is asked."""

from surveyapp.foundation.tables.columns import (
    Column,
    chosen_columns,
    column_letter,
    columns_left_out,
    match_columns,
    named_rows,
    table_columns,
    without_columns,
)
from surveyapp.foundation.tables.opened_table import open_cells

NAME = Column("name", "Name", ("full name",), is_needed=True)
EMAIL = Column("email", "Email address", ("e mail", "email"), is_needed=True, pattern="@")
COLUMNS = (NAME, EMAIL)


def test_heads_are_recognised_however_they_are_typed() -> None:
    sheet = open_cells("FULL  NAME*\tFax\tE-mail (work)\nAnn\t1\ta@police.example").sheet
    match = match_columns(sheet, COLUMNS)
    assert (match.columns, match.has_heads, match.doubts) == ({0: NAME, 2: EMAIL}, True, ())
    assert columns_left_out(sheet, match) == ["Fax"]
    assert [(row.number, row.values) for row in named_rows(sheet, match)] == [
        (2, {"name": "Ann", "email": "a@police.example"})
    ]


def test_a_head_that_is_there_twice_and_one_that_is_missing_are_asked() -> None:
    sheet = open_cells("Email\temail address\tWho\na@police.example\tb@police.example\tAnn").sheet
    match = match_columns(sheet, COLUMNS)
    assert match.doubts == (
        "Say which column holds “Name”",
        "Columns A and B are both “Email address”: choose one of them",
    )
    chosen = chosen_columns({1: "email", 2: "name", 0: "", 7: "telephone"}, COLUMNS, has_heads=True)
    assert (chosen.columns, chosen.doubts) == ({1: EMAIL, 2: NAME}, ())


def test_a_table_without_heads_is_asked_about_with_what_its_values_look_like() -> None:
    sheet = open_cells("Ann\ta@police.example\nBea\tb@police.example").sheet
    match = match_columns(sheet, COLUMNS)
    assert (match.columns, match.has_heads) == ({1: EMAIL}, False)
    assert match.doubts == ("No column is recognised by its head: say what each column holds",)
    first, second = table_columns(sheet, match)
    assert (first.letter, first.head, first.samples, first.column) == ("A", "", ("Ann", "Bea"), None)
    assert second.column is EMAIL
    headed = match_columns(open_cells("Wer\tWo\nAnn\ta@police.example").sheet, COLUMNS)
    assert headed.has_heads


def test_a_column_can_be_emptied_before_anything_is_done_with_the_table() -> None:
    sheet = open_cells("case\tborn\nChild A\t1/2/2015\n\t3/4/2016").sheet
    assert [row.cells for row in without_columns(sheet, {1}).rows] == [("case", ""), ("Child A", "")]


def test_columns_have_the_letters_of_a_spreadsheet() -> None:
    assert [column_letter(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
