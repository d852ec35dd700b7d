"""Sessions: a row each, used and ended, in words that people recognise."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from surveyapp.foundation import clock as our_clock
from surveyapp.standalone.models import Staff, StaffSession
from surveyapp.standalone.sessions.browser_words import browser_in_words
from surveyapp.standalone.sessions.operations import begin_session
from surveyapp.standalone.sessions.session_rules import secret_hash
from tests.accounts import PASSWORD, person
from tests.page_client import PageClient


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "Safari on an iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605.1.15", "Safari on a Mac"),
        ("curl/8", "An unknown browser"),
        ("<script>Windows", "An unknown browser on Windows"),
        ("", "An unknown browser"),
    ],
)
def test_a_browser_is_named_in_words(user_agent: str, words: str) -> None:
    assert browser_in_words(user_agent) == words


def test_use_is_stored_once_a_minute_and_not_with_every_page(
    client: PageClient,
    clock: time_machine.Traveller,
    queries: Callable[[int], AbstractContextManager[list[str]]],
) -> None:
    clock.shift(timedelta(seconds=59))
    for writes in (0, 2, 0):
        with queries(20) as statements:
            client.get("/audits")
        assert sum(statement.startswith("UPDATE") for statement in statements) == writes
        clock.shift(timedelta(seconds=1))


def test_what_a_script_fetches_by_itself_keeps_no_session_alive(
    client: PageClient, clock: time_machine.Traveller
) -> None:
    for _ in range(3):
        clock.shift(timedelta(minutes=10))
        client.get("/audits", headers={"Sec-Fetch-Dest": "empty"})
    clock.shift(timedelta(seconds=1))
    client.get("/audits", status=302)


def test_the_table_and_the_cookie_do_not_let_each_other_in(client: PageClient, session: Session) -> None:
    with client.http.session_transaction() as cookie:
        secret = cookie["staff_session"]
    (stored,) = session.scalars(select(StaffSession.secret_hash))
    assert stored == secret_hash(secret) != secret
    for stolen in (stored, "", None, 3, ["x"]):
        with client.http.session_transaction() as cookie:
            cookie["staff_session"] = stolen
        client.get("/audits", status=302)


def test_signing_in_again_ends_the_session_before(client: PageClient, session: Session) -> None:
    bo = person()
    with client.http.session_transaction() as cookie:
        before = dict(cookie)
    client.post("/sign-in", {"email": bo.email, "password": PASSWORD})
    with client.http.session_transaction() as cookie:
        assert cookie["staff_session"] != before["staff_session"]
        cookie.update(before)
    client.get("/audits", status=302)
    assert session.scalar(select(func.count()).where(StaffSession.ended_at.is_(None))) == 1


def test_sessions_long_over_are_forgotten_at_the_next_sign_in(
    session: Session, clock: time_machine.Traveller
) -> None:
    bo = person()
    for _ in range(2):
        begin_session(bo, browser="Firefox", now=our_clock.now())
        session.commit()
        clock.shift(timedelta(days=31))
    assert session.scalars(select(Staff.last_seen_at)).one() == our_clock.now() - timedelta(days=31)
    assert len(session.scalars(select(StaffSession)).all()) == 1
