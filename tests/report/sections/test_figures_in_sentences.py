import pytest

from surveyapp.collating.figures import DenominatorRule, QuestionFigures
from surveyapp.collating.summaries import SUMMARIES, AnswerCounts
from surveyapp.defining.definition import Question
from surveyapp.defining.question_parts import Option, Statement
from surveyapp.foundation.words.shares import Share
from surveyapp.report.sections.figures_in_sentences import (
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


def figures(  # noqa: PLR0913 — an argument for each count
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
    with_option = answered if kind == "choices" else None
    return SUMMARIES[kind](
        question, AnswerCounts(asked, not_asked, answered, chosen, with_option), DenominatorRule()
    )


def choice(*options: Option, counts: tuple[int, ...], **said: int) -> QuestionFigures:
    chosen = {("", option.value): count for option, count in zip(options, counts, strict=True)}
    return figures("choice", chosen, *options, answered=sum(counts), **said)  # type: ignore[arg-type]  # numbers


def test_a_share_has_its_unit_and_one_decimal() -> None:
    assert share_in_words(Share(66, 75)) == "66 of 75 returns (88%)"
    assert share_in_words(Share(8, 70)) == "8 of 70 returns (11.4%)"
    assert share_in_words(Share(1, 1)) == "1 of 1 return (100%)"
    assert share_in_words(Share(2, 15, "cases")) == "2 of 15 cases (13.3%)"


def test_a_choice_lists_its_answers_then_omits_not_applicable_then_counts_blanks() -> None:
    assert figure_sentences(choice(YES, NO, NOT_APPLICABLE, counts=(58, 4, 8)), returns=77) == (
        (
            "In 58 of 70 returns (82.9%) the answer was “Yes”, in 4 of 70 (5.7%) “No” and in 8 of 70 (11.4%) "
            "“Not applicable”."
        ),
        "Leaving out “Not applicable”, the answer was “Yes” in 58 of 62 returns (93.5%).",
        "7 of 77 returns (9.1%) left it blank.",
    )


def test_several_answers_beginning_with_yes_are_added_up() -> None:
    sentences = figure_sentences(choice(OWN, ANOTHER, DONT_KNOW, NO, counts=(14, 17, 31, 10)), returns=77)
    assert (
        "Taken together, an answer beginning with “Yes” was given in 31 of 72 returns (43.1%)." in sentences
    )
    assert sentences[0].startswith("In 14 of 72 returns (19.4%) the answer was “Yes, own agency”")


def test_a_single_answer_beginning_with_yes_is_not_added_up() -> None:
    assert not any(
        "Taken together" in sentence
        for sentence in figure_sentences(choice(YES, NO, counts=(1, 1)), returns=2)
    )


def test_not_applicable_is_not_mentioned_if_no_return_chose_it() -> None:
    sentences = figure_sentences(choice(YES, NO, NOT_APPLICABLE, counts=(5, 5, 0)), returns=77)
    assert not any("Leaving out" in sentence for sentence in sentences)


def test_there_is_no_second_figure_if_all_answers_are_not_applicable() -> None:
    sentences = figure_sentences(choice(YES, NOT_APPLICABLE, counts=(0, 6), asked=6), returns=6)
    assert not any("Leaving out" in sentence for sentence in sentences)


def test_a_checklist_names_its_statements() -> None:
    items = (
        Statement(id="chronology", label="case summary", short="Chronology"),
        Statement(id="alert", label="A marker", short="Marker"),
    )
    chosen = {("chronology", "yes"): 66, ("chronology", "no"): 9, ("alert", "yes"): 73, ("alert", "no"): 2}
    question_figures = figures("checklist", chosen, answered=75, items=items)
    assert figure_sentences(question_figures, returns=77)[0] == (
        "In 66 of 75 returns (88%) the answer to “Chronology” was yes and in 73 of 75 (97.3%) to “Marker”."
    )
    assert figure_rows(question_figures) == (
        ("Chronology", "66 of 75", "88%"),
        ("Marker", "73 of 75", "97.3%"),
        ("Not answered", "2 of 77", "2.6%"),
    )


def test_a_multiple_choice_says_that_one_return_may_give_several_answers() -> None:
    question_figures = figures("choices", {("", "yes"): 3, ("", "no"): 2}, YES, NO, answered=4, asked=4)
    sentences = figure_sentences(question_figures, returns=4)
    assert sentences[0].startswith("“Yes” was chosen in 3 of 4 returns (75%) and “No” in 2 of 4 (50%).")
    assert sentences[0].endswith("One return may give several answers.")


def test_written_answers_are_counted_only() -> None:
    question_figures = figures("long_text", {("", ""): 12}, answered=12)
    assert figure_sentences(question_figures, returns=77)[0] == (
        "In 12 of 77 returns (15.6%) something was written; it is read, not counted."
    )
    assert figure_rows(question_figures)[0] == ("Something written", "12 of 77", "15.6%")


@pytest.mark.parametrize("kind", SUMMARIES)
def test_every_kind_of_question_says_that_there_are_no_returns(kind: str) -> None:
    assert figure_sentences(figures(kind, {}, YES, NO, answered=0, asked=0), returns=0) == (NO_RETURNS,)


def test_a_question_without_answers_says_whether_it_was_put_to_anybody() -> None:
    assert figure_sentences(choice(YES, NO, counts=(0, 0)), returns=77) == (NOBODY_ANSWERED,)
    unasked = choice(YES, NO, counts=(0, 0), asked=0, not_asked=77)
    assert figure_sentences(unasked, returns=77) == (f"{NOBODY_ANSWERED} It was put to none of them.",)


def test_blank_and_not_asked_are_counted_separately() -> None:
    assert blank_sentence(choice(YES, NO, counts=(3, 2), asked=6, not_asked=1)) == (
        "1 of 6 returns (16.7%) left it blank and 1 return was not asked."
    )
    assert not blank_sentence(choice(YES, NO, counts=(3, 2), asked=5))
