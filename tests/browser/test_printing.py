"""The executive's page prints on one sheet of A4; longer ones continue on the next."""

import io
from datetime import timedelta

import pypdf
import pytest

from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.store.db import session
from tests.browser.installation import Installation
from tests.browser.people import Manager
from tests.concluding.example_conclusions import acted, found, recommended
from tests.row_maker import Maker

# As long as the texts of the demonstration and of the report of February 2014.
FINDING = (
    "On too many files an auditor cannot tell the basics of the work with the child: whether somebody sees "
    "the child alone, and who explains the plan to the child and brings back the answer."
)
CHALLENGE = (
    "How does the board know that every child with a plan is met as often, and in the way, that suits them? "
    "Ask each agency to show it from its own files, with the reason wherever it did not happen."
)
RECOMMENDATION = (
    "Let a family meet the new worker before the old one leaves, and make no change of worker that can be "
    "put off."
)
ACTION = "Put “who sees the child alone, and who explains the plan” on the agenda of every core group."
QUESTIONS = (
    "explain_plan",
    "see_child_alone",
    "similar_concerns",
    "clear_on_impact",
    "tasks_and_dates",
    "strengths_or_concerns",
)
ANSWERS = (
    GivenAnswer("see_child_alone", option="own_agency"),
    GivenAnswer("explain_plan", option="another_agency"),
    GivenAnswer("similar_concerns", option="same_issues"),
    GivenAnswer("clear_on_impact", option="yes"),
    GivenAnswer("tasks_and_dates", option="not_applicable"),
    GivenAnswer("strengths_or_concerns", option="yes"),
    GivenAnswer("supervision", option="yes"),
)


def concluded_audit(make: Maker, installation: Installation, *, findings: int) -> int:
    """The id of an audit of twelve agencies with findings, recommendations and overdue actions."""
    names = [f"Wrenford Agency {findings}{letter}" for letter in "ABCDEFGHIJKL"]
    audit = make.audit(cases=2, agencies=[make.agency(name) for name in names])
    for audit_request in make.requests(audit)[:20]:
        make.returned(audit_request, ANSWERS)
    for number in range(findings):
        question = QUESTIONS[number % len(QUESTIONS)]
        finding = found(audit, FINDING, challenge=CHALLENGE, questions=(question,))
        recommended(audit, RECOMMENDATION, finding_id=finding.id if number % 2 else None)
    for days in range(1, findings // 2 + 1):
        acted(audit, ACTION, due_on=installation.today - timedelta(days=days))
    audit_id = audit.id
    session.rollback()
    return audit_id


def printed(manager: Manager) -> list[str]:
    """The text of each sheet of A4 when the page is printed."""
    content = manager.page.pdf(format="A4")
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]


@pytest.mark.parametrize("findings", [3, 6])
def test_the_executives_page_prints_on_one_page(
    manager: Manager, make: Maker, installation: Installation, findings: int
) -> None:
    manager.opens(f"/audits/{concluded_audit(make, installation, findings=findings)}/before-the-meeting")
    pages = printed(manager)
    assert len(pages) == 1
    said = " ".join(pages[0].split())
    for words in (f"Finding {findings}", f"Agency {findings}L", "Overdue actions", RECOMMENDATION[:60]):
        assert words in said


def test_a_longer_page_continues_on_the_next_sheet(
    manager: Manager, make: Maker, installation: Installation
) -> None:
    manager.opens(f"/audits/{concluded_audit(make, installation, findings=12)}/before-the-meeting")
    pages = printed(manager)
    assert len(pages) == 2
    said = " ".join(" ".join(pages).split())
    assert said.count("Challenge to the board:") == 12
    assert said.count(RECOMMENDATION[:60]) == 12


def test_what_a_phone_folds_is_printed(manager: Manager, make: Maker, installation: Installation) -> None:
    manager.page.goto(f"/audits/{concluded_audit(make, installation, findings=2)}/actions")
    printed_text = " ".join(" ".join(printed(manager)).split())
    assert FINDING[:60] in printed_text
    assert CHALLENGE[:60] in printed_text
    assert "in full" not in printed_text
