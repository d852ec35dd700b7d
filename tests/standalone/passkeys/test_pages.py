"""Passkeys: what is no passkey signs nobody in; tests/browser/test_passkeys.py makes and uses real ones."""

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from surveyapp.foundation.store.event_log import Event
from surveyapp.standalone.models import Passkey
from surveyapp.standalone.passkeys.ceremonies import PasskeyRefused
from surveyapp.standalone.passkeys.challenge_cookie import answered_challenge, challenge_for_page
from tests.accounts import PASSWORD, person
from tests.page_client import PageClient


@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", "null", "nonsense", '{"id": "x", "rawId": "x"}', "{" * 5000]
)
def test_what_is_no_passkey_signs_nobody_in_and_is_an_event(
    stranger: PageClient, session: Session, answer: str
) -> None:
    stranger.get("/sign-in")
    page = stranger.follow(stranger.post("/sign-in/passkey", {"credential": answer})).text
    assert "This passkey was not taken" in page
    stranger.get("/audits", status=302)
    event = session.scalars(select(Event)).one()
    assert (event.actor, event.action, event.object) == ("stranger", "refused_passkey", "sign-in")


def test_what_is_no_passkey_is_not_added(app: Flask, session: Session) -> None:
    browser = PageClient(app)
    browser.sign_in_as(person())
    browser.get("/account/passkeys")
    for typed, sentence in (
        ({"credential": "{}", "present": "wrong"}, "This is not your present password"),
        ({"credential": "{}", "present": PASSWORD}, "Your browser made no passkey"),
    ):
        assert sentence in browser.post("/account/passkeys", typed, status=422).text
    browser.post("/account/passkeys/1/remove", status=404)
    assert session.scalar(select(func.count()).select_from(Passkey)) == 0


def test_a_challenge_is_answered_once_and_within_ten_minutes(
    app: Flask, clock: time_machine.Traveller
) -> None:
    with app.test_request_context() as context:
        challenge = challenge_for_page()
        copy = dict(context.session)
        assert answered_challenge() == challenge
        with pytest.raises(PasskeyRefused):
            answered_challenge()
        context.session.update(copy)
        with pytest.raises(PasskeyRefused):
            answered_challenge()
        challenge_for_page()
        clock.shift(601)
        with pytest.raises(PasskeyRefused):
            answered_challenge()


def test_passkeys_are_not_tried_without_end(stranger: PageClient) -> None:
    stranger.get("/sign-in")
    for _ in range(60):
        stranger.post("/sign-in/passkey", {"credential": "{}"})
    page = stranger.follow(stranger.post("/sign-in/passkey", {"credential": "{}"})).text
    assert "tried too often" in page
