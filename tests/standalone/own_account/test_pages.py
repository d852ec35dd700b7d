"""One's own account: the password, and where one is signed in."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.models import Outbox
from tests.accounts import PASSWORD, person
from tests.page_client import PageClient

NEW = "another long password"


@pytest.fixture
def browsers(app: Flask, session: Session) -> list[PageClient]:  # noqa: ARG001 — in the app's database
    bo, browsers = person(), [PageClient(app), PageClient(app)]
    for browser in browsers:
        browser.sign_in_as(bo)
    return browsers


@pytest.mark.slow
def test_a_new_password_needs_the_present_one_and_ends_sessions_elsewhere(
    browsers: list[PageClient], outbox: Callable[[], list[Outbox]]
) -> None:
    own, elsewhere = browsers
    own.get("/account/password")
    for typed, sentence in (
        ({"present": "", "password": NEW}, "Enter your present password"),
        ({"present": "not the password", "password": NEW}, "This is not your present password"),
        ({"present": PASSWORD, "password": "bofinch12345"}, "This password is easy to guess"),
        ({"present": PASSWORD, "password": "elevenchars"}, "12 characters or more"),
        ({"present": PASSWORD, "password": f"{NEW}\x07"}, "no tabs, line ends or other control characters"),
        ({"present": f"{PASSWORD}\x07", "password": NEW}, "This is not your present password"),
        ({"present": f" {PASSWORD} ", "password": NEW}, "This is not your present password"),
    ):
        assert sentence in own.post("/account/password", typed, status=422).text
    own.follow(own.post("/account/password", {"present": PASSWORD, "password": NEW}))
    elsewhere.get("/account", status=302)
    assert [mail.kind for mail in outbox()] == ["staff_password_changed"]


def test_the_present_password_is_not_tried_without_end(browsers: list[PageClient], session: Session) -> None:
    for _ in range(10):
        browsers[0].post("/account/password", {"present": "wrong", "password": NEW}, status=422)
    page = browsers[0].post("/account/password", {"present": PASSWORD, "password": NEW}, status=422).text
    assert "tried too often" in page
    actions = session.scalars(select(Event.action)).all()
    assert actions == ["gave_wrong_password"] * 10


def test_a_person_signs_out_elsewhere_one_by_one_or_everywhere(
    app: Flask, browsers: list[PageClient]
) -> None:
    own, elsewhere = browsers
    page = own.get("/account").text
    assert page.count("Firefox on Windows") == 3, "Two sessions, one with a button."
    number = page.split("/account/sessions/")[1].split("/", maxsplit=1)[0]
    stranger = PageClient(app)
    stranger.sign_in()
    stranger.post(f"/account/sessions/{number}/end", status=404)
    own.post(f"/account/sessions/{number}/end")
    elsewhere.get("/account", status=302)
    own.get("/account")
    own.post(f"/account/sessions/{number}/end", status=404)
    own.post("/account/sessions/end-others")
    own.get("/account")
