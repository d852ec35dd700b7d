"""A contact with a browser, and an audit that asks them."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from surveyapp.answering.models import Return
from surveyapp.answering.returns.queries import return_of
from surveyapp.issuing.links import link_for, token_in
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.planning.models import Audit
from tests.page_client import PageClient
from tests.row_maker import Maker

_HIDDEN = re.compile(r'name="(submission-id|seen-version|page-mark|continues|looked-at)" value="([^"]*)"')


def kept_of(audit_request: AuditRequest) -> Return:
    """The return of a request; AssertionError if nobody has begun it."""
    kept = return_of(audit_request)
    assert kept is not None
    return kept


class Person:
    """A contact with a browser that keeps the hidden fields of the last form."""

    def __init__(self, app: Flask) -> None:
        """Begin without cookies."""
        self.browser = PageClient(app)
        self.hidden: dict[str, str] = {}

    def starts(self, grant: Grant) -> TestResponse:
        """Open the link of a grant and press Start; returns the page that follows."""
        link = link_for(grant)
        self.browser.get("/r/" + token_in(link) + "/")
        return self.browser.follow(self.browser.post("/start/", {"token": token_in(link)}))

    def reads(self, path: str, *, status: int = 200) -> TestResponse:
        """Fetch a page."""
        return self._keep(self.browser.get(path, status=status))

    def opens(self, audit_request: AuditRequest, page: str = "") -> TestResponse:
        """Fetch a page of a request, by default the form."""
        return self.reads(f"/returns/{audit_request.public_id}/{page}")

    def presses(
        self, audit_request: AuditRequest, page: str = "", *, status: int = 303, **fields: Any
    ) -> TestResponse:
        """Post the form of a page with these fields; `__` in a name stands for `-`."""
        data = {**self.hidden, **{name.replace("__", "-"): value for name, value in fields.items()}}
        return self._keep(
            self.browser.post(f"/returns/{audit_request.public_id}/{page}", data, status=status)
        )

    def types(self, audit_request: AuditRequest, *, status: int = 200, **fields: Any) -> dict[str, str]:
        """Send an autosave, as the page does every 20 seconds; returns the JSON answer."""
        data = {**self.hidden, **{name.replace("__", "-"): value for name, value in fields.items()}}
        path = f"/returns/{audit_request.public_id}/autosave"
        told: dict[str, str] = self.browser.post(path, data, status=status).get_json()
        return told

    def _keep(self, response: TestResponse) -> TestResponse:
        found = dict(_HIDDEN.findall(response.text))
        self.hidden = found or self.hidden
        return response


@pytest.fixture
def people(app: Flask) -> Callable[[], Person]:
    """Makes a person with their own browser: `people()`."""
    return lambda: Person(app)


@pytest.fixture
def person(people: Callable[[], Person]) -> Person:
    """A contact at their browser."""
    return people()


@pytest.fixture
def audit(make: Maker, session: Session) -> Audit:
    """An audit that asks one agency about three cases."""
    agency = make.agency("Northside Police", contact="audit@police.example")
    audit = make.audit(cases=3, agencies=[agency], title="Repeat plans, 2027")
    audit.key_message = "The secure message of 28 November says which child is which."
    session.commit()
    return audit


@pytest.fixture
def grant(make: Maker, audit: Audit) -> Grant:
    """The grant of the agency's contact."""
    return make.grants(audit)[0]


@pytest.fixture
def first(make: Maker, audit: Audit) -> AuditRequest:
    """The request about the first case."""
    return make.requests(audit)[0]


@pytest.fixture
def required(audit: Audit) -> dict[str, Any]:
    """Answers to the required questions."""
    question = next(question for question in audit.form.questions if question.required)
    return {question.id: question.choice_values[0], f"{question.id}-comment": "The plan was followed."}
