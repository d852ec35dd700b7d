"""The collation page, the page of one question, and charts to download."""

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from html import unescape

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from surveyapp.collating.figure_selection import FigureSelection
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.planning.models import Audit
from tests.collating.example_answers import text_of
from tests.collating.example_audits import audit_of, chose, commented, ticked
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker

Queries = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def audit(make: Maker, session: Session) -> Audit:
    """Four cases, police and health: seven of eight returned, one of them nil, one request withdrawn."""
    audit = audit_of(make, cases=4)
    requests = make.requests(audit)
    for number, audit_request in enumerate(requests[:6]):
        answers = (*chose("seen", "na" if number == 5 else "yes"), *ticked("file", "plan"))
        make.returned(audit_request, (*answers, *commented("seen", f"Comment {number} on the plan")))
    make.returned(requests[6]).nil_reason = "not_known"
    requests[0].withdrawn_at = MONDAY_MORNING
    session.commit()
    return audit


def collation(client: PageClient, audit: Audit, address: str = "") -> str:
    return client.get(f"/audits/{audit.id}/collation{address}").text


def test_every_figure_is_shown_with_its_denominator_and_rule(client: PageClient, audit: Audit) -> None:
    answer = collation(client, audit)
    page = text_of(answer)
    assert "Collation: " + audit.title in page
    assert "6 of 7 returned (85.7%), 1 withdrawn" in page
    assert "The figures count the 5 returns with answers, on 4 cases. 1 nil return is in no figure." in page
    assert (
        "Question 1. Out of the 5 returns that answered, “Not applicable” and “Don’t know” counted." in page
    )
    assert "Yes 4 of 5 returns (80%) No 0 of 5 returns (0%) Not applicable 1 of 5 returns (20%)" in page
    assert "Not answered 0 of 5 returns" in page
    assert re.search(r'<span class="survey-figure__words" data-copy>4 of 5 returns \(80%\)</span>', answer)
    assert "1. The second theme" in page
    assert page.index("1. The second theme") < page.index("2. The first theme", page.index("Question 2."))


def test_not_asked_has_a_row_where_there_is_any(client: PageClient, audit: Audit) -> None:
    page = text_of(collation(client, audit))
    arrests = page.partition("Question 6.")[2].partition("Question 8.")[0]
    # Only the police are asked this question.
    asked = int(re.search(r"Not answered (\d) of \1 return", arrests)[1])  # type: ignore[index]
    assert f"Not asked {5 - asked} return" in arrests


def test_the_switches_are_in_the_address_and_change_the_denominator(client: PageClient, audit: Audit) -> None:
    answer = collation(client, audit, "?na=0")
    page = text_of(answer)
    assert "“Not applicable” left out Count “not applicable”" in page
    assert "Out of 4 returns: 1 “Not applicable” left out of the 5 returns that answered." in page
    assert "Yes 4 of 4 returns (100%)" in page
    assert "Not applicable 1 return, left out of the figures" in page
    assert f'href="/audits/{audit.id}/collation?na=0&amp;dk=0"' in answer
    assert f'href="/audits/{audit.id}/collation/questions/seen?na=0#kinds"' in answer


def test_filters_are_in_the_address_and_the_returns_kept_are_shown(client: PageClient, audit: Audit) -> None:
    answer = collation(client, audit, "?kinds=health&na=0")
    page = text_of(answer)
    assert re.search(r"These filters keep \d of 5 returns, on \d cases\.", page)
    assert "Only: Health. Show all returns" in page
    assert re.search(r'name="kinds" type="checkbox" value="health" checked', answer)
    assert '<input type="hidden" name="na" value="0">' in answer
    assert "Fewer than 6 returns or cases stand behind these figures." in page


def test_a_filter_without_matching_returns_says_so(client: PageClient, audit: Audit) -> None:
    page = text_of(collation(client, audit, "?genders=nobody%00"))
    assert "These filters keep 0 of 5 returns." in page
    assert "No return matches all of this." in page
    assert "0%" not in page
    question = text_of(client.get(f"/audits/{audit.id}/collation/questions/seen?genders=nobody").text)
    assert "No return matches all of this." in question


def test_without_returns_questions_are_listed_without_percentages(
    client: PageClient, make: Maker, session: Session
) -> None:
    asked = audit_of(make)
    page = text_of(collation(client, asked))
    assert "There are no returns yet. These questions are asked:" in page
    assert page.count("no returns yet.") == 9
    assert "%" not in page.partition("These questions")[2]
    assert "There are no returns yet." in text_of(
        client.get(f"/audits/{asked.id}/collation/questions/seen").text
    )
    client.get(f"/audits/{asked.id}/collation/questions/seen/chart.png", status=404)
    make.returned(make.requests(asked)[0]).nil_reason = "not_known"
    session.commit()
    assert "Every return so far says that the agency was not involved." in text_of(collation(client, asked))
    assert "14" in text_of(collation(client, make.audit(issued=False)))


def test_a_question_of_an_unknown_kind_is_listed_as_not_collated(
    client: PageClient, audit: Audit, session: Session
) -> None:
    form = json.loads(audit.form_definition)
    form["questions"][6]["kind"] = "drawing"
    audit.form_definition = json.dumps(form)
    session.commit()
    page = text_of(collation(client, audit))
    not_collated = page.partition("Not collated")[2]
    assert "How good was it?" in not_collated
    client.get(f"/audits/{audit.id}/collation/questions/grade", status=404)


def test_a_questions_page_has_its_wording_figures_chart_kinds_and_comments(
    client: PageClient, audit: Audit
) -> None:
    answer = client.get(f"/audits/{audit.id}/collation/questions/seen").text
    page = text_of(answer)
    assert "Question 1" in page
    assert "Yes 4 of 5 returns (80%)" in page
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="survey-chart"' in answer
    assert re.search(r"Health \d of \d returns \(\d+(\.\d)?%\)", page)
    assert "5 of 5 returns have a comment." in page
    assert re.search(r"Child 2 (Health|Police) Yes Comment \d on the plan", page)
    assert audit.cases[0].involvements[0].agency.name not in page


def test_agencies_are_named_by_choice_and_never_their_contacts(client: PageClient, audit: Audit) -> None:
    answer = client.get(f"/audits/{audit.id}/collation/questions/seen?agencies_named=1").text
    assert audit.cases[0].involvements[0].agency.name in text_of(answer)
    assert "@agency.example" not in answer


def test_a_search_says_how_many_match_and_keeps_filters_and_rule(client: PageClient, audit: Audit) -> None:
    answer = client.get(f"/audits/{audit.id}/collation/questions/seen?words=comment+3&dk=0").text
    page = text_of(answer)
    assert "“comment 3” is in 1 of them." in page
    assert "Comment 3 on the plan" in page
    assert "Comment 2" not in page
    assert '<input type="hidden" name="dk" value="0">' in answer
    nothing = text_of(client.get(f"/audits/{audit.id}/collation/questions/seen?words=%3Cb%3E").text)
    assert "“<b>” is in none of them." in nothing
    assert "Nobody wrote that." in nothing


def test_text_and_number_questions_list_their_answers(client: PageClient, make: Maker) -> None:
    audit = audit_of(make, cases=1)
    first, second = make.requests(audit)
    make.returned(first, (*ticked("file"), GivenAnswer("why_not", text='It\'s "lost" <i>somewhere</i>')))
    make.returned(second, (GivenAnswer("visits", text="3"), *commented("visits", "All at home")))
    why = text_of(client.get(f"/audits/{audit.id}/collation/questions/why_not").text)
    assert "1 of 1 return has an answer." in why
    assert 'It\'s "lost" <i>somewhere</i>' in why
    assert "chart" not in why.lower()
    visits = text_of(client.get(f"/audits/{audit.id}/collation/questions/visits").text)
    assert "Answered 1 of 2 returns Not answered 1 of 2 returns" in visits
    assert "All at home" in visits
    assert f"/audits/{audit.id}/collation/questions/why_not" in collation(client, audit)


def test_a_chart_is_downloaded_with_its_filters_and_rule(client: PageClient, audit: Audit) -> None:
    address = f"/audits/{audit.id}/collation/questions/seen"
    page = client.get(f"{address}?kinds=police&na=0").text
    for ending, kind in (("svg", "image/svg+xml"), ("png", "image/png")):
        link = f"{address}/chart.{ending}?kinds=police&amp;na=0"
        assert link in page
        answer = client.http.get(unescape(link))
        assert answer.mimetype == kind
        assert answer.headers["Content-Disposition"] == f'attachment; filename="chart-seen.{ending}"'
    svg = client.http.get(f"{address}/chart.svg?kinds=police&na=0").text
    assert "These filters keep" in svg
    assert "left out" in svg
    client.get(f"{address}/chart.svg?genders=nobody", status=404)
    client.get(f"/audits/{audit.id}/collation/questions/nothing", status=404)
    client.get(f"/audits/{audit.id}/collation/questions/visits/chart.svg", status=404)


def test_the_audit_leads_to_its_collation_and_back(client: PageClient, audit: Audit) -> None:
    assert f'href="/audits/{audit.id}/collation"' in client.get(f"/audits/{audit.id}").text
    assert f'href="/audits/{audit.id}"' in collation(client, audit)


@pytest.mark.parametrize("cases", [2, 12])
def test_the_number_of_statements_does_not_grow_with_returns(
    client: PageClient, make: Maker, queries: Queries, cases: int
) -> None:
    audit = audit_of(make, cases=cases)
    for audit_request in make.requests(audit):
        make.returned(audit_request, (*chose("seen", "yes"), *commented("seen", "Well.")))
    address = f"/audits/{audit.id}/collation"
    # The audit, the account, 11 statements for figures with three gates, and the choices of filters.
    with queries(20):
        client.get(address)
    # The same, two for the question's figures by kind, and three for its comments.
    with queries(25):
        client.get(f"{address}/questions/seen")
    with queries(20):
        client.get(f"/audits/{audit.id}/collation/questions/seen/chart.svg")


def test_the_address_holds_only_filters_and_switches_that_differ_from_the_default(app: Flask) -> None:
    address = "/?kinds=police&kinds=nonsense&cases=x&cases=3&na=0&dk=1&page=2"
    with app.test_request_context(address):
        view = FigureSelection.from_request()
    assert view.in_address == {"cases": ["3"], "kinds": ["police"], "na": ["0"]}
    assert view.other("na") == {"cases": ["3"], "kinds": ["police"]}
    assert view.other("dk") == {"cases": ["3"], "kinds": ["police"], "na": ["0"], "dk": ["0"]}
