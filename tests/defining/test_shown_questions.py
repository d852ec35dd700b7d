"""Which questions are shown for the answers so far."""

from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.defining.question_parts import ShowIf
from surveyapp.defining.shown_questions import (
    answered_and_asked,
    answers_by_question,
    choice_needing_comment,
    chosen_values,
    is_answered,
    shown_question_ids,
    when_to_answer,
)
from tests.defining.forms_at_hand import feature, ours


def test_a_comment_alone_answers_nothing() -> None:
    assert not is_answered([GivenAnswer("seen", "comment", text="Later")])
    assert is_answered([GivenAnswer("seen", option="no"), GivenAnswer("seen", "comment", text="Later")])


def test_chosen_values_are_options_or_ticked_lines() -> None:
    assert chosen_values([GivenAnswer("seen", option="no"), GivenAnswer("seen", "comment", text="x")]) == {
        "no"
    }
    assert chosen_values([GivenAnswer("file", "plan", "yes"), GivenAnswer("file", "chronology", "no")]) == {
        "plan"
    }
    assert chosen_values([GivenAnswer("file", "plan", "no")]) == {"none_of_these"}
    assert chosen_values([GivenAnswer("tool", text="DASH")]) == frozenset()


def test_an_answer_may_need_a_comment() -> None:
    question = feature("comment_when").questions[0]
    assert choice_needing_comment(question, [GivenAnswer("seen", option="no")]) == "no"
    assert choice_needing_comment(question, [GivenAnswer("seen", option="yes")]) is None


def test_only_questions_whose_condition_holds_are_asked() -> None:
    questions = feature("show_if").questions
    assert shown_question_ids(questions, []) == {"seen"}
    assert shown_question_ids(questions, [GivenAnswer("seen", option="yes")]) == {"seen", "alone", "who"}
    assert shown_question_ids(questions, [GivenAnswer("seen", option="no")]) == {"seen", "why"}
    assert shown_question_ids(questions, [GivenAnswer("seen", option="dont_know")]) == {"seen", "why", "who"}


def test_an_answer_stays_while_its_condition_is_blank() -> None:
    questions = feature("show_if").questions
    assert "why" in shown_question_ids(questions, [GivenAnswer("why", text="Not at home")])
    assert "why" not in shown_question_ids(
        questions, [GivenAnswer("why", text="Not at home"), GivenAnswer("seen", option="yes")]
    )


def test_a_question_that_depends_on_one_not_shown_is_not_shown() -> None:
    form = feature("show_if")
    hangs = {"show_if": ShowIf(question="alone", is_="yes")}
    last = form.questions[3].model_copy(update=hangs)
    given = [
        GivenAnswer("seen", option="no"),
        GivenAnswer("alone", option="yes"),
        GivenAnswer("who", text="A nurse"),
    ]
    assert shown_question_ids((*form.questions[:3], last), given) == {"seen", "why"}


def test_progress_counts_only_shown_questions() -> None:
    assert answered_and_asked(ours(), "police", []) == (0, 14)
    assert answered_and_asked(ours(), "police", [GivenAnswer("supervision", option="no")]) == (1, 14)
    form = feature("show_if")
    assert answered_and_asked(form, None, [GivenAnswer("seen", option="no")]) == (1, 2)
    assert answered_and_asked(feature("only_for"), "gp", []) == (0, 1)


def test_the_hint_names_the_condition_of_a_question() -> None:
    form = feature("show_if")
    assert [when_to_answer(form, question) for question in form.questions] == [
        "",
        "Answer this if your answer to question 1 is “Yes”.",
        "Answer this if your answer to question 1 is anything but “Yes”.",
        "Answer this if your answer to question 1 is “Yes” or “Don’t know”.",
    ]


def test_answers_are_sorted_to_their_questions_in_order() -> None:
    first, second, other = (
        GivenAnswer("a", text="1"),
        GivenAnswer("a", "comment", text="2"),
        GivenAnswer("b", text="3"),
    )
    assert answers_by_question([first, other, second]) == {"a": (first, second), "b": (other,)}
