"""A browser for tests that checks every page against the page contract."""

import contextvars
import re
import secrets
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select
from werkzeug.test import TestResponse

from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session
from surveyapp.standalone.models import Staff
from surveyapp.standalone.sessions.operations import begin_session
from tests.accounts import staff_row
from tests.page_contract import check_page

MANAGER, MANAGER_NAME = "manager@partnership.example", "Mary Manager"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class PageClient:
    """Fetches pages as a person's browser would; AssertionError for one that breaks the page contract.

    Each request runs in its own context, as in production. The test's session first ends its transaction,
    so that it holds no lock and reads afresh afterwards.
    """

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.http: FlaskClient = app.test_client()
        self._token = ""

    def sign_in(self) -> None:
        """Sign in as the business manager, who administers accounts too, making the account if there is none.

        This writes the cookie that the sign-in page writes (tests/standalone compares the two): hashing a
        password takes a tenth of a second, and nearly every test signs in.
        """
        staff = session.scalar(select(Staff).where(Staff.email == MANAGER))
        if staff is None:
            # Its password hash is empty, which no password matches.
            staff = staff_row(MANAGER_NAME, email=MANAGER)
            session.add(staff)
            session.commit()
        self.sign_in_as(staff)

    def sign_in_as(self, staff: Staff) -> None:
        """Sign in with an account, without its password."""
        secret = begin_session(staff, browser="Firefox on Windows", now=clock.now())
        session.commit()
        with self.http.session_transaction() as cookie:
            cookie["staff_session"] = secret

    def colleague(self, name: str, roles: str) -> "PageClient":
        """Another browser of the same app, in which somebody else with these roles is signed in."""
        staff = session.scalar(select(Staff).where(Staff.name == name))
        if staff is None:
            staff = staff_row(name, roles=roles)
            session.add(staff)
            session.commit()
        browser = PageClient(self.app)
        browser.sign_in_as(staff)
        return browser

    def get(self, path: str, *, status: int = 200, **options: Any) -> TestResponse:
        """Fetch a page without following redirects; AssertionError unless it answers with `status`."""
        return self._open("GET", path, status=status, **options)

    def post(
        self, path: str, form: dict[str, Any] | None = None, *, status: int = 303, **options: Any
    ) -> TestResponse:
        """Post a form with this browser's token; AssertionError unless the answer has `status`."""
        fields = {"csrf_token": self.token, **(form or {})}
        return self._open("POST", path, status=status, data=fields, **options)

    def head(self, path: str, *, status: int = 200) -> TestResponse:
        """Fetch the headers of a page; AssertionError unless the answer has `status`."""
        return self._open("HEAD", path, status=status)

    def follow(self, response: TestResponse) -> TestResponse:
        """Fetch the page to which a redirect leads."""
        return self.get(response.headers["Location"])

    @property
    def token(self) -> str:
        """The form token of the last page fetched, or a new one if no page had any."""
        if not self._token:
            raw = secrets.token_hex(20)
            with self.http.session_transaction() as cookie:
                raw = cookie.setdefault("csrf_token", raw)
            signer = URLSafeTimedSerializer(self.app.config["WTF_CSRF_SECRET_KEY"], salt="wtf-csrf-token")
            self._token = str(signer.dumps(raw))
        return self._token

    def _open(self, method: str, path: str, *, status: int, **options: Any) -> TestResponse:
        pending = [*session.new, *session.dirty, *session.deleted]
        assert not pending, "Commit what the test made before a request."
        session.rollback()
        response: TestResponse = contextvars.Context().run(
            lambda: self.http.open(path, method=method, **options)
        )
        body = response.get_data(as_text=True) if response.mimetype == "text/html" else ""
        token = _TOKEN.search(body)
        if token:
            self._token = token.group(1)
        if body and response.status_code not in {301, 302, 303, 307, 308}:
            problems = check_page(body, path=path)
            assert not problems, f"{path}:\n" + "\n".join(problems)
        assert response.status_code == status, (
            f"{method} {path} gave {response.status_code}, not {status}:\n{body[:3000]}"
        )
        return response


def seen_digest(page: str) -> str:
    """The hidden digest by which a form recognises that its row was changed meanwhile."""
    return page.split('name="seen" value="')[1].split('"', maxsplit=1)[0]
