"""Sentences on the denominator, the returns counted and the filters."""

from surveyapp.collating.figures import Collation, DenominatorRule
from surveyapp.collating.figures_in_words import (
    counted_returns_in_words,
    denominator_in_words,
    filters_in_words,
    returns_in_words,
)
from surveyapp.collating.filters import Filters
from surveyapp.collating.summaries import SUMMARIES, AnswerCounts
from surveyapp.tracking.tally import Tally
from tests.collating.example_audits import FORM


def denominator(name: str, chosen: dict[tuple[str, str], int], answered: int, rule: DenominatorRule) -> str:
    question = FORM.question(name)
    return denominator_in_words(
        SUMMARIES[question.kind](question, AnswerCounts(77, 0, answered, chosen), rule)
    )


def test_the_denominator_names_the_answers_counted_and_left_out() -> None:
    chosen = {("", "yes"): 58, ("", "no"): 4, ("", "na"): 8}
    assert denominator("seen", chosen, 70, DenominatorRule()) == (
        "Out of the 70 returns that answered, “Not applicable” and “Don’t know” counted."
    )
    assert denominator("seen", chosen, 70, DenominatorRule(not_applicable=False)) == (
        "Out of 62 returns: 8 “Not applicable” left out of the 70 returns that answered."
    )
    assert denominator("seen", chosen, 70, DenominatorRule(not_applicable=False, dont_know=False)) == (
        "Out of 62 returns: 8 “Not applicable” and 0 “Don’t know” left out of the 70 returns that answered."
    )
    assert (
        denominator("grade", {("", "yes"): 1}, 1, DenominatorRule()) == "Out of the 1 return that answered."
    )
    assert denominator("file", {("plan", "yes"): 5, ("plan", "no"): 0}, 5, DenominatorRule()).endswith(
        "each line yes or no."
    )
    assert denominator("by_whom", {("", "nurse"): 5}, 5, DenominatorRule()).endswith(
        "one return may give several answers."
    )
    question = FORM.question("by_whom")
    several = AnswerCounts(9, 0, 4, {("", "nurse"): 2, ("", "dk"): 2}, 3)
    assert denominator_in_words(
        SUMMARIES["choices"](question, several, DenominatorRule(dont_know=False))
    ) == ("Out of 3 returns: of the 4 returns that answered, those that said only “Don’t know” are left out.")
    assert denominator("seen", {}, 0, DenominatorRule()) == "No return answered this."
    assert denominator("why_not", {("", ""): 3}, 3, DenominatorRule()) == ""


def collation(tally: Tally, returns: int, cases: int, filters: Filters | None = None) -> Collation:
    return Collation(1, "Audit", tally, returns, cases, filters or Filters(), DenominatorRule(), ())


def test_withdrawn_requests_and_nil_returns_are_named() -> None:
    collated = collation(Tally(returned=77, nil=2, outstanding=11, withdrawn=2), 75, 15)
    assert returns_in_words(collated) == "77 of 88 returned (87.5%), 2 withdrawn"
    assert counted_returns_in_words(collated) == (
        "The figures count the 75 returns with answers, on 15 cases. 2 nil returns are in no figure."
    )


def test_with_filters_the_total_is_named_too() -> None:
    some = collation(Tally(returned=77, outstanding=13), 12, 4, Filters(kinds=("health",)))
    none = collation(Tally(returned=77, outstanding=13), 0, 0, Filters(kinds=("gp",)))
    assert counted_returns_in_words(some) == "These filters keep 12 of 77 returns, on 4 cases."
    assert counted_returns_in_words(none) == "These filters keep 0 of 77 returns."


def test_filters_are_named_by_the_words_of_their_choices() -> None:
    filters = Filters(cases=(4,), agencies=(9,), kinds=("gp", "health"), ages=("under_5",), genders=("x",))
    assert filters_in_words(filters, {"cases": [("4", "Child 4")], "agencies": []}) == (
        "Child 4; something not in this audit; GP practice or Health; Under 5 years; x"
    )
    assert filters_in_words(Filters(), {}) == ""
