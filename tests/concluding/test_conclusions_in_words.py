import pytest

from surveyapp.collating.queries import collate
from surveyapp.concluding.conclusions_in_words import (
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
    """Two returns, of which one ticks two lines of the checklist and one answers supervision."""
    made = make.audit(cases=2, agencies=1, title="Neglect")
    first, second = make.requests(made)
    ticks = ("basic_information", "alert")
    lines = ("basic_information", "other_agencies", "chronology", "conference_papers", "alert")
    make.returned(
        first, tuple(GivenAnswer("file_contents", line, "yes" if line in ticks else "no") for line in lines)
    )
    make.returned(second, (GivenAnswer("supervision", option="no"),))
    return made


def test_figures_are_quoted_with_what_they_are_out_of(audit: Audit) -> None:
    found_now = collate(audit, now=MONDAY_MORNING)
    assert figures_in_a_sentence(found_now.question("supervision")) == (
        "Yes: 0 of 1 return (0%); No: 1 of 1 return (100%); Not applicable: 0 of 1 return (0%)"
    )
    lines = figures_in_lines(found_now.question("file_contents"))
    assert [words for _, words in lines] == [
        "1 of 1 return (100%)",
        "0 of 1 return (0%)",
        "0 of 1 return (0%)",
        "0 of 1 return (0%)",
        "1 of 1 return (100%)",
    ]
    assert figures_in_lines(found_now.question("explain_plan")) == []
    assert figures_in_a_sentence(found_now.question("explain_plan")) == "No return answered this."


def test_questions_stand_in_the_templates_order_and_what_left_the_form_last(audit: Audit) -> None:
    finding = found(audit, questions=("explain_plan", "see_child_alone", "supervision"))
    assert questions_in_order(finding, audit.form) == ["supervision", "see_child_alone", "explain_plan"]
    left = audit.form.model_copy(update={"questions": audit.form.questions[2:]})
    assert questions_in_order(finding, left) == ["see_child_alone", "explain_plan", "supervision"]


def test_an_audit_is_named_with_its_year_once(audit: Audit, make: Maker) -> None:
    assert title_with_year(audit) == "Neglect (2026)"
    assert title_with_year(make.audit(cases=1, agencies=1, title="Neglect, May 2026")) == "Neglect, May 2026"
