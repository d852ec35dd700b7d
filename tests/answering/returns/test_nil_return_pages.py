"""The pages of a nil return, which never lose the reason."""

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from time_machine import Traveller
from werkzeug.test import TestResponse

from surveyapp.answering.models import NIL_REASONS, Return
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.links import link_for
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.issuing.withdrawal_operations import withdraw_request
from tests.answering.busy_database import busy_database
from tests.answering.conftest import Person, kept_of
from tests.conftest import MONDAY_MORNING

NIL: dict[str, Any] = {"reason": "moved", "whereabouts": "Southside School"}


def shows_what_was_said(page: TestResponse) -> None:
    assert "Southside School" in page.text
    assert 'value="moved" checked' in page.text
    assert "Return as not involved" in page.text


def test_d1_a_busy_database_gives_the_reason_back(
    person: Person, grant: Grant, first: AuditRequest, session: Session
) -> None:
    person.starts(grant)
    person.opens(first, "not-involved")
    path = f"/returns/{first.public_id}/not-involved"
    with busy_database(session):
        page = person.browser.post(path, {**person.hidden, **NIL}, status=503)
    assert "Could not save just now." in page.text
    assert "What you chose is below." in page.text
    assert page.headers["Retry-After"] == "10"
    shows_what_was_said(page)
    person.presses(first, "not-involved", **NIL)
    assert kept_of(first).nil_reason == "moved"


def test_d1_an_expired_page_and_a_busy_database_at_once_lose_nothing_either(
    person: Person, grant: Grant, first: AuditRequest, session: Session
) -> None:
    person.starts(grant)
    person.opens(first, "not-involved")
    path = f"/returns/{first.public_id}/not-involved"
    with busy_database(session):
        page = person.browser.post(path, {**person.hidden, **NIL, "csrf_token": "old"}, status=503)
    shows_what_was_said(page)


def test_a6_a_lost_cookie_keeps_the_reason_and_asks_for_the_link(
    app: Flask, person: Person, grant: Grant, first: AuditRequest, session: Session
) -> None:
    person.starts(grant)
    person.opens(first, "not-involved")
    person.browser.http.delete_cookie(app.config["SESSION_COOKIE_NAME"])
    page = person.presses(first, "not-involved", status=400, **NIL)
    shows_what_was_said(page)
    assert "Paste the link from your email" in page.text
    assert "Child 1" not in page.text
    wrong = person.presses(first, "not-involved", status=404, pasted__link="https://example.com/", **NIL)
    shows_what_was_said(wrong)
    assert "This is not a link of ours" in wrong.text
    assert session.query(Return).count() == 0
    person.presses(first, "not-involved", pasted__link=link_for(grant), **NIL)
    assert kept_of(first).nil_reason == "moved"
    person.opens(first, "done")


def test_a10_a_withdrawn_request_shows_the_reason_and_stores_nothing(
    person: Person, grant: Grant, first: AuditRequest, session: Session
) -> None:
    person.starts(grant)
    person.opens(first, "not-involved")
    with transaction():
        withdraw_request(first, reason="By mistake", actor="manager", now=MONDAY_MORNING)
    page = person.presses(first, "not-involved", status=410, **NIL)
    assert "This link has been withdrawn." in page.text
    assert "Southside School" in page.text
    assert session.query(Return).count() == 0


def test_not_involved_counts_and_can_be_taken_back(person: Person, grant: Grant, first: AuditRequest) -> None:
    person.starts(grant)
    asks = person.opens(first, "not-involved").text
    assert asks.count('type="radio" value="') == len(NIL_REASONS)
    assert asks.count("Return as not involved") == 1
    assert 'data-show-if="reason=moved"' in asks
    assert "Choose why" in person.presses(first, "not-involved", status=422).text
    done = person.browser.follow(
        person.presses(first, "not-involved", reason="moved", whereabouts="Southside School")
    )
    assert "The file is now with: Southside School" in done.text
    assert "1 of 3 returned" in person.reads("/returns/").text
    person.opens(first, "done")
    person.presses(first, "involved")
    assert "0 of 3 returned" in person.reads("/returns/").text


def test_a20_an_expired_not_involved_page_keeps_its_text_and_accepts_the_link(
    person: Person, grant: Grant, first: AuditRequest, clock: Traveller
) -> None:
    person.starts(grant)
    person.opens(first, "not-involved")
    clock.move_to(MONDAY_MORNING + timedelta(minutes=90))
    said: dict[str, Any] = {"reason": "moved", "whereabouts": "Westside Police"}
    page = person.presses(first, "not-involved", status=404, **said)
    assert "Westside Police" in page.text
    assert "Child 1" not in page.text
    wrong = person.presses(first, "not-involved", status=404, pasted__link="https://example.com/", **said)
    assert "This is not a link of ours" in wrong.text
    assert "Westside Police" in wrong.text
    person.presses(first, "not-involved", pasted__link=link_for(grant), **said)
    assert kept_of(first).nil_reason == "moved"
    assert "Westside Police" in person.opens(first, "copy").text


def test_pressing_twice_and_correcting_the_reason_send_one_receipt(
    person: Person, grant: Grant, first: AuditRequest, session: Session
) -> None:
    person.starts(grant)
    person.opens(first, "not-involved")
    earlier = dict(person.hidden)
    person.presses(first, "not-involved", reason="not_known")
    person.hidden = earlier
    person.presses(first, "not-involved", reason="not_known")
    # The page fetched again, with another reason.
    person.opens(first, "not-involved")
    person.presses(first, "not-involved", reason="closed_before")
    assert kept_of(first).nil_reason == "closed_before"
    receipts = session.scalars(select(Outbox).where(Outbox.kind == "receipt")).all()
    assert len(receipts) == 1
    # Taken back and made again, it is another return.
    person.presses(first, "involved")
    person.opens(first, "not-involved")
    person.presses(first, "not-involved", reason="not_known")
    assert len(session.scalars(select(Outbox).where(Outbox.kind == "receipt")).all()) == 2
