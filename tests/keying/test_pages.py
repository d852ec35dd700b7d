"""Staff key in a contact's return, received by telephone or on paper."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from surveyapp.answering.models import Return, Revision
from surveyapp.answering.returns.emails import RECEIPT
from surveyapp.closing.operations import close_returns
from surveyapp.foundation.mail.compose import render_email
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.withdrawal_operations import withdraw_request
from surveyapp.tracking.outstanding.card_queries import OutstandingFilter, outstanding_people
from tests.answering.conftest import Person
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker

Queued = Callable[[], list[Outbox]]
_PRESS = re.compile(r'name="(submission-id|seen-version)" value="([^"]*)"')


@pytest.fixture
def audit_request(make: Maker) -> AuditRequest:
    agency = make.agency("Northside Police", contact="audit@police.example")
    return make.requests(make.audit(cases=2, agencies=[agency]))[0]


@pytest.fixture
def answers(audit_request: AuditRequest) -> dict[str, str]:
    """Answers to what a return needs, and to supervision."""
    question = next(question for question in audit_request.audit.form.questions if question.required)
    return {
        question.id: question.choice_values[0],
        f"{question.id}-comment": "The plan was followed.",
        "supervision": "yes",
    }


def page_of(audit_request: AuditRequest, page: str = "key-in") -> str:
    return f"/audits/{audit_request.audit_id}/requests/{audit_request.id}/{page}"


def press_on(page: str) -> dict[str, str]:
    """The hidden fields of a page, as its browser sends them back."""
    return dict(_PRESS.findall(page))


def sends(
    client: PageClient, audit_request: AuditRequest, fields: dict[str, Any], *, status: int = 303
) -> str:
    """Open the form, fill it in and press “Check and return”; returns the page that follows."""
    press = press_on(client.get(page_of(audit_request)).text)
    data = {**press, "received_by": "telephone", "next-step": "check", **fields}
    answer = client.post(page_of(audit_request), data, status=status)
    return (client.follow(answer) if status == 303 else answer).text


def returns(client: PageClient, audit_request: AuditRequest, page: str, *, status: int = 303) -> str:
    """Press “Return it on behalf of …” on the check page; returns the page that follows."""
    data = {**press_on(page), "received_by": "telephone"}
    answer = client.post(page_of(audit_request, "key-in/check"), data, status=status)
    return (client.follow(answer) if status == 303 else answer).text


def exported(client: PageClient, path: str) -> str:
    """The text of an exported file."""
    answer = client.get(path)
    text: str = answer.data.decode("utf-8-sig")
    answer.close()
    return text


def test_a_return_received_by_telephone_is_keyed_in_and_marked_so_wherever_it_is_read(
    app: Flask,
    client: PageClient,
    audit_request: AuditRequest,
    answers: dict[str, str],
    outbox: Queued,
) -> None:
    contact = audit_request.grant.contact.name
    check = sends(client, audit_request, answers)
    assert f"Return it on behalf of {contact}" in check
    done = returns(client, audit_request, check)
    assert f"Returned on behalf of {contact}, and marked so." in done
    marked = re.compile(rf"Keyed in by .+ on behalf of {contact}, by telephone, on Monday 30 November 2026")
    # The request’s page, and the answers one click from it.
    assert marked.search(done)
    assert "keyed in the return" in done
    read = client.get(page_of(audit_request, "answers")).text
    assert marked.search(read)
    assert "The plan was followed." in read
    # The cell of the audit’s page, the table of the case, the exports.
    stem = f"/audits/{audit_request.audit_id}"
    assert '<span class="survey-state__mark">keyed in</span>' in client.get(stem).text
    assert "keyed in, by telephone" in client.get(f"{stem}/collation/cases/{audit_request.case_id}").text
    assert ",no,telephone," in exported(client, f"{stem}/collation/export.csv")
    assert '"keyed_in": "telephone"' in exported(client, f"{stem}/collation/export.json")
    # The contact’s own pages, copy and receipt.
    person = Person(app)
    person.starts(audit_request.grant)
    for page in ("done", "copy", ""):
        assert marked.search(person.opens(audit_request, page).text), page
    (receipt,) = outbox()
    worded = RECEIPT.word(receipt.subject_id, receipt.to_addr)
    assert receipt.to_addr == "audit@police.example"
    assert worded is not None
    assert marked.search(" ".join(render_email(worded).text.split()))


def test_what_is_missing_or_unchosen_is_said_and_what_was_keyed_in_stays(
    client: PageClient, audit_request: AuditRequest, answers: dict[str, str]
) -> None:
    unchosen = sends(client, audit_request, {**answers, "received_by": ""}, status=422)
    assert "Choose how it reached you" in unchosen
    assert "The plan was followed." in unchosen
    check = sends(client, audit_request, {"supervision": "yes"})
    assert "Still to do before you can return this" in check
    assert "Return it on behalf of" not in check
    again = returns(client, audit_request, check, status=422)
    assert "Still to do before you can return this" in again
    assert "/key-in?missing=1#" in again
    assert "There is a problem" in client.get(page_of(audit_request) + "?missing=1").text


def test_a_draft_keyed_in_half_way_waits_on_the_list_and_in_the_contacts_form(
    app: Flask, client: PageClient, audit_request: AuditRequest, answers: dict[str, str]
) -> None:
    done = sends(client, audit_request, {**answers, "next-step": "save", "received_by": "paper"})
    assert "Saved as a draft at 9:00am. It is not returned yet." in done
    assert "from paper" in done
    (card,) = outstanding_people(
        audit_request.audit, OutstandingFilter(state="started"), today=MONDAY_MORNING.date()
    ).cards
    assert [owed.is_keyed for owed in card.owed] == [True, False]
    person = Person(app)
    person.starts(audit_request.grant)
    assert "The plan was followed." in person.opens(audit_request).text
    assert re.search(r'value="paper"[^>]* checked', client.get(page_of(audit_request)).text)


def test_a_contact_who_returns_what_was_keyed_in_made_it_theirs(
    app: Flask, client: PageClient, audit_request: AuditRequest, answers: dict[str, str]
) -> None:
    returns(client, audit_request, sends(client, audit_request, answers))
    person = Person(app)
    person.starts(audit_request.grant)
    person.opens(audit_request)
    fields: dict[str, Any] = {**answers, "next-step": "check"}
    person.presses(audit_request, **fields)
    person.opens(audit_request, "check")
    person.presses(audit_request, "check")
    assert "on behalf of" not in person.opens(audit_request, "done").text
    page = client.get(page_of(audit_request, "").rstrip("/")).text
    assert "Keyed in by" not in page
    assert re.search(r"Returned, [^<]+, <span data-typed>keyed in by", page)


def test_answers_that_the_contact_saved_meanwhile_are_not_overwritten(
    app: Flask, client: PageClient, audit_request: AuditRequest, answers: dict[str, str]
) -> None:
    press = press_on(client.get(page_of(audit_request)).text)
    person = Person(app)
    person.starts(audit_request.grant)
    person.opens(audit_request)
    person.presses(audit_request, supervision="no", next__step="save")
    data = {**press, **answers, "received_by": "telephone", "next-step": "check"}
    page = client.post(page_of(audit_request), data, status=409).text
    assert "Where the two differ" in page
    assert "The plan was followed." in page
    # Pressed again, having seen both, it counts.
    again = client.post(page_of(audit_request), {**data, **press_on(page)})
    assert "Return it on behalf of" in client.follow(again).text


def test_a_nil_return_by_telephone_is_marked_and_can_be_keyed_in_once(
    client: PageClient, audit_request: AuditRequest, session: Session
) -> None:
    path = page_of(audit_request, "key-in/not-involved")
    press = press_on(client.get(path).text)
    assert "Choose why the agency has nothing" in client.post(path, press, status=422).text
    data = {**press, "received_by": "telephone", "reason": "not_known"}
    done = client.follow(client.post(path, data)).text
    assert "Keyed in by" in done
    assert "This child is not known to us" in done
    client.post(path, data)
    kept = session.query(Return).one()
    assert (kept.version, session.query(Revision).count()) == (1, 1)
    actions = [event.action for event in session.query(Event).order_by(Event.id)]
    assert "keyed_in_nil_return" in actions
    assert "returned_nil" not in actions


def test_a_ticked_concern_reaches_the_partnership_by_the_name_of_whoever_keyed_it_in(
    client: PageClient, audit_request: AuditRequest, answers: dict[str, str], session: Session, outbox: Queued
) -> None:
    sends(client, audit_request, {**answers, "current-concern": "yes"})
    assert [mail.kind for mail in outbox()] == ["concern"]
    raised = session.query(Event).filter_by(action="raised_concern").one()
    assert not raised.actor.startswith("grant ")


def test_nothing_is_keyed_in_after_the_close_or_for_a_withdrawn_request(
    client: PageClient, audit_request: AuditRequest, answers: dict[str, str]
) -> None:
    press = press_on(client.get(page_of(audit_request)).text)
    with transaction():
        close_returns(audit_request.audit, actor="Ann", now=MONDAY_MORNING)
    assert "Allow a late return" in client.get(page_of(audit_request), status=409).text
    late = {**press, **answers, "received_by": "telephone", "next-step": "check"}
    assert "does not count" in client.follow(client.post(page_of(audit_request), late)).text
    client.post(page_of(audit_request, "allow-late"), {})
    assert "The plan was followed." in client.get(page_of(audit_request)).text
    with transaction():
        withdraw_request(audit_request, reason="Twice", actor="Ann", now=MONDAY_MORNING)
    assert "has been withdrawn" in client.get(page_of(audit_request), status=409).text
    client.post(page_of(audit_request), late, status=409)


def test_reading_the_answers_is_in_the_log(
    client: PageClient, audit_request: AuditRequest, make: Maker, session: Session
) -> None:
    assert "Nothing has been saved yet." in client.get(page_of(audit_request, "answers")).text
    make.draft(audit_request)
    assert "This is a draft." in client.get(page_of(audit_request, "answers")).text
    make.returned(make.requests(audit_request.audit)[1])
    events = session.query(Event).filter_by(action="saw_return").all()
    assert [(event.object, event.detail) for event in events] == [
        (f"request {audit_request.id}", "draft")
    ] * 2
    assert "read the answers" in client.get(page_of(audit_request, "").rstrip("/")).text
