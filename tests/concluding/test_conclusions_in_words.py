"""Conclusions in one line: figures, questions in order, an audit with its year, an excerpt."""

import pytest

from surveyapp.collating.queries import collate
from surveyapp.concluding.conclusions_in_words import (
    excerpt,
    figures_in_a_sentence,
    figures_in_lines,
    questions_in_order,
    title_with_year,
)
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.planning.models import Audit
from tests.concluding.example_conclusions import found
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker


@pytest.fixture
def audit(make: Maker) -> Audit:
    """Two returns: one ticks two lines of the checklist, the other answers supervision."""
    audit = make.audit(cases=2, agencies=1, title="Neglect")
    first, second = make.requests(audit)
    ticks = ("basic_information", "alert")
    lines = ("basic_information", "other_agencies", "chronology", "conference_papers", "alert")
    make.returned(
        first, tuple(GivenAnswer("file_contents", line, "yes" if line in ticks else "no") for line in lines)
    )
    make.returned(second, (GivenAnswer("supervision", option="no"),))
    return audit


def test_figures_are_quoted_with_their_denominator(audit: Audit) -> None:
    collation = collate(audit, now=MONDAY_MORNING)
    assert figures_in_a_sentence(collation.question("supervision")) == (
        "Yes: 0 of 1 return (0%); No: 1 of 1 return (100%); Not applicable: 0 of 1 return (0%)"
    )
    lines = figures_in_lines(collation.question("file_contents"))
    assert [words for _, words in lines] == [
        "1 of 1 return (100%)",
        "0 of 1 return (0%)",
        "0 of 1 return (0%)",
        "0 of 1 return (0%)",
        "1 of 1 return (100%)",
    ]
    assert figures_in_lines(collation.question("explain_plan")) == []
    assert figures_in_a_sentence(collation.question("explain_plan")) == "No return answered this."


def test_questions_are_in_the_forms_order_with_those_that_left_it_last(audit: Audit) -> None:
    finding = found(audit, questions=("explain_plan", "see_child_alone", "supervision"))
    assert questions_in_order(finding, audit.form) == ["supervision", "see_child_alone", "explain_plan"]
    shorter_form = audit.form.model_copy(update={"questions": audit.form.questions[2:]})
    assert questions_in_order(finding, shorter_form) == ["see_child_alone", "explain_plan", "supervision"]


def test_an_audit_is_named_with_its_year_once(audit: Audit, make: Maker) -> None:
    assert title_with_year(audit) == "Neglect (2026)"
    assert title_with_year(make.audit(cases=1, agencies=1, title="Neglect, May 2026")) == "Neglect, May 2026"


def test_an_excerpt_ends_with_a_whole_word() -> None:
    assert excerpt("Short\nand  sweet.") == "Short and sweet."
    assert excerpt("word " * 40) == "word " * 22 + "…"
