import pytest

from surveyapp.collating.figures import DenominatorRule, QuestionFigures
from surveyapp.collating.summaries import SUMMARIES, AnswerCounts
from surveyapp.defining.definition import Option, Question, Statement
from surveyapp.foundation.words.shares import Share
from surveyapp.report.figures_in_sentences import (
    NO_RETURNS,
    NOBODY_ANSWERED,
    blank_sentence,
    figure_rows,
    figure_sentences,
    share_in_words,
)

YES, NO = Option(value="yes", label="Yes"), Option(value="no", label="No")
NOT_APPLICABLE = Option(value="na", label="Not applicable", counts_as="not_applicable")
DONT_KNOW = Option(value="dk", label="Don’t know", counts_as="dont_know")
OWN = Option(value="own", label="Yes, my agency", short="Yes, own agency")
ANOTHER = Option(value="another", label="Yes, another agency")


def figures(  # noqa: PLR0913 — each is one thing that is counted
    kind: str,
    chosen: dict[tuple[str, str], int],
    *options: Option,
    answered: int,
    asked: int = 77,
    not_asked: int = 0,
    items: tuple[Statement, ...] = (),
) -> QuestionFigures:
    question = Question.model_validate(
        {"id": "q", "number": 2, "theme": "t", "kind": kind, "ask": "Asked?", "short": "Short"}
    ).model_copy(update={"answers": options, "items": items})
    kept = answered if kind == "choices" else None
    return SUMMARIES[kind](
        question, AnswerCounts(asked, not_asked, answered, chosen, kept), DenominatorRule()
    )


def choice(*options: Option, counts: tuple[int, ...], **said: int) -> QuestionFigures:
    chosen = {("", each.value): count for each, count in zip(options, counts, strict=True)}
    return figures("choice", chosen, *options, answered=sum(counts), **said)  # type: ignore[arg-type]  # numbers


def test_a_share_is_said_with_its_unit_and_in_one_decimal() -> None:
    assert share_in_words(Share(66, 75)) == "66 of 75 returns (88%)"
    assert share_in_words(Share(8, 70)) == "8 of 70 returns (11.4%)"
    assert share_in_words(Share(1, 1)) == "1 of 1 return (100%)"
    assert share_in_words(Share(2, 15, "cases")) == "2 of 15 cases (13.3%)"


def test_each_answer_of_a_choice_is_said_and_both_ways_of_counting() -> None:
    assert figure_sentences(choice(YES, NO, NOT_APPLICABLE, counts=(58, 4, 8)), returns=77) == (
        (
            "In 58 of 70 returns (82.9%) the answer was “Yes”, in 4 of 70 (5.7%) “No” and in 8 of 70 (11.4%) "
            "“Not applicable”."
        ),
        "Leaving out “Not applicable”, the answer was “Yes” in 58 of 62 returns (93.5%).",
        "7 of 77 returns (9.1%) left it blank.",
    )


def test_two_kinds_of_yes_are_also_said_as_one() -> None:
    said = figure_sentences(choice(OWN, ANOTHER, DONT_KNOW, NO, counts=(14, 17, 31, 10)), returns=77)
    assert "Taken together, an answer beginning with “Yes” was given in 31 of 72 returns (43.1%)." in said
    assert said[0].startswith("In 14 of 72 returns (19.4%) the answer was “Yes, own agency”")


def test_one_kind_of_yes_is_not_taken_together_with_anything() -> None:
    assert not any(
        "Taken together" in each for each in figure_sentences(choice(YES, NO, counts=(1, 1)), returns=2)
    )


def test_nothing_is_left_out_where_nobody_gave_it() -> None:
    said = figure_sentences(choice(YES, NO, NOT_APPLICABLE, counts=(5, 5, 0)), returns=77)
    assert not any("Leaving out" in each for each in said)


def test_only_not_applicable_leaves_nothing_to_count_again() -> None:
    said = figure_sentences(choice(YES, NOT_APPLICABLE, counts=(0, 6), asked=6), returns=6)
    assert not any("Leaving out" in each for each in said)


def test_the_lines_of_a_checklist_are_said_by_their_names() -> None:
    items = (
        Statement(id="chronology", label="case summary", short="Chronology"),
        Statement(id="alert", label="A marker", short="Marker"),
    )
    chosen = {("chronology", "yes"): 66, ("chronology", "no"): 9, ("alert", "yes"): 73, ("alert", "no"): 2}
    found = figures("checklist", chosen, answered=75, items=items)
    assert figure_sentences(found, returns=77)[0] == (
        "In 66 of 75 returns (88%) the answer to “Chronology” was yes and in 73 of 75 (97.3%) to “Marker”."
    )
    assert figure_rows(found) == (
        ("Chronology", "66 of 75", "88%"),
        ("Marker", "73 of 75", "97.3%"),
        ("Not answered", "2 of 77", "2.6%"),
    )


def test_several_answers_of_one_return_are_said_to_be_so() -> None:
    found = figures("choices", {("", "yes"): 3, ("", "no"): 2}, YES, NO, answered=4, asked=4)
    said = figure_sentences(found, returns=4)
    assert said[0].startswith("“Yes” was chosen in 3 of 4 returns (75%) and “No” in 2 of 4 (50%).")
    assert said[0].endswith("One return may give several answers.")


def test_what_was_written_is_counted_and_not_judged() -> None:
    found = figures("long_text", {("", ""): 12}, answered=12)
    assert figure_sentences(found, returns=77)[0] == (
        "In 12 of 77 returns (15.6%) something was written; it is read, not counted."
    )
    assert figure_rows(found)[0] == ("Something written", "12 of 77", "15.6%")


@pytest.mark.parametrize("kind", SUMMARIES)
def test_without_returns_every_kind_of_question_says_so(kind: str) -> None:
    assert figure_sentences(figures(kind, {}, YES, NO, answered=0, asked=0), returns=0) == (NO_RETURNS,)


def test_a_question_that_nobody_answered_or_was_asked_says_so() -> None:
    assert figure_sentences(choice(YES, NO, counts=(0, 0)), returns=77) == (NOBODY_ANSWERED,)
    unasked = choice(YES, NO, counts=(0, 0), asked=0, not_asked=77)
    assert figure_sentences(unasked, returns=77) == (f"{NOBODY_ANSWERED} It was put to none of them.",)


def test_blank_and_not_asked_are_two_things() -> None:
    assert blank_sentence(choice(YES, NO, counts=(3, 2), asked=6, not_asked=1)) == (
        "1 of 6 returns (16.7%) left it blank and 1 return was not asked."
    )
    assert not blank_sentence(choice(YES, NO, counts=(3, 2), asked=5))
