"""A contact's own copy can be read for 90 days after the close; then a page says whom to ask for it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from time_machine import Traveller

from surveyapp.answering.access.copy_period import copy_has_ended, last_copy_day
from surveyapp.answering.models import Revision
from surveyapp.answering.returns.queries import revision_answers
from surveyapp.closing.operations import allow_late, close_returns, reopen
from surveyapp.foundation import clock as surveyapp_clock
from surveyapp.foundation.store.db import transaction
from surveyapp.issuing.links import link_for, token_in
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.planning.models import Audit
from tests.answering.conftest import Person, kept_of

# Returns close on Friday 15 January 2027 at five; the clocks go forward on 28 March.
LAST_MINUTE = datetime(2027, 4, 15, 22, 59, tzinfo=UTC)
NEXT_DAY = datetime(2027, 4, 15, 23, tzinfo=UTC)
PAGES = ("", "check", "done", "copy", "copy.pdf")
ENDED = "You could read this copy until Thursday 15 April 2027"
WHOM_TO_ASK = (
    "To ask for it, ring the partnership’s business manager on 01234 567890, or write to "
    "audits@partnership.example. The reference is "
)


def returns(person: Person, audit_request: AuditRequest, answers: dict[str, Any]) -> None:
    """Answer and return one case, from the email on."""
    person.starts(audit_request.grant)
    person.opens(audit_request)
    person.presses(audit_request, **answers, next__step="check")
    person.opens(audit_request, "check")
    person.presses(audit_request, "check")


@pytest.fixture
def answered(person: Person, first: AuditRequest, required: dict[str, Any]) -> AuditRequest:
    """The first case, returned."""
    returns(person, first, {**required, "supervision": "no", "supervision__comment": "Not since May."})
    return first


def is_readable(person: Person, audit_request: AuditRequest) -> bool:
    """Whether the copy is shown; AssertionError unless it is shown or has ended."""
    page = person.browser.http.get(f"/returns/{audit_request.public_id}/copy")
    assert page.status_code in {200, 410}
    return page.status_code == 200


def test_the_copy_ends_at_midnight_of_its_last_day_in_local_time(
    person: Person, grant: Grant, answered: AuditRequest, clock: Traveller
) -> None:
    clock.move_to(LAST_MINUTE)
    page = person.starts(grant).text
    assert "You can read and print your own copies until Thursday 15 April 2027." in page
    assert "You can read this copy until Thursday 15 April 2027." in person.opens(answered, "copy").text
    assert person.browser.get(f"/returns/{answered.public_id}/copy.pdf").mimetype == "application/pdf"
    clock.move_to(NEXT_DAY)
    for page_name in PAGES:
        page = person.reads(f"/returns/{answered.public_id}/{page_name}", status=410).text
        assert ENDED in page
        assert f"{WHOM_TO_ASK}{answered.reference}." in page
        assert "Not since May." not in page


def test_the_list_and_the_landing_page_say_whom_to_ask_and_lead_to_no_copy(
    person: Person, grant: Grant, answered: AuditRequest, clock: Traveller
) -> None:
    clock.move_to(NEXT_DAY)
    landing = person.browser.get(f"/r/{token_in(link_for(grant))}/").text
    assert "You could read your own copies until Thursday 15 April 2027. To ask for one, ring the" in landing
    assert "See your copies" not in landing
    page = person.starts(grant).text
    assert "1 of 3 returned" in page
    assert "You could read your own copies until Thursday 15 April 2027. To ask for one, ring" in page
    assert "01234 567890" in page
    assert "What came of it" in page
    assert f"/returns/{answered.public_id}/done" not in page
    assert "/copy" not in page
    assert "View your copy" not in page


def test_a_draft_that_was_never_returned_ends_too(
    person: Person, grant: Grant, first: AuditRequest, clock: Traveller
) -> None:
    person.starts(grant)
    person.opens(first)
    person.presses(first, supervision="yes", supervision__comment="Monthly.", next__step="save")
    clock.move_to(LAST_MINUTE)
    person.starts(grant)
    assert "Monthly." in person.opens(first, "copy").text
    clock.move_to(NEXT_DAY)
    page = person.starts(grant).text
    assert "Not returned" in page
    assert "does not count" not in page
    assert ENDED in person.reads(f"/returns/{first.public_id}/copy", status=410).text


def test_a_reopened_audit_counts_anew_from_its_next_close(
    person: Person, grant: Grant, answered: AuditRequest, audit: Audit, clock: Traveller
) -> None:
    clock.move_to(NEXT_DAY)
    person.starts(grant)
    assert not is_readable(person, answered)
    with transaction():
        reopen(audit, to=date(2027, 4, 23), reason="A late file.", actor="Ann", now=surveyapp_clock.now())
    assert "Not since May." in person.opens(answered, "copy").text
    assert last_copy_day(audit) == date(2027, 7, 22)
    clock.move_to(datetime(2027, 7, 22, 22, 59, tzinfo=UTC))
    person.starts(grant)
    assert is_readable(person, answered)
    clock.move_to(datetime(2027, 7, 22, 23, tzinfo=UTC))
    assert not is_readable(person, answered)


def test_a_return_that_may_come_in_late_is_open_for_as_long_again(
    person: Person,
    first: AuditRequest,
    audit: Audit,
    required: dict[str, Any],
    clock: Traveller,
) -> None:
    clock.move_to(datetime(2027, 4, 1, 9, tzinfo=UTC))
    with transaction():
        allow_late(first, actor="Ann", now=surveyapp_clock.now())
    clock.move_to(NEXT_DAY)
    returns(person, first, required)
    assert last_copy_day(audit, kept_of(first)) == date(2027, 6, 30)
    assert "View or change" in person.starts(first.grant).text
    assert is_readable(person, first)
    clock.move_to(datetime(2027, 6, 30, 23, tzinfo=UTC))
    person.starts(first.grant)
    assert not is_readable(person, first)


def test_an_audit_closed_by_hand_after_midnight_counts_from_the_local_day(
    audit: Audit, session: Session
) -> None:
    half_past_midnight = datetime(2027, 6, 30, 23, 30, tzinfo=UTC)
    audit.close_on, audit.closes_at = date(2027, 7, 30), datetime(2027, 7, 30, 16, tzinfo=UTC)
    session.commit()
    with transaction():
        close_returns(audit, actor="Ann", now=half_past_midnight)
    assert last_copy_day(audit) == date(2027, 9, 29), "90 days after 1 July."
    assert not copy_has_ended(audit, now=datetime(2027, 9, 29, 22, 59, tzinfo=UTC))
    assert copy_has_ended(audit, now=datetime(2027, 9, 29, 23, tzinfo=UTC))


def test_the_number_of_days_is_a_setting(
    app: Flask, person: Person, answered: AuditRequest, audit: Audit, clock: Traveller
) -> None:
    state = app.extensions["survey"]
    app.extensions["survey"] = replace(state, settings=replace(state.settings, copy_days=1))
    assert audit.closes_at is not None
    clock.move_to(audit.closes_at + timedelta(days=1))
    person.starts(answered.grant)
    assert is_readable(person, answered)
    clock.move_to(audit.closes_at + timedelta(days=1, hours=7))
    person.starts(answered.grant)
    assert not is_readable(person, answered)
    assert copy_has_ended(audit, now=audit.closes_at + timedelta(days=2))


def test_the_link_of_a_colleague_ends_too(
    app: Flask, person: Person, first: AuditRequest, session: Session, clock: Traveller
) -> None:
    person.starts(first.grant)
    person.opens(first, "pass-on")
    fields = {"name": "Bo Lee", "email": "bo@police.example", "how": "submit", "warned_of": "police.example"}
    person.browser.post(f"/returns/{first.public_id}/pass-on", fields)
    session.expire_all()
    colleague = Person(app)
    colleague.starts(first.grant)
    colleague.opens(first)
    colleague.presses(first, supervision="yes", supervision__comment="Monthly.", next__step="save")
    clock.move_to(LAST_MINUTE)
    colleague.starts(first.grant)
    assert "Monthly." in colleague.opens(first, "copy").text
    clock.move_to(NEXT_DAY)
    assert ENDED in colleague.reads(f"/returns/{first.public_id}/copy", status=410).text
    assert f"/returns/{first.public_id}/copy" not in colleague.starts(first.grant).text


@pytest.mark.parametrize(
    "press",
    [
        *(
            "check",
            "involved",
            "keep-wording",
            "ask",
            "pass-on",
            "take-back",
            "send-back",
            "not-involved",
            "",
        ),
        *("check with an old token", "ask with an old token", "pass-on with an old token"),
        *("not-involved with an old token", " with an old token"),
    ],
)
def test_no_press_shows_what_was_saved_once_the_copy_has_ended(
    person: Person, answered: AuditRequest, required: dict[str, Any], clock: Traveller, press: str
) -> None:
    page, _, is_old = press.partition(" with ")
    token = {"csrf_token": "old"} if is_old else {}
    if page == "ask":
        person.opens(answered, "ask")
        person.presses(answered, "ask", kind="question", text="Asked in December?")
    person.opens(answered)
    clock.move_to(NEXT_DAY)
    person.starts(answered.grant)
    for typed in ({}, {**required, "reason": "not_known", "text": "Typed just now.", "name": "Bo"}):
        ended = person.presses(answered, page, status=410, **token, **typed).text
        assert ENDED in ended
        assert f"{WHOM_TO_ASK}{answered.reference}." in ended
        assert "Not since May." not in ended
        assert "Asked in December?" not in ended


def test_text_saved_from_a_page_still_open_is_stored_and_shown_alone(
    person: Person, answered: AuditRequest, required: dict[str, Any], session: Session, clock: Traveller
) -> None:
    person.opens(answered)
    open_page = dict(person.hidden)
    clock.move_to(NEXT_DAY)
    person.starts(answered.grant)
    for next_step in ("save", "check", "stay"):
        person.hidden = {**open_page, "submission-id": f"a-page-{next_step}"}
        typed = {"supervision": "no", "supervision__comment": f"Typed to {next_step}."}
        page = person.presses(answered, status=410, **required, **typed, next__step=next_step).text
        assert ENDED in page
        assert "What you have just sent is stored." in page
        assert f"Typed to {next_step}." in page
        assert "Not since May." not in page
        session.rollback()
        stored = [
            given.text
            for revision in session.scalars(select(Revision))
            for given in revision_answers(revision)
        ]
        assert f"Typed to {next_step}." in stored


def test_a_late_return_that_has_ended_too_does_not_show_the_other_version_of_a_clash(
    person: Person, answered: AuditRequest, required: dict[str, Any], clock: Traveller
) -> None:
    clock.move_to(datetime(2027, 4, 1, 9, tzinfo=UTC))
    person.starts(answered.grant)
    with transaction():
        allow_late(answered, actor="Ann", now=surveyapp_clock.now())
    clock.move_to(datetime(2027, 6, 30, 23, tzinfo=UTC))
    person.starts(answered.grant)
    person.hidden = {"submission-id": "a-page-of-before", "seen-version": "0"}
    typed = {"supervision": "no", "supervision__comment": "Typed just now."}
    page = person.presses(answered, status=410, **required, **typed, next__step="save").text
    assert "Typed just now." in page
    assert "Not since May." not in page
