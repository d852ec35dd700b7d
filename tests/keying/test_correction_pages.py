"""Staff ask a contact to correct one return, on the page of its request."""

import pytest
from flask import Flask

from surveyapp.issuing.models import AuditRequest
from tests.answering.conftest import Person
from tests.page_client import PageClient
from tests.row_maker import Maker


@pytest.fixture
def audit_request(make: Maker) -> AuditRequest:
    agency = make.agency("Northside Police", contact="audit@police.example")
    return make.requests(make.audit(cases=1, agencies=[agency], returned=1))[0]


def page_of(audit_request: AuditRequest, page: str = "") -> str:
    return f"/audits/{audit_request.audit_id}/requests/{audit_request.id}{page}"


def test_a_correction_is_asked_for_and_the_contact_reads_why_on_their_pages(
    app: Flask, client: PageClient, audit_request: AuditRequest
) -> None:
    path = page_of(audit_request, "/reopen")
    assert f'href="{path}"' in client.get(page_of(audit_request)).text
    assert "Choose why the return needs correcting" in client.post(path, {"note": "Q5"}, status=422).text
    done = client.follow(client.post(path, {"reason": "unclear", "note": "Question 5: when was that?"})).text
    assert "gets an email that says why. Until they return it again, this version counts." in done
    assert "Open for correction" in done
    assert "An answer is not clear to us" in done
    assert f'href="{path}"' not in done
    person = Person(app)
    person.starts(audit_request.grant)
    assert "You were asked to look at it again" in person.reads("/returns/").text
    for page in ("", "done"):
        text = person.opens(audit_request, page).text
        assert "asks you to look at this return again: <strong>an answer is not clear to us</strong>" in text
        assert "Question 5: when was that?" in text
    assert "It is open for correction." in client.get(page_of(audit_request, "/answers")).text


def test_a_correction_that_was_asked_for_by_mistake_is_taken_back(
    client: PageClient, audit_request: AuditRequest
) -> None:
    client.post(page_of(audit_request, "/reopen"), {"reason": "missing", "note": ""})
    path = page_of(audit_request, "/take-back-reopening")
    done = client.follow(client.post(path, {})).text
    assert "The return is as it was." in done
    assert "Open for correction" not in done
    assert "nothing to take back" in client.follow(client.post(path, {})).text
