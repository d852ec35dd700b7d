"""Typed text is not lost when a page asks for a code."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session
from time_machine import Traveller

from surveyapp.answering.access.codes import CODE_LIFETIME
from surveyapp.answering.models import Revision
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.links import link_for
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.planning.models import Audit
from tests.answering.access.sent_codes import audit_with_code, code_page_after_start, newest_code
from tests.answering.busy_database import busy_database
from tests.answering.conftest import Person, kept_of
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

Queued = Callable[[], list[Outbox]]
MINUTE = timedelta(minutes=1)
TYPED = "Nobody asked the child in May."


@pytest.fixture
def audit(make: Maker, session: Session) -> Audit:
    """Two cases, about which the police are asked; their contact needs a code."""
    return audit_with_code(make, session)


def test_text_typed_past_the_idle_hour_is_stored_with_link_and_code(
    person: Person,
    grant: Grant,
    first: AuditRequest,
    clock: Traveller,
    session: Session,
) -> None:
    code_page = code_page_after_start(person, grant)
    person.browser.post(code_page, {"proof-code": newest_code()})
    person.opens(first)
    clock.move_to(MONDAY_MORNING + timedelta(minutes=90))
    typed: dict[str, Any] = {"supervision__comment": TYPED, "next__step": "save"}
    page = person.presses(first, status=404, **typed).text
    assert "Paste the link from your email" in page
    page = person.presses(first, status=403, pasted__link=link_for(grant), **typed).text
    assert "This page needs a code from your email. Nothing has been stored yet: your text is below." in page
    assert TYPED in page
    assert "We have sent a code to au…@police.example" in page
    assert "Paste the link" not in page
    assert "Child 1" not in page
    bad = f"{(int(newest_code()) + 1) % 10**8:08d}"
    page = person.presses(first, status=403, proof__code=bad, **typed).text
    assert "You have 4 tries left" in page
    assert TYPED in page
    assert session.query(Revision).count() == 0
    person.presses(first, proof__code=newest_code(), **typed)
    assert TYPED in person.opens(first).text


def test_asking_for_another_code_keeps_the_text(
    person: Person,
    grant: Grant,
    first: AuditRequest,
    clock: Traveller,
    outbox: Queued,
) -> None:
    code_page = code_page_after_start(person, grant)
    person.browser.post(code_page, {"proof-code": newest_code()})
    person.opens(first)
    with person.browser.http.session_transaction() as cookie:
        del cookie["survey_proved"]
    typed: dict[str, Any] = {"supervision__comment": TYPED}
    assert TYPED in person.presses(first, status=403, **typed).text
    clock.move_to(MONDAY_MORNING + MINUTE)
    before = len(outbox())
    assert TYPED in person.presses(first, status=403, proof__send="1", **typed).text
    assert len(outbox()) == before + 1
    person.presses(first, proof__code=newest_code(), next__step="save", **typed)
    assert TYPED in person.opens(first).text


def test_the_page_not_involved_keeps_its_text_until_the_code_is_entered(
    person: Person, grant: Grant, first: AuditRequest
) -> None:
    code_page = code_page_after_start(person, grant)
    person.browser.post(code_page, {"proof-code": newest_code()})
    person.opens(first, "not-involved")
    with person.browser.http.session_transaction() as cookie:
        del cookie["survey_proved"]
    said: dict[str, Any] = {"reason": "moved", "whereabouts": "Westside Police"}
    page = person.presses(first, "not-involved", status=403, **said).text
    assert "Westside Police" in page
    assert "Child 1" not in page
    person.presses(first, "not-involved", proof__code=newest_code(), **said)
    assert kept_of(first).nil_reason == "moved"


def test_a_page_of_unknown_origin_keeps_its_text_too(
    person: Person, grant: Grant, first: AuditRequest
) -> None:
    code_page_after_start(person, grant)
    person.hidden = {}
    typed: dict[str, Any] = {"supervision": "yes", "supervision__comment": TYPED, "next__step": "save"}
    page = person.presses(first, status=403, **typed).text
    assert "Give the code from your email first" in page
    assert TYPED in page
    # Nobody types it again: the page sends all fields that it received.
    again = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    assert again.pop("csrf_token")
    assert again == {"supervision": "yes", "next-step": "save"}
    person.presses(first, proof__code=newest_code(), **typed)
    assert TYPED in person.opens(first).text


def test_a_press_without_text_leads_to_the_code_and_back_to_its_page(
    person: Person,
    make: Maker,
    grant: Grant,
    first: AuditRequest,
) -> None:
    make.draft(first)
    code_page_after_start(person, grant)
    answer = person.presses(first, "check")
    assert answer.headers["Location"] == f"/prove/{first.public_id}/?next=return_audit"
    answer = person.browser.post(answer.headers["Location"], {"proof-code": newest_code()})
    assert answer.headers["Location"] == "/returns/"
    assert kept_of(first).returned_at is None


def test_a_forged_press_sends_no_code(
    person: Person,
    grant: Grant,
    first: AuditRequest,
    outbox: Queued,
    clock: Traveller,
) -> None:
    code_page = code_page_after_start(person, grant)
    person.browser.post(code_page, {"proof-code": newest_code()})
    person.opens(first)
    with person.browser.http.session_transaction() as cookie:
        del cookie["survey_proved"]
    clock.move_to(MONDAY_MORNING + CODE_LIFETIME)
    before = len(outbox())
    old: dict[str, Any] = {"csrf_token": "old", "proof__send": "1", "supervision__comment": TYPED}
    assert TYPED in person.presses(first, status=400, **old).text
    assert len(outbox()) == before
    person.browser.post(f"{code_page}send", {"csrf_token": "old"}, status=400)
    assert len(outbox()) == before


@pytest.mark.slow
def test_text_comes_back_if_the_database_is_busy_when_the_code_is_entered(
    person: Person, grant: Grant, first: AuditRequest, session: Session
) -> None:
    code_page = code_page_after_start(person, grant)
    code = newest_code()
    person.browser.post(code_page, {"proof-code": code})
    person.opens(first)
    with person.browser.http.session_transaction() as cookie:
        del cookie["survey_proved"]
    path = f"/returns/{first.public_id}/"
    typed = {**person.hidden, "supervision-comment": TYPED, "next-step": "save"}
    with busy_database(session):
        assert TYPED in person.browser.post(path, {**typed, "proof-code": "12345678"}, status=503).text
        page = person.browser.post(path, typed, status=503).text
        assert TYPED in page
        assert "Child 1" not in page
