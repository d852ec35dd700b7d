"""A forgotten password: the same answer for everybody, a link that works once, and nothing but a password."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.foundation import clock as our_clock
from surveyapp.foundation.mail import worker
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.models import Outbox
from surveyapp.standalone.links.operations import MOST_WANTED_PASSWORDS, want_password
from surveyapp.standalone.links.staff_links import address_of
from surveyapp.standalone.models import Staff, StaffLink, WantedPassword
from tests.accounts import PASSWORD, person
from tests.page_client import PageClient

NEW = "another long password"


@pytest.fixture
def bo(session: Session) -> Staff:  # noqa: ARG001 — in the app's database
    return person()


def asks(browser: PageClient, email: str, *, status: int = 303) -> str:
    browser.get("/forgotten-password")
    return browser.post("/forgotten-password", {"email": email}, status=status).get_data(as_text=True)


def links_sent(session: Session) -> list[str]:
    worker.run_prompt_operations(our_clock.now())
    session.rollback()
    return ["/" + address_of(link).split("/", 3)[3] for link in session.scalars(select(StaffLink))]


@pytest.mark.slow
def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(
    app: Flask, stranger: PageClient, bo: Staff, session: Session, outbox: Callable[[], list[Outbox]]
) -> None:
    elsewhere, email = PageClient(app), bo.email
    elsewhere.sign_in_as(bo)
    asks(stranger, f" {email.upper()} ")
    (path,) = links_sent(session)
    for _ in range(2):
        stranger.get(path)
    assert "12 characters or more" in stranger.post(path, {"password": "short"}, status=422).text
    elsewhere.get("/audits")
    answer = stranger.post(path, {"password": NEW})
    assert answer.headers["Location"] == "/sign-in", "A mailbox alone signs nobody in."
    assert "Your password is changed" in stranger.follow(answer).text
    elsewhere.get("/audits", status=302)
    stranger.post(path, {"password": NEW + "!"}, status=404)
    stranger.get(path, status=404)
    assert [mail.kind for mail in outbox()] == ["staff_new_password", "staff_password_changed"]
    stranger.get("/sign-in")
    stranger.post("/sign-in", {"email": email, "password": PASSWORD}, status=422)
    stranger.post("/sign-in", {"email": email, "password": NEW})
    stranger.get("/audits")
    events = [event.action for event in session.scalars(select(Event).order_by(Event.id))]
    assert events == ["asked_for_new_password", "changed_password", "failed_sign_in", "signed_in"]


def test_the_link_ends_after_an_hour_and_with_a_newer_one(
    stranger: PageClient, bo: Staff, session: Session, clock: time_machine.Traveller
) -> None:
    email = bo.email
    asks(stranger, email)
    (first,) = links_sent(session)
    asks(stranger, email)
    second = links_sent(session)[-1]
    stranger.get(first, status=404)
    stranger.get(second)
    clock.shift(timedelta(hours=1))
    stranger.get(second, status=404)


def test_everybody_gets_the_same_answer_with_the_same_statements(
    stranger: PageClient,
    bo: Staff,
    queries: Callable[[int], AbstractContextManager[list[str]]],
    session: Session,
) -> None:
    suspended, invited = person("Cy Moss"), person("Di Park")
    suspended.suspended_at, invited.password_hash = our_clock.now(), ""
    session.commit()
    addresses = (bo.email, suspended.email, invited.email, "nobody@partnership.example")
    seen = set()
    for address in addresses:
        with queries(8) as statements:
            answer = asks(stranger, address)
        # On PostgreSQL the database counts what was asked for, too.
        assert len([sql for sql in statements if "survey_shared_count" not in sql]) <= 4
        seen.add((answer, *[" ".join(statement.split()) for statement in statements]))
    assert len(seen) == 1
    assert len(links_sent(session)) == 1, "Only whoever has joined, with a password, gets a link."
    assert session.scalar(select(WantedPassword.address)) is None


def test_an_address_and_a_network_are_asked_for_so_often(stranger: PageClient, session: Session) -> None:
    for address in ("bo@partnership.example", "nobody@partnership.example"):
        for _ in range(3):
            asks(stranger, address)
        assert "asked too often" in asks(stranger, address, status=429)
    for number in range(12):
        asks(stranger, f"nobody{number}@partnership.example")
    assert "asked too often" in asks(stranger, "somebody@partnership.example", status=429)
    assert len(session.scalars(select(WantedPassword)).all()) == 14


@pytest.mark.usefixtures("session")
def test_a_flood_of_addresses_fills_no_table(session: Session) -> None:
    for number in range(MOST_WANTED_PASSWORDS + 2):
        with transaction():
            want_password(f"nobody{number}@partnership.example", now=our_clock.now())
    assert len(session.scalars(select(WantedPassword)).all()) == MOST_WANTED_PASSWORDS
    session.rollback()
    assert links_sent(session) == []
    assert session.scalars(select(Event.action)).all() == ["left_out_wanted_passwords"]


def test_no_link_stands_in_the_database_or_the_log(
    stranger: PageClient, bo: Staff, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    asks(stranger, bo.email)
    (path,) = links_sent(session)
    token = path.rpartition("/")[2]
    for table in (StaffLink, Outbox, Event):
        for row in session.scalars(select(table)):
            assert token not in str(vars(row))
    assert token not in caplog.text
