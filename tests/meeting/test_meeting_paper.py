"""The executive's page has return rates, findings, key figures and overdue actions, and no case."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.planning.models import Audit
from tests.concluding.example_conclusions import acted, found, recommended
from tests.page_client import PageClient
from tests.row_maker import Maker

YES = (GivenAnswer("supervision", option="yes"), GivenAnswer("supervision", item="comment", text="Monthly."))


def page_of(client: PageClient, audit: Audit) -> str:
    return client.get(f"/audits/{audit.id}/before-the-meeting").text


def test_an_audit_with_nothing_yet_says_so_in_each_section(client: PageClient, make: Maker) -> None:
    page = page_of(client, make.audit(cases=2, agencies=1))
    for words in (
        "0 of 2 returned",
        "no findings yet",
        "No action is overdue",
        "on which findings rest",
        "no recommendations",
    ):
        assert words in page


def test_the_page_has_figures_findings_challenges_and_overdue_actions(
    client: PageClient, make: Maker
) -> None:
    audit = make.audit(cases=2, agencies=2)
    for audit_request in make.requests(audit)[:3]:
        make.returned(audit_request, YES)
    found(audit, "Nobody **sees** her alone.", challenge="How is it known?", questions=("supervision",))
    recommended(audit, "Keep **chronologies** up to date.")
    late, later = acted(audit, "Ask at once.", due_on=date(2026, 11, 20)), acted(audit, "Ask in spring.")
    page = page_of(client, audit)
    for words in (
        "3 of 4 returned (75%). 1 finding, 1 recommendation, 2 actions, <strong>1 overdue</strong>.",
        "Keep chronologies up to date.",
        "At most 6: those the findings rest on",
        "Finding 1",
    ):
        assert words in page
    assert "Nobody <strong>sees</strong> her alone." in page
    assert "How is it known?" in page
    assert "Of 3 returns: Yes 3 (100%); No 0 (0%)" in page
    assert "2 of 2 (100%)" in page
    assert late.what in page
    assert later.what not in page
    assert all(case.pseudonym not in page for case in audit.cases)
    assert "Monthly." not in page


def test_a_long_recommendation_is_shortened_and_names_its_finding(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    finding = found(audit, "Nobody sees her alone.")
    recommended(audit, "Look again. " * 40, finding_id=finding.id)
    page = page_of(client, audit)
    assert "Look again. Look … <span" in page
    assert page.count("Look again.") <= 200 / len("Look again. ")
    assert "Finding 1.</span>" in page


def test_the_page_takes_at_most_twenty_statements(
    client: PageClient, make: Maker, queries: Callable[[int], AbstractContextManager[list[str]]]
) -> None:
    audit = make.audit(cases=9, agencies=5, returned=40)
    for number in range(5):
        found(audit, f"Finding {number}", questions=("supervision", "see_child_alone"))
        acted(audit, due_on=date(2026, 11, 20))
    with queries(20):
        page_of(client, audit)
