"""The contact's pages, from the link to the copy, and all that may go wrong between."""

import contextvars
import re
import sqlite3
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from time_machine import Traveller

from surveyapp.agencies.models import Contact
from surveyapp.answering.models import Answer, Return, Revision
from surveyapp.answering.returns.queries import return_of
from surveyapp.foundation.store.db import engine, transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.correction_operations import replace_contact, withdraw_request
from surveyapp.issuing.links import link_for, token_in
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.planning.models import Audit
from tests.answering.conftest import Person, kept_of
from tests.conftest import MONDAY_MORNING
from tests.engine_events import short_lock_timeouts
from tests.page_client import PageClient
from tests.row_maker import Maker

Queued = Callable[[], list[Outbox]]
AtMost = Callable[[int], AbstractContextManager[list[str]]]
People = Callable[[], Person]

GOOD = {"reflections": "The file showed the plan was followed.", "supervision": "yes"}


@pytest.fixture
def audit(make: Maker, session: Session) -> Audit:
    agency = make.agency("Northside Police", contact="audit@police.example")
    audit = make.audit(cases=3, agencies=[agency], title="Repeat plans, 2027")
    audit.key_message = "The secure message of 28 November says which child is which."
    session.commit()
    return audit


@pytest.fixture
def grant(make: Maker, audit: Audit) -> Grant:
    return make.grants(audit)[0]


@pytest.fixture
def first(make: Maker, audit: Audit) -> AuditRequest:
    return make.requests(audit)[0]


@pytest.fixture
def required(audit: Audit) -> dict[str, Any]:
    """Answers to what must be answered."""
    question = next(each for each in audit.form.questions if each.required)
    return {question.id: question.choice_values[0], f"{question.id}-comment": "The plan was followed."}


# --- arriving ---------------------------------------------------------------------------------------------


def test_the_landing_page_says_who_asks_what_and_by_when_and_nothing_about_a_child(
    stranger: PageClient, grant: Grant
) -> None:
    page = stranger.get(f"/r/{token_in(link_for(grant))}/")
    for words in (
        "Example Safeguarding Children Partnership",
        "Repeat plans, 2027",
        "Northside Police: 3 returns, by Friday 18 December 2026",
        "01234 567890",
        "Why are we asking?",
    ):
        assert words in page.text
    assert "Child 1" not in page.text


def test_p10_fetching_a_link_changes_nothing(stranger: PageClient, grant: Grant, session: Session) -> None:
    path = f"/r/{token_in(link_for(grant))}/"
    before = counts(session)
    first = stranger.get(path)
    for _ in range(3):
        stranger.get(path)
        for method in ("HEAD", "OPTIONS"):
            answer = contextvars.Context().run(stranger.http.open, path, method=method)
            assert answer.status_code == 200
    last = stranger.get(path)
    assert without_token(last.text) == without_token(first.text)
    assert counts(session) == before
    with stranger.http.session_transaction() as cookie:
        assert "survey_grants" not in cookie


def counts(session: Session) -> list[Any]:
    session.rollback()
    tables = (Grant, AuditRequest, Return, Revision, Answer, Event)
    rows = [session.scalar(select(func.count()).select_from(each)) for each in tables]
    return [*rows, list(session.scalars(select(Grant.started_at)))]


def without_token(text: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"', "", text)


def test_l1_a_scanner_that_presses_the_button_gets_a_cookie_and_no_more(
    stranger: PageClient, person: Person, grant: Grant, first: AuditRequest, session: Session
) -> None:
    path = f"/r/{token_in(link_for(grant))}/"
    token = token_in(link_for(grant))
    session.rollback()
    contextvars.Context().run(stranger.http.post, "/start/", data={"token": token})
    stranger.get(path)
    stranger.post("/start/", {"token": token_in(link_for(grant))})
    assert "0 of 3 returned" in person.starts(grant).text
    person.opens(first)


def test_start_counts_a_person_once_and_can_be_pressed_again(
    person: Person, people: People, grant: Grant, session: Session
) -> None:
    person.starts(grant)
    person.starts(grant)
    people().starts(grant)
    session.refresh(grant)
    assert grant.started_at == MONDAY_MORNING
    assert session.query(Event).filter_by(action="started_answering").count() == 1


@pytest.mark.parametrize("after", ["", ".", ",", ")", "/.", "/>"])
def test_m20_a_mangled_link_works(stranger: PageClient, grant: Grant, after: str) -> None:
    token = token_in(link_for(grant))
    assert "Start now" in stranger.get(f"/r/{token}{after}").text
    assert "Start now" in stranger.get(f"/r/{token.upper()}{after}").text


def test_l2_guesses_all_get_the_same_page(stranger: PageClient, grant: Grant) -> None:
    token = token_in(link_for(grant))
    guesses = [
        "a" * 50,
        token[:-1] + ("b" if token[-1] == "a" else "a"),
        token[:24],
        "x",
        "a" * 2000,
        "%00",
        "é",
    ]
    pages = {without_token(stranger.get(f"/r/{each}/", status=404).text) for each in guesses}
    assert len(pages) == 1
    assert "This link does not work" in pages.pop()


def test_a_browser_without_cookies_is_told_so_when_it_presses_start(
    app: Flask, grant: Grant, session: Session
) -> None:
    client = app.test_client(use_cookies=False)
    token = token_in(link_for(grant))
    session.rollback()
    answer = contextvars.Context().run(client.post, "/start/", data={"token": token})
    assert answer.status_code == 400
    assert "your browser refuses cookies" in answer.text


@pytest.mark.usefixtures("grant")
def test_a_lost_link_is_sent_to_the_registered_address_only_with_one_reply_for_all(
    stranger: PageClient, outbox: Queued
) -> None:
    stranger.get("/fresh-link/")
    replies = set()
    for address in ("audit@police.example", "AUDIT@police.example", "nobody@police.example"):
        answer = stranger.post("/fresh-link/", {"email": address})
        replies.add((answer.headers["Location"], without_token(stranger.follow(answer).text)))
    assert len(replies) == 1
    assert [mail.to_addr for mail in outbox()] == ["audit@police.example"] * 2
    assert (
        "“police” is not an email address"
        in stranger.post("/fresh-link/", {"email": "police"}, status=422).text
    )


def test_a_browser_without_a_link_is_told_how_to_get_it(stranger: PageClient) -> None:
    page = stranger.get("/returns/", status=403)
    assert "Open the link from your email again" in page.text


# --- the list ---------------------------------------------------------------------------------------------


def test_the_list_says_how_far_each_return_is(
    person: Person, make: Maker, grant: Grant, audit: Audit
) -> None:
    requests = make.requests(audit)
    make.draft(requests[0])
    make.returned(requests[1])
    page = person.starts(grant).text
    assert "1 of 3 returned." in page
    assert "2 to do by Friday 18 December 2026." in page
    assert "1 of 14 answered, saved today at 9:00am" in page
    assert "Returned Mon 30 November" in page
    assert "Not started" in page


def test_links_of_two_audits_stand_in_one_list_and_answers_go_where_they_belong(
    person: Person, make: Maker, grant: Grant, first: AuditRequest
) -> None:
    other_audit = make.audit(cases=1, agencies=[grant.contact.agency], title="Neglect, 2027")
    other = make.requests(other_audit)[0]
    person.starts(grant)
    page = person.starts(make.grants(other_audit)[0])
    assert "Neglect, 2027" in page.text
    assert "Repeat plans, 2027" in page.text
    person.opens(other)
    person.opens(first)
    person.presses(first, supervision="no", next__step="save")
    assert return_of(first) is not None
    assert return_of(other) is None


def test_the_list_takes_as_many_statements_for_seventeen_cases_as_for_three(
    person: Person, make: Maker, grant: Grant, queries: AtMost
) -> None:
    person.starts(grant)
    with queries(8) as few:
        person.reads("/returns/")
    big = make.grants(make.audit(cases=17, agencies=1))[0]
    person.starts(big)
    with queries(8) as many:
        person.reads("/returns/")
    assert len(many) == len(few)


# --- the form ---------------------------------------------------------------------------------------------


def test_the_form_is_small_and_takes_few_statements(
    person: Person, grant: Grant, first: AuditRequest, queries: AtMost
) -> None:
    person.starts(grant)
    with queries(8):
        page = person.opens(first)
    assert len(page.data) <= 40_000
    assert "ring 01234 567891 and tell your manager. Do not wait for the audit." in page.text


def test_save_and_come_back_from_the_same_link_on_another_computer(
    person: Person, people: People, grant: Grant, first: AuditRequest
) -> None:
    person.starts(grant)
    person.opens(first)
    person.presses(first, supervision="no", supervision__comment="Not since May.", next__step="save")
    another = people()
    assert "1 of 14 answered" in another.starts(grant).text
    page = another.opens(first).text
    assert "Not since May." in page
    assert "Saved today at 9:00am" in page


def test_check_and_return_gives_a_reference_a_receipt_and_the_next_one(
    person: Person, grant: Grant, first: AuditRequest, required: dict[str, Any], outbox: Queued
) -> None:
    person.starts(grant)
    person.opens(first)
    answer = person.presses(first, **required, supervision="yes", next__step="check")
    assert answer.headers["Location"].endswith("/check")
    page = person.opens(first, "check")
    assert "Return this audit of Child 1" in page.text
    done = person.browser.follow(person.presses(first, "check"))
    assert f'Reference <span class="survey-nowrap">{first.reference}</span>' in done.text
    assert "2 more to do by Friday 18 December 2026." in done.text
    assert "Go on with Child 2" in done.text
    assert [mail.kind for mail in outbox()] == ["receipt"]
    assert "1 of 3 returned" in person.reads("/returns/").text


def test_a21_what_is_missing_is_listed_links_to_its_field_and_is_kept_with_all_else(
    person: Person, grant: Grant, first: AuditRequest, required: dict[str, Any]
) -> None:
    person.starts(grant)
    person.opens(first)
    page = person.presses(
        first, status=422, supervision="no", supervision__comment="Kept.", next__step="check"
    )
    name = next(iter(required))
    assert "<title>Error: " in page.text
    assert f'href="#{name}"' in page.text
    assert "Kept." in page.text
    checked = person.opens(first, "check")
    assert f'href="/returns/{first.public_id}/?missing=1#{name}"' in checked.text
    assert "Return this audit" not in checked.text
    assert "Error:" in person.reads(f"/returns/{first.public_id}/?missing=1").text
    person.presses(first, "check", status=422)
    assert not kept_of(first).has_returned


def test_a_return_is_changed_until_close_and_stays_returned_meanwhile(
    person: Person, grant: Grant, first: AuditRequest, required: dict[str, Any]
) -> None:
    returned(person, grant, first, required)
    form = person.opens(first)
    assert "You returned this on Monday 30 November 2026" in form.text
    person.presses(first, **required, supervision="no", next__step="save")
    assert kept_of(first).has_returned
    assert "Your changes do not count until you return them" in person.opens(first, "done").text
    assert "These answers take the place of those you returned." in person.opens(first, "check").text
    assert "You saved changes that are not returned, so they do not count yet" in person.starts(grant).text
    person.opens(first, "check")
    person.presses(first, "check")
    assert kept_of(first).version == 4


def returned(person: Person, grant: Grant, audit_request: AuditRequest, required: dict[str, Any]) -> None:
    person.starts(grant)
    person.opens(audit_request)
    person.presses(audit_request, **required, next__step="check")
    person.opens(audit_request, "check")
    person.presses(audit_request, "check")


def test_not_involved_counts_and_can_be_taken_back(person: Person, grant: Grant, first: AuditRequest) -> None:
    person.starts(grant)
    person.opens(first, "not-involved")
    assert "Choose why" in person.presses(first, "not-involved", status=422).text
    done = person.browser.follow(
        person.presses(first, "not-involved", reason="moved", whereabouts="Southside School")
    )
    assert "The file is now with: Southside School" in done.text
    assert "1 of 3 returned" in person.reads("/returns/").text
    person.opens(first, "done")
    person.presses(first, "involved")
    assert "0 of 3 returned" in person.reads("/returns/").text


def test_the_copy_shows_the_answers_also_after_close(
    person: Person, grant: Grant, first: AuditRequest, required: dict[str, Any], clock: Traveller
) -> None:
    returned(
        person, grant, first, {**required, "supervision": "no", "supervision__comment": "Not since May."}
    )
    assert "Not since May." in person.opens(first, "copy").text
    clock.move_to(first.audit.closes_at)
    person.starts(grant)
    page = person.opens(first, "copy")
    assert "Returns closed on Friday 15 January 2027 at 5:00pm" in page.text
    assert "Not since May." in page.text
    for there in ("", "check", "not-involved"):
        answer = person.browser.get(f"/returns/{first.public_id}/{there}", status=303)
        assert answer.headers["Location"].endswith("/copy")


def test_the_link_of_a_closed_audit_says_so_and_shows_ones_own_copies(
    person: Person, stranger: PageClient, grant: Grant, clock: Traveller, audit: Audit
) -> None:
    clock.move_to(audit.closes_at)
    page = stranger.get(f"/r/{token_in(link_for(grant))}/")
    assert "Returns closed on Friday 15 January 2027 at 5:00pm." in page.text
    assert "Start now" not in page.text
    assert "Returns have closed. You can read and print your own copy." in person.starts(grant).text


# --- what goes wrong ----------------------------------------------------------------------------------------


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


def test_a1_the_second_at_the_check_page_learns_that_it_has_been_returned(
    person: Person, people: People, grant: Grant, first: AuditRequest, required: dict[str, Any]
) -> None:
    other = people()
    person.starts(grant)
    other.starts(grant)
    person.opens(first)
    person.presses(first, **required, next__step="save")
    person.opens(first, "check")
    other.opens(first, "check")
    person.presses(first, "check")
    done = other.browser.follow(other.presses(first, "check"))
    assert (
        "This was returned in another place at 9:00am, with the answers you were about to return."
        in done.text
    )


def test_a2_a_double_click_is_one_return_and_one_receipt(  # noqa: PLR0913, PLR0917 — fixtures
    app: Flask,
    person: Person,
    grant: Grant,
    first: AuditRequest,
    required: dict[str, Any],
    outbox: Queued,
    session: Session,
) -> None:
    person.starts(grant)
    person.opens(first)
    person.presses(first, **required, next__step="check")
    person.opens(first, "check")
    data = {**person.hidden, "csrf_token": person.browser.token}
    path = f"/returns/{first.public_id}/check"
    cookie = person.browser.http.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    header = {"Cookie": f"{cookie.key}={cookie.value}"}
    session.rollback()
    places = []

    def click() -> None:
        with app.test_client(use_cookies=False) as client:
            answer = client.post(path, data=data, headers=header)
            places.append((answer.status_code, answer.headers.get("Location")))

    threads = [threading.Thread(target=contextvars.Context().run, args=(click,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert places == [(303, f"/returns/{first.public_id}/done")] * 6
    assert len(outbox()) == 1
    assert session.query(Revision).filter_by(kind="submit").count() == 1


def test_a4_an_old_tab_does_not_overwrite_what_was_saved_since(
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
    assert session.query(Revision).count() == 0
    person.presses(first, pasted__link=f" {link_for(grant)}. ", **typed)
    assert "Typed for an hour." in person.opens(first).text


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


def test_a10_a_replaced_contact_sees_the_text_and_not_who_is_asked_now(
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


def test_a11_long_and_odd_text_is_stored_exactly_or_comes_back_with_its_count(
    person: Person, grant: Grant, first: AuditRequest, session: Session
) -> None:
    person.starts(grant)
    person.opens(first)
    text = "é😀 مرحبا a\u0301\r\n" * 1_500
    person.presses(first, supervision__comment=text, next__step="save")
    stored = session.scalars(select(Answer.text).where(Answer.item == "comment")).one()
    assert stored == ("é😀 مرحبا á\n" * 1_500).strip()
    person.opens(first)
    page = person.presses(first, status=422, supervision__comment="x" * 20_001, next__step="save")
    assert "20,001 characters" in page.text
    assert "x" * 20_001 in page.text


def test_a12_characters_no_file_bears_are_dropped(
    person: Person, grant: Grant, first: AuditRequest, session: Session
) -> None:
    person.starts(grant)
    person.opens(first)
    person.presses(first, supervision__comment="a\0b\x0bc\x1bd\ufffee\u202ef", next__step="save")
    assert session.scalars(select(Answer.text).where(Answer.item == "comment")).one() == "abcdef"


def test_a13_to_a16_odd_bodies_are_refused_and_unknown_names_ignored(
    person: Person, grant: Grant, first: AuditRequest, session: Session
) -> None:
    person.starts(grant)
    person.opens(first)
    path = f"/returns/{first.public_id}/"
    odd: list[tuple[dict[str, Any], set[int]]] = [
        ({"data": "{}", "content_type": "application/json"}, {415}),
        ({"data": "supervision=yes", "content_type": "text/plain"}, {415}),
        ({"data": "a=1&" * 10_000, "content_type": "application/x-www-form-urlencoded"}, {413}),
        ({"data": b"--x", "content_type": "multipart/form-data"}, {400}),
        ({"data": b""}, {400}),
    ]
    session.rollback()
    for body, statuses in odd:
        answer = contextvars.Context().run(person.browser.http.post, path, **body)
        assert answer.status_code in statuses, body
    assert session.query(Revision).count() == 0
    person.opens(first)
    person.presses(
        first, supervision="yes", version="99", returned_at="2020-01-01", request_id="7", next__step="save"
    )
    kept = kept_of(first)
    assert (kept.version, kept.returned_at, kept.request_id) == (1, None, first.id)
    page = person.presses(first, status=422, supervision="perhaps", next__step="save")
    assert "Choose" in page.text


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
    for each in (page, bare):
        assert "Could not save just now" in each.text
        assert "Typed." in each.text
        assert each.headers["Retry-After"] == "10"
    person.presses(first, supervision__comment="Typed.", next__step="save")
    assert "Typed." in person.opens(first).text


def test_another_agencys_return_is_not_found_on_any_page(
    person: Person, make: Maker, first: AuditRequest
) -> None:
    stranger_agency = make.agency("Southside School", kind="school", contact="a@school.example")
    other = make.audit(cases=1, agencies=[stranger_agency])
    person.starts(make.grants(other)[0])
    for there in ("", "check", "done", "not-involved", "copy"):
        person.reads(f"/returns/{first.public_id}/{there}", status=404)
    page = person.presses(first, status=404, supervision="yes", next__step="save")
    assert "Child 1" not in page.text
    for there in ("check", "not-involved", "involved"):
        person.presses(first, there, status=404, reason="not_known")
    assert return_of(first) is None


def test_an_unknown_return_is_not_found_even_with_text(person: Person, grant: Grant) -> None:
    person.starts(grant)
    person.browser.post("/returns/nothing/", {"supervision": "yes"}, status=404)
