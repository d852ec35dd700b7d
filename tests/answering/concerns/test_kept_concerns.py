"""A concern ticked in text that nobody has saved: the partnership is told all the same, and told once."""

import contextvars
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from time_machine import Traveller

from surveyapp.answering.models import Concern, Revision
from surveyapp.answering.returns import operations
from surveyapp.answering.returns.autosave import raise_kept_concerns, store_autosave
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.defining.concern import CURRENT_CONCERN
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation import clock as uk_clock
from surveyapp.foundation.mail.worker import drain, tick
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import AuditRequest, Grant
from tests.answering.concerns.raised_concerns import CALM, RAISED, concern_on, save
from tests.answering.conftest import Person
from tests.conftest import MONDAY_MORNING
from tests.defining.forms_at_hand import feature
from tests.row_maker import Maker

Queued = Callable[[], list[Outbox]]
NOT_TOLD = "The partnership has not been told yet"
TICK: dict[str, Any] = {"current__concern": "yes"}
WHOM: dict[str, Any] = {"current__concern__told__whom": "Our safeguarding lead"}
WHEN: dict[str, Any] = {"current__concern__told__when": "today, 10am"}


@pytest.fixture
def letters(app: Flask) -> Callable[[], list[str]]:
    """Sends what is queued, and gives the subjects of the letters to the partnership, oldest first."""

    def send() -> list[str]:
        drain(uk_clock.now)
        files = sorted(Path(app.config["SURVEY_MAIL_FOLDER"]).glob("*.eml"))
        subjects = [
            next(line for line in file.read_text("utf-8").splitlines() if line.startswith("Subject: "))
            for file in files
        ]
        return [subject.removeprefix("Subject: ").partition(":")[0] for subject in subjects]

    return send


def minutes_pass(clock: Traveller, minutes: int) -> None:
    """Let minutes pass, with the worker's tick in each."""
    for _ in range(minutes):
        clock.shift(timedelta(minutes=1))
        assert tick(uk_clock.now())


def about_concern(outbox: Queued) -> list[tuple[str, str]]:
    return [(mail.kind, mail.state) for mail in outbox() if mail.kind.startswith("concern")]


RAISED_LETTER, TAKEN_BACK_LETTER = "For your attention today", "A concern was taken back"


def test_a_tick_with_whom_and_when_is_told_at_once_though_nobody_saves(
    form: Person, first: AuditRequest, letters: Callable[[], list[str]], session: Session
) -> None:
    assert form.types(first, **TICK, **WHOM, **WHEN)["told"] == f"{NOT_TOLD}."
    concern = concern_on(session)
    assert concern is not None
    assert (concern.told_whom, concern.told_when) == ("Our safeguarding lead", "today, 10am")
    assert letters() == [RAISED_LETTER]
    reply = form.types(first, **TICK, **WHOM, **WHEN)
    assert reply["told"] == "The partnership has been told by email."
    assert letters() == [RAISED_LETTER]


def test_a_tick_alone_is_told_after_two_minutes_with_the_browser_closed(
    form: Person, first: AuditRequest, letters: Callable[[], list[str]], session: Session, clock: Traveller
) -> None:
    form.types(first, **TICK)
    assert concern_on(session) is None
    minutes_pass(clock, 1)
    assert letters() == []
    minutes_pass(clock, 1)
    concern = concern_on(session)
    assert concern is not None
    assert concern.raised_at == MONDAY_MORNING + timedelta(minutes=2)
    assert letters() == [RAISED_LETTER]
    minutes_pass(clock, 5)
    assert letters() == [RAISED_LETTER]


def test_typing_on_does_not_begin_the_two_minutes_anew(
    form: Person, first: AuditRequest, letters: Callable[[], list[str]], clock: Traveller
) -> None:
    form.types(first, **TICK)
    for words in ("Not since", "Not since May"):
        clock.shift(timedelta(seconds=50))
        form.types(first, **TICK, supervision__comment=words)
    minutes_pass(clock, 1)
    assert letters() == [RAISED_LETTER]


def test_details_typed_after_the_two_minutes_reach_the_staff_page_without_another_email(
    form: Person, first: AuditRequest, letters: Callable[[], list[str]], session: Session, clock: Traveller
) -> None:
    form.types(first, **TICK)
    minutes_pass(clock, 3)
    form.types(first, **TICK, **WHOM, **WHEN)
    concern = concern_on(session)
    assert concern is not None
    assert (concern.told_whom, concern.told_when) == ("Our safeguarding lead", "today, 10am")
    assert letters() == [RAISED_LETTER]


def test_a_tick_unticked_within_two_minutes_is_told_to_nobody(
    form: Person, first: AuditRequest, letters: Callable[[], list[str]], session: Session, clock: Traveller
) -> None:
    form.types(first, **TICK)
    clock.shift(timedelta(seconds=90))
    assert form.types(first, **WHOM)["told"] == ""
    minutes_pass(clock, 5)
    assert concern_on(session) is None
    assert letters() == []


def test_the_partnership_learns_that_a_concern_it_was_told_of_is_unticked(
    form: Person, first: AuditRequest, letters: Callable[[], list[str]], session: Session, clock: Traveller
) -> None:
    form.types(first, **TICK, **WHOM, **WHEN)
    assert letters() == [RAISED_LETTER]
    clock.shift(timedelta(minutes=1))
    form.types(first, **WHOM, **WHEN)
    concern = concern_on(session)
    assert concern is not None
    assert concern.taken_back_at == MONDAY_MORNING + timedelta(minutes=1)
    assert letters() == [RAISED_LETTER, TAKEN_BACK_LETTER]
    form.types(first, **TICK, **WHOM, **WHEN)
    assert letters() == [RAISED_LETTER, TAKEN_BACK_LETTER, RAISED_LETTER]


def test_a_concern_unticked_before_its_email_left_cancels_the_email(
    form: Person, first: AuditRequest, letters: Callable[[], list[str]], outbox: Queued
) -> None:
    form.types(first, **TICK, **WHOM, **WHEN)
    form.types(first, **WHOM, **WHEN)
    assert letters() == []
    assert about_concern(outbox) == [("concern", "cancelled")]


def test_saving_without_the_tick_tells_the_partnership_too(
    form: Person, first: AuditRequest, letters: Callable[[], list[str]]
) -> None:
    form.presses(first, **TICK, next__step="save")
    assert letters() == [RAISED_LETTER]
    form.opens(first)
    form.presses(first, supervision="yes", next__step="save")
    assert letters() == [RAISED_LETTER, TAKEN_BACK_LETTER]


def test_a_saved_concern_is_not_taken_back_by_text_that_nobody_saves(
    form: Person, first: AuditRequest, session: Session
) -> None:
    form.presses(first, **TICK, next__step="save")
    form.opens(first)
    form.types(first, supervision="yes")
    concern = concern_on(session)
    assert concern is not None
    assert concern.is_open


def test_a_save_elsewhere_that_never_showed_the_tick_does_not_take_it_back(
    form: Person, people: Callable[[], Person], grant: Grant, first: AuditRequest, session: Session
) -> None:
    other = people()
    other.starts(grant)
    other.opens(first)
    form.types(first, **TICK, **WHOM, **WHEN)
    other.presses(first, supervision="yes", next__step="save")
    concern = concern_on(session)
    assert concern is not None
    assert concern.is_open
    # Shown beside what was saved, and saved without it.
    other.opens(first)
    other.presses(first, supervision="yes", next__step="save")
    concern = concern_on(session)
    assert concern is not None
    assert not concern.is_open


def test_an_option_that_raises_a_concern_is_told_from_kept_text_too(
    make: Maker, session: Session, outbox: Queued, clock: Traveller
) -> None:
    audit = make.audit(cases=1, agencies=1)
    audit.form_definition = feature("raises_concern").to_json()
    (audit_request,) = make.requests(audit)
    worry = (GivenAnswer("worry", option="yes"),)
    with transaction():
        store_autosave(audit_request, worry, ButtonPress("page-number-1", 0), now=MONDAY_MORNING)
    minutes_pass(clock, 2)
    assert concern_on(session) is not None
    assert about_concern(outbox) == [("concern", "queued")]


def test_form_and_list_say_that_the_partnership_is_not_told_until_the_email_has_left(
    form: Person, first: AuditRequest, letters: Callable[[], list[str]], clock: Traveller
) -> None:
    assert NOT_TOLD not in form.opens(first).text
    form.types(first, **TICK)
    assert f"{NOT_TOLD}." in form.opens(first).text
    assert f"{NOT_TOLD}. 0 of 14 answered" in form.reads("/returns/").text
    minutes_pass(clock, 2)
    assert f"{NOT_TOLD}." in form.opens(first).text
    assert letters() == [RAISED_LETTER]
    page = form.opens(first).text
    assert NOT_TOLD not in page
    assert "The partnership has been told by email." in page
    assert NOT_TOLD not in form.reads("/returns/").text


def test_a_saved_concern_whose_email_waits_says_so_too(form: Person, first: AuditRequest) -> None:
    page = form.browser.follow(form.presses(first, **TICK, next__step="save"))
    assert "An email to the partnership is on its way." in page.text
    assert NOT_TOLD in page.text


def all_at_once(app: Flask, *acts: Callable[[], object]) -> None:
    """Do several things at the same moment, each in a transaction of its own."""
    start = threading.Barrier(len(acts))

    def press(act: Callable[[], object]) -> None:
        with app.app_context():
            start.wait()
            with transaction():
                act()
            app.extensions["sqlalchemy"].session.remove()

    threads = [threading.Thread(target=contextvars.Context().run, args=(press, act)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("number", range(5))
def test_save_autosave_and_tick_at_the_same_moment_tell_the_partnership_once(
    app: Flask, make: Maker, session: Session, number: int
) -> None:
    request_id = make.requests(make.audit(cases=1, agencies=1))[0].id
    ticked = (*CALM, GivenAnswer(CURRENT_CONCERN, "raised", "yes"))

    def asked() -> AuditRequest:
        return session.get_one(AuditRequest, request_id)

    with transaction():
        store_autosave(asked(), ticked, ButtonPress("page-number-1", 0), now=MONDAY_MORNING)
    session.rollback()
    later = MONDAY_MORNING + timedelta(minutes=2, seconds=number)
    all_at_once(
        app,
        lambda: raise_kept_concerns(later),
        lambda: raise_kept_concerns(later),
        lambda: store_autosave(asked(), RAISED, ButtonPress("page-number-1", 0), now=later),
        lambda: store_autosave(asked(), RAISED, ButtonPress("page-number-2", 0), now=later),
        lambda: operations.save_draft(asked(), RAISED, ButtonPress("page-number-3", 0), now=later),
    )
    assert len(session.scalars(select(Concern)).all()) == 1
    assert len(session.scalars(select(Outbox).where(Outbox.kind == "concern")).all()) == 1
    assert not session.scalars(select(Revision).where(Revision.concern_since.is_not(None))).all()


def test_raising_the_concerns_of_many_texts_takes_one_tick(
    make: Maker, session: Session, outbox: Queued
) -> None:
    requests = make.requests(make.audit(cases=4, agencies=3))
    ticked = (GivenAnswer(CURRENT_CONCERN, "raised", "yes"),)
    for audit_request in requests:
        with transaction():
            page = ButtonPress(f"page-number-{audit_request.id}", 0)
            store_autosave(audit_request, ticked, page, now=MONDAY_MORNING)
    save(requests[0], RAISED, 0, now=MONDAY_MORNING)
    with transaction():
        assert raise_kept_concerns(MONDAY_MORNING + timedelta(minutes=2)) == 11
    assert len(about_concern(outbox)) == 12
    with transaction():
        assert raise_kept_concerns(MONDAY_MORNING + timedelta(minutes=3)) == 0
    session.rollback()
