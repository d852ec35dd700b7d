"""The web form of an audit form: posted, shown again and checked."""

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from surveyapp.defining.answer_form import answer_form
from surveyapp.defining.answer_form_fields import show_if_rule
from surveyapp.defining.concern import CURRENT_CONCERN, WHEN_FIELD, WHOM_FIELD
from surveyapp.defining.definition import AuditForm
from surveyapp.defining.library import available_forms, form_named, shipped_forms
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from tests.defining.forms_at_hand import OURS, RETURNED_ON, feature, ours


def sent(*pairs: tuple[str, str]) -> MultiDict[str, str]:
    return MultiDict(pairs)


def test_the_form_of_one_kind_of_agency_is_made_once() -> None:
    assert answer_form(ours(), "police") is answer_form(AuditForm.from_json(ours().to_json()), "police")


def test_an_agency_of_another_kind_has_no_field_for_what_it_is_not_asked() -> None:
    form = feature("only_for")
    assert "report" in answer_form(form, "police")()
    assert "report" not in answer_form(form, "gp")()


def test_fields_stand_in_the_templates_order() -> None:
    names = [field.name for field in answer_form(ours())()]
    assert names[:5] == [
        "file_contents",
        "file_contents-comment",
        "supervision",
        "supervision-comment",
        "supervision_again",
    ]
    assert names[-1] == "family_contact"


def test_posted_values_become_answers_and_come_back_unchanged() -> None:
    form = answer_form(ours())(
        sent(
            ("file_contents", "chronology"),
            ("file_contents", "alert"),
            ("supervision", "not_applicable"),
            ("supervision-comment", "Not open\r\nto us"),
        )
    )
    given = form.given()
    assert given[:2] == (
        GivenAnswer("file_contents", "basic_information", "no"),
        GivenAnswer("file_contents", "other_agencies", "no"),
    )
    assert given[-2:] == (
        GivenAnswer("supervision", option="not_applicable"),
        GivenAnswer("supervision", "comment", text="Not open\nto us"),
    )
    again = answer_form(ours())(given=given)
    assert again.given() == given
    assert again["supervision"].data == "not_applicable"
    assert [choice.value for choice in again["file_contents"].iter_choices() if choice.selected] == [
        "chronology",
        "alert",
    ]


def test_an_untouched_form_gives_nothing_and_never_the_word_none() -> None:
    form = answer_form(ours())(sent())
    assert form.given() == ()
    assert "None" not in {str(field.data) for field in form}
    assert answer_form(ours())().given() == ()


def test_an_unknown_option_is_an_error_at_its_field() -> None:
    form = answer_form(ours())(sent(("supervision", "None")))
    assert not form.check_draft()
    assert form.errors == {"supervision": ["Choose yes, no or not applicable for question 2"]}
    assert form.given() == ()


def test_too_long_a_comment_stays_in_its_field_and_is_refused() -> None:
    text = "🙂" * 20_001
    form = answer_form(ours())(sent(("supervision-comment", text)))
    assert not form.check_draft()
    assert form["supervision-comment"].data == text
    assert form["supervision-comment"].errors == [
        "Your comment on question 2 has 20,001 characters and the limit is 20,000: shorten it by 1"
    ]


def test_twenty_thousand_characters_are_taken_with_emoji_and_arabic() -> None:
    text = "🙂" * 10_000 + "م" * 10_000
    form = answer_form(ours())(sent(("supervision-comment", text)))
    assert form.check_draft()
    assert form.given() == (GivenAnswer("supervision", "comment", text=text),)


def test_a_draft_may_lack_answers_that_a_return_needs() -> None:
    form = answer_form(ours())(sent(("raised_concerns", "yes"), ("previous_plan_on_file", "another_source")))
    assert form.check_draft()
    assert not form.check_return(RETURNED_ON)
    source = "Yes, this was provided by another source (please comment below)"
    assert form.errors == {
        "previous_plan_on_file-comment": [f"Add a comment to question 9: you chose “{source}”"],
        "raised_concerns-comment": [
            "Add a comment to question 11: you chose “Yes (please comment below on the outcome)”"
        ],
        "strengths_or_concerns": ["Choose yes or no for question 13"],
    }
    assert form.check_draft()
    assert form.errors == {}


def test_a_return_with_what_is_required_passes() -> None:
    form = answer_form(ours())(sent(("strengths_or_concerns", "no")))
    assert form.check_return(RETURNED_ON)
    assert form.validate()


def test_an_answer_ruled_out_by_another_is_left_out_unless_asked_for() -> None:
    form = answer_form(feature("show_if"))(sent(("seen", "yes"), ("alone", "no"), ("why", "Not at home")))
    assert [answer.question for answer in form.given()] == ["seen", "alone"]
    assert [answer.question for answer in form.given(everything=True)] == ["seen", "alone", "why"]


def test_a_question_that_is_not_asked_is_not_required() -> None:
    form = feature("show_if")
    required = form.questions[1].model_copy(update={"required": True})
    made = answer_form(form.model_copy(update={"questions": (form.questions[0], required)}))
    assert made(sent(("seen", "no"))).check_return(RETURNED_ON)
    assert not made(sent(("seen", "yes"))).check_return(RETURNED_ON)


def test_the_condition_for_scripts_names_the_answers_that_show_a_question() -> None:
    form = feature("show_if")
    assert [show_if_rule(question, form) for question in form.questions] == [
        None,
        "seen=yes",
        "seen=no|dont_know",
        "seen=yes|dont_know",
    ]


def test_a_person_to_ask_has_a_field_for_each_part() -> None:
    made = answer_form(feature("contact"))
    form = made(sent(("person-name", "Ann"), ("person-email", "ann at police")))
    names_of_concern = {CURRENT_CONCERN, WHOM_FIELD, WHEN_FIELD}
    assert [field.name for field in form if field.name not in names_of_concern] == [
        "person-name",
        "person-telephone",
        "person-email",
    ]
    assert form.check_draft()
    assert not form.check_return(RETURNED_ON)
    assert list(form.errors) == ["person-email"]
    assert made(given=form.given()).given() == form.given()


def test_a_day_comes_back_into_its_three_boxes() -> None:
    made = answer_form(feature("date"))
    form = made(sent(("met_on", "9"), ("met_on", "3"), ("met_on", "2026")))
    assert form.given() == (GivenAnswer("met_on", text="2026-03-09"),)
    assert made(given=form.given())["met_on"].boxes == ("9", "3", "2026")
    assert made(sent(("met_on", ""), ("met_on", ""), ("met_on", ""))).given() == ()


@pytest.mark.parametrize(
    "boxes",
    [
        ("9", "", "2026"),
        ("", "March", ""),
        ("31", "2", "2026"),
        ("in the", "spring of", "2026"),
        ("", "", "26"),
    ],
)
def test_a_text_that_is_no_day_yet_comes_back_into_the_boxes_it_was_typed_in(boxes: tuple[str, ...]) -> None:
    made = answer_form(feature("date"))
    form = made(sent(*(("met_on", box) for box in boxes)))
    assert made(given=form.given())["met_on"].boxes == boxes


def test_a_draft_saved_with_spaces_between_its_boxes_is_read_still() -> None:
    made = answer_form(feature("date"))
    assert made(given=(GivenAnswer("met_on", text="31 2 2026"),))["met_on"].boxes == ("31", "2", "2026")
    assert made(given=(GivenAnswer("met_on", text="31 2"),))["met_on"].boxes == ("31 2",)


def test_the_hint_says_when_and_how_to_answer() -> None:
    form = feature("show_if")
    made = answer_form(form)()
    assert made.hint_for(form.questions[1]) == "Answer this if your answer to question 1 is “Yes”."
    assert made.shown_by(form.questions[1]) == "seen=yes"
    checklist = feature("checklist")
    assert answer_form(checklist)().hint_for(checklist.questions[0]) == "Tick all that apply."
    commented = feature("comment_when")
    assert answer_form(commented)().comment_hint(commented.questions[0]) == "Needed if your answer is “No”."
    assert answer_form(form)().comment_hint(form.questions[0]) == ""


def test_what_a_grade_and_the_ends_of_a_scale_mean_stands_beside_them() -> None:
    grades, numbers = feature("scale_of_grades"), feature("scale_of_numbers")
    assert answer_form(grades)().option_hints(grades.questions[0]) == {
        "good": "Every step of the plan was taken in time",
        "poor": "Steps of the plan were missed",
    }
    form, (safe,) = answer_form(numbers)(), numbers.questions
    assert form.option_hints(safe) == {"0": "not safe", "10": "safe"}
    assert [choice.label for choice in form["safe"].iter_choices()] == [str(step) for step in range(11)]
    assert form.is_number_scale(safe)
    assert not form.is_number_scale(grades.questions[0])


_FORMS = available_forms(OURS)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_posted_value_is_kept_or_refused_without_an_exception(data: st.DataObject) -> None:
    definition = data.draw(st.sampled_from(_FORMS))
    made = answer_form(definition, data.draw(st.sampled_from([None, "police", "gp"])))
    names = st.sampled_from([field.name for field in made()] + ["unknown"])
    values = st.sampled_from(
        [choice for question in definition.questions for choice in question.choice_values] + ["none", "3"]
    )
    form = made(MultiDict(data.draw(st.lists(st.tuples(names, values | st.text(max_size=30)), max_size=20))))
    form.check_draft()
    form.check_return(RETURNED_ON)
    given = form.given()
    assert made(given=given).given() == given
    assert set(given) <= set(form.given(everything=True))


@pytest.mark.parametrize("definition", _FORMS, ids=lambda form: form.form)
def test_every_form_we_ship_compiles_for_every_kind_of_agency(definition: AuditForm) -> None:
    for kind in (None, *AGENCY_KINDS):
        form = answer_form(definition, kind)()
        assert all(question.id in form or f"{question.id}-name" in form for question in form.questions)
        assert not form.check_return(RETURNED_ON)


def test_a_blank_question_is_drawn_once_and_never_shown_for_an_answered_one(app: Flask) -> None:
    made = answer_form(form_named(shipped_forms(), "repeat_child_protection_plans_2014"), "police")
    with app.test_request_context():
        draw = getattr(app.jinja_env.get_template("survey/defining/question.html").module, "all")  # noqa: B009
        first, again = (str(draw(made(), "ring")) for _ in range(2))
        assert first == again
        filled = str(draw(made(given=(GivenAnswer("supervision", item="comment", text="Monthly."),)), "ring"))
        assert "Monthly." in filled
        mistaken = made(MultiDict({"supervision": "nonsense"}))
        assert not mistaken.check_draft()
        assert "Error:" in str(draw(mistaken, "ring"))
        assert str(draw(made(), "ring")) == first
