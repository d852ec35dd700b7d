from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from surveyapp.foundation.mail import circuit_breaker as breaker
from surveyapp.foundation.mail import leases as claiming
from surveyapp.foundation.mail import outcomes
from surveyapp.foundation.mail.leases import claim_email
from surveyapp.foundation.mail.outbox import TEST_KIND, cancel_emails, queue_email
from surveyapp.foundation.mail.outcomes import record_sent
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.models import Outbox
from tests.conftest import MONDAY_MORNING
from tests.foundation.conftest import Post
from tests.foundation.mail.claims import claim

MINUTE = timedelta(minutes=1)
Mail = Callable[[], Outbox]


def test_two_workers_never_claim_the_same_email(post: Post) -> None:
    post.queue(1)
    post.queue(2)
    assert {claim().subject_id, claim().subject_id} == {1, 2}
    assert claim_email(now=MONDAY_MORNING) is None


def test_emails_are_claimed_in_the_order_in_which_they_are_due(post: Post) -> None:
    post.queue(1, not_before=MONDAY_MORNING + 2 * MINUTE)
    post.queue(2, not_before=MONDAY_MORNING + MINUTE)
    assert claim_email(now=MONDAY_MORNING) is None
    assert claim(2 * MINUTE).subject_id == 2
    assert claim(2 * MINUTE).subject_id == 1


def test_an_expired_email_is_not_claimed(post: Post) -> None:
    post.queue(expires_at=MONDAY_MORNING + MINUTE)
    assert claim_email(now=MONDAY_MORNING + MINUTE) is None


def test_reading_a_claim_opens_no_transaction(post: Post) -> None:
    post.queue()
    claimed = claim()
    assert claimed.to_addr == "a1@agency.example"
    # On SQLite an open transaction would lock the whole database while the mail server is spoken to.
    assert not session.in_transaction()


def test_an_email_whose_lease_lapsed_is_claimed_by_another_worker(post: Post) -> None:
    post.queue()
    first = claim()
    assert claim_email(now=MONDAY_MORNING) is None
    post.lapse()
    second = claim()
    assert (second.id, second.attempts) == (first.id, 1)
    assert not record_sent(first, 250, "taken", now=MONDAY_MORNING), (
        "a worker without the lease changes nothing"
    )
    assert record_sent(second, 250, "taken", now=MONDAY_MORNING)


@pytest.mark.parametrize(("kind", "state"), [("letter", "doubtful"), ("parcel", "sending")])
def test_an_email_handed_over_under_a_lapsed_lease_is_held_or_repeated_by_its_policy(
    post: Post, mail: Mail, kind: str, state: str
) -> None:
    post.queue(kind=kind)
    claim()
    with transaction():
        mail().handed_over_at = MONDAY_MORNING
    post.lapse()
    assert (claim_email(now=MONDAY_MORNING) is None) == (kind == "letter")
    assert mail().state == state


def test_no_more_emails_leave_in_a_minute_than_the_setting_allows(post: Post, mail: Mail) -> None:
    for subject in range(1, 31):
        post.queue(subject)
    for _ in range(20):
        claimed = claim()
        with transaction():
            row = session.get_one(Outbox, claimed.id)
            row.handed_over_at = MONDAY_MORNING
        assert record_sent(claimed, 250, "taken", now=MONDAY_MORNING)
    assert claim_email(now=MONDAY_MORNING + MINUTE / 2) is None
    assert claim_email(now=MONDAY_MORNING + MINUTE) is not None
    assert mail().state == "queued"


def test_emails_claimed_by_other_workers_count_towards_the_rate(post: Post) -> None:
    for subject in range(1, 31):
        post.queue(subject)
    assert [claim_email(now=MONDAY_MORNING) is not None for _ in range(21)] == [True] * 20 + [False]


def test_emails_of_unknown_kinds_are_not_claimed(app: Flask, post: Post) -> None:
    post.queue()
    del app.extensions["survey"].mail_kinds["letter"]
    assert claim_email(now=MONDAY_MORNING) is None


def test_a_message_sent_before_a_hold_does_not_end_it(post: Post) -> None:
    post.queue(1)
    post.queue(2)
    post.queue(3)
    taken, deferred = claim(), claim()
    with transaction():
        breaker.hold_mail("the server refuses our password", now=MONDAY_MORNING)
    assert outcomes.record_sent(taken, 250, "taken", now=MONDAY_MORNING)
    assert outcomes.requeue_email(deferred, 450, "later", now=MONDAY_MORNING)
    assert breaker.switches().mail_held
    assert claim_email(now=MONDAY_MORNING + MINUTE) is None


def test_a_doubtful_message_counts_towards_the_rate(post: Post) -> None:
    for subject in range(1, 31):
        post.queue(subject)
    for _ in range(20):
        found = claim()
        with transaction():
            session.get_one(Outbox, found.id).handed_over_at = MONDAY_MORNING
        assert outcomes.record_doubtful(found, None, "no answer", now=MONDAY_MORNING)
    assert claim_email(now=MONDAY_MORNING + MINUTE / 2) is None
    assert claim_email(now=MONDAY_MORNING + MINUTE) is not None


def test_a_worker_that_slept_past_its_lease_does_not_end_the_doubt_about_its_email(
    post: Post, mail: Mail
) -> None:
    post.queue()
    sleeper = claim()
    with transaction():
        mail().handed_over_at = MONDAY_MORNING
    post.lapse()
    assert claim_email(now=MONDAY_MORNING) is None
    for late in (
        outcomes.record_sent,
        outcomes.record_refused,
        outcomes.requeue_email,
        outcomes.record_doubtful,
    ):
        assert not late(sleeper, 250, "taken", now=MONDAY_MORNING), late
    assert not outcomes.release_email(sleeper, "away", now=MONDAY_MORNING)
    assert (mail().state, mail().last_text) == ("doubtful", claiming.STOPPED)


def test_urgent_emails_leave_first_and_at_most_at_twice_the_rate(app: Flask, post: Post) -> None:
    kinds = app.extensions["survey"].mail_kinds
    kinds["urgent"] = replace(kinds["letter"], name="urgent", is_urgent=True)
    for subject in range(1, 26):
        post.queue(subject)
        post.queue(100 + subject, kind="urgent", not_before=MONDAY_MORNING)
    taken = [claim_email(now=MONDAY_MORNING) for _ in range(26)]
    assert [message.kind for message in taken if message] == ["urgent"] * 25
    # Five more than the rate have left, so others wait; urgent ones leave up to twice the rate.
    for subject in range(201, 221):
        post.queue(subject, kind="urgent")
    taken = [claim_email(now=MONDAY_MORNING) for _ in range(16)]
    assert [message.kind for message in taken if message] == ["urgent"] * 15
    assert taken[-1] is None


def test_emails_of_a_lost_worker_no_longer_count_towards_the_rate(post: Post) -> None:
    for subject in range(1, 31):
        post.queue(subject)
    for _ in range(20):
        claim()
    assert claim_email(now=MONDAY_MORNING) is None
    post.lapse()
    assert claim_email(now=MONDAY_MORNING) is not None


def test_a_message_that_is_repeated_has_not_been_handed_over_yet(post: Post, mail: Mail) -> None:
    post.queue(kind="parcel")
    claim()
    with transaction():
        mail().handed_over_at = MONDAY_MORNING
    post.lapse()
    assert claim().attempts == 1
    assert mail().handed_over_at is None
    with transaction():
        assert cancel_emails(["parcel"], 1, now=MONDAY_MORNING) == 1


@pytest.mark.parametrize("kind", ["letter", "parcel"])
def test_silence_does_not_count_as_success_of_the_server(post: Post, kind: str) -> None:
    post.queue(kind=kind)
    with transaction():
        breaker.trip_breaker("server not reachable", probing=False, now=MONDAY_MORNING)
    probe = claim(MINUTE)
    assert probe.probing
    assert outcomes.record_doubtful(probe, None, "no answer", now=MONDAY_MORNING + MINUTE)
    assert (breaker.switches().mail_failures, breaker.switches().mail_reason) == (1, "server not reachable")


def test_a_test_message_that_could_not_be_tried_ends_no_hold(post: Post) -> None:
    post.queue()
    with transaction():
        breaker.hold_mail("the server refuses our password", now=MONDAY_MORNING)
        queue_email(TEST_KIND.name, 0, to="me@partnership.example", key="test:1", now=MONDAY_MORNING)
    outcomes.release_email(claim(), "still refused", now=MONDAY_MORNING)
    assert breaker.switches().mail_held
    assert claim_email(now=MONDAY_MORNING) is None


def test_a_deferred_test_message_shows_the_servers_answer_at_once(post: Post, mail: Mail) -> None:
    with transaction():
        queue_email(TEST_KIND.name, 0, to="me@partnership.example", key="test:1", now=MONDAY_MORNING)
    assert outcomes.requeue_email(claim(), 450, "greylisted", now=MONDAY_MORNING)
    assert (mail().state, mail().last_code, mail().last_text) == ("failed", 450, "greylisted")
    post.queue()
    assert outcomes.requeue_email(claim(), 450, "greylisted", now=MONDAY_MORNING)
    assert mail().state == "queued"
