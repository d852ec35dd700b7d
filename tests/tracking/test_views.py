import csv
import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy.orm import Session

from surveyapp.issuing.queries import refused_grants
from surveyapp.planning.models import Audit, Involvement
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker
from tests.tracking.conftest import Post

Queries = Callable[[int], AbstractContextManager[list[str]]]
Many = Callable[[int, int, int], Audit]


def text_of(page: str) -> str:
    main = re.search(r"<main.*</main>", page, re.DOTALL)
    assert main is not None
    return " ".join(re.sub(r"<[^>]+>", " ", main.group()).split())


def test_the_tracking_page_is_headed_by_the_return_rate(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=15, agencies=6, returned=77, title="Repeat plans")
    page = text_of(client.get(f"/audits/{audit.id}").text)
    assert "77 of 90 returned (85.6%) 13 outstanding" in page
    assert "Return by Fri 18 December" in page
    assert "Next chaser Fri 11 December to 1 contact" in page
    assert "Closes Fri 15 January" in page


def test_the_grid_has_one_word_in_each_cell_and_totals_that_agree(client: PageClient, make: Maker) -> None:
    audit = make.audit(
        cases=2, agencies=[make.agency("Police"), make.agency("Health", kind="health")], returned=1
    )
    make.draft(make.requests(audit)[3])
    page = text_of(client.get(f"/audits/{audit.id}").text)
    # In the order of partnerships' reports, health stands before the police.
    assert "Case Health Police Returned" in page
    assert "Child 1 not sent : Child 1, Health returned : Child 1, Police 1 of 2" in page
    assert "Child 2 started : Child 2, Health not sent : Child 2, Police 0 of 2" in page
    assert "Returned 0 of 2 1 of 2 1 of 4" in page


def test_an_audit_that_is_being_set_up_leads_to_its_set_up(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1, issued=False)
    page = client.get(f"/audits/{audit.id}").text
    assert "Nobody has been asked yet" in page
    assert f"/audits/{audit.id}/set-up" in page
    listed = client.get("/audits").text
    assert "Being set up" in listed
    assert f"/audits/{audit.id}/set-up" in listed


def test_an_audit_that_does_not_exist_has_a_page_that_says_so(client: PageClient) -> None:
    for path in (
        "/audits/9",
        "/audits/9/totals",
        "/audits/9/outstanding",
        "/audits/9/outstanding.csv",
        "/audits/9/requests/1",
    ):
        client.get(path, status=404)


def test_another_audits_request_is_not_found(client: PageClient, make: Maker) -> None:
    mine, other = make.audit(cases=1, agencies=1), make.audit(cases=1, agencies=1)
    request_id, mine_id = make.requests(other)[0].id, mine.id
    client.get(f"/audits/{mine_id}/requests/{request_id}", status=404)


def test_strangers_see_no_audit(stranger: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    for path in ("", f"/{audit.id}", f"/{audit.id}/outstanding.csv"):
        assert stranger.http.get(f"/audits{path}").status_code in {302, 401}


def test_boxes_ticked_after_issue_are_pointed_out(client: PageClient, make: Maker, session: Session) -> None:
    audit = make.audit(cases=2, agencies=1)
    session.add(Involvement(case_id=audit.cases[0].id, agency_id=make.agency("Nursery", kind="nursery").id))
    session.commit()
    page = text_of(client.get(f"/audits/{audit.id}").text)
    assert (
        "1 box was ticked after the audit was issued, and nobody has been asked for them yet. Issue it"
        in page
    )


def test_the_programme_says_what_is_returned_and_when_the_next_chaser_leaves(
    client: PageClient, make: Maker
) -> None:
    make.audit(cases=15, agencies=6, returned=77, title="Repeat plans")
    page = text_of(client.get("/audits").text)
    assert "Needs you today" not in page
    assert "Repeat plans 77 of 90 returned (85.6%) 13 Fri 15 January 2027 Fri 11 December" in page


def test_the_next_chaser_is_the_one_after_those_that_were_sent_by_hand_today(
    client: PageClient, make: Maker, clock: time_machine.Traveller
) -> None:
    audit = make.audit(cases=1, agencies=2, title="Repeat plans")
    clock.move_to(datetime(2026, 12, 11, 7, tzinfo=UTC))
    client.sign_in()
    assert "Next chaser Fri 11 December to 2 contacts" in text_of(client.get(f"/audits/{audit.id}").text)
    client.post(f"/audits/{audit.id}/chasers")
    assert "Next chaser Fri 18 December to 2 contacts" in text_of(client.get(f"/audits/{audit.id}").text)
    assert "Fri 15 January 2027 Fri 18 December" in text_of(client.get("/audits").text)
    assert "Friday 18 December 2026 2 contacts have" in text_of(
        client.get(f"/audits/{audit.id}/chasers").text
    )


def test_on_the_day_of_issue_nobody_is_offered_for_chasing(
    client: PageClient, make: Maker, clock: time_machine.Traveller
) -> None:
    audit = make.audit(cases=1, agencies=1)
    page = text_of(client.get(f"/audits/{audit.id}").text)
    assert "Chase now" not in page
    assert "See who is chased" in page
    clock.move_to(datetime(2026, 12, 1, 9, tzinfo=UTC))
    client.sign_in()
    assert "Chase now" in client.get(f"/audits/{audit.id}").text


def test_on_a_day_off_there_is_no_button_to_chase(
    client: PageClient, make: Maker, clock: time_machine.Traveller
) -> None:
    audit = make.audit(cases=1, agencies=1)
    clock.move_to(datetime(2026, 12, 24, 9, tzinfo=UTC))
    client.sign_in()
    assert "Chase now" in client.get(f"/audits/{audit.id}").text
    clock.move_to(datetime(2026, 12, 25, 9, tzinfo=UTC))
    client.sign_in()
    page = text_of(client.get(f"/audits/{audit.id}").text)
    assert "Chase now" not in page
    assert "Next working day: Tue 29 December. See who is chased" in page


def test_the_programme_names_the_day_on_which_returns_closed(
    client: PageClient, make: Maker, session: Session
) -> None:
    make.audit(cases=1, agencies=1, title="Neglect").closed_at = MONDAY_MORNING
    session.commit()
    assert "Closed Mon 30 November" in text_of(client.get("/audits").text)


def test_tasks_for_staff_are_at_the_top(client: PageClient, make: Maker, post: Post) -> None:
    audit = make.audit(cases=1, agencies=2)
    for grant in make.grants(audit):
        post(grant, "failed")
    page = text_of(client.get("/audits").text)
    assert "Needs you today 2 addresses refused" in page
    page = text_of(client.get(f"/audits/{audit.id}").text)
    assert "2 not delivered" in page
    places = [page.index(words) for words in ("Needs you today", "0 of 2 returned", "See who is chased")]
    assert places == sorted(places), "what needs somebody stands above the figure and the buttons"


def test_totals_by_agency_and_by_case_add_up_to_the_same(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=3, agencies=2, returned=4)
    page = text_of(client.get(f"/audits/{audit.id}/totals").text)
    assert page.count("Requests Returned Outstanding") == 2
    assert page.count("All 6 4 (66.7%) 2") == 2


def test_the_page_says_when_nothing_is_outstanding(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1, returned=1)
    assert "Nothing is outstanding." in client.get(f"/audits/{audit.id}/outstanding").text
    assert "Nothing is outstanding" in client.get(f"/audits/{audit.id}").text


def test_the_csv_matches_the_page_and_runs_no_formula(
    client: PageClient, make: Maker, session: Session
) -> None:
    agency = make.agency("=HYPERLINK(0)", contact="-p@police.example")
    agency.contacts[0].telephone = "+44 1234"
    agency.contacts[0].name = "@SUM(1)"
    session.commit()
    audit = make.audit(cases=2, agencies=[agency], returned=1)
    answer = client.get(f"/audits/{audit.id}/outstanding.csv")
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert f"outstanding-audit-{audit.id}-2026-11-30.csv" in answer.headers["Content-Disposition"]
    (row,) = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert row["Agency"] == "'=HYPERLINK(0)"
    assert (row["Contact"], row["Telephone"], row["Email"]) == ("'@SUM(1)", "'+44 1234", "'-p@police.example")
    assert (row["Case"], row["Stands at"], row["Chased"]) == ("Child 2", "not sent", "0")


def test_a_request_page_shows_its_history(
    client: PageClient, make: Maker, post: Post, session: Session
) -> None:
    audit = make.audit(cases=1, agencies=[make.agency("Police", contact="p@police.example")])
    grant, audit_request = make.grants(audit)[0], make.requests(audit)[0]
    grant.started_at = MONDAY_MORNING
    session.commit()
    make.draft(audit_request)
    post(grant, "sent")
    post(grant, "failed", kind="chaser")
    page = text_of(client.get(f"/audits/{audit.id}/requests/{audit_request.id}").text)
    assert "Child 1, Police not delivered" in page
    assert "p@police.example" in page
    assert "Opened by a person Monday 30 November 2026 at 9:00am" in page
    assert "Chaser p@police.example Not delivered: 550 5.1.1 unknown" in page
    assert "Draft saved, Monday 30 November 2026 at 9:00am" in page
    assert "Withdraw this request" in page


def test_a_nil_return_and_a_withdrawal_are_shown_with_their_reasons(
    client: PageClient, make: Maker, session: Session
) -> None:
    audit = make.audit(cases=2, agencies=1)
    nil, withdrawn = make.requests(audit)
    make.returned(nil).nil_reason = "not_known"
    withdrawn.withdrawn_at, withdrawn.withdrawn_reason = MONDAY_MORNING, "Asked by mistake"
    session.commit()
    assert "This child is not known to us" in client.get(f"/audits/{audit.id}/requests/{nil.id}").text
    page = client.get(f"/audits/{audit.id}/requests/{withdrawn.id}").text
    assert "Asked by mistake" in page
    assert "Ask again for this return" in page
    assert "Withdraw this request" not in page
    page = text_of(client.get(f"/audits/{audit.id}").text)
    assert "Of the returned, 1 nil return. 1 request withdrawn and not counted." in page


def test_markup_in_names_is_shown_as_text(client: PageClient, make: Maker) -> None:
    audit = make.audit(
        cases=1, agencies=[make.agency("<b>Police</b> {{7*7}}")], title="<script>alert(1)</script>"
    )
    for path in ("", "/totals", "/outstanding", f"/requests/{make.requests(audit)[0].id}"):
        page = client.get(f"/audits/{audit.id}{path}").text
        assert "<b>Police" not in page
        assert "<script>alert" not in page


@pytest.mark.slow
@pytest.mark.parametrize("size", [(15, 6, 77), (1000, 9, 7700)], ids=["90 requests", "9,000 requests"])
def test_a_dashboard_takes_as_many_statements_however_many_requests(
    client: PageClient, many: Many, queries: Queries, size: tuple[int, int, int]
) -> None:
    cases, agencies, returned = size
    path = f"/audits/{many(*size).id}"
    with queries(21):
        page = client.get(path).text
    assert f"{returned:,} of {cases * agencies:,} returned" in page
    with queries(13):
        client.get("/audits")


@pytest.mark.slow
def test_a_large_grid_comes_in_pages_of_cases(client: PageClient, many: Many) -> None:
    audit = many(200, 9, 0)
    first = client.get(f"/audits/{audit.id}").text
    assert "cases 1 to 83 of 200" in first
    last = client.get(f"/audits/{audit.id}?page=3").text
    assert "cases 167 to 200 of 200" in last
    assert "cases 167 to 200 of 200" in client.get(f"/audits/{audit.id}?page=99").text
    assert "0 of 1,800" in last


def test_an_email_that_came_back_is_noted_and_stops_chasers_until_the_address_is_corrected(
    client: PageClient, make: Maker, post: Post, session: Session
) -> None:
    audit = make.audit(cases=1, agencies=[make.agency("Police", contact="p@police.example")])
    grant, audit_request = make.grants(audit)[0], make.requests(audit)[0]
    address = f"/audits/{audit.id}/requests/{audit_request.id}"
    assert "Note that it came back" not in client.get(address).text
    client.post(f"{address}/came-back", status=409)
    post(grant, "sent")
    post(grant, "sent", kind="chaser")
    assert "Note that it came back" in client.get(address).text
    client.post(f"{address}/came-back")
    page = text_of(client.get(address).text)
    assert "Child 1, Police not delivered" in page
    assert "Nobody is chased at p@police.example until you correct the address." in page
    assert "You noted that the email had come back" in page
    assert "Chaser p@police.example Not delivered: It came back undelivered." in page
    assert "Note that it came back" not in page
    assert refused_grants(audit) == {grant.id}
    grant.contact.email = "q@police.example"
    session.commit()
    assert refused_grants(audit) == set()
