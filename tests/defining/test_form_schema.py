"""From a form file to its audit form."""

from tests.defining.forms_at_hand import feature


def test_a_named_list_is_copied_into_the_question() -> None:
    assert [option.label for option in feature("named_list").questions[0].answers] == [
        "Yes",
        "No",
        "Don’t know",
    ]


def test_a_scale_of_numbers_offers_each_and_names_its_ends() -> None:
    labels = [option.label for option in feature("scale_of_numbers").questions[0].answers]
    assert labels == ["0 – not safe", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10 – safe"]


def test_a_scale_of_grades_offers_its_grades() -> None:
    assert feature("scale_of_grades").questions[0].choice_values == ("good", "poor")


def test_an_option_of_the_form_may_raise_a_concern() -> None:
    answers = feature("raises_concern").questions[0].answers
    assert [option.raises_concern for option in answers] == [True, False, False]
