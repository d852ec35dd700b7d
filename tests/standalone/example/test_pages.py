"""The example on its pages: offered on an empty page Audits, followed as it loads, removed with a word."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.foundation.mail.worker import run_prompt_operations
from surveyapp.foundation.store.db import transaction
from surveyapp.planning.models import Audit
from surveyapp.standalone.example import operations
from surveyapp.standalone.models import WantedExample
from tests.accounts import staff_row
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker

Queries = Callable[[int], AbstractContextManager[list[str]]]
OFFER = "Look at an example first"


@pytest.fixture
def as_role(app: Flask, session: Session) -> Callable[[str], PageClient]:
    """The browser of somebody with one role."""

    def signed_in(role: str) -> PageClient:
        staff = staff_row(f"One {role}", email=f"{role}@partnership.example", roles=role)
        session.add(staff)
        session.commit()
        browser = PageClient(app)
        browser.sign_in_as(staff)
        return browser

    return signed_in


def test_one_click_loads_it_the_page_follows_and_a_word_removes_it(
    client: PageClient, session: Session
) -> None:
    assert OFFER in client.get("/audits").text
    waiting = client.follow(client.post("/example")).text
    assert "The example is being loaded." in waiting
    assert 'data-live="/example/live.json"' in waiting
    audits = client.get("/audits").text
    assert OFFER not in audits
    assert "See how far it is" in audits
    first = client.get("/example/live.json")
    assert json.loads(first.text)["over"] is False
    tag = {"If-None-Match": first.headers["ETag"]}
    client.get("/example/live.json", status=304, headers=tag)
    run_prompt_operations(MONDAY_MORNING)
    news = json.loads(client.get("/example/live.json", headers=tag).text)
    assert news["over"] is True
    assert "The example is loaded." in news["parts"]["example"]
    audits = client.get("/audits").text
    assert audits.count(">Example</strong>") == 1
    assert "77 of 90 returned (85.6%)" in audits
    number = session.scalars(select(Audit.id)).one()
    for path in (f"/audits/{number}", f"/audits/{number}/report", f"/audits/{number}/set-up"):
        page = client.get(path).text
        assert "Everything in it is invented, and no email about it goes to anybody." in page
        assert 'href="/example/remove"' in page
    removal = client.get("/example/remove").text
    for words in ("1 audit", "15 cases", "90 requests", "80 returns and drafts"):
        assert f"<li>{words}</li>" in removal
    assert "Type example to remove it" in client.post("/example/remove", {"word": "yes"}, status=422).text
    removed = client.follow(client.post("/example/remove", {"word": "example"})).text
    assert "The example is removed." in removed
    assert OFFER in removed
    assert "there is nothing to remove" in client.get("/example/remove").text


def test_it_is_offered_to_managers_and_administrators_alone(as_role: Callable[[str], PageClient]) -> None:
    for role in ("business_manager", "administrator"):
        browser = as_role(role)
        assert OFFER in browser.get("/audits").text
        assert "Load the example" in browser.get("/example").text
    for role in ("audit_lead", "executive"):
        browser = as_role(role)
        assert OFFER not in browser.get("/audits").text
        browser.get("/example", status=403)
        browser.post("/example", status=403)


def test_beside_an_audit_it_is_neither_offered_nor_loaded(client: PageClient, make: Maker) -> None:
    make.audit(issued=False)
    assert OFFER not in client.get("/audits").text
    assert "There are audits already" in client.get("/example").text
    assert "There are audits already" in client.post("/example", status=409).text


def test_a_wish_that_nobody_takes_up_and_a_load_that_failed_say_what_to_do(
    client: PageClient, session: Session, clock: time_machine.Traveller
) -> None:
    client.get("/audits")
    client.post("/example")
    clock.shift(timedelta(minutes=3))
    assert "whether its worker runs" in client.get("/example").text
    with transaction():
        session.get_one(WantedExample, 1).failed_at = MONDAY_MORNING
    failed = client.get("/example").text
    assert "The example could not be loaded." in failed
    assert "data-live=" not in failed
    assert "The example is being loaded." in client.follow(client.post("/example")).text


def test_what_an_open_page_asks_takes_few_statements(client: PageClient, queries: Queries) -> None:
    with transaction():
        operations.want_example(actor="Ann Lee", now=MONDAY_MORNING)
    with queries(4):
        client.get("/example/live.json")
