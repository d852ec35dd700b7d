"""An audit being planned whose agencies are asked which children they knew, and a contact with a browser."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from surveyapp.foundation.store.db import session, transaction
from surveyapp.involvement import operations
from surveyapp.involvement.queries import checked_agencies
from surveyapp.issuing.links import link_for, token_in
from surveyapp.issuing.models import Grant
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker

ACTING: dict[str, Any] = {"actor": "Ann Lee", "now": MONDAY_MORNING}


@pytest.fixture
def planned(make: Maker) -> Audit:
    """Three children, and two agencies with a contact each; nobody is asked yet."""
    agencies = [
        make.agency("Health Visiting", kind="health", contact="lead@health.example"),
        make.agency("Northside Police", contact="lead@police.example"),
    ]
    return make.audit(cases=3, agencies=agencies, issued=False, title="Neglect")


@pytest.fixture
def asked(planned: Audit) -> Audit:
    """The same audit once both agencies are asked."""
    with transaction():
        operations.ask_agencies(planned, answer_by=None, **ACTING)
    return planned


def grants_of(audit: Audit) -> list[Grant]:
    """The grants of the check, in the order in which the agencies were asked."""
    return [checked.grant for checked in checked_agencies(audit)]


def grant_asks_for_code(path: str) -> bool:
    """Whether the audit of the check at this address asks for a code."""
    grant = session.scalars(select(Grant).where(Grant.public_id == path.split("/")[2])).one()
    return grant.audit.asks_for_code


class AskedContact:
    """A contact with a browser, who answers for one agency."""

    def __init__(self, app: Flask, grant: Grant) -> None:
        self.browser = PageClient(app)
        self.token, self.path = token_in(link_for(grant)), f"/involvement/{grant.public_id}/"

    def starts(self) -> str:
        """Open the link and press Start; returns the page that follows, which may ask for the code."""
        self.browser.get(f"/r/{self.token}/")
        answer = self.browser.post("/start/", {"token": self.token})
        if grant_asks_for_code(self.path):
            answer = self.browser.get(answer.headers["Location"], status=303)
        return self.browser.follow(answer).text

    def saves(self, answers: dict[int, str], *, status: int = 303, **fields: str) -> TestResponse:
        """Choose these answers by case id, on the page as it is shown now, and press Save."""
        page = self.browser.get(self.path).text
        chosen = {f"child-{case_id}": answer for case_id, answer in answers.items()}
        return self.browser.post(self.path, {**seen_by(page), **chosen, **fields}, status=status)


def seen_by(page: str) -> dict[str, str]:
    """The digest of the answers that a page shows."""
    return dict(re.findall('name="(seen)" value="([^"]*)"', page))


@pytest.fixture
def contacts(app: Flask, asked: Audit) -> Callable[[], list[AskedContact]]:
    """Makes the contacts of both agencies, each with a browser of their own."""
    return lambda: [AskedContact(app, grant) for grant in grants_of(asked)]
