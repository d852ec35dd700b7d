"""Signing in with a second factor: setting it up, codes once each, recovery codes, and roles that need it."""

import re
from base64 import b32decode
from datetime import timedelta

import pytest
import time_machine
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from surveyapp.foundation import clock as our_clock
from surveyapp.foundation.store.event_log import Event
from surveyapp.standalone.models import RecoveryCode, Staff
from tests.accounts import PASSWORD, person
from tests.page_client import PageClient

EMAIL = "bo.finch@partnership.example"


@pytest.fixture
def bo(session: Session) -> Staff:  # noqa: ARG001 — in the app's database
    return person(roles="executive")


def signs_in(browser: PageClient, *, leads_to: str = "/sign-in/code?next=/audits") -> None:
    browser.get("/sign-in", query_string={"next": "/audits"})
    typed = {"email": EMAIL, "password": PASSWORD}
    answer = browser.post("/sign-in", typed, query_string={"next": "/audits"})
    assert answer.headers["Location"] == leads_to
    # The token of the page before went with the cookie.
    browser.follow(answer)


def code_for(key: str) -> str:
    app = TOTP(b32decode(key), 6, SHA1(), 30)  # noqa: S303 — as every authenticator app
    return app.generate(int(our_clock.now().timestamp())).decode()


def sets_up(browser: PageClient, address: str, **typed: str) -> tuple[str, list[str]]:
    """Set an app up; returns its key and the recovery codes."""
    page = browser.get(address).text
    assert "<svg" in page
    key = "".join(re.findall(r'survey-app-key">([A-Z2-7 ]+)<', page)[0].split())
    sealed = re.findall(r'name="key" value="([^"]+)"', page)[0]
    wrong = browser.post(address, {"key": sealed, "code": "000000", **typed}, status=422).text
    assert sealed in wrong, "The app that was set up meanwhile still fits the page."
    shown = browser.post(address, {"key": sealed, "code": code_for(key), **typed}, status=200).text
    codes = re.findall(r"<li>((?:[a-z2-7]{4}-){6}[a-z2-7]{2})</li>", shown)
    assert len(set(codes)) == 10
    return key, codes


@pytest.mark.slow
def test_a_code_is_asked_for_after_the_password_and_taken_once(
    app: Flask, stranger: PageClient, bo: Staff, session: Session, clock: time_machine.Traveller
) -> None:
    stranger.sign_in_as(bo)
    assert "Set up an app for codes" in stranger.get("/account").text
    key, _codes = sets_up(stranger, "/account/second-factor", present=PASSWORD)
    assert "10 of 10 recovery codes" in stranger.get("/account").text
    browser = PageClient(app)
    signs_in(browser)
    browser.get("/audits", status=302)
    browser.get("/sign-in/code")
    used = browser.post("/sign-in/code", {"code": code_for(key)}, status=422).text
    assert "it has been used" in used, "The code that set the app up signs nobody in."
    clock.shift(timedelta(seconds=30))
    assert browser.post("/sign-in/code", {"code": "000000"}, status=422)
    answer = browser.post(
        "/sign-in/code",
        {"code": f" {code_for(key)[:3]} {code_for(key)[3:]}"},
        query_string={"next": "/agencies"},
    )
    assert answer.headers["Location"] == "/agencies"
    browser.get("/audits")
    thief = PageClient(app)
    signs_in(thief)
    thief.post("/sign-in/code", {"code": code_for(key)}, status=422)
    stored = session.execute(text("SELECT totp_key FROM survey_staff")).scalar_one()
    assert key.encode() not in bytes(stored)
    details = [event.detail for event in session.scalars(select(Event).where(Event.action == "signed_in"))]
    assert details == ["with a code of the app"]


@pytest.mark.slow
def test_a_recovery_code_signs_in_once_and_is_kept_hashed(
    app: Flask, stranger: PageClient, bo: Staff, session: Session
) -> None:
    stranger.sign_in_as(bo)
    _key, codes = sets_up(stranger, "/account/second-factor", present=PASSWORD)
    # Five random bits in each.
    assert {len(code.replace("-", "")) for code in codes} == {26}
    for typed, status in ((codes[3].upper(), 303), (codes[3], 422), (codes[4].replace("-", " "), 303)):
        browser = PageClient(app)
        signs_in(browser)
        browser.post("/sign-in/code", {"code": typed}, status=status)
    assert "8 of 10 recovery codes" in stranger.get("/account").text
    stored = " ".join(session.scalars(select(RecoveryCode.code_hash)))
    assert not any(code in stored or code.replace("-", "") in stored for code in codes)
    session.rollback()
    new = stranger.post("/account/second-factor/recovery-codes", {"present": PASSWORD}, status=200).text
    assert codes[0] not in new
    browser = PageClient(app)
    signs_in(browser)
    browser.post("/sign-in/code", {"code": codes[0]}, status=422)


def with_app(staff: Staff, session: Session) -> str:
    key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    staff.totp_key = key
    session.commit()
    return key


def test_codes_are_not_tried_without_end_and_others_can_still_sign_in(
    app: Flask, stranger: PageClient, bo: Staff, session: Session
) -> None:
    key = with_app(bo, session)
    signs_in(stranger)
    for _ in range(5):
        stranger.post("/sign-in/code", {"code": "000000"}, status=422)
    signs_in(stranger)
    page = stranger.post("/sign-in/code", {"code": code_for(key)}, status=429).text
    assert "tried too often" in page
    other = person("Cy Moss")
    browser = PageClient(app)
    browser.get("/sign-in")
    browser.post("/sign-in", {"email": other.email, "password": PASSWORD})
    browser.get("/audits")
    failed = session.scalars(select(Event).where(Event.action == "failed_second_factor")).all()
    assert [(event.actor, event.detail) for event in failed] == [("stranger", "Bo Finch")] * 5


def test_the_second_step_ends_after_ten_minutes_and_with_a_new_password(
    stranger: PageClient, bo: Staff, session: Session, clock: time_machine.Traveller
) -> None:
    key = with_app(bo, session)
    signs_in(stranger)
    clock.shift(timedelta(minutes=10, seconds=1))
    for answer in (
        stranger.get("/sign-in/code", status=303),
        stranger.post("/sign-in/code", {"code": code_for(key)}),
    ):
        assert answer.headers["Location"].startswith("/sign-in?")
    signs_in(stranger)
    bo.session_epoch += 1
    session.commit()
    stranger.post("/sign-in/code", {"code": code_for(key)})
    stranger.get("/audits", status=302)


def test_the_second_step_leads_to_no_other_site(stranger: PageClient, bo: Staff, session: Session) -> None:
    key = with_app(bo, session)
    signs_in(stranger)
    answer = stranger.post("/sign-in/code", {"code": code_for(key)}, query_string={"next": "//evil.example"})
    assert answer.headers["Location"] == "/"


def test_a_role_that_needs_a_second_factor_sets_it_up_before_it_is_in(
    app: Flask, stranger: PageClient, bo: Staff, clock: time_machine.Traveller
) -> None:
    earlier = PageClient(app)
    earlier.sign_in_as(bo)
    app.extensions["survey_second_factor_for"] = frozenset({"executive"})
    earlier.get("/audits", status=302)
    signs_in(stranger, leads_to="/sign-in/second-factor?next=/audits")
    stranger.get("/audits", status=302)
    stranger.get("/sign-in/code", status=303)
    key, _codes = sets_up(stranger, "/sign-in/second-factor")
    stranger.get("/audits")
    assert "Remove the second factor" not in stranger.get("/account").text
    stranger.post("/account/second-factor/remove", {"present": PASSWORD}, status=404)
    clock.shift(timedelta(seconds=30))
    browser = PageClient(app)
    signs_in(browser)
    browser.get("/sign-in/second-factor", status=303)
    browser.post("/sign-in/code", {"code": code_for(key)})
    browser.get("/audits")


def test_a_page_with_a_key_of_another_account_sets_nothing_up(
    app: Flask, stranger: PageClient, bo: Staff, session: Session
) -> None:
    other = PageClient(app)
    other.sign_in()
    page = other.get("/account/second-factor").text
    key = "".join(re.findall(r'survey-app-key">([A-Z2-7 ]+)<', page)[0].split())
    sealed = re.findall(r'name="key" value="([^"]+)"', page)[0]
    stranger.sign_in_as(bo)
    for planted in (sealed, "nonsense", ""):
        typed = {"key": planted, "code": code_for(key), "present": PASSWORD}
        assert "out of date" in stranger.post("/account/second-factor", typed, status=422).text
    assert session.scalars(select(Staff.totp_key)).all() == [None, None]


def test_a_second_factor_is_removed_with_the_password_or_by_an_administrator(
    client: PageClient, stranger: PageClient, bo: Staff, session: Session
) -> None:
    with_app(bo, session)
    stranger.sign_in_as(bo)
    address = f"/staff/{bo.id}"
    stranger.get("/account/second-factor/remove")
    stranger.post("/account/second-factor/remove", {"present": "wrong"}, status=422)
    stranger.post("/account/second-factor/remove", {"present": PASSWORD})
    assert "Set up an app for codes" in stranger.get("/account").text
    with_app(bo, session)
    client.get(address)
    client.post(f"{address}/second-factor/remove")
    assert "Set up an app for codes" in stranger.get("/account").text
    actors = session.scalars(select(Event.actor).where(Event.action == "removed_second_factor")).all()
    assert actors == ["Bo Finch", "Mary Manager"]
