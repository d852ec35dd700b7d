"""The landing page of a link, and its Start button."""

import contextvars
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from surveyapp.answering.models import Answer, Return, Revision
from surveyapp.foundation.mail import worker
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.links import link_for, token_in
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.issuing.queries import live_requests
from surveyapp.planning.models import Audit
from surveyapp.site_map import register_pages
from tests.answering.conftest import Person
from tests.conftest import MONDAY_MORNING
from tests.engine_events import engine_listener
from tests.page_client import PageClient
from tests.row_maker import Maker

People = Callable[[], Person]


def counts(session: Session) -> list[Any]:
    session.rollback()
    tables = (Grant, AuditRequest, Return, Revision, Answer, Event)
    rows = [session.scalar(select(func.count()).select_from(table)) for table in tables]
    return [*rows, list(session.scalars(select(Grant.started_at)))]


def without_token(text: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"', "", text)


def test_the_landing_page_says_who_asks_what_and_by_when_and_nothing_about_a_child(
    stranger: PageClient, grant: Grant
) -> None:
    page = stranger.get(f"/r/{token_in(link_for(grant))}/")
    for words in (
        "Example Safeguarding Children Partnership",
        "Repeat plans, 2027",
        "Northside Police: 3 returns, by Friday 18 December 2026",
        "01234 567890",
        "Why are we asking?",
    ):
        assert words in page.text
    assert "Child 1" not in page.text


def test_the_landing_page_counts_what_is_still_to_do_once_some_are_back(
    person: Person, stranger: PageClient, grant: Grant
) -> None:
    person.starts(grant)
    path, requests = f"/r/{token_in(link_for(grant))}/", live_requests(grant)

    def returns(audit_request: AuditRequest) -> str:
        person.opens(audit_request, "not-involved")
        person.presses(audit_request, "not-involved", reason="not_known")
        return stranger.get(path).text

    page = returns(requests[0])
    assert "Northside Police: 2 of 3 returns still to do, by Friday 18 December 2026." in page
    assert "Carry on" in page
    assert "Start now" not in page
    returns(requests[1])
    page = returns(requests[2])
    assert "Northside Police: all your returns are back. Thank you." in page
    assert "See your returns" in page


def test_p10_fetching_a_link_changes_nothing(stranger: PageClient, grant: Grant, session: Session) -> None:
    path = f"/r/{token_in(link_for(grant))}/"
    before = counts(session)
    first = stranger.get(path)
    for _ in range(3):
        stranger.get(path)
        for method in ("HEAD", "OPTIONS"):
            answer = contextvars.Context().run(stranger.http.open, path, method=method)
            assert answer.status_code == 200
    last = stranger.get(path)
    assert without_token(last.text) == without_token(first.text)
    assert counts(session) == before
    with stranger.http.session_transaction() as cookie:
        assert "survey_grants" not in cookie


def test_l1_a_scanner_that_presses_the_button_gets_a_cookie_and_no_more(
    stranger: PageClient, person: Person, grant: Grant, first: AuditRequest, session: Session
) -> None:
    path = f"/r/{token_in(link_for(grant))}/"
    token = token_in(link_for(grant))
    session.rollback()
    contextvars.Context().run(stranger.http.post, "/start/", data={"token": token})
    stranger.get(path)
    stranger.post("/start/", {"token": token_in(link_for(grant))})
    assert "0 of 3 returned" in person.starts(grant).text
    person.opens(first)


def test_start_counts_a_person_once_and_can_be_pressed_again(
    person: Person, people: People, grant: Grant, session: Session
) -> None:
    person.starts(grant)
    person.starts(grant)
    people().starts(grant)
    session.refresh(grant)
    assert grant.started_at == MONDAY_MORNING
    assert session.query(Event).filter_by(action="started_answering").count() == 1


@pytest.mark.sqlite
def test_start_takes_no_write_lock_for_a_contact_who_has_been_here(people: People, grant: Grant) -> None:
    began: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("BEGIN"):
            began.append(statement)

    token = token_in(link_for(grant))
    people().starts(grant)
    browser = people().browser
    browser.get(f"/r/{token}/")
    with engine_listener("before_cursor_execute", note):
        browser.post("/start/", {"token": token})
    assert set(began) == {"BEGIN"}


@pytest.mark.parametrize("after", ["", ".", ",", ")", "/.", "/>"])
def test_m20_a_mangled_link_works(stranger: PageClient, grant: Grant, after: str) -> None:
    token = token_in(link_for(grant))
    assert "Start now" in stranger.get(f"/r/{token}{after}").text
    assert "Start now" in stranger.get(f"/r/{token.upper()}{after}").text
    assert "Start now" in stranger.get(f"/R/{token.upper()}{after}").text


@pytest.mark.parametrize("mark", ["%C2%AD", "%E2%80%8B", "%3E%20", "%20", "%3E%3E%20", "%EF%BB%BF"])
def test_m20_a_link_that_was_broken_when_it_was_quoted_works(
    stranger: PageClient, person: Person, grant: Grant, mark: str
) -> None:
    token = token_in(link_for(grant))
    broken = f"{token[:20]}{mark}{token[20:]}"
    assert "Start now" in stranger.get(f"/r/{broken}/").text
    assert "Start now" in stranger.get(f"/R/{broken.upper()}").text
    person.browser.get(f"/r/{broken}/")
    person.browser.post("/start/", {"token": unquote(broken)})


def test_m20_a_link_of_a_host_opens_with_its_whole_path_in_capitals() -> None:
    host = Flask("host")
    register_pages(host, "/case-audits")
    token = "A2" * 25
    answer = host.test_client().get(f"/CASE-AUDITS/R/{token}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/case-audits/r/{token}/")
    assert answer.headers["Cache-Control"] == "no-store"
    assert host.test_client().get(f"/AUDITS/R/{token}/").status_code == 404


def test_l2_guesses_all_get_the_same_page(stranger: PageClient, grant: Grant) -> None:
    token = token_in(link_for(grant))
    guesses = [
        "a" * 50,
        token[:-1] + ("b" if token[-1] == "a" else "a"),
        token[:24],
        "x",
        "a" * 2000,
        "%00",
        "é",
    ]
    pages = {without_token(stranger.get(f"/r/{guess}/", status=404).text) for guess in guesses}
    assert len(pages) == 1
    assert "This link does not work" in pages.pop()


def test_a_browser_without_cookies_is_told_so_when_it_presses_start(
    app: Flask, grant: Grant, session: Session
) -> None:
    client = app.test_client(use_cookies=False)
    token = token_in(link_for(grant))
    session.rollback()
    answer = contextvars.Context().run(client.post, "/start/", data={"token": token})
    assert answer.status_code == 400
    assert "your browser refuses cookies" in answer.text


def test_a_fresh_link_goes_to_present_contacts_of_open_audits_and_everybody_reads_the_same_page(
    person: Person, make: Maker, audit: Audit, session: Session, outbox: Callable[[], list[Outbox]]
) -> None:
    grant = make.grants(audit)[0]
    address, agency = grant.contact.email, grant.contact.agency
    # The closing hour of one audit has passed, although no worker has closed it yet.
    closed = make.audit(cases=1, agencies=[agency])
    closed.closes_at = MONDAY_MORNING
    session.commit()

    def asks_for_link(typed: str) -> str:
        page = person.browser.follow(person.browser.post("/fresh-link/", {"email": typed})).text
        worker.run_prompt_operations(MONDAY_MORNING)
        return page

    said = asks_for_link(address)
    assert [(mail.kind, mail.subject_id) for mail in outbox()] == [("request", grant.id)]
    grant.contact.left_at = MONDAY_MORNING
    session.commit()
    assert asks_for_link(address) == said
    assert asks_for_link("nobody@police.example") == said
    assert len(outbox()) == 1


def test_start_without_a_form_token_while_the_database_is_away_says_so(
    app: Flask, make: Maker, session: Session
) -> None:
    token = token_in(link_for(make.grants(make.audit(cases=1, agencies=1))[0]))
    session.rollback()

    def away(*_arguments: object, **_options: object) -> None:
        raise OperationalError("", {}, Exception())

    browser = PageClient(app)
    with engine_listener("before_cursor_execute", away):
        page = browser.post("/start/", {"token": token, "csrf_token": ""}, status=503)
    assert "Could not save just now" in page.text
