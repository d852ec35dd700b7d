"""What was typed is never lost, and a page tells nobody what it would not have told them before."""

import contextvars
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from surveyapp.answering.models import Return
from surveyapp.closing.operations import close_returns
from surveyapp.foundation.store.db import engine, transaction
from surveyapp.issuing.links import link_for, token_in
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.issuing.withdrawal_operations import withdraw_request
from surveyapp.planning.models import Audit
from tests.answering.conftest import Person, kept_of
from tests.conftest import MONDAY_MORNING
from tests.engine_events import engine_listener, short_lock_timeouts
from tests.page_client import PageClient
from tests.row_maker import Maker

NIL: dict[str, Any] = {"reason": "moved", "whereabouts": "Southside School"}


@pytest.fixture
def grant(make: Maker) -> Grant:
    agency = make.agency("Northside Police", contact="audit@police.example")
    return make.grants(make.audit(cases=2, agencies=[agency]))[0]


@pytest.fixture
def first(grant: Grant) -> AuditRequest:
    return grant.requests[0]


@contextmanager
def busy_database(session: Session) -> Iterator[None]:
    """Somebody else holds what a press would write; nobody waits long for it."""
    session.rollback()
    with short_lock_timeouts(), _locked():
        yield


@contextmanager
def _locked() -> Iterator[None]:
    if engine().dialect.name == "sqlite":
        writer = sqlite3.connect(str(engine().url.database), isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        yield
        writer.close()
        return
    other = create_engine(engine().url)
    with other.connect() as connection:
        connection.execute(text("LOCK TABLE survey_audit, survey_audit_request, survey_grant"))
        yield
    other.dispose()


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


def test_a_page_without_typed_text_promises_none_while_the_database_is_busy(
    person: Person, grant: Grant, first: AuditRequest, make: Maker, session: Session
) -> None:
    person.starts(grant)
    make.draft(first)
    person.opens(first, "check")
    path = f"/returns/{first.public_id}/check"
    with busy_database(session):
        page = person.browser.post(path, person.hidden, status=503)
    assert "Could not save just now" in page.text
    assert "below" not in page.text
    assert page.headers["Retry-After"] == "10"


def test_the_request_of_somebody_else_and_one_that_never_was_give_the_same_page(
    person: Person, make: Maker, grant: Grant, first: AuditRequest
) -> None:
    other = make.audit(cases=1, agencies=[make.agency("Southside School", kind="school")])
    foreign = make.requests(other)[0].public_id
    person.starts(grant)
    person.opens(first)
    typed = {**person.hidden, "supervision": "yes", "csrf_token": person.browser.token}
    for there in ("", "not-involved"):
        for token in ({}, {"csrf_token": "old"}):
            answers = [
                person.browser.post(f"/returns/{one}/{there}", {**typed, **token}, status=404)
                for one in (foreign, "a" * 24, "anything", "%00")
            ]
            assert {each.text for each in answers} == {answers[0].text}
            assert "There is no such page here" in answers[0].text


def test_addresses_that_are_none_are_not_found_by_a_stranger_either(stranger: PageClient) -> None:
    for there in ("anything", "%00", "a" * 24, "A" * 24, "é" * 24):
        for page in ("", "check", "done", "not-involved", "copy"):
            stranger.get(f"/returns/{there}/{page}", status=404)
        for page, status in (("", 404), ("not-involved", 404), ("check", 400), ("involved", 400)):
            stranger.post(f"/returns/{there}/{page}", {"csrf_token": "none"}, status=status)


def test_a_pasted_link_is_held_although_an_answer_is_wrong(
    app: Flask, person: Person, grant: Grant, first: AuditRequest
) -> None:
    person.starts(grant)
    person.opens(first)
    person.browser.http.delete_cookie(app.config["SESSION_COOKIE_NAME"])
    person.presses(first, status=400, next__step="save")
    link = link_for(grant)
    wrong = person.presses(first, status=422, pasted__link=link, supervision="perhaps", next__step="save")
    assert "Child 1" in wrong.text
    person.presses(first, supervision="yes", next__step="save")
    assert kept_of(first).version == 1


def test_the_link_of_who_has_left_opens_nothing_until_they_are_back(
    person: Person, stranger: PageClient, grant: Grant, first: AuditRequest, session: Session
) -> None:
    person.starts(grant)
    person.opens(first)
    grant.contact.left_at = MONDAY_MORNING
    session.commit()
    link = f"/r/{token_in(link_for(grant))}/"
    assert "This link has been replaced" in stranger.get(link, status=404).text
    page = person.presses(first, status=410, supervision__comment="Typed.", next__step="save")
    assert "Typed." in page.text
    person.reads(f"/returns/{first.public_id}/", status=404)
    person.reads("/returns/", status=403)
    assert session.query(Return).count() == 0
    grant.contact.left_at = None
    session.commit()
    stranger.get(link)
    person.opens(first)


@pytest.mark.slow
def test_a_pasted_link_and_the_close_of_returns_wait_for_one_another_in_one_order(
    app: Flask, person: Person, grant: Grant, first: AuditRequest, session: Session
) -> None:
    person.starts(grant)
    person.opens(first)
    person.browser.http.delete_cookie(app.config["SESSION_COOKIE_NAME"])
    person.presses(first, status=400, next__step="save")
    grant.started_at = None
    session.commit()
    audit_id, path = first.audit_id, f"/returns/{first.public_id}/"
    typed = {**person.hidden, "csrf_token": person.browser.token, "pasted-link": link_for(grant)}
    session.rollback()

    def rest(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith("UPDATE survey_grant"):
            time.sleep(0.4)

    statuses: list[int] = []

    def save() -> None:
        statuses.append(person.browser.http.post(path, data=typed).status_code)

    with engine_listener("after_cursor_execute", rest):
        saving = threading.Thread(target=contextvars.Context().run, args=(save,))
        saving.start()
        time.sleep(0.2)
        with transaction():
            close_returns(session.get_one(Audit, audit_id), actor="manager", now=MONDAY_MORNING)
        saving.join()
    # A second late or in time: either way it is stored, and nobody was thrown out.
    assert statuses in ([303], [409])
    assert session.query(Return).count() == 1
