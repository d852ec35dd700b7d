"""Each role of staff opens what roles.txt says and nothing else, and no page shows its reader too much."""

import contextvars
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from surveyapp.agencies.models import Contact
from surveyapp.answering.models import Answer
from surveyapp.concluding.models import Action
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.web.actor import STAFF_ROLES, Actor
from surveyapp.permissions import roles_for
from surveyapp.planning.models import Case
from tests.conftest import MONDAY_MORNING
from tests.contracts.crawled_pages import CrawledPage, crawl
from tests.contracts.test_routes import CONTACT, OPEN, STAFF, path, rules
from tests.page_client import PageClient
from tests.row_maker import Maker
from tests.shared_app import in_app_context

TABLE = Path(__file__).with_name("roles.txt")
# Links, and forms that are posted.
_LEADS_TO = re.compile(r'(href|action)="(/[^"#]*)')
LETTERS = {"business_manager": "M", "audit_lead": "L", "executive": "E", "administrator": "A"}


@contextmanager
def acting_as(app: Flask, *roles: str) -> Iterator[PageClient]:
    """The browser of a member of staff with these roles."""
    state = app.extensions["survey"]
    app.extensions["survey"] = replace(state, staff=lambda: Actor("Mo of the partnership", frozenset(roles)))
    try:
        yield PageClient(app)
    finally:
        app.extensions["survey"] = state


def for_whom(rule: Rule) -> str:
    """Who opens an address, as roles.txt writes it."""
    if rule.endpoint.startswith(STAFF):
        roles = roles_for(rule.endpoint)
        return " ".join(letter if role in roles else "-" for role, letter in LETTERS.items())
    return "own link" if rule.endpoint.startswith(CONTACT) and "public_id" in rule.arguments else "everybody"


def test_the_table_says_who_opens_each_address(app: Flask) -> None:
    listed = [line for line in TABLE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    now = [f"{for_whom(rule):<10} {method:<4} {rule.rule}" for rule, method in rules(app)]
    gone, come = sorted(set(listed) - set(now)), sorted(set(now) - set(listed))
    assert not gone, f"No longer so; redirect what people have in bookmarks and emails: {gone}"
    assert not come, f"Say in surveyapp/permissions.py who opens these, then add to roles.txt: {come}"


def test_every_address_of_staff_is_open_to_somebody(app: Flask) -> None:
    shut = [
        rule.rule
        for rule, _ in rules(app)
        if rule.endpoint.startswith(STAFF) and not roles_for(rule.endpoint)
    ]
    assert shut == [], "Say in surveyapp/permissions.py who opens these."


def test_everything_else_is_for_contacts_with_their_own_link_or_for_everybody(app: Flask) -> None:
    for rule, _method in rules(app):
        assert rule.endpoint in OPEN or rule.endpoint.startswith((*STAFF, *CONTACT)), rule.rule


@pytest.mark.slow
@pytest.mark.parametrize("role", STAFF_ROLES)
def test_a_role_is_refused_at_every_address_that_is_not_its_own(app: Flask, make: Maker, role: str) -> None:
    audit = make.audit(cases=1, agencies=1, returned=1)
    asked = make.requests(audit)[0]
    ids = {
        "audit_id": audit.id,
        "agency_id": asked.agency_id,
        "request_id": asked.id,
        "case_id": asked.case_id,
        "contact_id": asked.grant.contact_id,
    }
    session.commit()
    with acting_as(app, role) as browser:
        for rule, method in rules(app):
            if not rule.endpoint.startswith(STAFF):
                continue
            address, is_open = path(app, rule, **ids), role in roles_for(rule.endpoint)
            if method == "POST" and is_open:
                # It would change the rows that the other addresses need.
                continue
            form: dict[str, Any] = {"data": {"csrf_token": browser.token}} if method == "POST" else {}
            answer = contextvars.Context().run(browser.http.open, address, method=method, **form)
            answer.close()
            assert (answer.status_code != 403) is is_open, f"{method} {address} gave {answer.status_code}"


def test_a_refused_page_is_an_event_with_the_name_and_once_an_hour(
    app: Flask, clock: time_machine.Traveller
) -> None:
    refused = select(Event.actor, Event.object).where(Event.action == "refused_page").order_by(Event.id)
    with acting_as(app, "executive") as browser:
        for _ in range(3):
            browser.get("/agencies", status=403)
        browser.get("/mail", status=403)
        events = session.execute(refused).all()
        assert [event.object for event in events] == ["page agencies.list_agencies", "page mail.show_mail"]
        assert len({event.actor for event in events}) == 1
        session.rollback()
        clock.shift(3601)
        browser.get("/agencies", status=403)
        assert len(session.execute(refused).all()) == 3


def test_somebody_without_a_role_opens_nothing_and_is_told_so(app: Flask) -> None:
    with acting_as(app) as browser:
        page = browser.get("/audits", status=403).text
    assert "This page is for the business manager, audit lead, executive and administrator" in page
    assert "An administrator of the partnership can give you another role." in page


@pytest.fixture(scope="session")
def crawled_by_role(demonstration: Flask) -> dict[str, dict[str, CrawledPage]]:
    """The pages of the demonstration that links lead each role to."""
    pages = {}
    for role in STAFF_ROLES:
        with in_app_context(demonstration, now=MONDAY_MORNING), acting_as(demonstration, role) as browser:
            pages[role] = crawl(demonstration, browser)
    return pages


@pytest.fixture(scope="session")
def told_in_confidence(demonstration: Flask) -> dict[str, set[str]]:
    """What the demonstration holds: addresses of contacts, pseudonyms, and comments.

    Names of contacts are left out, and the addresses of owners of actions, who may be the same people.
    """
    with in_app_context(demonstration, now=MONDAY_MORNING):
        of_owners = {email for (email,) in session.query(Action.owner_email)}
        return {
            "contacts": {email for (email,) in session.query(Contact.email)} - of_owners,
            "cases": {f"{case.pseudonym}<" for case in session.query(Case)},
            "answers": {text[:60] for (text,) in session.query(Answer.text) if text and len(text) > 30},
        }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("role", "hidden"),
    [
        ("audit_lead", {"contacts"}),
        ("executive", {"contacts", "cases", "answers"}),
        ("administrator", {"cases", "answers"}),
    ],
)
def test_no_page_of_a_role_shows_what_it_must_not_see(
    crawled_by_role: dict[str, dict[str, CrawledPage]],
    told_in_confidence: dict[str, set[str]],
    role: str,
    hidden: set[str],
) -> None:
    for page in crawled_by_role[role].values():
        for kind in hidden:
            shown = {words for words in told_in_confidence[kind] if words in page.html}
            assert not shown, f"{page.path} shows {kind} to the {role}: {sorted(shown)[:3]}"


@pytest.mark.slow
@pytest.mark.parametrize("role", STAFF_ROLES)
def test_no_page_of_a_role_leads_to_one_that_it_may_not_open(
    app: Flask, crawled_by_role: dict[str, dict[str, CrawledPage]], role: str
) -> None:
    addresses, shut = app.url_map.bind("localhost"), set()
    for page in crawled_by_role[role].values():
        for attribute, address in _LEADS_TO.findall(page.html):
            method = "GET" if attribute == "href" else "POST"
            try:
                endpoint, _values = addresses.match(urlsplit(unescape(address)).path, method=method)
            except HTTPException:
                continue
            if endpoint.startswith(STAFF) and role not in roles_for(endpoint):
                shut.add((page.rule.rule, endpoint))
    assert sorted(shut) == [], "Ask may_open() in the template before the link or form."
