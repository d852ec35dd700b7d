from datetime import date

from surveyapp.defining.question_kinds import Given
from surveyapp.exports.answer_cells import cells, columns, typed
from tests.exports.every_kind import FORM


def test_every_place_an_answer_can_stand_has_a_column_and_no_two_headings_are_alike() -> None:
    found = columns(FORM)
    assert ("file", "plan") in [each.place for each in found]
    assert ("file", "") not in [each.place for each in found]
    assert [each.heading for each in found if each.is_comment] == ["1. @Comments", "3. More", "4. Comments"]
    assert len({each.heading for each in found}) == len(found)


def test_several_answers_stand_in_one_cell() -> None:
    given = (Given("needs", option="a"), Given("needs", option="b"))
    assert cells(FORM, given) == {("needs", ""): "Alcohol; Housing"}


def test_numbers_and_days_are_typed_and_what_is_none_stays_text() -> None:
    number, day, line = FORM.question("how_many"), FORM.question("when"), FORM.question("line")
    assert typed(number, "-3") == -3
    assert typed(number, "about 3") == "about 3"
    assert typed(day, "2026-03-09") == date(2026, 3, 9)
    assert typed(day, "9 3") == "9 3"
    assert typed(line, "3") == "3"


def test_an_option_that_the_form_does_not_have_is_given_as_it_is() -> None:
    assert cells(FORM, (Given("seen", option="gone"),)) == {("seen", ""): "gone"}
