"""Reading and checking the answers of each kind of question."""

from datetime import date

import pytest

from surveyapp.defining.definition import Question
from surveyapp.defining.kinds.registry import QUESTION_KINDS
from surveyapp.defining.question_kinds import FieldValue, GivenAnswer, length_problem
from tests.defining.forms_at_hand import KIND_NAMES, RETURNED_ON, feature

# Each kind with a page's value and the answers it stands for.
ANSWERS: list[tuple[str, FieldValue, tuple[GivenAnswer, ...]]] = [
    ("choice", "no", (GivenAnswer("seen", option="no"),)),
    ("choice", "", ()),
    ("choices", ("health",), (GivenAnswer("who", option="health"),)),
    ("choices", (), ()),
    ("checklist", ("plan",), (GivenAnswer("file", "plan", "yes"), GivenAnswer("file", "chronology", "no"))),
    (
        "checklist",
        ("none_of_these",),
        (GivenAnswer("file", "plan", "no"), GivenAnswer("file", "chronology", "no")),
    ),
    ("checklist", (), ()),
    ("scale_of_numbers", "10", (GivenAnswer("safe", option="10"),)),
    ("text", "DASH", (GivenAnswer("tool", text="DASH"),)),
    ("long_text", "a\nb", (GivenAnswer("more", text="a\nb"),)),
    ("long_text", "", ()),
    ("number", "3", (GivenAnswer("plans", text="3"),)),
    ("date", "2026-03-09", (GivenAnswer("met_on", text="2026-03-09"),)),
    (
        "contact",
        ("Ann", "", "ann@police.example"),
        (
            GivenAnswer("person", "name", text="Ann"),
            GivenAnswer("person", "email", text="ann@police.example"),
        ),
    ),
    ("contact", ("", "", ""), ()),
]


def _only(name: str) -> Question:
    return feature(name).questions[0]


def _problem(name: str, value: FieldValue, *, returned_on: date | None = RETURNED_ON) -> str | None:
    question = _only(name)
    return QUESTION_KINDS[question.kind].problem(question, value, returned_on=returned_on)


def test_every_kind_of_the_form_language_is_registered() -> None:
    assert tuple(QUESTION_KINDS) == KIND_NAMES


@pytest.mark.parametrize(("name", "value", "given"), ANSWERS)
def test_a_value_of_the_page_becomes_answers_and_the_same_value_again(
    name: str, value: FieldValue, given: tuple[GivenAnswer, ...]
) -> None:
    question = _only(name)
    kind = QUESTION_KINDS[question.kind]
    assert kind.given(question, value) == given
    assert kind.value(question, given) == value
    assert kind.problem(question, value, returned_on=RETURNED_ON) is None


def test_a_value_that_is_not_offered_is_no_answer_and_is_refused() -> None:
    question = _only("choice")
    assert QUESTION_KINDS["choice"].given(question, "None") == ()
    assert _problem("choice", "None", returned_on=None) == "Choose yes, no or don’t know for question 1"
    assert _problem("choices", ("x",)) == "Choose at least one answer to question 1"
    assert _problem("checklist", ("x",)) == "Tick what applies in question 1, or “None of these”"
    assert _problem("scale_of_numbers", "11") == "Choose one of the answers to question 1"


def test_a_day_typed_in_three_boxes_is_stored_as_a_day() -> None:
    question = _only("date")
    for typed in ("9 3 2026", "9/March/2026", "9 Mar 2026//"):
        given = QUESTION_KINDS["date"].given(question, typed)
        assert given == (GivenAnswer("met_on", text="2026-03-09"),)
        assert _problem("date", typed) is None


@pytest.mark.parametrize("typed", ["9 3 26", "9 3 0026", "0 0 0000", "0026-03-09"])
def test_a_year_that_is_not_in_four_figures_is_asked_for(typed: str) -> None:
    question = _only("date")
    assert QUESTION_KINDS["date"].given(question, typed) == (GivenAnswer("met_on", text=typed),)
    assert _problem("date", typed, returned_on=None) is None
    assert _problem("date", typed) == "Give the year in question 1 in four figures, like 2026"


@pytest.mark.parametrize(
    ("typed", "limits", "words"),
    [
        ("9 3 2206", {}, "9 March 2206 is more than 5 years ahead"),
        ("1 1 2032", {}, "1 January 2032 is more than 5 years ahead"),
        ("31 12 1995", {}, "31 December 1995 is more than 30 years ago"),
        ("9 3 1026", {}, "9 March 1026 is more than 30 years ago"),
        ("1 12 2026", {"latest": "today"}, "1 December 2026 is still to come"),
        ("29 11 2026", {"earliest": "today"}, "29 November 2026 is past already"),
        (
            "1 9 2026",
            {"latest": "2026-08-31"},
            "1 September 2026 is after 31 August 2026, the last day that it can be",
        ),
        (
            "31 8 2025",
            {"earliest": "2025-09-01", "latest": "today"},
            "31 August 2025 is before 1 September 2025, the first day that it can be",
        ),
    ],
)
def test_a_day_that_cannot_be_meant_is_refused_on_return(
    typed: str, limits: dict[str, str], words: str
) -> None:
    question = _only("date").model_copy(update=limits)
    problem = QUESTION_KINDS["date"].problem
    assert problem(question, typed, returned_on=None) is None
    assert problem(question, typed, returned_on=RETURNED_ON) == f"Check the date in question 1: {words}"


@pytest.mark.parametrize(
    ("day", "limits"),
    [
        (date(1996, 1, 1), {}),
        (date(2031, 12, 31), {}),
        (RETURNED_ON, {"latest": "today"}),
        (RETURNED_ON, {"earliest": "today"}),
        (date(1950, 1, 1), {"earliest": "1950-01-01"}),
        (date(2090, 1, 1), {"latest": "2090-01-01"}),
    ],
)
def test_a_day_within_the_limits_is_taken(day: date, limits: dict[str, str]) -> None:
    question = _only("date").model_copy(update=limits)
    assert QUESTION_KINDS["date"].problem(question, day.isoformat(), returned_on=RETURNED_ON) is None


@pytest.mark.parametrize("typed", ["31 2 2026", "9 3", "nine 3 2026", "spring 2026", "9//2026"])
def test_a_text_that_is_no_day_is_kept_in_a_draft_and_refused_on_return(typed: str) -> None:
    question = _only("date")
    assert QUESTION_KINDS["date"].given(question, typed) == (GivenAnswer("met_on", text=typed),)
    assert _problem("date", typed, returned_on=None) is None
    words = "Give the date in question 1 as day, month and year, such as 9 3 2026 or 9 March 2026"
    assert _problem("date", typed) == words


@pytest.mark.parametrize("typed", ["NaN", "1e999", "three", "3.5", "٣"])
def test_a_text_that_is_no_whole_number_is_refused_on_return_only(typed: str) -> None:
    assert _problem("number", typed, returned_on=None) is None
    assert _problem("number", typed) == "Write the answer to question 1 as a whole number, such as 1"


def test_a_number_out_of_bounds_is_refused_with_the_bounds() -> None:
    assert _problem("number", "21") == "Give a number from 1 to 20 in question 1"
    question = _only("number")
    for bounds, words in (({"lowest": None}, "of at most 20"), ({"highest": None}, "from 1 up")):
        open_ended = question.model_copy(update=bounds)
        number = "21" if "lowest" in bounds else "0"
        assert (
            QUESTION_KINDS["number"].problem(open_ended, number, returned_on=RETURNED_ON)
            == f"Give a number {words} in question 1"
        )


def test_a_text_that_is_no_address_is_refused_on_return() -> None:
    assert _problem("contact", ("Ann", "", "ann at police"), returned_on=None) is None
    assert _problem("contact", ("Ann", "", "ann at police")) == (
        "Check the email address in question 1: "
        "“ann at police” is not an email address. Enter one, like name@agency.example"
    )


def test_none_of_these_beside_a_tick_is_refused_on_return() -> None:
    assert _problem("checklist", ("plan", "none_of_these"), returned_on=None) is None
    assert (
        _problem("checklist", ("plan", "none_of_these"))
        == "Untick “None of these”, or the others, in question 1"
    )


def test_a_text_that_is_too_long_is_refused_with_the_excess() -> None:
    assert length_problem("x" * 20_000, 20_000, "comment") is None
    assert length_problem("x" * 20_431, 20_000, "comment") == (
        "Your comment has 20,431 characters and the limit is 20,000: shorten it by 431"
    )
    assert _problem("text", "x" * 501, returned_on=None) == (
        "Your answer to question 1 has 501 characters and the limit is 500: shorten it by 1"
    )
    assert _problem("contact", ("x" * 501, "", ""), returned_on=None) == (
        "Your name in question 1 has 501 characters and the limit is 500: shorten it by 1"
    )
