"""Codes are derived and never stored, and valid for ten minutes, in one browser and for five tries."""

import contextvars
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from surveyapp.answering.access import codes
from surveyapp.answering.access.codes import (
    CODE_LIFETIME,
    CODES_PER_HOUR,
    CODES_PER_HOUR_AND_BROWSER,
    CODES_PER_HOUR_BY_START,
    HOUR,
    MOST_TRIES,
    REPEAT_PRESS_WINDOW,
    CodeTry,
    TooManyCodes,
    code_digits,
    send_code,
    send_first_code,
)
from surveyapp.answering.models import Code
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.keys import KEY_BYTES, Keys, derive_key
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import Grant
from tests.answering.access.sent_codes import digits, sent_code
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

NOW = MONDAY_MORNING
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
MINE, THEIRS = "my-browser", "their-browser"
Queued = Callable[[], list[Outbox]]


@pytest.fixture
def grant(make: Maker) -> Grant:
    return make.grants(make.audit(cases=1, agencies=1))[0]


def try_code(grant: Grant, typed: str, browser: str = MINE, *, after: timedelta = timedelta(0)) -> CodeTry:
    with transaction():
        return codes.try_code(grant, browser, typed, now=NOW + after)


def wrong(code: Code) -> str:
    return f"{(int(digits(code)) + 1) % 10**8:08d}"


def actions(session: Session) -> list[str]:
    return [event.action for event in session.query(Event).order_by(Event.id)]


@given(
    st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=24, max_size=24), st.binary(min_size=32, max_size=32)
)
def test_a_code_is_eight_digits_derived_from_its_id_and_its_own_key(random_id: str, key: bytes) -> None:
    made = code_digits(random_id, key)
    assert len(made) == 8
    assert made.isdecimal()
    assert made == code_digits(random_id, key)
    assert derive_key(key, "surveyapp/code/v1") != key
    other = bytes([key[0] ^ 1]) + key[1:]
    # Two codes agree by chance in one of a hundred million cases; both comparisons at once practically never.
    assert (made, code_digits(random_id[::-1] + "a", key)) != (
        code_digits(random_id, other),
        code_digits(random_id[::-1] + "a", other),
    )


def test_the_right_code_is_accepted_once(grant: Grant, session: Session) -> None:
    code = sent_code(grant)
    typed = digits(code)
    assert try_code(grant, typed).is_right
    assert try_code(grant, typed) == CodeTry(is_right=False, left=0)
    assert actions(session) == ["asked_for_code", "gave_code"]


def test_no_code_is_stored(grant: Grant, session: Session) -> None:
    typed = digits(sent_code(grant))
    for table in ("survey_code", "survey_outbox", "survey_event"):
        for row in session.execute(text(f"SELECT * FROM {table}")):  # noqa: S608 — names of our own
            assert typed not in " ".join(map(str, row))


def test_a_code_is_valid_only_in_its_browser_and_for_its_grant(grant: Grant, make: Maker) -> None:
    other = make.grants(make.audit(cases=1, agencies=1))[0]
    typed = digits(sent_code(grant))
    assert try_code(grant, typed, THEIRS) == CodeTry(is_right=False, left=0)
    assert try_code(other, typed) == CodeTry(is_right=False, left=0)
    assert try_code(grant, typed).is_right


def test_a_code_is_valid_for_ten_minutes(grant: Grant) -> None:
    typed = digits(sent_code(grant))
    assert not try_code(grant, typed, after=CODE_LIFETIME).is_right
    assert try_code(grant, typed, after=CODE_LIFETIME - SECOND).is_right


def test_five_wrong_tries_use_up_a_code_but_not_the_next_one(grant: Grant, session: Session) -> None:
    code = sent_code(grant)
    left = [try_code(grant, wrong(code)).left for _ in range(MOST_TRIES)]
    assert left == [4, 3, 2, 1, 0]
    assert not try_code(grant, digits(code)).is_right
    session.refresh(code)
    assert code.attempts == MOST_TRIES
    assert actions(session) == ["asked_for_code", "used_up_code"]
    assert try_code(grant, digits(sent_code(grant, after=MINUTE)), after=MINUTE).is_right


def test_an_earlier_code_still_opens_and_then_both_are_used_up(grant: Grant) -> None:
    first = digits(sent_code(grant))
    second = digits(sent_code(grant, after=MINUTE))
    assert try_code(grant, first, after=2 * MINUTE).is_right
    assert not try_code(grant, second, after=2 * MINUTE).is_right


def test_a_second_press_at_once_sends_no_second_code(grant: Grant, outbox: Queued) -> None:
    assert sent_code(grant).id == sent_code(grant, after=REPEAT_PRESS_WINDOW - SECOND).id
    assert len(outbox()) == 1
    sent_code(grant, after=REPEAT_PRESS_WINDOW)
    assert len(outbox()) == 2


def test_at_most_five_codes_an_hour_are_sent_and_fewer_to_one_browser(grant: Grant, outbox: Queued) -> None:
    for number in range(CODES_PER_HOUR_AND_BROWSER):
        sent_code(grant, after=number * MINUTE)
    with pytest.raises(TooManyCodes, match="Ask for the next one at 10:00am"):
        sent_code(grant, after=10 * MINUTE)
    owner = sent_code(grant, THEIRS, after=11 * MINUTE)
    assert try_code(grant, digits(owner), THEIRS, after=11 * MINUTE).is_right
    with pytest.raises(TooManyCodes):
        sent_code(grant, "a-third-browser", after=12 * MINUTE)
    assert len(outbox()) == CODES_PER_HOUR
    sent_code(grant, "a-third-browser", after=HOUR)
    assert len(outbox()) == CODES_PER_HOUR + 1


def test_scanners_that_press_start_leave_most_codes_to_the_person(grant: Grant, outbox: Queued) -> None:
    for number in range(50):
        with transaction():
            send_first_code(grant, f"scanner-{number}", now=NOW)
    assert len(outbox()) == CODES_PER_HOUR_BY_START
    for number in range(CODES_PER_HOUR - CODES_PER_HOUR_BY_START):
        sent_code(grant, after=number * MINUTE)
    assert len(outbox()) == CODES_PER_HOUR


def test_pressing_start_again_in_one_browser_sends_no_second_code(grant: Grant, outbox: Queued) -> None:
    for number in range(3):
        with transaction():
            assert send_first_code(grant, MINE, now=NOW + number * MINUTE) is not None
    assert len(outbox()) == 1


@pytest.mark.slow
def test_l3_a_thousand_wrong_codes_lock_out_neither_others_nor_the_owner(grant: Grant, make: Maker) -> None:
    other = make.grants(make.audit(cases=1, agencies=1))[0]
    theirs = digits(sent_code(other))
    for number in range(1_000):
        if number % 250 == 0:
            bad = sent_code(grant, "script", after=number // 250 * MINUTE)
        assert not try_code(grant, wrong(bad), "script", after=4 * MINUTE).is_right
    assert try_code(other, theirs).is_right
    assert try_code(grant, digits(sent_code(grant, after=5 * MINUTE)), after=5 * MINUTE).is_right


def test_l15_fifty_wrong_codes_at_once_are_five_tries(grant: Grant, app: Flask, session: Session) -> None:
    code = sent_code(grant)
    code_id, grant_id, bad = code.id, grant.id, wrong(code)
    session.rollback()
    left: list[int] = []
    start = threading.Barrier(10)

    def push() -> None:
        with app.app_context():
            start.wait()
            for _ in range(5):
                with transaction():
                    mine = session.get_one(Grant, grant_id)
                    left.append(codes.try_code(mine, MINE, bad, now=NOW).left)
            app.extensions["sqlalchemy"].session.remove()

    in_threads(push, 10)
    assert sorted(left) == [0] * 46 + [1, 2, 3, 4]
    assert session.get_one(Code, code_id).attempts == MOST_TRIES


def test_the_right_code_typed_eight_times_at_once_opens_once(
    grant: Grant, app: Flask, session: Session
) -> None:
    typed, grant_id = digits(sent_code(grant)), grant.id
    session.rollback()
    came: list[bool] = []
    start = threading.Barrier(4)

    def push() -> None:
        with app.app_context():
            start.wait()
            with transaction():
                mine = session.get_one(Grant, grant_id)
                came.append(codes.try_code(mine, MINE, typed, now=NOW).is_right)
            app.extensions["sqlalchemy"].session.remove()

    in_threads(push, 4)
    assert sorted(came) == [False, False, False, True]


def test_eight_presses_at_once_from_eight_browsers_send_five(
    grant: Grant, app: Flask, session: Session, outbox: Queued
) -> None:
    grant_id = grant.id
    session.rollback()
    refused: list[int] = []
    numbers = iter(range(8))
    start = threading.Barrier(8)

    def push() -> None:
        with app.app_context():
            number = next(numbers)
            start.wait()
            try:
                with transaction():
                    send_code(session.get_one(Grant, grant_id), f"browser-{number}", now=NOW)
            except TooManyCodes:
                refused.append(number)
            app.extensions["sqlalchemy"].session.remove()

    in_threads(push, 8)
    assert len(outbox()) == CODES_PER_HOUR
    assert len(refused) == 8 - CODES_PER_HOUR


def in_threads(push: Callable[[], None], count: int) -> None:
    threads = [threading.Thread(target=contextvars.Context().run, args=(push,)) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_code_sent_under_a_key_that_was_rotated_since_still_opens(grant: Grant, app: Flask) -> None:
    typed = digits(sent_code(grant))
    state = app.extensions["survey"]
    ours: Keys = state.keys
    fresh = Keys((bytes(range(KEY_BYTES)), *ours.link), ours.data, ours.secret)
    object.__setattr__(state, "keys", fresh)
    assert try_code(grant, typed).is_right
    object.__setattr__(state, "keys", ours)
