"""Fields hold the typed values unchanged."""

from werkzeug.datastructures import MultiDict

from surveyapp.defining.answer_form import answer_form
from tests.defining.forms_at_hand import feature


def test_an_unknown_value_is_kept_but_chooses_nothing() -> None:
    field = answer_form(feature("choice"))(MultiDict([("seen", "None")]))["seen"]
    assert field.data == "None"
    assert not [choice for choice in field.iter_choices() if choice.selected]


def test_a_box_ticked_twice_is_ticked_once() -> None:
    field = answer_form(feature("choices"))(MultiDict([("who", "school"), ("who", "school")]))["who"]
    assert field.data == ("school",)


def test_none_of_these_is_the_last_box() -> None:
    field = answer_form(feature("checklist"))()["file"]
    assert [choice.value for choice in field.iter_choices()] == ["plan", "chronology", "none_of_these"]


def test_text_that_looks_like_markup_stays_text() -> None:
    text = '"><svg/onload=alert(1)>{{7*7}}'
    assert answer_form(feature("long_text"))(MultiDict([("more", text)]))["more"].data == text
