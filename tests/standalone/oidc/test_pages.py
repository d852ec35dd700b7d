"""Signing in by OpenID Connect, with a real provider on loopback (oidc-provider-mock, in its own process)."""

import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.store.event_log import Event
from surveyapp.standalone.models import Staff
from surveyapp.standalone.oidc.provider import set_up_provider
from tests.accounts import person
from tests.page_client import PageClient

pytestmark = pytest.mark.slow
PATIENCE = 60


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of a provider that signs in whoever asks, as the address they type."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address, end = f"http://127.0.0.1:{port}", time.monotonic() + PATIENCE
    try:
        while True:
            try:
                requests.get(f"{address}/.well-known/openid-configuration", timeout=5)
                break
            except requests.ConnectionError:
                assert process.poll() is None, "The provider does not start."
                assert time.monotonic() < end, "The provider does not answer."
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture
def bo(app: Flask, provider: str, session: Session, clock: time_machine.Traveller) -> Staff:  # noqa: ARG001 — in the app’s database
    app.config.update(OIDC_ISSUER=provider, OIDC_CLIENT_ID="surveyapp", OIDC_CLIENT_SECRET="of a test")  # noqa: S106 — of a test
    set_up_provider(app)
    # The provider dates what it says by the machine’s own clock.
    clock.move_to(time_machine.escape_hatch.time.time())
    return person()


def goes_there(browser: PageClient, wanted: str = "/audits") -> str:
    """The address at the provider to which the sign-in page leads."""
    assert "Sign in with your organisation" in browser.get("/sign-in").text
    page = browser.post("/sign-in/organisation", status=200, query_string={"next": wanted})
    there = page.headers["Refresh"].removeprefix("0; url=")
    assert f'href="{escape(there)}"' in page.text
    asked = parse_qs(urlsplit(there).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert all(asked[name][0] for name in ("state", "nonce", "code_challenge"))
    return there


def signs_in_there(there: str, address: str, **claims: object) -> str:
    """The path with which the provider sends the person back."""
    provider = there.partition("/oauth2")[0]
    told = {"email": address, "email_verified": True, **claims}
    requests.put(f"{provider}/users/{address}", json=told, timeout=10).raise_for_status()
    back = requests.post(there, data={"sub": address}, allow_redirects=False, timeout=10)
    assert back.status_code in {302, 303}, back.text
    return back.headers["Location"].removeprefix("http://127.0.0.1:5000")


def refusal(session: Session) -> str:
    session.rollback()
    event = session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert event is not None
    assert (event.actor, event.action) == ("stranger", "refused_identity")
    return event.detail


def test_an_invited_person_joins_and_signs_in_with_their_organisations_account(
    stranger: PageClient, bo: Staff, session: Session
) -> None:
    bo.joined_at, bo.password_hash = None, ""
    session.commit()
    back = signs_in_there(goes_there(stranger, "/agencies"), bo.email)
    assert stranger.get(back, status=303).headers["Location"] == "/agencies"
    stranger.get("/audits")
    actions = session.scalars(select(Event.action).order_by(Event.id)).all()
    assert actions == ["joined", "signed_in"]
    assert bo.oidc_subject == bo.email


def test_nobody_else_is_let_in(app: Flask, bo: Staff, session: Session) -> None:
    email = bo.email
    for address, claims, why in (
        ("nobody@partnership.example", {}, "nobody invited"),
        (email, {"email_verified": False}, "the address is not verified"),
        (email, {"email_verified": "true"}, "the address is not verified"),
    ):
        browser = PageClient(app)
        answer = browser.get(signs_in_there(goes_there(browser), address, **claims), status=303)
        assert "signs nobody in here" in browser.follow(answer).text
        browser.get("/audits", status=302)
        assert refusal(session) == why
    bo.oidc_subject = "who had this address before"
    session.commit()
    browser = PageClient(app)
    browser.get(signs_in_there(goes_there(browser), email), status=303)
    assert refusal(session) == "nobody invited"


def test_what_the_provider_says_to_another_app_signs_nobody_in(
    app: Flask, bo: Staff, session: Session
) -> None:
    browser = PageClient(app)
    browser.get(signs_in_there(goes_there(browser), bo.email, aud="another app"), status=303)
    assert refusal(session) == "the answer does not fit the question"
    browser.get("/audits", status=302)


def test_no_token_of_the_provider_is_kept_in_the_cookie(stranger: PageClient, bo: Staff) -> None:
    stranger.get(signs_in_there(goes_there(stranger), bo.email), status=303)
    stranger.get("/audits")
    with stranger.http.session_transaction() as cookie:
        assert set(cookie) == {"staff_session"}


def test_an_answer_to_another_question_signs_nobody_in(app: Flask, bo: Staff, session: Session) -> None:
    email = bo.email
    own, other = PageClient(app), PageClient(app)
    back = signs_in_there(goes_there(own), email)
    goes_there(other)
    other.get(back, status=303)
    assert refusal(session) == "the answer does not fit the question", "The state is another browser’s."
    for spoilt, name in (("another-nonce", "nonce"), ("another-verifier" * 4, "code_verifier")):
        browser = PageClient(app)
        back = signs_in_there(goes_there(browser), email)
        with browser.http.session_transaction() as cookie:
            (key,) = [key for key in cookie if key.startswith("_state_")]
            cookie[key] = {**cookie[key], "data": {**cookie[key]["data"], name: spoilt}}
        browser.get(back, status=303)
        if name == "nonce":
            assert refusal(session) == "the answer does not fit the question"
            browser.get("/audits", status=302)
    own.get(back, status=303)
    own.get("/audits", status=302)
    own.get("/sign-in/organisation/back?error=access_denied", status=303)


def test_the_second_factor_is_asked_for_after_the_provider_too(
    stranger: PageClient, bo: Staff, session: Session
) -> None:
    bo.totp_key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    session.commit()
    answer = stranger.get(signs_in_there(goes_there(stranger), bo.email), status=303)
    assert answer.headers["Location"].startswith("/sign-in/code")
    stranger.get("/audits", status=302)


@pytest.mark.usefixtures("bo")
def test_a_provider_that_does_not_answer_is_said(app: Flask, stranger: PageClient, session: Session) -> None:
    app.config["OIDC_ISSUER"] = "http://127.0.0.1:1"
    set_up_provider(app)
    stranger.get("/sign-in")
    answer = stranger.post("/sign-in/organisation")
    assert "signs nobody in here" in stranger.follow(answer).text
    assert refusal(session) == "the provider does not answer"


@pytest.mark.usefixtures("bo")
def test_no_page_of_another_site_begins_a_sign_in(stranger: PageClient, session: Session) -> None:
    stranger.get("/sign-in/organisation", status=405)
    stranger.post("/sign-in/organisation", {"csrf_token": "of another site"}, status=400)
    with stranger.http.session_transaction() as cookie:
        assert not [key for key in cookie if key.startswith("_state_")]
    assert session.scalars(select(Event)).all() == []


class OtherIssuer(BaseHTTPRequestHandler):
    """Answers for its metadata with those of another issuer, or with a redirect to the right ones."""

    elsewhere = ""

    def do_GET(self) -> None:
        self.send_response(302 if self.elsewhere else 200)
        if self.elsewhere:
            self.send_header("Location", self.elsewhere)
        self.end_headers()
        if not self.elsewhere:
            self.wfile.write(
                b'{"issuer": "https://other.example", "authorization_endpoint": "https://other.example/"}'
            )

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — the name of the base class
        """Say nothing."""


@pytest.fixture
def other_issuer(app: Flask, bo: Staff) -> Iterator[None]:  # noqa: ARG001 — the settings are replaced
    server = ThreadingHTTPServer(("127.0.0.1", 0), OtherIssuer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    app.config["OIDC_ISSUER"] = f"http://127.0.0.1:{server.server_port}"
    set_up_provider(app)
    yield
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.usefixtures("other_issuer")
def test_metadata_of_another_issuer_are_not_believed_nor_a_redirect_followed(
    stranger: PageClient, session: Session, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger.get("/sign-in")
    stranger.post("/sign-in/organisation")
    assert refusal(session) == "the provider’s metadata are those of another issuer"
    monkeypatch.setattr(OtherIssuer, "elsewhere", f"{provider}/.well-known/openid-configuration")
    stranger.post("/sign-in/organisation")
    assert refusal(session) == "the provider does not answer"


def test_without_a_provider_there_is_no_such_way(stranger: PageClient) -> None:
    assert "organisation" not in stranger.get("/sign-in").text
    stranger.post("/sign-in/organisation", status=404)
    stranger.get("/sign-in/organisation/back", status=404)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"OIDC_CLIENT_SECRET": ""}, "OIDC_CLIENT_SECRET too"),
        ({"OIDC_ISSUER": "http://login.example"}, "https://"),
    ],
)
def test_settings_that_cannot_be_used_are_refused_at_the_start(
    app: Flask, changed: dict[str, str], sentence: str
) -> None:
    right = {"OIDC_ISSUER": "https://login.example", "OIDC_CLIENT_ID": "a", "OIDC_CLIENT_SECRET": "b"}
    app.config.update(right | changed)
    with pytest.raises(CannotStart, match=re.escape(sentence)):
        set_up_provider(app)
