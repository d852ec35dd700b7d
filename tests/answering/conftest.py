"""A contact at their browser."""

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
    """The return of a request, which somebody has begun."""
    kept = return_of(audit_request)
    assert kept is not None
    return kept


class Person:
    """Opens a link, reads pages, presses buttons; keeps what the last page hid in its form."""

    def __init__(self, app: Flask) -> None:
        """Begin with an empty browser."""
        self.browser = PageClient(app)
        self.hidden: dict[str, str] = {}

    def starts(self, grant: Grant) -> TestResponse:
        """Open the link of a grant and press Start; the list of returns comes back."""
        link = link_for(grant)
        self.browser.get("/r/" + token_in(link) + "/")
        return self.browser.follow(self.browser.post("/start/", {"token": token_in(link)}))

    def reads(self, path: str, *, status: int = 200) -> TestResponse:
        """Fetch a page."""
        return self._keep(self.browser.get(path, status=status))

    def opens(self, audit_request: AuditRequest, page: str = "") -> TestResponse:
        """Fetch a page of a request, the form unless told otherwise."""
        return self.reads(f"/returns/{audit_request.public_id}/{page}")

    def presses(
        self, audit_request: AuditRequest, page: str = "", *, status: int = 303, **fields: Any
    ) -> TestResponse:
        """Post the form of a page as it stands, with these fields; `_` in a name stands for itself."""
        data = {**self.hidden, **{name.replace("__", "-"): value for name, value in fields.items()}}
        return self._keep(
            self.browser.post(f"/returns/{audit_request.public_id}/{page}", data, status=status)
        )

    def types(self, audit_request: AuditRequest, *, status: int = 200, **fields: Any) -> dict[str, str]:
        """Let the page keep what stands on it, as it does every 20 seconds; what the page is told."""
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
    """Another person with a browser of their own: `people()`."""
    return lambda: Person(app)


@pytest.fixture
def person(people: Callable[[], Person]) -> Person:
    """A contact at their browser."""
    return people()


@pytest.fixture
def audit(make: Maker, session: Session) -> Audit:
    """An audit of three cases, about which one agency is asked."""
    agency = make.agency("Northside Police", contact="audit@police.example")
    audit = make.audit(cases=3, agencies=[agency], title="Repeat plans, 2027")
    audit.key_message = "The secure message of 28 November says which child is which."
    session.commit()
    return audit


@pytest.fixture
def grant(make: Maker, audit: Audit) -> Grant:
    """The grant of that agency's contact."""
    return make.grants(audit)[0]


@pytest.fixture
def first(make: Maker, audit: Audit) -> AuditRequest:
    """The request about the first case."""
    return make.requests(audit)[0]


@pytest.fixture
def required(audit: Audit) -> dict[str, Any]:
    """Answers to what must be answered."""
    question = next(question for question in audit.form.questions if question.required)
    return {question.id: question.choice_values[0], f"{question.id}-comment": "The plan was followed."}
