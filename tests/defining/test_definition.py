"""An audit form as a value: stored as text, and its questions by kind of agency."""

import json

import pytest
from pydantic import ValidationError

from surveyapp.defining.definition import AuditForm
from surveyapp.defining.library import available_forms
from surveyapp.defining.question_parts import ShowIf
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from tests.defining.forms_at_hand import OURS, feature, ours


@pytest.mark.parametrize("form", available_forms(OURS), ids=lambda form: form.form)
def test_a_form_kept_as_text_comes_back_the_same(form: AuditForm) -> None:
    text = form.to_json()
    assert AuditForm.from_json(text) == form
    assert AuditForm.from_json(text).to_json() == text
    assert list(AuditForm.from_json(text).themes) == list(form.themes)


def test_the_same_text_is_parsed_once() -> None:
    text = ours().to_json()
    assert AuditForm.from_json(text) is AuditForm.from_json(text)


def test_a_form_is_immutable() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        ours().title = "Another"  # type: ignore[misc]


def test_a_question_is_found_by_its_id_or_not_at_all() -> None:
    assert ours().question("supervision").number == 2
    with pytest.raises(KeyError):
        ours().question("nothing")


def test_questions_for_one_kind_of_agency_are_not_put_to_others() -> None:
    form = feature("only_for")
    assert [question.id for question in form.questions_for("police")] == ["seen", "report"]
    assert [question.id for question in form.questions_for("gp")] == ["seen"]
    assert [question.id for question in form.questions_for(None)] == ["seen", "report"]
    others = tuple(kind for kind in AGENCY_KINDS if kind != "police")
    assert form.versions() == (others, ("police",))
    assert feature("choice").versions() == (tuple(AGENCY_KINDS),)


def test_a_shorter_version_of_a_form_takes_less_time() -> None:
    form = feature("only_for").model_copy(update={"minutes": 15})
    assert (form.minutes_for(None), form.minutes_for("police"), form.minutes_for("gp")) == (15, 15, 8)


def test_a_gp_practice_gets_a_short_version_of_the_form_of_2014_and_everybody_else_all_of_it() -> None:
    form = ours()
    assert [question.number for question in form.questions_for("gp")] == [1, 6, 9, 11, 13]
    assert form.minutes_for("gp") == 8
    assert [kinds for kinds in form.versions() if "gp" in kinds] == [("gp",)]
    for kind in set(AGENCY_KINDS) - {"gp"}:
        assert form.questions_for(kind) == form.questions


def test_a_question_that_depends_on_one_not_asked_is_not_asked() -> None:
    form = feature("show_if")
    seen = form.questions[0].model_copy(update={"only_for": ("police",)})
    narrowed = form.model_copy(update={"questions": (seen, *form.questions[1:])})
    assert narrowed.questions_for("gp") == ()


def test_names_are_the_short_labels() -> None:
    form = ours()
    assert form.question("file_contents").name_of("chronology") == "Case summary or chronology"
    assert form.question("file_contents").name_of("none_of_these") == "None of these"
    assert form.question("see_child_alone").name_of("own_agency") == "Yes, own agency"
    assert feature("choice").questions[0].name == "Was the child seen?"


def test_a_condition_holds_only_for_a_choice() -> None:
    is_not = ShowIf(question="seen", is_not="yes")
    assert not is_not.holds(frozenset())
    assert is_not.holds(frozenset({"no"}))
    assert not is_not.holds(frozenset({"yes"}))
    assert ShowIf(question="seen", one_of=("yes", "no")).holds(frozenset({"no"}))


def test_an_unknown_kind_of_question_is_kept_by_name_with_questions_that_depend_on_it() -> None:
    form = json.loads(ours().to_json())
    first = form["questions"][0]
    later = {**first, "id": "a_later_one", "number": 98, "kind": "drawing", "short": "Draw it", "colours": 3}
    hanging = {
        **first,
        "id": "why",
        "number": 99,
        "short": "Why so?",
        "show_if": {"question": "a_later_one", "is": "x"},
    }
    read = AuditForm.from_json(json.dumps(form | {"questions": [*form["questions"], later, hanging]}))
    assert read.questions == ours().questions
    assert read.not_known == ("Draw it", "Why so?")
    assert AuditForm.from_json(read.to_json()) == read
