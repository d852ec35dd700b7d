"""Signing in and out, the start page and the health page."""

from datetime import timedelta

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.foundation import clock as our_clock
from surveyapp.foundation.mail import worker
from surveyapp.foundation.mail.circuit_breaker import trip_breaker
from surveyapp.foundation.mail.outbox import queue_email
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.standalone.models import Staff
from surveyapp.standalone.operations import change_password
from tests.page_client import PageClient

EMAIL, PASSWORD = "ann@partnership.example", "long enough to keep"
QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@pytest.fixture
def ann(app: Flask, session: Session) -> Staff:  # noqa: ARG001 — in the app's database
    staff = Staff(email=EMAIL, password_hash=QUICK.hash(PASSWORD), created_at=our_clock.now())
    session.add(staff)
    session.commit()
    return staff


def sign_in(browser: PageClient, *, status: int = 303, wanted: str = "/audits", **typed: str) -> str:
    browser.get("/sign-in", query_string={"next": wanted})
    form = {"email": EMAIL, "password": PASSWORD, **typed}
    answer = browser.post("/sign-in", form, status=status, query_string={"next": wanted})
    return answer.headers.get("Location", answer.get_data(as_text=True))


def test_the_start_page_tells_a_stranger_what_this_is(stranger: PageClient) -> None:
    words = stranger.get("/").get_data(as_text=True)
    assert "Use the link in your email" in words
    assert "Sign in" in words


def test_staff_go_from_the_start_page_to_their_audits(client: PageClient) -> None:
    assert client.get("/", status=302).headers["Location"] == "/audits"


@pytest.mark.usefixtures("ann")
def test_a_stranger_signs_in_and_comes_to_the_page_they_asked_for(stranger: PageClient) -> None:
    asked = stranger.get("/agencies", status=302).headers["Location"]
    assert asked == "/sign-in?next=%2Fagencies"
    assert sign_in(stranger, wanted="/agencies") == "/agencies"
    stranger.get("/agencies")


@pytest.mark.usefixtures("ann")
@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "https://evil.example/",
        "/\t/evil",
        "evil",
        "//[",
        "http://[",
        "",
    ],
)
def test_signing_in_never_redirects_to_another_site(stranger: PageClient, elsewhere: str) -> None:
    assert sign_in(stranger, wanted=elsewhere) == "/"


def test_the_cookie_that_tests_write_is_the_one_that_signing_in_writes(
    app: Flask, stranger: PageClient, ann: Staff, client: PageClient
) -> None:
    sign_in(stranger)
    cookies = []
    for browser in (stranger, client):
        with browser.http.session_transaction() as cookie:
            cookies.append({name for name in cookie if not name.startswith("csrf")})
    assert cookies[0] - {"_id"} == cookies[1]
    assert app.config["PERMANENT_SESSION_LIFETIME"] == timedelta(hours=12)
    assert ann.get_id().endswith(":1")


@pytest.mark.usefixtures("ann")
def test_a_wrong_password_and_an_unknown_address_get_the_same_response(stranger: PageClient) -> None:
    def response_to(**typed: str) -> str:
        page = sign_in(stranger, status=422, **typed)
        return page[page.index("error-summary") : page.index("<h1")]

    wrong = response_to(password="not the password")  # noqa: S106 — it is wrong
    assert wrong == response_to(email="nobody@partnership.example")
    assert "The email address or the password is not right" in wrong


@pytest.mark.usefixtures("ann")
def test_an_empty_form_gets_errors_that_say_what_to_enter(stranger: PageClient) -> None:
    page = sign_in(stranger, status=422, email="", password="")
    assert "Enter your email address" in page
    assert "Enter your password" in page


def test_an_address_is_not_tried_more_than_ten_times_in_a_quarter_of_an_hour(
    stranger: PageClient, ann: Staff, session: Session
) -> None:
    for _ in range(10):
        sign_in(stranger, status=422, password="not the password")  # noqa: S106 — it is wrong
    page = sign_in(stranger, status=429)
    assert "Try again in 15 minutes" in page
    session.add(
        Staff(email="bo@partnership.example", password_hash=ann.password_hash, created_at=ann.created_at)
    )
    session.commit()
    assert sign_in(stranger, email="bo@partnership.example") == "/audits"


@pytest.mark.usefixtures("ann")
def test_a_successful_sign_in_clears_the_counted_attempts(app: Flask) -> None:
    for _ in range(12):
        assert sign_in(PageClient(app)) == "/audits"


def test_a_right_password_is_refused_after_too_many_attempts(stranger: PageClient, ann: Staff) -> None:
    for _ in range(10):
        sign_in(stranger, status=422, password="not the password")  # noqa: S106 — it is wrong
    for _ in range(2):
        sign_in(stranger, status=429, email=ann.email.upper())


@pytest.mark.usefixtures("ann")
def test_signing_in_clears_the_earlier_session(stranger: PageClient) -> None:
    with stranger.http.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
    sign_in(stranger)
    with stranger.http.session_transaction() as cookie:
        assert "planted" not in cookie


@pytest.mark.usefixtures("ann")
def test_signing_out_is_a_button_and_ends_the_session(stranger: PageClient) -> None:
    sign_in(stranger)
    stranger.get("/sign-out")
    stranger.get("/agencies")
    assert stranger.post("/sign-out").headers["Location"] == "/"
    stranger.get("/agencies", status=302)


@pytest.mark.usefixtures("ann")
def test_a_cookie_from_before_signing_out_gives_no_access(app: Flask, stranger: PageClient) -> None:
    sign_in(stranger)
    with stranger.http.session_transaction() as cookie:
        copy = dict(cookie)
    stranger.get("/sign-out")
    stranger.post("/sign-out")
    thief = PageClient(app)
    with thief.http.session_transaction() as cookie:
        cookie.update(copy)
    thief.get("/agencies", status=302)


def test_signing_out_twice_is_harmless(stranger: PageClient) -> None:
    assert stranger.post("/sign-out").headers["Location"] == "/"


@pytest.mark.usefixtures("ann")
def test_a_session_ends_after_half_an_hour_without_a_page(
    stranger: PageClient, clock: time_machine.Traveller
) -> None:
    sign_in(stranger)
    clock.shift(timedelta(minutes=29))
    stranger.get("/agencies")
    clock.shift(timedelta(minutes=29))
    stranger.get("/agencies")
    clock.shift(timedelta(minutes=31))
    stranger.get("/agencies", status=302)


@pytest.mark.usefixtures("ann")
def test_a_session_ends_after_twelve_hours_however_busy(
    stranger: PageClient, clock: time_machine.Traveller
) -> None:
    sign_in(stranger)
    for _ in range(36):
        clock.shift(timedelta(minutes=20))
        stranger.get("/sign-out")
        stranger.get("/", status=302)
    clock.shift(timedelta(minutes=1))
    stranger.get("/agencies", status=302)


def test_a_new_password_ends_every_session(stranger: PageClient, ann: Staff) -> None:
    sign_in(stranger)
    with transaction():
        change_password(ann, "another long password", now=our_clock.now())
    stranger.get("/agencies", status=302)


def test_an_event_names_who_signed_in_by_number(stranger: PageClient, ann: Staff, session: Session) -> None:
    sign_in(stranger)
    event = session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert event is not None
    assert (event.actor, event.action) == (f"staff {ann.id}", "signed_in")


def test_the_health_page_is_red_until_a_worker_has_run(stranger: PageClient) -> None:
    assert "It has not run yet" in stranger.get("/health", status=503).get_data(as_text=True)
    worker.tick(our_clock.now())
    assert "Everything is well" in stranger.get("/health").get_data(as_text=True)


def test_the_health_page_is_red_when_the_worker_or_mail_has_stopped(
    stranger: PageClient, clock: time_machine.Traveller
) -> None:
    worker.tick(our_clock.now())
    clock.shift(timedelta(minutes=16))
    stranger.get("/health", status=503)
    worker.tick(our_clock.now())
    stranger.get("/health")
    with transaction():
        trip_breaker("server not reachable at smtp.inside.example", probing=False, now=our_clock.now())
    page = stranger.get("/health", status=503).get_data(as_text=True)
    assert "has not taken mail since 9:16am" in page
    assert "smtp.inside.example" not in page


def test_the_health_page_is_red_when_mail_waits_without_a_worker(
    stranger: PageClient, clock: time_machine.Traveller
) -> None:
    with transaction():
        queue_email("test", 0, to="me@partnership.example", key="test:1", now=our_clock.now())
    clock.shift(timedelta(minutes=6))
    worker.tick(our_clock.now())
    page = stranger.get("/health", status=503).get_data(as_text=True)
    assert "Mail is waiting, and no worker is sending." in page
    assert "message" not in page, "How much waits is the partnership’s."


def test_an_unknown_url_gets_an_error_page_of_ours(stranger: PageClient) -> None:
    answer = stranger.get("/nowhere", status=404)
    assert "There is no such page here" in answer.get_data(as_text=True)
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
