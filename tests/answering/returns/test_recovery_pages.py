"""After a failed save the page shows the typed text again and says what to do."""

import re
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from time_machine import Traveller

from surveyapp.agencies.models import Contact
from surveyapp.answering.models import Revision
from surveyapp.foundation.store.db import engine, transaction
from surveyapp.issuing.links import link_for
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.issuing.replacement_operations import replace_contact
from surveyapp.issuing.withdrawal_operations import withdraw_request
from tests.answering.busy_database import busy_database
from tests.answering.conftest import Person, kept_of
from tests.conftest import MONDAY_MORNING
from tests.engine_events import short_lock_timeouts
from tests.row_maker import Maker

People = Callable[[], Person]


def test_a_busy_page_without_typed_text_does_not_mention_any(
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


def test_a1_the_second_of_two_people_sees_both_texts_and_may_return_theirs(
    person: Person, people: People, grant: Grant, first: AuditRequest, required: dict[str, Any]
) -> None:
    other = people()
    person.starts(grant)
    other.starts(grant)
    person.opens(first)
    other.opens(first)
    person.presses(first, **required, supervision="yes", next__step="check")
    person.opens(first, "check")
    person.presses(first, "check")
    page = other.presses(
        first,
        status=409,
        **required,
        supervision="no",
        supervision__comment="Mine.",
        next__step="save",
    )
    assert "This was returned in another place at 9:00am" in page.text
    assert "Mine." in page.text
    assert "Where the two differ" in page.text
    other.presses(first, **required, supervision="no", supervision__comment="Mine.", next__step="check")
    other.opens(first, "check")
    other.presses(first, "check")
    assert "Mine." in other.opens(first, "copy").text


def test_a4_an_old_tab_does_not_overwrite_later_saves(
    person: Person, grant: Grant, first: AuditRequest
) -> None:
    person.starts(grant)
    person.opens(first)
    old = dict(person.hidden)
    person.presses(first, supervision="yes", next__step="save")
    person.hidden = old
    page = person.presses(first, status=409, supervision="no", next__step="save")
    assert "This was saved in another place at 9:00am" in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_a5_an_expired_page_comes_back_with_its_text_and_the_second_press_stores_it(
    person: Person, grant: Grant, first: AuditRequest, session: Session
) -> None:
    person.starts(grant)
    person.opens(first)
    page = person.presses(
        first,
        status=400,
        csrf_token="old",  # noqa: S106 — no password
        supervision__comment="Typed before lunch.",
        next__step="save",
    )
    assert "Press Save again" in page.text
    assert "Typed before lunch." in page.text
    assert session.query(Revision).count() == 0
    person.presses(first, supervision__comment="Typed before lunch.", next__step="save")
    assert "Typed before lunch." in person.opens(first).text


def test_a6_a_lost_cookie_asks_for_the_link_keeps_the_text_and_then_stores_it(
    app: Flask, person: Person, grant: Grant, first: AuditRequest, session: Session
) -> None:
    person.starts(grant)
    person.opens(first)
    person.browser.http.delete_cookie(app.config["SESSION_COOKIE_NAME"])
    typed: dict[str, Any] = {"supervision__comment": "Typed for an hour.", "next__step": "save"}
    page = person.presses(first, status=400, **typed)
    assert "Paste the link from your email" in page.text
    assert "Typed for an hour." in page.text
    assert "Child 1" not in page.text
    wrong = person.presses(first, status=404, pasted__link="https://example.com/", **typed)
    assert "This is not a link of ours" in wrong.text
    assert "Typed for an hour." in wrong.text
    empty = person.presses(first, status=404, pasted__link=" ", **typed)
    assert '<a href="#pasted-link">Paste the link from your email</a>' in empty.text
    assert 'id="pasted-link-error"' in empty.text
    assert session.query(Revision).count() == 0
    person.presses(first, pasted__link=f" {link_for(grant)}. ", **typed)
    assert "Typed for an hour." in person.opens(first).text


def test_a_page_that_could_not_be_stored_shows_its_text_first_and_then_one_action(
    app: Flask, person: Person, grant: Grant, first: AuditRequest
) -> None:
    person.starts(grant)
    person.opens(first)
    person.browser.http.delete_cookie(app.config["SESSION_COOKIE_NAME"])
    typed: dict[str, Any] = {
        "supervision": "no",
        "supervision__comment": "Typed for\n an hour.",
        "next__step": "save",
    }
    page = person.presses(first, status=400, **typed).text
    question = first.audit.form.question("supervision")
    own, _, after = page.partition('id="own-text"')[2].partition("</section>")
    assert f"{question.number}. {question.name}\n{question.answers[1].label}" in own
    assert "Typed for\n an hour." in own
    assert "data-copy" in own
    in_order = re.findall(r'<label class="govuk-label[^>]*>([^<]*)|<button[^>]*>([^<]*)|(<details)', after)
    # The first button is the one that Enter presses, and nobody sees it.
    assert in_order[1:4] == [
        ("Paste the link from your email", "", ""),
        ("", "Save", ""),
        ("", "", "<details"),
    ]
    for other in ("Check and return", "Save and come back later", "Save my text", "survey-pace"):
        assert other not in after


def test_two_versions_stand_one_under_the_other_and_one_button_saves_ones_own(
    person: Person, grant: Grant, first: AuditRequest
) -> None:
    person.starts(grant)
    person.opens(first)
    old = dict(person.hidden)
    person.presses(first, supervision="yes", next__step="save")
    person.hidden = old
    page = person.presses(
        first, status=409, supervision="no", supervision__comment="Mine.", next__step="save"
    )
    differs = re.search(r'<section class="survey-differs".*?</section>', page.text, re.DOTALL)
    assert differs
    assert re.findall(r"<dt>([^<]*)</dt>", differs[0]) == ["Your text", "Saved now"]
    assert "<table" not in page.text
    assert page.text.index("Mine.") < page.text.index("survey-differs") < page.text.index("Save my text")
    # The list and the bar’s buttons would act on a form that is folded away with its buttons.
    assert "data-next-unanswered" not in page.text
    assert "survey-beside__list" not in page.text
    _, _, folded = page.text.partition("survey-own-form")
    buttons = ("Check and return", "Save and come back later", "Save my text")
    assert [button in folded for button in buttons] == [True, True, False]
    person.presses(first, supervision="no", supervision__comment="Mine.", next__step="save")
    assert "Mine." in person.opens(first).text


def save_from_an_old_page(
    person: Person, first: AuditRequest, *, saved: dict[str, Any], typed: dict[str, Any]
) -> str:
    """Save in one tab, then on a page opened before; returns the page that follows, in HTML."""
    person.opens(first)
    old = dict(person.hidden)
    person.presses(first, **saved, next__step="save")
    person.hidden = old
    return person.presses(first, status=409, **typed, next__step="save").text


def in_form(page: str, name: str) -> list[str]:
    """The values chosen, or typed, in a form page under this name."""
    chosen = re.findall(rf'<input[^>]*name="{name}"[^>]*>', page)
    values = [re.findall(r'value="([^"]*)"', tag)[0] for tag in chosen if " checked" in tag]
    return values + re.findall(rf'<textarea[^>]*name="{name}"[^>]*>\s*([^<]*)</textarea>', page)


def test_a_question_changed_only_in_the_other_tab_keeps_what_was_saved_there(
    person: Person, grant: Grant, first: AuditRequest
) -> None:
    person.starts(grant)
    page = save_from_an_old_page(
        person,
        first,
        saved={"supervision": "yes", "supervision__comment": "A long comment."},
        typed={"tasks_and_dates__comment": "Ticked here."},
    )
    assert "Both were put together" in page
    assert "Where the two differ" not in page
    own = page.partition('id="own-text"')[2].partition("</section>")[0]
    assert "Ticked here." in own
    assert "A long comment." not in own
    assert in_form(page, "supervision") == ["yes"]
    assert in_form(page, "supervision-comment") == ["A long comment."]
    assert "Save both" in page
    person.presses(
        first,
        supervision="yes",
        supervision__comment="A long comment.",
        tasks_and_dates__comment="Ticked here.",
        next__step="save",
    )
    page = person.opens(first).text
    assert in_form(page, "supervision-comment") == ["A long comment."]
    assert in_form(page, "tasks_and_dates-comment") == ["Ticked here."]


def test_only_a_question_that_both_changed_is_listed_for_a_choice(
    person: Person, grant: Grant, first: AuditRequest
) -> None:
    person.starts(grant)
    person.opens(first)
    person.presses(first, supervision="yes", tasks_and_dates__comment="At first.", next__step="save")
    page = save_from_an_old_page(
        person,
        first,
        saved={"supervision": "no", "tasks_and_dates__comment": "Changed there."},
        typed={"supervision": "yes", "tasks_and_dates__comment": "Changed here."},
    )
    assert page.count('<section class="survey-differs"') == 1
    differs = page.partition('<section class="survey-differs"')[2].partition("</section>")[0]
    assert "Changed there." in differs
    assert "Changed here." in differs
    assert (in_form(page, "supervision"), in_form(page, "tasks_and_dates-comment")) == (
        ["no"],
        ["Changed here."],
    )
    assert "your answers listed here take the place of the saved ones" in page
    assert f'<a class="govuk-link" href="/returns/{first.public_id}/">Keep what is saved</a>' in page
    # What was typed is still there for somebody who takes that link.
    afresh = person.opens(first).text
    assert in_form(afresh, "tasks_and_dates-comment") == ["Changed there."]
    assert "Changed here." in afresh


def test_an_old_page_on_which_nothing_was_changed_shows_what_is_saved(
    person: Person, grant: Grant, first: AuditRequest
) -> None:
    person.starts(grant)
    page = save_from_an_old_page(person, first, saved={"supervision": "yes"}, typed={})
    assert "You had changed nothing." in page
    assert in_form(page, "supervision") == ["yes"]
    assert 'id="own-text"' not in page
    assert "Keep what is saved" not in page


@pytest.mark.parametrize("step", ["check", "save"])
def test_only_a_button_that_returns_says_not_returned_yet(
    app: Flask, person: Person, grant: Grant, first: AuditRequest, step: str
) -> None:
    person.starts(grant)
    person.opens(first)
    typed: dict[str, Any] = {"supervision__comment": "Typed before lunch.", "next__step": step}
    expired = person.presses(first, status=400, csrf_token="old", **typed)  # noqa: S106 — no password
    person.browser.http.delete_cookie(app.config["SESSION_COOKIE_NAME"])
    lost = person.presses(first, status=400, **typed)
    for page in (expired, lost):
        assert ("Not returned yet. This" in page.text) is (step == "check")
        assert "Typed before lunch." in page.text


def test_a_nil_return_pressed_too_late_first_says_not_returned_yet(
    app: Flask, person: Person, grant: Grant, first: AuditRequest
) -> None:
    person.starts(grant)
    person.opens(first, "not-involved")
    page = person.presses(first, "not-involved", status=400, csrf_token="old", reason="not_known")  # noqa: S106 — no password
    assert "Not returned yet. This page had been open too long." in page.text
    person.browser.http.delete_cookie(app.config["SESSION_COOKIE_NAME"])
    page = person.presses(first, "not-involved", status=400, reason="not_known")
    assert "Not returned yet. This browser does not hold your link any more." in page.text


def test_a_clash_that_is_sent_twice_keeps_its_text_once(
    person: Person, people: People, grant: Grant, first: AuditRequest, session: Session
) -> None:
    other = people()
    for each in (person, other):
        each.starts(grant)
        each.opens(first)
    opened = dict(other.hidden)
    person.presses(first, supervision="yes", next__step="save")
    pages = []
    for _ in range(2):
        other.hidden = dict(opened)
        page = other.presses(first, status=409, supervision="no", next__step="save")
        pages.append(dict(other.hidden))
        assert "Where the two differ" in page.text
    assert pages[0]["submission-id"] == pages[1]["submission-id"]
    assert session.scalars(select(Revision.kind).order_by(Revision.id)).all() == ["save", "clash", "autosave"]


def test_a8_an_audit_that_closes_meanwhile_keeps_the_text_and_says_it_was_not_sent(
    person: Person, grant: Grant, first: AuditRequest, clock: Traveller, session: Session
) -> None:
    closes_at = first.audit.closes_at
    assert closes_at is not None
    clock.move_to(closes_at - timedelta(minutes=20))
    person.starts(grant)
    person.opens(first)
    clock.move_to(closes_at + timedelta(minutes=3))
    page = person.presses(first, status=409, supervision__comment="A minute late.", next__step="save")
    assert "This audit closed on Friday 15 January 2027 at 5:00pm." in page.text
    assert "Your text was saved at 5:03pm and has not been sent." in page.text
    assert "A minute late." in page.text
    assert session.scalars(select(Revision.kind)).all() == ["late"]
    assert not kept_of(first).has_returned


def test_a10_a_withdrawn_request_shows_the_text_and_stores_nothing(
    person: Person, grant: Grant, first: AuditRequest, session: Session
) -> None:
    person.starts(grant)
    person.opens(first)
    with transaction():
        withdraw_request(first, reason="By mistake", actor="manager", now=MONDAY_MORNING)
    page = person.presses(first, status=410, supervision__comment="Typed.", next__step="save")
    assert "This link has been withdrawn." in page.text
    assert "Typed." in page.text
    assert session.query(Revision).count() == 0
    person.reads(f"/returns/{first.public_id}/", status=404)


def test_a10_a_replaced_contact_sees_the_text_but_not_the_new_contact(
    person: Person, grant: Grant, first: AuditRequest, session: Session
) -> None:
    person.starts(grant)
    person.opens(first)
    person.presses(first, supervision__comment="A draft.", next__step="save")
    person.opens(first)
    successor = Contact(
        agency=grant.contact.agency, name="Nia Newcomer", email="nia@police.example", role="deputy"
    )
    session.add(successor)
    session.flush()
    with transaction():
        new = replace_contact(grant, successor, actor="manager", now=MONDAY_MORNING).grant
    page = person.presses(first, status=410, supervision__comment="Typed.", next__step="save")
    assert "Typed." in page.text
    assert "Nia" not in page.text
    person.reads("/returns/", status=403)
    person.starts(new)
    assert "A draft." in person.opens(first).text


def test_d1_a_busy_database_gives_the_page_back_with_the_text_in_it(
    app: Flask,
    person: Person,
    grant: Grant,
    first: AuditRequest,
    session: Session,
) -> None:
    if engine().dialect.name != "sqlite":
        pytest.skip(
            "On SQLite one writer holds the whole database; on PostgreSQL a lock time-out does the same."
        )
    person.starts(grant)
    person.opens(first)
    path = str(engine().url.database)
    form = f"/returns/{first.public_id}/"
    typed = {**person.hidden, "supervision-comment": "Typed.", "next-step": "save"}
    session.rollback()
    with short_lock_timeouts():
        writer = sqlite3.connect(path, isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        try:
            page = person.browser.post(form, typed, status=503)
            app.extensions.pop("survey_forms_shown")
            bare = person.browser.post(form, typed, status=503)
        finally:
            writer.close()
    for response in (page, bare):
        assert "Could not save just now" in response.text
        assert "Typed." in response.text
        assert response.headers["Retry-After"] == "10"
    person.presses(first, supervision__comment="Typed.", next__step="save")
    assert "Typed." in person.opens(first).text


def test_a20_text_typed_for_more_than_an_hour_comes_back_and_is_stored_with_the_link(
    person: Person, grant: Grant, first: AuditRequest, clock: Traveller, session: Session
) -> None:
    person.starts(grant)
    person.opens(first)
    clock.move_to(MONDAY_MORNING + timedelta(minutes=90))
    typed: dict[str, Any] = {"supervision__comment": "Typed for ninety minutes.", "next__step": "save"}
    page = person.presses(first, status=404, **typed)
    assert "Paste the link from your email" in page.text
    assert "Typed for ninety minutes." in page.text
    assert session.query(Revision).count() == 0
    person.presses(first, pasted__link=link_for(grant), **typed)
    assert "Typed for ninety minutes." in person.opens(first).text
