"""XLSForms: pyxform converts what we write, and reads what we take; every loss is a sentence."""

from typing import Any

import pytest
from pyxform.xls2xform import convert

from surveyapp.defining.definition import AuditForm
from surveyapp.defining.editing.draft_problems import problems_of
from surveyapp.defining.exchange.opened_form import open_form
from surveyapp.defining.exchange.taken_form import UnreadableForm
from surveyapp.defining.exchange.xlsform_writer import xlsform_of
from surveyapp.defining.library import available_forms
from tests.defining.exchange.xlsforms import taken, written
from tests.defining.forms_at_hand import OURS, TESTS

_LACKING = "of the kind “{}”, which our forms do not have; it is not taken"
_REPEATS = "is a group that repeats; it and the questions in it are not taken"
_FORMS = [*available_forms(OURS), *available_forms(TESTS / "features")]


YES_NO = [("yn", "yes", "Yes"), ("yn", "no", "No")]


@pytest.mark.parametrize("form", _FORMS, ids=lambda form: form.form)
def test_pyxform_converts_every_form_without_a_warning(form: AuditForm) -> None:
    converted = convert(written(form), file_type=".xlsx")
    assert converted.warnings == []
    for question in form.questions:
        assert "/data/" in converted.xform
        assert question.id in converted.xform


def test_what_an_xlsform_cannot_say_is_said_with_the_question() -> None:
    losses = xlsform_of(next(form for form in _FORMS if "2014" in form.form), version="1").losses
    assert "The box for a current practice concern is not in the file: only this program has it." in losses
    about = "Question 7, “Professional to speak and see the child alone”"
    assert [loss for loss in losses if loss.startswith(about)] == [
        f"{about}: it is asked of some kinds of agency only; in the file it is asked of all.",
        f"{about}: which answers of two agencies cannot both be true is not in the file.",
        f"{about}: which answers count as “not applicable” or “don’t know” is not in the file.",
        f"{about}: the short names for charts are not in the file.",
    ]


@pytest.mark.parametrize("form", _FORMS, ids=lambda form: form.form)
def test_the_questions_come_back_from_the_xlsform(form: AuditForm) -> None:
    back = open_form(written(form))
    assert not problems_of(back.draft).mistakes
    assert [question.id for question in back.draft.questions] == [question.id for question in form.questions]
    for question, original in zip(back.draft.questions, form.questions, strict=True):
        same_kind = {question.kind, original.kind} == {"choices", "checklist"}  # one without “None of these”
        grades = original.kind == "scale" and original.lowest is None
        assert same_kind or grades or question.kind == original.kind
        assert question.ask == original.ask
        assert (question.section, question.required) == (original.section, original.required)
        assert (question.comment, question.comment_when) == (original.comment, original.comment_when)
        assert question.show_if == original.show_if
        assert (question.earliest, question.latest) == (original.earliest, original.latest)
        assert (question.lowest, question.highest) == (original.lowest, original.highest)
    assert back.losses == (
        "An XLSForm has no themes: every question is put under “Practice”.",
        f"Sheet settings, row 2, form_id: the name by which tools know the form is not taken: {form.form}",
        "Sheet settings, row 2, version: the version of the form is not taken: 1",
    )


def test_everything_that_cannot_be_taken_is_named() -> None:
    form = taken(
        [
            {"type": "start", "name": "began"},
            {"type": "geopoint", "name": "place", "label": "Where was it?"},
            {"type": "calculate", "name": "sum", "calculation": "1 + 1"},
            {"type": "begin_repeat", "name": "visits", "label": "Visits"},
            {"type": "text", "name": "visitor", "label": "Who came?"},
            {"type": "end_repeat"},
            {"type": "note", "name": "hello", "label": "Thank you for coming"},
            {
                "type": "select_one yn",
                "name": "Seen-Child",
                "label": "Was the **child** seen?",
                "default": "yes",
            },
            {"type": "integer", "name": "many", "label": "How many?", "constraint": ". mod 2 = 0"},
            {
                "type": "text",
                "name": "why",
                "label": "Why?",
                "relevant": "${many} > 3",
                "required": "${many} = 1",
            },
        ],
        YES_NO,
    )
    assert form.draft.title == "Visits"
    assert [(question.id, question.ask, question.kind) for question in form.draft.questions] == [
        ("seen_child", "Was the child seen?", "choice"),
        ("many", "How many?", "number"),
        ("why", "Why?", "text"),
    ]
    assert form.losses[1:] == (
        "Sheet survey, row 2: “began” is noted by the tool itself (start); it is not taken",
        f"Sheet survey, row 3: “Where was it?” is {_LACKING.format('geopoint')}",
        f"Sheet survey, row 4: “sum” is {_LACKING.format('calculate')}: 1 + 1",
        f"Sheet survey, row 5: “Visits” {_REPEATS}: “Who came?”",
        "Sheet survey, row 8: “Thank you for coming” is a note to read, not a question; it is not taken",
        "Sheet survey, row 9, name: its name in figures becomes seen_child: Seen-Child",
        "Sheet survey, row 9, label: bold type, colours and links among the words are not taken",
        "Sheet survey, row 9, default: the answer filled in beforehand is not taken: yes",
        "Sheet survey, row 10, constraint: the limit of its answers is not taken: . mod 2 = 0",
        "Sheet survey, row 11, relevant: it is asked always, since its condition is not taken: ${many} > 3",
        "Sheet survey, row 11, required: when it has to be answered is not taken: ${many} = 1",
    )


@pytest.mark.parametrize(
    ("relevant", "rule"),
    [
        ("${seen} = 'yes'", {"question": "seen", "is": "yes"}),
        ("selected(${seen}, 'no')", {"question": "seen", "is": "no"}),
        ("${seen} = 'yes' or ${seen} = 'no'", {"question": "seen", "one_of": ["yes", "no"]}),
        ("${seen} != '' and not(selected(${seen}, 'yes'))", {"question": "seen", "is_not": "yes"}),
        ("${seen} = 'gone'", None),
    ],
)
def test_a_condition_is_taken_where_our_forms_can_say_it(relevant: str, rule: dict[str, Any] | None) -> None:
    form = taken(
        [
            {"type": "select_one yn", "name": "seen", "label": "Seen?"},
            {"type": "text", "name": "why", "label": "Why?", "relevant": relevant},
        ],
        YES_NO,
    )
    assert (
        form.draft.questions[1].model_dump(mode="json", by_alias=True, exclude_none=True).get("show_if")
        == rule
    )
    assert (len(form.losses) == 1) == (rule is not None)


def test_a_form_in_two_languages_is_taken_in_its_default_and_says_so() -> None:
    form = taken(
        [{"type": "text", "name": "why", "label::English (en)": "Why?", "label::Welsh (cy)": "Pam?"}],
        default_language="English (en)",
    )
    assert form.draft.questions[0].ask == "Why?"
    assert "Sheet survey, row 2, label::Welsh (cy): the text in Welsh (cy) is not taken" in form.losses


def test_an_xlsform_with_a_mistake_is_refused_with_what_pyxform_says() -> None:
    with pytest.raises(UnreadableForm, match=r"The XLSForm has a mistake: .*begin"):
        taken([{"type": "end_group"}])
