"""What answers given so far mean for the rest."""

from surveyapp.defining.definition import ShowIf
from surveyapp.defining.question_kinds import Given
from surveyapp.defining.shown_questions import (
    answered,
    by_question,
    chosen,
    comment_wanted,
    is_answered,
    shown,
    when_to_answer,
)
from tests.defining.forms_at_hand import feature, ours


def test_a_comment_alone_answers_nothing() -> None:
    assert not is_answered([Given("seen", "comment", text="Later")])
    assert is_answered([Given("seen", option="no"), Given("seen", "comment", text="Later")])


def test_what_was_chosen_is_options_or_ticked_lines() -> None:
    assert chosen([Given("seen", option="no"), Given("seen", "comment", text="x")]) == {"no"}
    assert chosen([Given("file", "plan", "yes"), Given("file", "chronology", "no")]) == {"plan"}
    assert chosen([Given("file", "plan", "no")]) == {"none_of_these"}
    assert chosen([Given("tool", text="DASH")]) == frozenset()


def test_an_answer_may_want_a_comment() -> None:
    question = feature("comment_when").questions[0]
    assert comment_wanted(question, [Given("seen", option="no")]) == "no"
    assert comment_wanted(question, [Given("seen", option="yes")]) is None


def test_only_what_an_answer_leads_to_is_asked() -> None:
    questions = feature("show_if").questions
    assert shown(questions, []) == {"seen"}
    assert shown(questions, [Given("seen", option="yes")]) == {"seen", "alone", "who"}
    assert shown(questions, [Given("seen", option="no")]) == {"seen", "why"}
    assert shown(questions, [Given("seen", option="dont_know")]) == {"seen", "why", "who"}


def test_an_answer_whose_condition_is_still_blank_stays() -> None:
    questions = feature("show_if").questions
    assert "why" in shown(questions, [Given("why", text="Not at home")])
    assert "why" not in shown(questions, [Given("why", text="Not at home"), Given("seen", option="yes")])


def test_what_hangs_on_a_question_not_shown_is_not_shown() -> None:
    form = feature("show_if")
    hangs = {"show_if": ShowIf(question="alone", is_="yes")}
    last = form.questions[3].model_copy(update=hangs)
    given = [Given("seen", option="no"), Given("alone", option="yes"), Given("who", text="A nurse")]
    assert shown((*form.questions[:3], last), given) == {"seen", "why"}


def test_progress_is_counted_over_what_is_asked() -> None:
    assert answered(ours(), "police", []) == (0, 14)
    assert answered(ours(), "police", [Given("supervision", option="no")]) == (1, 14)
    form = feature("show_if")
    assert answered(form, None, [Given("seen", option="no")]) == (1, 2)
    assert answered(feature("only_for"), "gp", []) == (0, 1)


def test_when_to_answer_is_said_in_words() -> None:
    form = feature("show_if")
    assert [when_to_answer(form, question) for question in form.questions] == [
        "",
        "Answer this if your answer to question 1 is “Yes”.",
        "Answer this if your answer to question 1 is anything but “Yes”.",
        "Answer this if your answer to question 1 is “Yes” or “Don’t know”.",
    ]


def test_answers_are_sorted_to_their_questions_in_order() -> None:
    first, second, other = Given("a", text="1"), Given("a", "comment", text="2"), Given("b", text="3")
    assert by_question([first, other, second]) == {"a": (first, second), "b": (other,)}
