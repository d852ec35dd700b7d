"""The demonstration's report has every figure of February 2014 in its section, in Word and PDF."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from surveyapp.foundation.words.shares import Share
from surveyapp.planning.models import Audit
from tests.published import TOGETHER, published
from tests.report.conftest import WrittenReport
from tests.report.report_readers import by_question, section, text_of_pdf, text_of_word

pytestmark = pytest.mark.slow

READ: dict[str, Callable[[WrittenReport], str]] = {
    "docx": lambda made: text_of_word(made.word),
    "pdf": lambda made: text_of_pdf(made.pdf),
}


@pytest.fixture(scope="module", params=READ)
def text(request: pytest.FixtureRequest, demonstration_report: WrittenReport) -> str:
    """The demonstration's report, read back once for the tests of this file."""
    return READ[request.param](demonstration_report)


def test_every_published_figure_is_printed_with_its_question_and_answer(
    text: str, demonstrated: Audit
) -> None:
    texts, checked = by_question(text), 0
    for name, figures in published()["questions"].items():
        question = demonstrated.form.question(name)
        here = texts[question.number]
        for answer, figure in figures.items():
            share = Share(figure["count"], figure["of"])
            if answer in TOGETHER:
                words = f"“Yes” was given in {share.count} of {share.of} returns{share.in_brackets}"
            else:
                # A row of the table: the answer, its count and its per cent.
                words = f"{question.name_of(answer)} {share.count} of {share.of} {share.percent}%"
            assert words in here, (name, answer)
            assert f"{share.count} of {share.of}" in here.replace(words, "") or answer in TOGETHER
            checked += 1
    assert checked == 28


def test_the_methodology_has_the_published_requests_cases_and_ages(text: str) -> None:
    figures = published()
    sample = section(text, "2.1 The audit and its sample", "2.2 Response to the audit")
    response = section(text, "2.2 Response to the audit", "2.3 Other sources")
    assert f"{figures['returns']} of {figures['requests']} returned (85.6%)" in response
    assert f"All {figures['returns']} of {figures['requests']} 85.6%" in response
    assert f"The sample is {figures['cases']} cases" in sample
    assert f"{figures['requests']} requests, 6 a case on average" in sample
    for words, band in (
        ("Under 5 years", "under_5"),
        ("5 to 10 years", "from_5_to_10"),
        ("Over 10 years", "over_10"),
    ):
        share = Share(figures["ages"][band], figures["cases"], "cases")
        assert f"Age: {words} {share.count} of {share.of} {share.percent}%" in sample
    population = figures["population"]
    assert f"{population['repeat_plans']} of {population['plans']} plans, 16.8%" in sample
    for words in (
        f"{population['sibling_groups']} sibling groups",
        f"{population['neglect']} of the plans were for neglect",
        f"{population['emotional_abuse']} for emotional abuse",
    ):
        assert words in sample


def test_the_context_has_the_published_figures_of_other_places(text: str) -> None:
    context = section(text, "2.6 Context: other places", "3 Analysis of thematic findings")
    neighbours = published()["statistical_neighbours"]
    for place, percent in neighbours["rows"].items():
        assert f"{place} {Decimal(str(percent))}%" in context, place
    assert f"Mean of the 10 other places {neighbours['mean']}%" in context
    assert f"National average {neighbours['national_average']}%" in context
    assert "(our own figure) 16.8%" in context
