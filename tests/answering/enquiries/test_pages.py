"""The pages of an enquiry, which never lose typed text."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from surveyapp.answering.enquiries.operations import EnquiryAnswer, record_enquiry_answer
from surveyapp.answering.models import Enquiry
from surveyapp.closing.operations import close_returns
from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.foundation.store.db import transaction
from surveyapp.issuing.links import link_for
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.issuing.withdrawal_operations import withdraw_request
from surveyapp.planning.models import Audit
from tests.answering.busy_database import busy_database
from tests.answering.conftest import Person
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

TYPED = "The file is in the archive until Thursday."
MORE_TIME: dict[str, Any] = {"kind": "more_time", "text": TYPED, "wanted_on": ["22", "12", "2026"]}
OLD_PAGE = {"csrf_token": "old"}
QUESTION: dict[str, Any] = {"kind": "question", "text": "Does the old file count?", "wanted_on": ["", "", ""]}


@pytest.fixture
def audit(make: Maker) -> Audit:
    police = make.agency("Northside Police", contact="audit@police.example")
    return make.audit(cases=3, agencies=[police, make.agency("Health", kind="health")])


@pytest.fixture
def grant(make: Maker, audit: Audit) -> Grant:
    return make.grants(audit)[0]


@pytest.fixture
def first(grant: Grant) -> AuditRequest:
    return grant.requests[0]


def answers(text: str, due_on: date | None, session: Session) -> None:
    enquiry = session.query(Enquiry).order_by(Enquiry.id.desc()).first()
    assert enquiry is not None
    with transaction():
        told = EnquiryAnswer(text, due_on)
        record_enquiry_answer(enquiry, told, days=working_calendar(), actor="staff 1", now=MONDAY_MORNING)


def shows_what_was_typed(page: Any) -> None:
    assert TYPED in page.text
    assert 'value="more_time" checked' in page.text
    assert 'value="22"' in page.text
    assert ">Send</button>" in page.text


def test_asking_for_time_from_the_form_to_the_answer(
    person: Person, grant: Grant, first: AuditRequest, session: Session
) -> None:
    person.starts(grant)
    assert f"/returns/{first.public_id}/ask" in person.opens(first).text
    page = person.opens(first, "ask")
    assert "Now you have until Friday 18 December 2026." in page.text
    sent = person.browser.follow(person.presses(first, "ask", **MORE_TIME))
    for words in (
        "Sent",
        f'<span class="survey-nowrap">{first.reference}</span>',
        "gets an email now, and reads what you wrote after signing in",
        "Until then the day to return by is still Friday 18 December 2026.",
        TYPED,
        "No answer yet.",
    ):
        assert words in sent.text
    assert "What you asked has no answer yet" in person.reads("/returns/").text
    answers("Good luck in the archive.", date(2026, 12, 22), session)
    page = person.opens(first)
    assert "Return by Tuesday 22 December 2026." in page.text
    assert "You were given until Tuesday 22 December 2026." in page.text
    assert "Good luck in the archive." in page.text
    listed = person.reads("/returns/").text
    assert "You have until Tuesday 22 December 2026. What you asked has an answer" in listed
    assert "3 to do, 2 by Friday 18 December 2026 and 1 by Tuesday 22 December 2026." in listed
    assert "3 returns, 2 by Friday 18 December 2026 and 1 by Tuesday 22 December 2026." in (
        person.reads(link_for(grant).partition("5000")[2]).text
    )
    assert "by Tuesday 22 December 2026" in person.opens(first, "blank").text


def test_a_question_and_its_answer_are_shown_only_on_the_page_of_their_child(
    person: Person, grant: Grant, first: AuditRequest, session: Session
) -> None:
    person.starts(grant)
    person.opens(first, "ask")
    person.presses(first, "ask", **QUESTION)
    answers("<b>Yes</b>, it does.", None, session)
    assert "&lt;b&gt;Yes&lt;/b&gt;, it does." in person.opens(first).text
    assert "it does" not in person.opens(grant.requests[1]).text
    assert "it does" in person.opens(first, "copy").text
    assert "What was asked about Child 1" in person.opens(first, "asked").text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": ""}, "Choose whether you ask a question or for more time"),
        ({"kind": "question", "text": " "}, "Write your question"),
        ({"wanted_on": ["", "", ""]}, "Enter the day by which you could return it, such as 15 1 2027"),
        ({"wanted_on": ["31", "2", "2027"]}, "enter a real day, like 1 12 2026"),
        ({"wanted_on": ["1", "12", "2025"]}, "Enter a day after today"),
        ({"text": "x" * 2001}, "or why you need more time: use 2,000 characters or fewer, not 2,001"),
    ],
)
def test_missing_fields_are_named_and_the_typed_text_is_kept(  # noqa: PLR0913, PLR0917 — what it is about
    person: Person, grant: Grant, first: AuditRequest, session: Session, fields: dict[str, Any], words: str
) -> None:
    person.starts(grant)
    person.opens(first, "ask")
    sent = {**MORE_TIME, **fields}
    page = person.presses(first, "ask", status=422, **sent)
    assert words in page.text
    assert page.text.count("<title>Error: ") == 1
    assert sent["text"] in page.text
    assert session.query(Enquiry).count() == 0


def test_pressing_twice_makes_one_enquiry(
    person: Person, grant: Grant, first: AuditRequest, session: Session
) -> None:
    person.starts(grant)
    person.opens(first, "ask")
    for _ in range(2):
        person.presses(first, "ask", **MORE_TIME)
    assert session.query(Enquiry).count() == 1


def test_an_enquiry_is_not_found_by_others(
    person: Person, make: Maker, audit: Audit, session: Session
) -> None:
    other = make.grants(audit)[1].requests[0]
    person.starts(make.grants(audit)[0])
    for page in ("ask", "asked"):
        person.browser.get(f"/returns/{other.public_id}/{page}", status=404)
    person.presses(other, "ask", status=404, **MORE_TIME)
    assert session.query(Enquiry).count() == 0


def test_without_an_enquiry_the_page_redirects_to_the_form(
    person: Person, grant: Grant, first: AuditRequest
) -> None:
    person.starts(grant)
    answer = person.browser.get(f"/returns/{first.public_id}/asked", status=303)
    assert answer.headers["Location"].endswith("/ask")


def test_after_close_the_page_leads_to_the_copy(
    person: Person, grant: Grant, first: AuditRequest, audit: Audit, session: Session
) -> None:
    person.starts(grant)
    person.opens(first, "ask")
    with transaction():
        close_returns(audit, actor="staff 1", now=MONDAY_MORNING)
    page = person.presses(first, "ask", status=409, **MORE_TIME)
    assert "Returns closed on Monday 30 November 2026 at 9:00am. Nothing has been sent" in page.text
    assert f"01234 567890, audits@partnership.example. Quote the reference {first.reference}." in page.text
    assert TYPED in page.text
    assert ">Send</button>" not in page.text
    assert session.query(Enquiry).count() == 0
    answer = person.browser.get(f"/returns/{first.public_id}/ask", status=303)
    assert answer.headers["Location"].endswith("/copy")


def test_a_withdrawn_request_gives_the_text_back_and_stores_nothing(
    person: Person, grant: Grant, first: AuditRequest, session: Session
) -> None:
    person.starts(grant)
    person.opens(first, "ask")
    with transaction():
        withdraw_request(first, reason="Moved", actor="staff 1", now=MONDAY_MORNING)
    page = person.presses(first, "ask", status=410, **MORE_TIME)
    assert "This link has been withdrawn." in page.text
    assert TYPED in page.text
    assert "Child 1" not in page.text
    assert session.query(Enquiry).count() == 0


def test_a_busy_database_gives_the_text_back(
    person: Person, grant: Grant, first: AuditRequest, session: Session
) -> None:
    person.starts(grant)
    person.opens(first, "ask")
    path = f"/returns/{first.public_id}/ask"
    for token in ({}, OLD_PAGE):
        with busy_database(session):
            page = person.browser.post(path, {**person.hidden, **MORE_TIME, **token}, status=503)
        assert "Could not save just now." in page.text
        assert page.headers["Retry-After"] == "10"
        shows_what_was_typed(page)
    person.presses(first, "ask", **MORE_TIME)
    assert session.query(Enquiry).count() == 1


def test_an_expired_page_gives_the_text_back(
    person: Person, grant: Grant, first: AuditRequest, session: Session
) -> None:
    person.starts(grant)
    person.opens(first, "ask")
    page = person.presses(first, "ask", status=400, **{**MORE_TIME, **OLD_PAGE})
    assert "This page had been open too long. Nothing has been sent yet" in page.text
    shows_what_was_typed(page)
    assert session.query(Enquiry).count() == 0
    person.presses(first, "ask", **MORE_TIME)


def test_a_lost_cookie_gives_the_text_back_and_asks_for_the_link(
    app: Flask, person: Person, grant: Grant, first: AuditRequest, session: Session
) -> None:
    person.starts(grant)
    person.opens(first, "ask")
    person.browser.http.delete_cookie(app.config["SESSION_COOKIE_NAME"])
    page = person.presses(first, "ask", status=400, **MORE_TIME)
    shows_what_was_typed(page)
    assert "Paste the link from your email" in page.text
    assert "Child 1" not in page.text
    wrong = person.presses(first, "ask", status=404, pasted__link="https://example.com/", **MORE_TIME)
    assert "This is not a link of ours" in wrong.text
    person.presses(first, "ask", pasted__link=link_for(grant), **MORE_TIME)
    assert session.query(Enquiry).count() == 1


def test_the_pages_take_few_statements(
    person: Person, grant: Grant, first: AuditRequest, queries: Callable[[int], Any], session: Session
) -> None:
    person.starts(grant)
    person.opens(first, "ask")
    for number in range(4):
        person.presses(first, "ask", **{**QUESTION, "text": f"Question {number}"})
    answers("Yes", None, session)
    with queries(6):
        person.opens(first, "ask")
    with queries(4):
        person.opens(first, "asked")
    with queries(8):
        person.opens(first)
    person.opens(first, "ask")
    with queries(18):
        person.presses(first, "ask", **MORE_TIME)
