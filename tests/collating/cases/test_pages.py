"""The page of one case and the page of disagreements."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy.orm import Session

from surveyapp.defining.question_kinds import GivenAnswer
from tests.collating.example_answers import four_agencies, say, text_of
from tests.page_client import PageClient
from tests.row_maker import Maker

Queries = Callable[[int], AbstractContextManager[list[str]]]


def test_a_case_shows_every_agency_side_by_side_and_where_they_disagree(
    client: PageClient, make: Maker, session: Session
) -> None:
    audit = make.audit(cases=2, agencies=four_agencies(make))
    case_id = audit.cases[0].id
    say(make, audit, "Child 1", "see_child_alone", Health="another_agency", Police="dont_know", Schools="")
    make.returned(make.requests(audit)[6]).nil_reason = "moved"
    session.commit()
    page = text_of(client.get(f"/audits/{audit.id}/collation/cases/{case_id}").text)
    assert "4 of 4 returned, 1 nil return among them." in page
    assert "Health says another agency does it; Police doesn’t know." in page
    assert "Nobody says it is the one that does it: strength 100 of 100." in page
    seven = page.partition(" 7. Professional")[2].partition(" 8. Professional")[0]
    assert "Agencies disagree (100 of 100) Yes, another agency Don’t know blank nil return" in seven
    assert "Previous:" not in page
    assert "Next: Child 2" in page


def test_comments_are_on_the_same_page_behind_a_link(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=four_agencies(make))
    make.returned(
        make.requests(audit)[0],
        (
            GivenAnswer("supervision", option="no"),
            GivenAnswer("supervision", item="comment", text='Not since "June" <b>at all</b>'),
        ),
    )
    answer = client.get(f"/audits/{audit.id}/collation/cases/{audit.cases[0].id}").text
    assert 'href="#comments-2"' in answer
    assert 'id="comments-2"' in answer
    assert "<b>at all" not in answer
    page = text_of(answer)
    assert "1 comment on question 2" in page
    assert 'Health: No Not since "June" <b>at all</b>' in page
    assert "audit1@agency.example" not in page


def test_the_page_of_a_case_without_returns_or_requests_says_so(client: PageClient, make: Maker) -> None:
    asked = make.audit(cases=1, agencies=1)
    page = text_of(client.get(f"/audits/{asked.id}/collation/cases/{asked.cases[0].id}").text)
    assert "0 of 1 returned." in page
    assert "Nothing can be compared yet" in page
    assert "Nobody has commented." in page
    planned = make.audit(cases=1, agencies=1, issued=False)
    page = text_of(client.get(f"/audits/{planned.id}/collation/cases/{planned.cases[0].id}").text)
    assert "No agency is asked about this child." in page


def test_the_pages_say_so_where_agencies_agree(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=four_agencies(make))
    say(make, audit, "Child 1", "see_child_alone", Health="own_agency", Police="another_agency")
    page = text_of(client.get(f"/audits/{audit.id}/collation/cases/{audit.cases[0].id}").text)
    assert "Nowhere, in 1 question whose answers can be held against each other." in page
    page = text_of(client.get(f"/audits/{audit.id}/collation/disagreement").text)
    assert "Nowhere: in 1 case no two answers are apart." in page


def test_another_audits_case_is_not_found(client: PageClient, make: Maker) -> None:
    mine, other = make.audit(agencies=1), make.audit(agencies=1)
    client.get(f"/audits/{mine.id}/collation/cases/{other.cases[0].id}", status=404)


def test_disagreements_are_listed_strongest_first_with_a_link_to_their_case(
    client: PageClient, make: Maker
) -> None:
    audit = make.audit(cases=3, agencies=four_agencies(make))
    everyone = ("Health", "Police", "Schools", "Youth")
    say(make, audit, "Child 1", "see_child_alone", **dict.fromkeys(everyone, "dont_know"))
    mixed = {"Health": "another_agency"} | dict.fromkeys(everyone[1:], "dont_know")
    say(make, audit, "Child 2", "see_child_alone", **mixed)
    say(make, audit, "Child 3", "explain_plan", Health="own_agency", Police="no")
    answer = client.get(f"/audits/{audit.id}/collation/disagreement").text
    page = text_of(answer)
    strongest = page.partition("Strongest first")[2].partition("By case")[0]
    assert strongest.index("Child 3") < strongest.index("Child 2") < strongest.index("Child 1")
    assert "Health says another agency does it; Police, Schools and Youth don’t know. Nobody says" in page
    assert "Child 1 7. Professional to speak and see the child alone Health, Police" in page
    assert "By case" in page
    assert "7. Professional to speak and see the child alone 2 of 3" in page
    assert f"/audits/{audit.id}/collation/cases/{audit.cases[2].id}" in answer


def test_the_page_says_so_while_nothing_can_be_compared(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1, returned=1)
    page = text_of(client.get(f"/audits/{audit.id}/collation/disagreement").text)
    assert "No case has two answers to compare yet." in page


@pytest.mark.parametrize("cases", [2, 40])
def test_the_statements_of_a_page_are_bounded(
    client: PageClient, make: Maker, queries: Queries, cases: int
) -> None:
    audit = make.audit(cases=cases, agencies=4, returned=cases * 4)
    case_id, audit_id = audit.cases[0].id, audit.id
    # The last one records who read them.
    with queries(11):
        client.get(f"/audits/{audit_id}/collation/cases/{case_id}")
    with queries(11):
        client.get(f"/audits/{audit_id}/collation/disagreement")


def test_markup_in_what_people_typed_is_shown_as_text(client: PageClient, make: Maker) -> None:
    agencies = [make.agency("<b>Police</b> {{7*7}}"), make.agency("=1+1")]
    audit = make.audit(cases=1, agencies=agencies, title="<script>alert(1)</script>")
    for audit_request in make.requests(audit):
        make.returned(audit_request, (GivenAnswer("see_child_alone", option="own_agency"),))
    for path in ("disagreement", f"cases/{audit.cases[0].id}", "compare", "then-and-now"):
        page = client.get(f"/audits/{audit.id}/collation/{path}").text
        assert "<b>Police" not in page
        assert "<script>alert" not in page


@pytest.mark.slow
def test_a_long_list_comes_in_pages(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=101, agencies=2)
    for audit_request in make.requests(audit):
        make.returned(audit_request, (GivenAnswer("see_child_alone", option="own_agency"),))
    path = f"/audits/{audit.id}/collation/disagreement"
    first = client.get(path).text
    assert "By case: the 100 strongest of 101" in first
    assert "Next page" in text_of(first)
    assert first.count("each say they do it themselves") == 10
    last = client.get(f"{path}?page=11").text
    assert last.count("each say they do it themselves") == 1
    assert client.get(f"{path}?page=99").text == last
