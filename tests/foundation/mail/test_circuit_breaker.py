from collections.abc import Callable
from datetime import timedelta

import pytest

from surveyapp.foundation.errors import Refused
from surveyapp.foundation.mail import circuit_breaker as breaker
from surveyapp.foundation.mail.circuit_breaker import hold_mail, pause_mail, switches, trip_breaker
from surveyapp.foundation.mail.clock_check import clock_is_doubtful, confirm_clock
from surveyapp.foundation.mail.leases import claim_email
from surveyapp.foundation.mail.outbox import TEST_KIND, queue_email
from surveyapp.foundation.mail.outcomes import record_sent, release_email
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.models import Outbox, Switches
from tests.conftest import MONDAY_MORNING
from tests.foundation.conftest import Post
from tests.foundation.mail.claims import claim

pytestmark = pytest.mark.usefixtures("app")

MINUTE, DAY, SECOND = timedelta(minutes=1), timedelta(days=1), timedelta(seconds=1)
Mail = Callable[[], Outbox]


def test_one_message_probes_a_failed_server_while_the_others_wait(post: Post) -> None:
    post.queue(1)
    post.queue(2)
    with transaction():
        trip_breaker("server not reachable", probing=False, now=MONDAY_MORNING)
    assert claim_email(now=MONDAY_MORNING) is None
    probe = claim(MINUTE)
    assert probe.probing
    assert claim_email(now=MONDAY_MORNING + MINUTE) is None
    record_sent(probe, 250, "taken", now=MONDAY_MORNING + MINUTE)
    assert not claim(MINUTE).probing


def test_while_mail_is_held_only_a_test_message_is_sent(post: Post, mail: Mail) -> None:
    post.queue()
    with transaction():
        hold_mail("the server refuses our password", now=MONDAY_MORNING)
    assert claim_email(now=MONDAY_MORNING) is None
    with transaction():
        queue_email(TEST_KIND.name, 0, to="me@partnership.example", key="test:1", now=MONDAY_MORNING)
    release_email(claim(), "still refused", now=MONDAY_MORNING)
    assert (mail().state, mail().last_text) == ("failed", "still refused")
    with transaction():
        queue_email(TEST_KIND.name, 0, to="me@partnership.example", key="test:2", now=MONDAY_MORNING)
    record_sent(claim(), 250, "taken", now=MONDAY_MORNING)
    assert claim().kind == "letter"


def test_a_test_message_does_not_resume_mail_that_a_person_stopped(post: Post) -> None:
    post.queue()
    with transaction():
        pause_mail(actor="Manager", now=MONDAY_MORNING)
        queue_email(TEST_KIND.name, 0, to="me@partnership.example", key="test:1", now=MONDAY_MORNING)
    record_sent(claim(), 250, "taken", now=MONDAY_MORNING)
    assert claim_email(now=MONDAY_MORNING) is None


def trip(*, probing: bool = False, after: timedelta = timedelta(0)) -> None:
    with transaction():
        breaker.trip_breaker("server not reachable", probing=probing, now=MONDAY_MORNING + after)


def recover(*, probing: bool) -> None:
    with transaction():
        breaker.reset_breaker(probing=probing)


def stood() -> tuple[bool, float | None, int, str]:
    """Whether mail is held, its pause in minutes from Monday at nine, its failures and its reason."""
    found = switches()
    until = found.mail_paused_until
    pause = None if until is None else (until - MONDAY_MORNING) / MINUTE
    return found.mail_held, pause, found.mail_failures, found.mail_reason


def test_the_date_looks_wrong_five_minutes_behind_the_last_tick_or_a_week_after_it() -> None:
    def looks_wrong(last: timedelta) -> bool:
        return clock_is_doubtful(Switches(last_tick_at=MONDAY_MORNING + last), MONDAY_MORNING)

    right = [timedelta(0), 5 * MINUTE, -7 * DAY]
    assert [looks_wrong(last) for last in right] == [False] * 3
    assert [looks_wrong(last) for last in (5 * MINUTE + SECOND, -7 * DAY - SECOND)] == [True] * 2


def test_before_the_first_tick_no_date_looks_wrong() -> None:
    assert not clock_is_doubtful(Switches(last_tick_at=None), MONDAY_MORNING)


def test_messages_that_fail_together_make_one_pause_and_a_probe_that_fails_the_next() -> None:
    trip()
    trip()
    assert stood() == (False, 1, 1, "server not reachable")
    trip(probing=True)
    assert stood() == (False, 5, 2, "server not reachable")
    # After the pause a failure of any message may begin the next one.
    trip(after=5 * MINUTE)
    assert stood() == (False, 5 + 15, 3, "server not reachable")


def test_a_failing_server_does_not_change_a_hold() -> None:
    with transaction():
        breaker.hold_mail("the server refuses our password", now=MONDAY_MORNING)
    for probing in (False, True):
        trip(probing=probing)
        assert stood() == (True, None, 1, "the server refuses our password")


def test_any_answer_ends_a_pause_and_only_that_to_a_test_message_ends_a_hold() -> None:
    trip()
    recover(probing=False)
    assert stood() == (False, None, 0, "")
    with transaction():
        breaker.hold_mail("the server refuses our password", now=MONDAY_MORNING)
    recover(probing=False)
    assert stood() == (True, None, 1, "the server refuses our password")
    recover(probing=True)
    assert stood() == (False, None, 0, "")


def test_no_answer_of_the_server_resumes_mail_that_a_person_stopped() -> None:
    with transaction():
        breaker.pause_mail(actor="Manager", now=MONDAY_MORNING)
    for probing in (False, True):
        recover(probing=probing)
        assert stood() == (True, None, 0, "stopped by Manager")


def test_a_person_can_stop_paused_mail_once() -> None:
    with transaction():
        breaker.hold_mail("the server refuses our password", now=MONDAY_MORNING)
    with transaction():
        breaker.pause_mail("Wrong letterhead", actor="Manager", now=MONDAY_MORNING)
    with pytest.raises(Refused, match="stopped already"), transaction():
        breaker.pause_mail(actor="Somebody", now=MONDAY_MORNING)
    recover(probing=True)
    assert stood() == (True, None, 0, "Wrong letterhead")


def test_resuming_ends_a_hold_a_pause_and_the_count_of_failures() -> None:
    trip()
    trip(probing=True)
    with transaction():
        breaker.resume_mail(actor="Manager", now=MONDAY_MORNING)
    assert stood() == (False, None, 0, "")
    assert switches().mail_failing_since is None
    trip()
    assert stood() == (False, 1, 1, "server not reachable")


def test_confirming_a_date_ends_the_pauses_set_under_the_wrong_date() -> None:
    trip(after=30 * DAY)
    with transaction():
        found = switches()
        found.last_tick_at = found.tick_until = MONDAY_MORNING + 30 * DAY
    assert clock_is_doubtful(switches(), MONDAY_MORNING)
    with transaction():
        confirm_clock(actor="Manager", now=MONDAY_MORNING)
    found = switches()
    assert (found.last_tick_at, found.tick_until) == (MONDAY_MORNING, None)
    assert found.mail_paused_until is None
    assert not clock_is_doubtful(found, MONDAY_MORNING)
