"""The page Log and its file: what each role reads there, how it is narrowed, and that reading is logged."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.agencies.models import Contact
from surveyapp.foundation.mail.outbox import queue_email
from surveyapp.foundation.store.db import session as current_session
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event, record_event
from surveyapp.foundation.store.former_names import keep_former_name
from surveyapp.foundation.store.models import Outbox
from surveyapp.foundation.words.clean_text import name_key
from surveyapp.log.event_kinds import ACCOUNTS, EVENT_WORDS
from surveyapp.log.events_in_words import WITH_WORDS
from surveyapp.planning.audit_state_operations import mark_answers_removed
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.contracts.test_roles import acting_as
from tests.exports.opened_files import csv_rows
from tests.journeys.people import words_of
from tests.page_client import MANAGER_NAME, PageClient
from tests.row_maker import Maker

Queries = Callable[[int], AbstractContextManager[list[str]]]
ROW = re.compile(r"\b(audit|request|grant|case|mail|staff|contact|agency|action|form|day) \d+")
_EVENT = re.compile(r'<li class="survey-log__event">(.*?)</li>', re.DOTALL)


def noted(*events: tuple[str, ...], at: datetime = MONDAY_MORNING) -> None:
    """Record these events."""
    with transaction():
        for event in events:
            record_event(*event, now=at)


def lines(browser: PageClient, query: str = "") -> list[str]:
    """The events that the page lists, each as one line without its time; reading the log itself left out."""
    found = []
    for event in _EVENT.findall(browser.get(f"/log{query}").text):
        words = " ".join(re.sub(r"<[^>]+>", " ", event.split("</time>")[1]).split())
        if "read this log" not in words and "downloaded this log" not in words:
            found.append(words.replace(" ,", ","))
    return found


@pytest.fixture
def asked(make: Maker) -> dict[str, int]:
    """The ids of an audit with one request, to Sam Field of Northside Police about Child 1."""
    agency = make.agency("Northside Police")
    agency.contacts[0].name = "Sam Field"
    audit = make.audit(cases=1, agencies=[agency], returned=1, title="Repeat plans")
    audit_request = make.requests(audit)[0]
    ids = {
        "audit": audit.id,
        "request": audit_request.id,
        "grant": audit_request.grant_id,
        "case": audit_request.case_id,
        "agency": agency.id,
        "contact": agency.contacts[0].id,
    }
    make.audit(cases=1, agencies=1, title="Neglect")
    return ids


def test_each_event_stands_under_its_day_with_who_what_and_about_what(
    client: PageClient, asked: dict[str, int], clock: time_machine.Traveller
) -> None:
    noted(
        (f"grant {asked['grant']}", "returned_audit", f"request {asked['request']}"),
    )
    noted(
        ("Ann Lee", "saw_return", f"request {asked['request']}", "return"),
        at=MONDAY_MORNING + timedelta(days=1),
    )
    clock.shift(timedelta(days=1))
    client.sign_in()
    page = words_of(client.get("/log"))
    assert (
        "Tuesday 1 December 2026, today 9:00am Ann Lee read the answers: the return "
        "About: Child 1, Northside Police · Repeat plans "
        "Monday 30 November 2026 9:00am Sam Field , Northside Police, returned the audit "
        "About: Child 1, Northside Police · Repeat plans"
    ) in page
    html = client.get("/log").text
    assert f'href="/audits/{asked["audit"]}/requests/{asked["request"]}"' in html
    assert f'href="/audits/{asked["audit"]}"' in html


def test_reading_the_page_and_the_file_is_in_the_log(client: PageClient, asked: dict[str, int]) -> None:
    client.get("/log")
    client.get("/log.csv")
    client.head("/log")
    client.head("/log.csv")
    client.get(f"/log?audit={asked['audit']}")
    client.get(f"/log?request={asked['request']}")
    events = select(Event.actor, Event.action, Event.object, Event.detail).order_by(Event.id)
    audit = f"audit {asked['audit']}"
    assert [tuple(row) for row in current_session.execute(events)] == [
        (MANAGER_NAME, "read_log", "log", ""),
        (MANAGER_NAME, "exported_log", "log", "1 event"),
        (MANAGER_NAME, "read_log", audit, ""),
        (MANAGER_NAME, "read_log", audit, ""),
    ]


def test_the_log_is_narrowed_to_a_person_by_todays_name_and_the_earlier_one(
    client: PageClient, asked: dict[str, int]
) -> None:
    noted(("Ann Lee", "planned_audit", f"audit {asked['audit']}"))
    noted(("Ann Wood", "changed_audit", f"audit {asked['audit']}"))
    noted(("Bo Finch", "changed_audit", f"audit {asked['audit']}"))
    with transaction():
        keep_former_name("Ann Lee", name_key("Ann Lee"), known_as="Ann Wood")
    both = [
        "Ann Wood changed the audit’s details About: Repeat plans",
        "Ann Wood began the audit About: Repeat plans",
    ]
    for typed in ("Ann+Wood", "ann+lee", "WOOD"):
        assert lines(client, f"?person={typed}") == both, typed
    assert lines(client, "?person=Nobody") == []


def test_the_log_is_narrowed_to_a_contact(client: PageClient, asked: dict[str, int]) -> None:
    noted((f"grant {asked['grant']}", "returned_audit", f"request {asked['request']}"))
    noted(("Ann Lee", "saw_return", f"request {asked['request']}", "return"))
    found = [
        "Sam Field, Northside Police, returned the audit About: Child 1, Northside Police · Repeat plans"
    ]
    assert lines(client, "?person=sam") == found
    assert lines(client, "?person=the+program") == []


def test_the_log_is_narrowed_to_an_audit_a_request_a_kind_and_days(
    client: PageClient, asked: dict[str, int]
) -> None:
    noted(
        ("Ann Lee", "saw_return", f"request {asked['request']}", "draft"),
        ("Ann Lee", "sent_link_again", f"grant {asked['grant']}"),
        ("Ann Lee", "changed_case", f"case {asked['case']}"),
        ("Ann Lee", "changed_audit", f"audit {asked['audit'] + 1}"),
        ("Ann Lee", "changed_agency", f"agency {asked['agency']}"),
    )
    # UK days, in summer time: this is half past midnight of 2 July.
    noted(
        ("Bo Finch", "closed_day", "day 2026-12-24"), at=datetime.fromisoformat("2026-07-01T23:30:00+00:00")
    )
    read = "Ann Lee read the answers: the draft About: Child 1, Northside Police · Repeat plans"
    sent = "Ann Lee sent the link again About: Sam Field, Northside Police · Repeat plans"
    case = "Ann Lee changed a case About: Child 1 · Repeat plans"
    closed = "Bo Finch entered a closed day About: Thursday 24 December 2026"
    of_audit = [line.replace(" · Repeat plans", "") for line in (case, sent, read)]
    assert lines(client, f"?audit={asked['audit']}") == of_audit
    assert lines(client, f"?request={asked['request']}") == [sent, read]
    assert lines(client, "?kind=saw_return") == [read]
    assert lines(client, "?kind=links") == [sent]
    assert len(lines(client, "?kind=nonsense")) == 6
    day = "since=2&since=7&since=2026&until=2&until=7&until=2026"
    assert lines(client, f"?{day}") == [closed]
    assert lines(client, "?until=1&until=7&until=2026") == []
    assert len(lines(client, f"?audit={asked['audit']}&kind=reading&person=lee")) == 1


def test_a_day_that_there_is_not_is_refused_in_words(client: PageClient) -> None:
    noted(("Ann Lee", "paused_mail", "mail"))
    page = client.get("/log?since=31&since=2&since=2026", status=422).text
    assert "From: enter a real day" in page
    assert "survey-log__event" not in page
    refused = client.get("/log.csv?since=31&since=2&since=2026", status=409).text
    assert "Go back to the log and correct it." in refused


def test_pages_go_back_without_losing_or_repeating_an_event(
    client: PageClient, asked: dict[str, int]
) -> None:
    for number in range(120):
        noted((f"Person {number}", "changed_audit", f"audit {asked['audit']}"))
    shown, address = [], "/log?kind=changed_audit"
    while address:
        page = client.get(address).text
        assert "120 events that match" in page
        shown += re.findall(r"<strong>Person (\d+)</strong>", page)
        link = re.search(r'href="([^"]+)" rel="next"', page)
        address = link[1].replace("&amp;", "&") if link else ""
    assert shown == [str(number) for number in range(119, -1, -1)]


def test_the_file_says_the_same_rows_as_the_page(client: PageClient, asked: dict[str, int]) -> None:
    noted(
        (f"grant {asked['grant']}", "returned_audit", f"request {asked['request']}"),
        ("=cmd|x", "changed_audit", f"audit {asked['audit']}"),
        ("Ann Lee", "changed_audit", f"audit {asked['audit'] + 1}"),
    )
    query = f"?audit={asked['audit']}&kind=changed_audit"
    page, file = lines(client, query), csv_rows(client.get(f"/log.csv{query}").data)
    assert [(row["who"], row["what"], row["audit"]) for row in file] == [
        ("'=cmd|x", "changed the audit’s details", "Repeat plans")
    ]
    assert page == ["=cmd|x changed the audit’s details"]
    rows = csv_rows(client.get("/log.csv?kind=returns").data)
    assert rows == [
        {
            "at": "2026-11-30T09:00:00+00:00",
            "who": "Sam Field",
            "who_today": "Sam Field",
            "whose": "Northside Police",
            "what": "returned the audit",
            "about": "",
            "case": "Child 1",
            "agency": "Northside Police",
            "audit": "Repeat plans",
            "kind": "returned_audit",
        }
    ]


def test_the_file_keeps_the_names_of_then(client: PageClient, asked: dict[str, int]) -> None:
    noted(("Ann Lee", "planned_audit", f"audit {asked['audit']}"))
    with transaction():
        keep_former_name("Ann Lee", name_key("Ann Lee"), known_as="Ann Wood")
    (row,) = csv_rows(client.get("/log.csv?kind=planned_audit").data)
    assert (row["who"], row["who_today"]) == ("Ann Lee", "Ann Wood")


def test_signing_in_and_accounts_are_for_administrators_and_cases_for_managers(
    app: Flask, asked: dict[str, int]
) -> None:
    noted(
        ("Ann Lee", "signed_in", "staff 1", "with a passkey"),
        ("stranger", "failed_sign_in", "staff 1", "Ann Lee, from 3fa91b2c"),
        ("stranger", "refused_sign_in", "no account", "too many at once, from 3fa91b2c"),
        ("Ann Lee", "changed_roles", "staff 2", "Bo Finch: executive, before audit_lead executive"),
        ("Ann Lee", "renamed_staff", "staff 3", "Cy Dale is now Cy Moor"),
        ("Ann Lee", "saw_case", f"case {asked['case']}"),
        ("Ann Lee", "saw_return", f"request {asked['request']}", "return"),
    )
    stranger = "Someone who is not signed in"
    no_account = "an address that has no account, too many at once, from network 3fa91b2c"
    accounts = [
        "Ann Lee renamed an account: Cy Dale is now Cy Moor",
        "Ann Lee changed somebody’s roles: now executive, before audit lead and executive About: Bo Finch",
        f"{stranger} was refused before the password was looked at: {no_account}",
        f"{stranger} tried to sign in with a wrong password: from network 3fa91b2c About: Ann Lee",
        "Ann Lee signed in: with a passkey",
    ]
    with acting_as(app, "administrator") as browser:
        read = "Ann Lee read the answers: the return About: Northside Police · Repeat plans"
        case = "Ann Lee read what all agencies answered about one child About: Repeat plans"
        assert lines(browser) == [read, case, *accounts]
        assert "Cases are left out for your role." in browser.get("/log").text
        assert "Child 1" not in browser.get("/log").text
        asked_for = browser.get(f"/log?request={asked['request']}").text
        assert "A request to Northside Police" in asked_for
        assert "Child 1" not in asked_for
        rows = csv_rows(browser.get("/log.csv").data)
        assert "case" not in rows[0]
        assert "Child 1" not in browser.get("/log.csv").text
        # Whoever looks for a person finds what others did to their account, or tried on it.
        assert lines(browser, "?person=ann+lee&kind=failed_sign_in") == [accounts[3]]
    with acting_as(app, "business_manager") as browser:
        assert lines(browser) == [
            "Ann Lee read the answers: the return About: Child 1, Northside Police · Repeat plans",
            "Ann Lee read what all agencies answered about one child About: Child 1 · Repeat plans",
        ]
        assert lines(browser, "?kind=accounts") == []
        assert "Signing in and accounts" not in browser.get("/log").text
        assert "3fa91b2c" not in browser.get("/log.csv").text
    for role in ("audit_lead", "executive"):
        with acting_as(app, role) as browser:
            browser.get("/log", status=403)
            browser.get("/log.csv", status=403)


def test_no_row_is_shown_by_its_number_whatever_is_recorded(
    client: PageClient, session: Session, asked: dict[str, int]
) -> None:
    queue_mail(asked["grant"])
    mail = session.scalars(select(Outbox)).one().id
    session.commit()
    objects = [f"{kind} {number}" for kind, number in (*asked.items(), ("mail", mail), ("staff", 1))]
    gone = ["audit 999", "request 999", "grant 999", "case 999", "mail 999", "action 999", "form 999"]
    details = ["", "finding 7", "to grant 999", f"from audit {asked['audit']}", "action 3: done", "call 5"]
    with transaction():
        for number, action in enumerate(sorted(EVENT_WORDS.keys() - ACCOUNTS.kinds.keys())):
            for about in (*objects, *gone):
                detail = details[number % len(details)] if action not in WITH_WORDS else ""
                record_event("grant 999", action, about, detail, now=MONDAY_MORNING)
    rows = csv_rows(client.get("/log.csv").data)
    assert len(rows) > 2000
    shown = {cell for row in rows for name, cell in row.items() if name not in {"at", "kind"}}
    assert {cell for cell in shown if ROW.search(cell)} == set()
    page = re.sub(r"<[^>]+>", " ", client.get("/log").text.split("<h2")[1])
    assert not ROW.search(page)


def queue_mail(grant_id: int) -> None:
    """Queue the email of a request."""
    with transaction():
        queue_email("request", grant_id, to="sam@police.example", key="k", now=MONDAY_MORNING)


def test_an_email_is_named_by_its_kind_and_person_without_the_address(
    client: PageClient, session: Session, asked: dict[str, int]
) -> None:
    queue_mail(asked["grant"])
    mail = session.scalars(select(Outbox)).one().id
    session.commit()
    noted(("Ann Lee", "sent_mail_again", f"mail {mail}"))
    assert lines(client) == [
        "Ann Lee sent an email again About: “Request” to Sam Field, Northside Police · Repeat plans"
    ]
    assert len(lines(client, f"?audit={asked['audit']}")) == 1
    assert "sam@police.example" not in client.get("/log").text + client.get("/log.csv").text


def test_what_was_deleted_is_named_as_far_as_the_event_says(
    client: PageClient, asked: dict[str, int]
) -> None:
    noted(
        ("Ann Lee", "deleted_audit", "audit 990", "Neglect, first try"),
        ("Ann Lee", "removed_case", "case 990", f"audit {asked['audit']}"),
        ("Ann Lee", "deleted_contact", "contact 990", f"agency {asked['agency']}"),
        ("Ann Lee", "replaced_contact", f"grant {asked['grant']}", f"by grant {asked['grant']}"),
        ("Ann Lee", "copied_audit", f"audit {asked['audit']}", f"from audit {asked['audit'] + 1}"),
    )
    assert lines(client) == [
        "Ann Lee copied an earlier audit: Neglect About: Repeat plans",
        "Ann Lee asked Sam Field instead of Sam Field About: Sam Field, Northside Police · Repeat plans",
        "Ann Lee deleted a contact About: Northside Police",
        "Ann Lee removed a case About: Repeat plans",
        "Ann Lee deleted an audit: Neglect, first try",
    ]


def test_nobody_is_told_which_case_it_was_once_a_purge_has_begun(
    client: PageClient, asked: dict[str, int]
) -> None:
    noted(
        (f"grant {asked['grant']}", "returned_audit", f"request {asked['request']}"),
        ("Ann Lee", "changed_case", f"case {asked['case']}"),
    )
    before = client.get("/log").text + client.get("/log.csv").text
    assert "Child 1" in before
    assert "Sam Field" in before
    with transaction():
        mark_answers_removed(current_session.get_one(Audit, asked["audit"]), counts={}, now=MONDAY_MORNING)
    after = client.get("/log").text + client.get("/log.csv").text
    assert "Child 1" not in after
    assert "Sam Field" not in after


def test_an_event_about_a_row_whose_number_is_anothers_now_names_neither(
    client: PageClient, asked: dict[str, int]
) -> None:
    earlier = MONDAY_MORNING - timedelta(days=400)
    noted(("Ann Lee", "changed_audit", f"audit {asked['audit']}"), at=earlier)
    noted((f"grant {asked['grant']}", "returned_audit", f"request {asked['request']}"), at=earlier)
    noted(("Ann Lee", "changed_agency", f"agency {asked['agency']}"), at=earlier)
    noted(("Ann Lee", "added_agency", f"agency {asked['agency']}"))
    assert lines(client) == [
        "Ann Lee added an agency About: Northside Police",
        "Ann Lee changed an agency",
        "A contact returned the audit",
        "Ann Lee changed the audit’s details",
    ]
    assert lines(client, f"?audit={asked['audit']}") == []
    assert lines(client, f"?request={asked['request']}") == []


def test_the_pages_of_an_audit_and_of_a_request_lead_to_their_log(
    client: PageClient, asked: dict[str, int]
) -> None:
    audit = f"/audits/{asked['audit']}"
    assert f'href="/log?audit={asked["audit"]}"' in client.get(audit).text
    assert (
        f'href="/log?request={asked["request"]}"' in client.get(f"{audit}/requests/{asked['request']}").text
    )
    assert "About one request: Child 1, Northside Police ." in words_of(
        client.get(f"/log?request={asked['request']}")
    )


def test_a_thousand_events_take_as_many_statements_as_fifty(
    client: PageClient, session: Session, queries: Queries, asked: dict[str, int]
) -> None:
    queue_mail(asked["grant"])
    mail = session.scalars(select(Outbox)).one().id
    session.add(Contact(name="Kim", email="kim@police.example", agency_id=asked["agency"]))
    session.commit()
    kinds = [*asked.items(), ("mail", mail)]

    def note(times: int) -> None:
        noted(
            *((f"grant {asked['grant']}", "changed_audit", f"{kind} {id_}") for kind, id_ in kinds * times),
            *(("Ann Lee", "changed_audit", f"audit {asked['audit']}"),) * times,
        )

    note(1)
    query = f"/log?audit={asked['audit']}&person=lead&kind=setting-up"
    for address in ("/log", query):
        client.get(address)
    with queries(40) as few:
        client.get("/log")
    note(130)
    with queries(len(few)) as many:
        client.get("/log")
    # The frame, names and choices; the count and the events; the names of seven kinds of row, of which an
    # email takes four; and the event that the log was read.
    assert len(many) <= 27
    with queries(len(many)):
        client.get(query)
