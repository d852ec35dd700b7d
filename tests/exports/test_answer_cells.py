"""Columns and cells of answers."""

from datetime import date

from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.exports.answer_cells import answer_cells, answer_columns, typed_value
from tests.exports.every_kind import FORM


def test_every_question_line_and_comment_has_a_column_with_its_own_heading() -> None:
    columns = answer_columns(FORM)
    assert ("file", "plan") in [column.place for column in columns]
    assert ("file", "") not in [column.place for column in columns]
    assert [column.heading for column in columns if column.is_comment] == [
        "1. @Comments",
        "3. More",
        "4. Comments",
    ]
    assert len({column.heading for column in columns}) == len(columns)


def test_several_options_share_one_cell() -> None:
    given = (GivenAnswer("needs", option="a"), GivenAnswer("needs", option="b"))
    assert answer_cells(FORM, given) == {("needs", ""): "Alcohol; Housing"}


def test_numbers_and_dates_are_typed_and_other_texts_are_unchanged() -> None:
    number, day, line = FORM.question("how_many"), FORM.question("when"), FORM.question("line")
    assert typed_value(number, "-3") == -3
    assert typed_value(number, "about 3") == "about 3"
    assert typed_value(day, "2026-03-09") == date(2026, 3, 9)
    assert typed_value(day, "9 3") == "9 3"
    assert typed_value(day, "0026-03-09") == "0026-03-09"
    assert typed_value(line, "3") == "3"


def test_an_unknown_option_is_exported_as_stored() -> None:
    assert answer_cells(FORM, (GivenAnswer("seen", option="gone"),)) == {("seen", ""): "gone"}
