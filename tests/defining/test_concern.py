"""The box for a current practice concern, which every form has besides its questions."""

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from surveyapp.defining.answer_form import AnswerForm, answer_form
from surveyapp.defining.blank_form import blank_form
from surveyapp.defining.concern import (
    CONCERN_LABEL,
    CURRENT_CONCERN,
    WHEN_FIELD,
    WHOM_FIELD,
    is_raised,
)
from surveyapp.defining.definition import AuditForm
from surveyapp.defining.library import form_named, shipped_forms
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.defining.shown_questions import answered_and_asked
from surveyapp.foundation.documents.blocks import Boxes
from tests.defining.forms_at_hand import RETURNED_ON, feature

TICKED = GivenAnswer(CURRENT_CONCERN, "raised", "yes")
WHOM = "Say whom you have told about your current practice concern"
WHEN = "Say when you told them about your current practice concern, such as “today, 10am”"


def shipped(name: str) -> AuditForm:
    return form_named(shipped_forms(), name)


def sent(*fields: tuple[str, str]) -> MultiDict[str, str]:
    return MultiDict(fields)


def test_the_box_is_drawn_below_the_marked_question() -> None:
    form = shipped("repeat_child_protection_plans_2014")
    assert answer_form(form).concern_after == "strengths_or_concerns"


def test_by_default_the_box_is_drawn_below_the_last_question() -> None:
    definition = shipped("neglect_2024")
    made = answer_form(definition, "police")
    assert made.concern_after == definition.questions_for("police")[-1].id
    assert [field.name for field in made()][-3:] == [CURRENT_CONCERN, WHOM_FIELD, WHEN_FIELD]


def test_the_list_of_mistakes_has_the_order_of_the_page() -> None:
    names = [field.name for field in answer_form(shipped("repeat_child_protection_plans_2014"))()]
    assert names.index("strengths_or_concerns") < names.index(CURRENT_CONCERN) < names.index("family_contact")


def test_a_ticked_box_needs_whom_and_when_on_return_but_not_in_a_draft() -> None:
    made = answer_form(feature("text"))
    form = made(sent((CURRENT_CONCERN, "yes"), (WHOM_FIELD, " ")))
    assert form.check_draft()
    assert not form.check_return(RETURNED_ON)
    assert form.errors == {WHOM_FIELD: [WHOM], WHEN_FIELD: [WHEN]}
    assert form.check_draft()
    assert form.errors == {}
    right = made(sent((CURRENT_CONCERN, "yes"), (WHOM_FIELD, "Our lead"), (WHEN_FIELD, "today, 10am")))
    assert right.check_return(RETURNED_ON)


def test_a_draft_with_a_concern_is_stored_whatever_its_length() -> None:
    form = answer_form(feature("text"))(
        sent((CURRENT_CONCERN, "yes"), (WHOM_FIELD, "x" * 501), (WHEN_FIELD, "now"))
    )
    assert form.check_draft()
    assert not form.check_return(RETURNED_ON)
    assert "501 characters" in form.errors[WHOM_FIELD][0]


def test_an_unticked_box_needs_nothing_and_keeps_its_texts() -> None:
    form = answer_form(feature("text"))(sent((WHOM_FIELD, "Our lead")))
    assert form.check_return(RETURNED_ON)
    assert form.given() == (GivenAnswer(CURRENT_CONCERN, "told_whom", text="Our lead"),)


def test_an_answer_that_raises_a_concern_does_what_the_tick_does() -> None:
    definition = feature("raises_concern")
    question = definition.questions[0]
    made = answer_form(definition)
    form = made(sent((question.id, "yes")))
    assert is_raised(definition.questions, form.given())
    assert not form.check_return(RETURNED_ON)
    assert {WHOM_FIELD, WHEN_FIELD} <= form.errors.keys()
    assert form.concern_shown_by == f"{CURRENT_CONCERN}=yes;{question.id}=yes"
    calm = made(sent((question.id, "no")))
    assert not is_raised(definition.questions, calm.given())


def test_an_answer_that_another_rules_out_raises_no_concern() -> None:
    seen, alone, *_ = feature("show_if").questions
    yes = alone.answers[0].model_copy(update={"raises_concern": True})
    questions = (seen, alone.model_copy(update={"answers": (yes, *alone.answers[1:])}))
    chosen = GivenAnswer(alone.id, option="yes")
    assert is_raised(questions, (GivenAnswer(seen.id, option="yes"), chosen))
    assert not is_raised(questions, (GivenAnswer(seen.id, option="no"), chosen))


def test_a_concern_is_not_counted_as_an_answer() -> None:
    definition = feature("text")
    assert answered_and_asked(definition, None, (TICKED,)) == answered_and_asked(definition, None, ())


_TEXTS = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Cn", "Co")))


@given(ticked=st.booleans(), whom=_TEXTS, when=_TEXTS)
def test_the_fields_of_a_concern_come_back_unchanged(*, ticked: bool, whom: str, when: str) -> None:
    fields = [(WHOM_FIELD, whom), (WHEN_FIELD, when)] + ([(CURRENT_CONCERN, "yes")] if ticked else [])
    made: type[AnswerForm] = answer_form(feature("text"))
    said = made(sent(*fields)).given()
    assert made(given=said).given() == said
    assert bool(made(given=said)[CURRENT_CONCERN].data) is ticked


def test_the_blank_form_has_the_box_once_below_its_question() -> None:
    definition = shipped("repeat_child_protection_plans_2014")
    blocks = blank_form(definition, None, about="", author="", foot="").blocks
    boxes = [block.labels for block in blocks if isinstance(block, Boxes)]
    assert boxes.count((CONCERN_LABEL,)) == 1
    assert boxes.index((CONCERN_LABEL,)) < len(boxes) - 1
