from datetime import date

from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.exports.answer_cells import answer_cells, answer_columns, typed_value
from tests.exports.every_kind import FORM


def test_every_place_an_answer_can_stand_has_a_column_and_no_two_headings_are_alike() -> None:
    found = answer_columns(FORM)
    assert ("file", "plan") in [each.place for each in found]
    assert ("file", "") not in [each.place for each in found]
    assert [each.heading for each in found if each.is_comment] == ["1. @Comments", "3. More", "4. Comments"]
    assert len({each.heading for each in found}) == len(found)


def test_several_answers_stand_in_one_cell() -> None:
    given = (GivenAnswer("needs", option="a"), GivenAnswer("needs", option="b"))
    assert answer_cells(FORM, given) == {("needs", ""): "Alcohol; Housing"}


def test_numbers_and_days_are_typed_and_what_is_none_stays_text() -> None:
    number, day, line = FORM.question("how_many"), FORM.question("when"), FORM.question("line")
    assert typed_value(number, "-3") == -3
    assert typed_value(number, "about 3") == "about 3"
    assert typed_value(day, "2026-03-09") == date(2026, 3, 9)
    assert typed_value(day, "9 3") == "9 3"
    assert typed_value(line, "3") == "3"


def test_an_option_that_the_form_does_not_have_is_given_as_it_is() -> None:
    assert answer_cells(FORM, (GivenAnswer("seen", option="gone"),)) == {("seen", ""): "gone"}
