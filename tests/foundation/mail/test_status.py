from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from surveyapp.foundation import clock
from surveyapp.foundation.mail import circuit_breaker as breaker
from surveyapp.foundation.mail.status import mail_state, mail_trouble
from surveyapp.foundation.mail.worker import drain, tick
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.models import Outbox
from tests.conftest import MONDAY_MORNING
from tests.foundation.conftest import Post
from tests.mail_server import use_mail_server

MINUTE = timedelta(minutes=1)
Rows = Callable[[], list[Outbox]]


def sentences(after: timedelta = timedelta(0)) -> tuple[str, ...]:
    return mail_state(MONDAY_MORNING + after).sentences


def test_an_empty_outbox_has_a_sentence(app: Flask) -> None:
    assert app.name
    assert sentences() == ("No mail yet.",)


def test_delivered_emails_are_counted(post: Post) -> None:
    for subject in range(1, 4):
        post.queue(subject)
    drain(clock.now)
    assert sentences() == ("All 3 messages put into the folder.",)
    assert mail_trouble(MONDAY_MORNING) is None


def test_a_long_queue_says_when_its_last_message_leaves(post: Post) -> None:
    for subject in range(1, 301):
        post.queue(subject)
    assert sentences() == (
        "300 messages on the way; at 20 a minute the last leaves about 9:15am. 0 put into the folder so far.",
    )


def test_an_unavailable_server_is_reported_with_its_start_the_count_and_the_next_try(post: Post) -> None:
    for subject in range(1, 91):
        post.queue(subject)
    with transaction():
        breaker.trip_breaker("server not reachable", probing=False, now=MONDAY_MORNING + 62 * MINUTE)
    with transaction():
        breaker.trip_breaker("server not reachable", probing=True, now=MONDAY_MORNING + 63 * MINUTE)
    assert sentences(64 * MINUTE) == (
        "Mail is waiting: server not reachable since 10:02am, 90 messages queued, next try 10:08am.",
    )
    assert "since Monday 30 November 2026 at 10:02am" in sentences(timedelta(days=1))[0]


def test_pauses_grow_to_an_hour(app: Flask) -> None:
    assert app.name
    pauses, now = [], MONDAY_MORNING
    for _ in range(7):
        with transaction():
            breaker.trip_breaker("server not reachable", probing=True, now=now)
            until = breaker.switches().mail_paused_until
        assert until is not None
        pauses.append((until - now) / MINUTE)
        now = until
    assert pauses == [1, 5, 15, 30, 60, 60, 60]


def test_a_refused_password_waits_for_a_person(post: Post) -> None:
    post.queue()
    with transaction():
        breaker.hold_mail("no way in", now=MONDAY_MORNING)
    assert sentences() == (
        "Mail is waiting since 9:00am: no way in. 1 message queued. Nothing leaves until you resume it.",
    )
    with transaction():
        breaker.resume_mail(actor="Manager", now=MONDAY_MORNING)
    assert sentences() == ("1 message on the way. 0 put into the folder so far.",)


def test_decisions_come_before_progress(post: Post, outbox: Rows) -> None:
    for subject in range(1, 4):
        post.queue(subject)
    with transaction():
        for mail, put in zip(outbox(), ["doubtful", "failed", "failed"], strict=True):
            mail.state = put
    state = mail_state(MONDAY_MORNING)
    assert state.decisions_needed == (
        "1 message not certain: decide below.",
        "2 messages refused or not delivered: see why below.",
    )
    assert mail_trouble(MONDAY_MORNING) is None, (
        "A banner is for mail that cannot leave; what to decide stands under Audits."
    )


def test_a_queue_without_a_worker_is_reported(post: Post) -> None:
    post.queue()
    assert sentences(6 * MINUTE) == (
        "Mail is waiting since 9:00am: no worker is sending. 1 message queued. Start “flask survey work”.",
    )


def test_a_date_that_looks_wrong_is_asked_about(post: Post) -> None:
    assert tick(MONDAY_MORNING)
    post.queue()
    state = mail_state(MONDAY_MORNING + timedelta(days=8))
    assert state.clock_is_doubtful
    assert state.trouble == (
        "Sending, chasing and closing wait: the last look at the clock was on "
        "Monday 30 November 2026 at 9:00am. Is today’s date right? 1 message queued."
    )


def test_mail_that_is_switched_off_is_reported(app: Flask, post: Post) -> None:
    use_mail_server(app)
    app.extensions["mail"].suppress = True
    post.queue()
    assert sentences() == ("Mail is switched off in the settings. 1 message queued.",)


def test_an_email_that_waits_behind_others_does_not_mean_that_there_is_no_worker(
    post: Post, outbox: Rows
) -> None:
    post.queue(1)
    post.queue(2)
    with transaction():
        first = outbox()[0]
        first.state, first.handed_over_at = "sent", MONDAY_MORNING + 2 * MINUTE
    assert "no worker is sending" not in sentences(6 * MINUTE)[0]
    assert "no worker is sending" in sentences(7 * MINUTE)[0]
