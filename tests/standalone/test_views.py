"""Signing in and out, the start page and the health page."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from importlib.metadata import version

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from itsdangerous import URLSafeTimedSerializer, base64_decode
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from surveyapp.foundation import clock as our_clock
from surveyapp.foundation.mail import worker
from surveyapp.foundation.mail.circuit_breaker import trip_breaker
from surveyapp.foundation.mail.outbox import queue_email
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.schema import newest_revision
from surveyapp.standalone.models import Staff
from surveyapp.standalone.operations import reset_account
from surveyapp.standalone.passwords.password_hashes import TooManyAtOnce, place_in_queue
from surveyapp.standalone.sign_in_limits import sign_in_limits
from tests.accounts import staff_row
from tests.engine_events import engine_listener
from tests.page_client import PageClient

EMAIL, PASSWORD = "ann@partnership.example", "long enough to keep"
QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@pytest.fixture
def ann(app: Flask, session: Session) -> Staff:  # noqa: ARG001 — in the app's database
    staff = staff_row("Ann Lee", email=EMAIL, password_hash=QUICK.hash(PASSWORD))
    session.add(staff)
    session.commit()
    return staff


def sign_in(
    browser: PageClient,
    *,
    status: int = 303,
    wanted: str = "/audits",
    environ_base: dict[str, str] | None = None,
    **typed: str,
) -> str:
    browser.get("/sign-in", query_string={"next": wanted})
    form = {"email": EMAIL, "password": PASSWORD, **typed}
    answer = browser.post(
        "/sign-in", form, status=status, query_string={"next": wanted}, environ_base=environ_base or {}
    )
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


@pytest.mark.usefixtures("ann")
def test_the_cookie_that_tests_write_is_the_one_that_signing_in_writes(
    app: Flask, stranger: PageClient, client: PageClient
) -> None:
    sign_in(stranger)
    cookies = []
    for browser in (stranger, client):
        with browser.http.session_transaction() as cookie:
            cookies.append({name for name in cookie if not name.startswith("csrf")})
    assert cookies[0] == cookies[1] == {"staff_session"}
    assert app.config["PERMANENT_SESSION_LIFETIME"] == timedelta(hours=12)


@pytest.mark.usefixtures("ann")
def test_a_wrong_password_and_an_unknown_address_get_the_same_response(stranger: PageClient) -> None:
    def response_to(*, email: str = EMAIL, password: str = PASSWORD) -> str:
        page = sign_in(stranger, status=422, email=email, password=password)
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
    session.add(staff_row("Bo Finch", email="bo@partnership.example", password_hash=ann.password_hash))
    session.commit()
    assert sign_in(stranger, email="bo@partnership.example") == "/audits"


def tries_in_vain(app: Flask, times: int, network: str, *, email: str = "") -> None:
    """Try wrong passwords from a network, for one account or for another one each time."""
    browser = PageClient(app)
    for number in range(times):
        typed = {"email": email or f"nobody{number}@partnership.example", "password": "not the password"}
        browser.get("/sign-in")
        answer = browser.http.post(
            "/sign-in", data={**typed, "csrf_token": browser.token}, environ_base={"REMOTE_ADDR": network}
        )
        assert answer.status_code in {422, 429}


@pytest.mark.usefixtures("ann")
@pytest.mark.parametrize(
    ("attacker", "same", "other"),
    [
        ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
        ("2001:db8:1:2::7", "2001:db8:1:2:ffff::9", "2001:db8:1:3::7"),
        ("::ffff:192.0.2.7", "192.0.2.7", "192.0.2.8"),
    ],
)
def test_a_network_address_is_not_used_for_more_than_thirty_tries(
    app: Flask, stranger: PageClient, attacker: str, same: str, other: str
) -> None:
    with places_taken():
        tries_in_vain(app, 30, attacker)
    page = sign_in(stranger, status=429, environ_base={"REMOTE_ADDR": same})
    assert "tried too often from your network" in page
    assert sign_in(stranger, environ_base={"REMOTE_ADDR": other}) == "/audits"


@pytest.mark.usefixtures("ann")
def test_strangers_cannot_lock_out_a_device_on_which_the_account_has_signed_in(
    app: Flask, stranger: PageClient
) -> None:
    own = {"REMOTE_ADDR": "192.0.2.7"}
    sign_in(stranger, environ_base=own)
    stranger.get("/sign-out")
    stranger.post("/sign-out")
    with places_taken():
        tries_in_vain(app, 30, own["REMOTE_ADDR"])
        tries_in_vain(app, 10, "192.0.2.99", email=EMAIL)
    sign_in(PageClient(app), status=429, environ_base={"REMOTE_ADDR": "192.0.2.100"})
    assert sign_in(stranger, environ_base=own) == "/audits"


def test_a_known_device_has_ten_tries_for_its_own_account_and_none_for_another(
    app: Flask, stranger: PageClient, ann: Staff, session: Session
) -> None:
    bo = "bo@partnership.example"
    session.add(staff_row("Bo Finch", email=bo, password_hash=ann.password_hash))
    session.commit()
    sign_in(stranger)
    stranger.get("/sign-out")
    stranger.post("/sign-out")
    for _ in range(10):
        sign_in(stranger, status=422, password="not the password")  # noqa: S106 — it is wrong
    assert "tried too often on this computer" in sign_in(stranger, status=429)
    assert sign_in(PageClient(app)) == "/audits", "What is guessed on a device locks out nobody elsewhere."
    tries_in_vain(app, 10, "192.0.2.99", email=bo)
    assert "tried too often with this address" in sign_in(stranger, status=429, email=bo)


@pytest.mark.usefixtures("ann")
def test_the_cookie_of_a_known_device_is_kept_from_scripts_and_holds_no_address(
    app: Flask, stranger: PageClient
) -> None:
    sign_in(stranger)
    name = app.config["SESSION_COOKIE_NAME"] + "-device"
    cookie = stranger.http.get_cookie(name)
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site, cookie.path) == (True, "Strict", "/")
    assert timedelta(days=180) < timedelta(seconds=cookie.max_age or 0) < timedelta(days=190)
    assert "ann" not in str(base64_decode(cookie.value.split(".")[0]))
    forged = URLSafeTimedSerializer("dev", salt="device").dumps({"id": "x", "accounts": ["x"]})
    for value in (str(forged), "nonsense", cookie.value[:-1]):
        thief = PageClient(app)
        thief.http.set_cookie(name, value)
        assert sign_in(thief) == "/audits", "An unreadable cookie is a device that nobody knows."


def events(session: Session) -> list[tuple[str, str, str]]:
    session.rollback()
    rows = session.scalars(select(Event).where(Event.action != "signed_in").order_by(Event.id))
    return [(event.action, event.object, event.detail.partition("from ")[0]) for event in rows]


def test_failed_and_refused_sign_ins_are_events_without_address_or_network(
    app: Flask, ann: Staff, session: Session
) -> None:
    known, unknown, name = f"staff {ann.id}", "no account", "Ann Lee, "
    session.rollback()
    tries_in_vain(app, 12, "192.0.2.7", email=EMAIL)
    tries_in_vain(app, 1, "192.0.2.7")
    with places_taken():
        tries_in_vain(app, 20, "192.0.2.7")
    assert events(session) == [
        *[("failed_sign_in", known, name)] * 10,
        ("refused_sign_in", known, f"{name}account tried too often, "),
        ("failed_sign_in", unknown, ""),
        ("refused_sign_in", unknown, "too many at once, "),
        ("refused_sign_in", unknown, "network tried too often, "),
    ]
    stored = " ".join(
        f"{event.actor} {event.object} {event.detail}" for event in session.scalars(select(Event))
    )
    assert "@" not in stored
    assert "192.0.2.7" not in stored


def test_a_flood_of_failed_sign_ins_fills_no_table(app: Flask, ann: Staff, session: Session) -> None:
    session.rollback()
    while sign_in_limits().may_note():
        pass
    for email in (ann.email, "nobody@partnership.example", "nobody-else@partnership.example"):
        tries_in_vain(app, 1, "192.0.2.7", email=email)
    assert events(session) == [("left_out_sign_ins", "sign-in", "")]


@pytest.mark.usefixtures("ann")
def test_a_try_runs_the_same_statements_for_a_known_and_an_unknown_address(
    app: Flask, queries: Callable[[int], AbstractContextManager[list[str]]]
) -> None:
    def statements_of(email: str) -> list[str]:
        with queries(12) as statements:
            tries_in_vain(app, 1, "192.0.2.7", email=email)
        return [" ".join(statement.split()) for statement in statements]

    def but_counting(statements: list[str]) -> int:
        # On PostgreSQL the database counts the tries, too.
        return len([statement for statement in statements if "survey_shared_count" not in statement])

    seen = []
    for email in (EMAIL, "nobody@partnership.example"):
        failed = statements_of(email)
        with places_taken():
            tries_in_vain(app, 9, "192.0.2.99", email=email)
        seen.append((failed, statements_of(email), statements_of(email)))
    assert seen[0] == seen[1]
    assert [but_counting(statements) for statements in seen[0]] == [2, 2, 1]


def test_somebody_who_is_one_too_many_is_asked_to_press_again(stranger: PageClient, ann: Staff) -> None:
    with places_taken():
        page = sign_in(stranger, status=429, email=ann.email)
    assert "Press the button again in a few seconds" in page
    assert sign_in(stranger) == "/audits"


@contextmanager
def places_taken() -> Iterator[None]:
    """Every place of strangers in the queue for a password's check is taken."""
    with ExitStack() as places:
        with suppress(TooManyAtOnce):
            while True:
                places.enter_context(place_in_queue(on_known_device=False))
        yield


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
        reset_account(ann, "another long password", now=our_clock.now())
    stranger.get("/agencies", status=302)


@pytest.mark.usefixtures("ann")
def test_an_event_names_who_signed_in(stranger: PageClient, session: Session) -> None:
    sign_in(stranger)
    event = session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert event is not None
    assert (event.actor, event.action) == ("Ann Lee", "signed_in")


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


AWAY = {"REMOTE_ADDR": "192.0.2.7"}
PROXIED = [
    {"X-Forwarded-For": "127.0.0.1"},
    {"X-Forwarded-For": "192.0.2.7"},
    {"Forwarded": "for=192.0.2.7"},
    {"X-Real-IP": "192.0.2.7"},
    {"Via": "1.1 proxy"},
]


def shows_details(page: str) -> bool:
    return "It last ran" in page or "It has not run yet" in page or "MB are free" in page


def test_a_stranger_reads_on_the_health_page_only_whether_all_is_well(stranger: PageClient) -> None:
    page = stranger.get("/health", status=503, environ_base=AWAY).get_data(as_text=True)
    assert "Something needs a person" in page
    assert not shows_details(page)
    worker.tick(our_clock.now())
    page = stranger.get("/health", environ_base=AWAY).get_data(as_text=True)
    assert "Everything is well" in page
    assert not shows_details(page)


@pytest.mark.parametrize("headers", PROXIED)
def test_a_request_through_a_proxy_on_this_computer_is_not_this_computers_own(
    stranger: PageClient, headers: dict[str, str]
) -> None:
    assert not shows_details(stranger.get("/health", status=503, headers=headers).get_data(as_text=True))


@pytest.mark.parametrize("own", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_this_computer_and_staff_read_the_details_of_the_health_page(
    stranger: PageClient, client: PageClient, own: str
) -> None:
    for browser, base in ((stranger, {"REMOTE_ADDR": own}), (client, AWAY)):
        assert shows_details(browser.get("/health", status=503, environ_base=base).get_data(as_text=True))


def test_a_served_app_believes_its_own_computer_only_once_its_proxy_is_configured(
    app: Flask, stranger: PageClient
) -> None:
    state = app.extensions["survey"]
    served = replace(state.settings, public_base_url="https://audits.partnership.example")
    app.extensions["survey"] = replace(state, settings=served)
    assert not shows_details(stranger.get("/health", status=503).get_data(as_text=True))
    app.config["TRUSTED_PROXIES"] = 1
    assert shows_details(stranger.get("/health", status=503).get_data(as_text=True))


def test_the_health_page_is_red_once_the_key_file_is_gone(app: Flask, client: PageClient) -> None:
    worker.tick(our_clock.now())
    page = client.get("/health").get_data(as_text=True)
    assert "It is there, and only its owner reads it." in page
    assert f"surveyapp {version('surveyapp')}, for tables at revision {newest_revision()}" in page
    app.extensions["survey"].settings.key_file.unlink()
    page = client.get("/health", status=503).get_data(as_text=True)
    assert "Put its copy back before anything is started again." in page


def test_the_health_page_says_since_when_the_oldest_email_waits(
    stranger: PageClient, clock: time_machine.Traveller
) -> None:
    with transaction():
        queue_email("test", 0, to="me@partnership.example", key="test:1", now=our_clock.now())
    clock.shift(timedelta(minutes=2))
    worker.tick(our_clock.now())
    page = stranger.get("/health").get_data(as_text=True)
    assert "The email that waits longest has been due since Monday 30 November 2026 at 9:00am." in page


def test_the_health_page_answers_staff_while_the_database_is_out_of_reach(client: PageClient) -> None:
    def refuse(*_statement: object) -> None:
        raise OperationalError("", None, Exception("out of reach"))

    with engine_listener("before_cursor_execute", refuse):
        page = client.get("/health", status=503, environ_base=AWAY).get_data(as_text=True)
    assert "Something needs a person" in page


def test_an_unknown_url_gets_an_error_page_of_ours(stranger: PageClient) -> None:
    answer = stranger.get("/nowhere", status=404)
    assert "There is no such page here" in answer.get_data(as_text=True)
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
