"""When agencies disagree, how strongly, and the sentence that says so."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveyapp.collating.cases.disagreement import (
    CONFLICT,
    NOBODY_KNOWS,
    NOBODY_RESPONSIBLE,
    AgencyAnswer,
    disagreement,
)
from surveyapp.defining.definition import Question
from surveyapp.defining.library import form_named, shipped_forms

FORM = form_named(shipped_forms(), "repeat_child_protection_plans_2014")
ROLE = FORM.question("see_child_alone")
OPTIONS = ["own_agency", "another_agency", "dont_know", "no", ""]
Answers = list[AgencyAnswer]


def answers_of(**answers: str) -> Answers:
    return [AgencyAnswer(name, frozenset({option} if option else ())) for name, option in answers.items()]


def strength(question: Question, *options: str, all_returned: bool = True) -> int:
    answers = answers_of(**{f"Agency {number}": option for number, option in enumerate(options)})
    result = disagreement(question, answers, all_returned=all_returned)
    return result.strength if result else 0


def test_agencies_disagree_if_one_says_another_is_responsible_and_three_do_not_know() -> None:
    answers = answers_of(Health="another_agency", Police="dont_know", Schools="dont_know", Youth="dont_know")
    result = disagreement(ROLE, answers, all_returned=True)
    assert result is not None
    assert result.sentence == "Health says another agency does it; Police, Schools and Youth don’t know."
    assert (result.why, result.strength, result.answered) == (NOBODY_RESPONSIBLE, 75, 4)
    assert result.remark == "Nobody says it is the one that does it."


def test_an_agency_that_has_not_returned_may_be_the_one_responsible() -> None:
    answers = answers_of(Health="another_agency", Police="another_agency", Schools="dont_know")
    assert disagreement(ROLE, answers, all_returned=False) is None
    assert disagreement(ROLE, answers, all_returned=True) is not None


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("own_agency", "own_agency"), 100),
        (("own_agency", "no"), 100),
        (("another_agency", "no", "own_agency"), 67),
        (("own_agency", "another_agency", "another_agency"), 0),
        (("own_agency", "dont_know", "dont_know"), 0),
        (("own_agency", "no", "dont_know"), 67),
        (("no", "no", "no"), 0),
        (("no", "no", "dont_know"), 0),
        (("dont_know", "dont_know", "dont_know"), 50),
        (("another_agency", "another_agency"), 100),
        (("another_agency", "dont_know"), 100),
        (("another_agency", "dont_know", "dont_know", "dont_know"), 75),
        (("own_agency", "", ""), 0),
        (("own_agency", "no", "", ""), 100),
        (("another_agency", "", ""), 0),
        (("dont_know", ""), 0),
        ((), 0),
    ],
)
def test_the_strength_is_the_share_of_pairs_that_disagree(options: tuple[str, ...], expected: int) -> None:
    assert strength(ROLE, *options) == expected


def test_views_of_the_same_concerns_disagree_where_one_is_very_different() -> None:
    concerns = FORM.question("similar_concerns")
    assert strength(concerns, "same_issues", "additional_reasons") == 0
    assert strength(concerns, "same_issues", "different") == 100
    assert strength(concerns, "same_issues", "additional_reasons", "different") == 67
    assert strength(concerns, "dont_know", "dont_know") == 50


def test_answers_about_each_agencys_own_file_never_disagree() -> None:
    for question in FORM.questions:
        if question.number not in {7, 8, 12}:
            assert not question.is_comparable, question.id
            values = [option.value for option in question.answers] or ["yes", "no"]
            assert strength(question, *values) == 0


def test_not_applicable_is_compared_only_where_the_form_lists_it_as_a_conflict() -> None:
    form = form_named(shipped_forms(), "pre_school_2021")
    assert strength(form.question("step_down"), "none", "too_soon") == 100
    outcomes = form_named(shipped_forms(), "emotional_abuse_2022").question("outcomes")
    assert strength(outcomes, "yes", "no", "not_applicable", "not_applicable") == 100


def test_the_sentence_names_every_answer_of_a_conflict() -> None:
    answers = answers_of(Youth="no", Police="own_agency", Health="own_agency", Schools="dont_know")
    result = disagreement(ROLE, answers, all_returned=True)
    assert result is not None
    assert result.sentence == (
        "Health and Police each say they do it themselves; Youth says “No”; Schools doesn’t know."
    )
    assert (result.why, result.remark) == (CONFLICT, "")
    nobody = disagreement(ROLE, answers_of(A="dont_know", B="dont_know"), all_returned=True)
    assert nobody is not None
    assert (nobody.why, nobody.sentence) == (NOBODY_KNOWS, "A and B don’t know.")


def test_each_of_several_answers_of_an_agency_is_compared() -> None:
    form = {
        "id": "who",
        "number": 1,
        "theme": "one",
        "kind": "choices",
        "ask": "Who?",
        "answers": [{"value": value, "label": value.upper()} for value in ("a", "b", "c")],
        "conflicts": [["a", "c"]],
    }
    question = Question.model_validate(form)
    both = AgencyAnswer("One", frozenset({"a", "b"}))
    result = disagreement(question, [both, AgencyAnswer("Two", frozenset({"c"}))], all_returned=True)
    assert result is not None
    assert result.sentence == "One says “A” and “B”; Two says “C”."
    assert disagreement(question, [both, AgencyAnswer("Two", frozenset({"b"}))], all_returned=True) is None


@given(st.lists(st.sampled_from(OPTIONS), max_size=9), st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_agencies_does_not_matter(options: list[str], complete: bool, lot: object) -> None:  # noqa: FBT001 — drawn
    answers = [
        AgencyAnswer(f"Agency {number}", frozenset({option} if option else ()))
        for number, option in enumerate(options)
    ]
    shuffled = list(answers)
    lot.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis' own Random
    result = disagreement(ROLE, answers, all_returned=complete)
    assert result == disagreement(ROLE, shuffled, all_returned=complete)
    if result is not None:
        assert 1 <= result.strength <= 100
        assert result.answered == sum(bool(option) for option in options) >= 2


@given(st.integers(0, 9))
def test_blanks_are_no_disagreement(agencies: int) -> None:
    assert strength(ROLE, *[""] * agencies) == 0


def test_agreeing_on_one_responsible_agency_is_no_disagreement() -> None:
    for options in permutations(["own_agency", "another_agency", "another_agency"]):
        assert strength(ROLE, *options) == 0
