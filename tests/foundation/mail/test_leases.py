from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from surveyapp.foundation.mail import circuit_breaker as breaker
from surveyapp.foundation.mail import leases as claiming
from surveyapp.foundation.mail.leases import ClaimedEmail, claim_email
from surveyapp.foundation.mail.outbox import TEST_KIND, cancel_emails, queue_email
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.models import Outbox
from tests.conftest import MONDAY_MORNING
from tests.foundation.conftest import Post

MINUTE = timedelta(minutes=1)
Mail = Callable[[], Outbox]


def claimed(now_after: timedelta = timedelta(0)) -> ClaimedEmail:
    found = claim_email(now=MONDAY_MORNING + now_after)
    assert found is not None
    return found


def test_two_workers_never_hold_the_same_email(post: Post) -> None:
    post.queue(1)
    post.queue(2)
    assert {claimed().subject_id, claimed().subject_id} == {1, 2}
    assert claim_email(now=MONDAY_MORNING) is None


def test_what_is_due_first_leaves_first_and_nothing_before_its_time(post: Post) -> None:
    post.queue(1, not_before=MONDAY_MORNING + 2 * MINUTE)
    post.queue(2, not_before=MONDAY_MORNING + MINUTE)
    assert claim_email(now=MONDAY_MORNING) is None
    assert claimed(2 * MINUTE).subject_id == 2
    assert claimed(2 * MINUTE).subject_id == 1


def test_an_email_past_its_end_is_not_claimed(post: Post) -> None:
    post.queue(expires_at=MONDAY_MORNING + MINUTE)
    assert claim_email(now=MONDAY_MORNING + MINUTE) is None


def test_reading_a_claim_opens_no_transaction(post: Post) -> None:
    post.queue()
    found = claimed()
    assert found.to_addr == "a1@agency.example"
    # On SQLite an open transaction would lock the whole database while the mail server is spoken to.
    assert not session.in_transaction()


def test_a_worker_that_is_gone_leaves_its_email_to_the_next(post: Post) -> None:
    post.queue()
    first = claimed()
    assert claim_email(now=MONDAY_MORNING) is None
    post.lapse()
    second = claimed()
    assert (second.id, second.attempts) == (first.id, 1)
    assert not claiming.record_sent(first, 250, "taken", now=MONDAY_MORNING), (
        "the sleeper changes nothing any more"
    )
    assert claiming.record_sent(second, 250, "taken", now=MONDAY_MORNING)


@pytest.mark.parametrize(("kind", "state"), [("letter", "doubtful"), ("parcel", "sending")])
def test_what_a_lost_worker_had_handed_over_is_held_or_repeated_by_its_policy(
    post: Post, mail: Mail, kind: str, state: str
) -> None:
    post.queue(kind=kind)
    claimed()
    with transaction():
        mail().handed_over_at = MONDAY_MORNING
    post.lapse()
    assert (claim_email(now=MONDAY_MORNING) is None) == (kind == "letter")
    assert mail().state == state


def test_no_more_leave_in_a_minute_than_the_setting_says(post: Post, mail: Mail) -> None:
    for subject in range(1, 31):
        post.queue(subject)
    for _ in range(20):
        found = claimed()
        with transaction():
            row = session.get_one(Outbox, found.id)
            row.handed_over_at = MONDAY_MORNING
        assert claiming.record_sent(found, 250, "taken", now=MONDAY_MORNING)
    assert claim_email(now=MONDAY_MORNING + MINUTE / 2) is None
    assert claim_email(now=MONDAY_MORNING + MINUTE) is not None
    assert mail().state == "queued"


def test_what_other_workers_have_in_hand_counts_towards_the_minute(post: Post) -> None:
    for subject in range(1, 31):
        post.queue(subject)
    assert [claim_email(now=MONDAY_MORNING) is not None for _ in range(21)] == [True] * 20 + [False]


def test_a_deferred_email_waits_longer_each_time(post: Post, mail: Mail) -> None:
    post.queue(expires_at=MONDAY_MORNING + timedelta(days=9))
    now, waits = MONDAY_MORNING, []
    for _ in range(8):
        found = claim_email(now=now)
        assert found is not None
        assert claiming.requeue_email(found, 450, "greylisted", now=now)
        waits.append((mail().not_before - now) / MINUTE)
        now = mail().not_before
    assert waits == [1, 5, 15, 30, 60, 120, 240, 240]
    assert (mail().last_code, mail().last_text, mail().attempts) == (450, "greylisted", 8)


def test_a_cancelled_email_is_not_brought_back_by_the_worker_that_had_it(post: Post, mail: Mail) -> None:
    post.queue()
    found = claimed()
    with transaction():
        cancel_emails(["letter"], 1, now=MONDAY_MORNING)
    assert not claiming.requeue_email(found, 450, "later", now=MONDAY_MORNING)
    assert not claiming.release_email(found, "away", now=MONDAY_MORNING)
    assert not claiming.record_sent(found, 250, "taken", now=MONDAY_MORNING)
    assert mail().state == "cancelled"


def test_a_server_that_is_away_costs_a_message_no_attempt(post: Post, mail: Mail) -> None:
    post.queue()
    assert claiming.release_email(claimed(), "away", now=MONDAY_MORNING)
    assert (mail().state, mail().attempts, mail().not_before) == ("queued", 0, MONDAY_MORNING)


@pytest.mark.parametrize(("kind", "state"), [("letter", "doubtful"), ("parcel", "queued")])
def test_doubt_is_held_or_repeated_by_the_policy_in_the_row(
    post: Post, mail: Mail, kind: str, state: str
) -> None:
    post.queue(kind=kind)
    assert claiming.record_doubtful(claimed(), None, "no answer", now=MONDAY_MORNING)
    assert (mail().state, mail().last_text) == (state, "no answer")


def test_an_older_release_leaves_kinds_that_it_does_not_know(app: Flask, post: Post) -> None:
    post.queue()
    del app.extensions["survey"].mail_kinds["letter"]
    assert claim_email(now=MONDAY_MORNING) is None


def test_one_message_probes_a_server_that_failed_while_the_others_wait(post: Post) -> None:
    post.queue(1)
    post.queue(2)
    with transaction():
        breaker.trip_breaker("server not reachable", probing=False, now=MONDAY_MORNING)
    assert claim_email(now=MONDAY_MORNING) is None
    probe = claimed(MINUTE)
    assert probe.probing
    assert claim_email(now=MONDAY_MORNING + MINUTE) is None
    claiming.record_sent(probe, 250, "taken", now=MONDAY_MORNING + MINUTE)
    assert not claimed(MINUTE).probing


def test_while_mail_is_held_only_a_test_message_tries_the_server(post: Post, mail: Mail) -> None:
    post.queue()
    with transaction():
        breaker.hold_mail("the server refuses our password", now=MONDAY_MORNING)
    assert claim_email(now=MONDAY_MORNING) is None
    with transaction():
        queue_email(TEST_KIND.name, 0, to="me@partnership.example", key="test:1", now=MONDAY_MORNING)
    claiming.release_email(claimed(), "still refused", now=MONDAY_MORNING)
    assert (mail().state, mail().last_text) == ("failed", "still refused")
    with transaction():
        queue_email(TEST_KIND.name, 0, to="me@partnership.example", key="test:2", now=MONDAY_MORNING)
    claiming.record_sent(claimed(), 250, "taken", now=MONDAY_MORNING)
    assert claimed().kind == "letter"


def test_a_test_message_does_not_undo_what_a_person_stopped(post: Post) -> None:
    post.queue()
    with transaction():
        breaker.pause_mail(actor="Manager", now=MONDAY_MORNING)
        queue_email(TEST_KIND.name, 0, to="me@partnership.example", key="test:1", now=MONDAY_MORNING)
    claiming.record_sent(claimed(), 250, "taken", now=MONDAY_MORNING)
    assert claim_email(now=MONDAY_MORNING) is None


def test_nothing_is_sent_while_the_date_looks_wrong(post: Post) -> None:
    post.queue(expires_at=MONDAY_MORNING + timedelta(days=30))
    with transaction():
        breaker.switches().last_tick_at = MONDAY_MORNING
    late = MONDAY_MORNING + timedelta(days=8)
    assert claim_email(now=late) is None
    with transaction():
        breaker.confirm_clock(actor="Manager", now=late)
    assert claim_email(now=late) is not None


def test_a_message_that_was_already_on_its_way_lifts_no_hold_that_came_after_it(post: Post) -> None:
    post.queue(1)
    post.queue(2)
    post.queue(3)
    taken, deferred = claimed(), claimed()
    with transaction():
        breaker.hold_mail("the server refuses our password", now=MONDAY_MORNING)
    assert claiming.record_sent(taken, 250, "taken", now=MONDAY_MORNING)
    assert claiming.requeue_email(deferred, 450, "later", now=MONDAY_MORNING)
    assert breaker.switches().mail_held
    assert claim_email(now=MONDAY_MORNING + MINUTE) is None


def test_a_message_that_nobody_is_certain_of_counts_towards_the_minute(post: Post) -> None:
    for subject in range(1, 31):
        post.queue(subject)
    for _ in range(20):
        found = claimed()
        with transaction():
            session.get_one(Outbox, found.id).handed_over_at = MONDAY_MORNING
        assert claiming.record_doubtful(found, None, "no answer", now=MONDAY_MORNING)
    assert claim_email(now=MONDAY_MORNING + MINUTE / 2) is None
    assert claim_email(now=MONDAY_MORNING + MINUTE) is not None


def test_a_worker_that_slept_past_its_lease_does_not_end_the_doubt_about_its_email(
    post: Post, mail: Mail
) -> None:
    post.queue()
    sleeper = claimed()
    with transaction():
        mail().handed_over_at = MONDAY_MORNING
    post.lapse()
    assert claim_email(now=MONDAY_MORNING) is None
    for late in (
        claiming.record_sent,
        claiming.record_refused,
        claiming.requeue_email,
        claiming.record_doubtful,
    ):
        assert not late(sleeper, 250, "taken", now=MONDAY_MORNING), late
    assert not claiming.release_email(sleeper, "away", now=MONDAY_MORNING)
    assert (mail().state, mail().last_text) == ("doubtful", claiming.STOPPED)


def test_what_somebody_waits_for_leaves_first_and_at_most_at_twice_the_rate(app: Flask, post: Post) -> None:
    kinds = app.extensions["survey"].mail_kinds
    kinds["urgent"] = replace(kinds["letter"], name="urgent", is_urgent=True)
    for subject in range(1, 26):
        post.queue(subject)
        post.queue(100 + subject, kind="urgent", not_before=MONDAY_MORNING)
    taken = [claim_email(now=MONDAY_MORNING) for _ in range(26)]
    assert [each.kind for each in taken if each] == ["urgent"] * 25
    # Five more than the rate have gone, so the others wait; what is urgent does not, up to twice the rate.
    for subject in range(201, 221):
        post.queue(subject, kind="urgent")
    taken = [claim_email(now=MONDAY_MORNING) for _ in range(16)]
    assert [each.kind for each in taken if each] == ["urgent"] * 15
    assert taken[-1] is None


def test_what_a_lost_worker_had_in_hand_leaves_room_in_the_minute_again(post: Post) -> None:
    for subject in range(1, 31):
        post.queue(subject)
    for _ in range(20):
        claimed()
    assert claim_email(now=MONDAY_MORNING) is None
    post.lapse()
    assert claim_email(now=MONDAY_MORNING) is not None


def test_a_message_that_is_repeated_has_not_been_handed_over_yet(post: Post, mail: Mail) -> None:
    post.queue(kind="parcel")
    claimed()
    with transaction():
        mail().handed_over_at = MONDAY_MORNING
    post.lapse()
    assert claimed().attempts == 1
    assert mail().handed_over_at is None
    with transaction():
        assert cancel_emails(["parcel"], 1, now=MONDAY_MORNING) == 1


@pytest.mark.parametrize("kind", ["letter", "parcel"])
def test_no_answer_at_all_does_not_tell_that_the_server_is_well(post: Post, kind: str) -> None:
    post.queue(kind=kind)
    with transaction():
        breaker.trip_breaker("server not reachable", probing=False, now=MONDAY_MORNING)
    probe = claimed(MINUTE)
    assert probe.probing
    assert claiming.record_doubtful(probe, None, "no answer", now=MONDAY_MORNING + MINUTE)
    assert (breaker.switches().mail_failures, breaker.switches().mail_reason) == (1, "server not reachable")


def test_a_test_message_that_could_not_be_tried_lifts_no_hold(post: Post) -> None:
    post.queue()
    with transaction():
        breaker.hold_mail("the server refuses our password", now=MONDAY_MORNING)
        queue_email(TEST_KIND.name, 0, to="me@partnership.example", key="test:1", now=MONDAY_MORNING)
    claiming.release_email(claimed(), "still refused", now=MONDAY_MORNING)
    assert breaker.switches().mail_held
    assert claim_email(now=MONDAY_MORNING) is None


def test_a_test_message_that_is_put_off_tells_at_once_what_the_server_said(post: Post, mail: Mail) -> None:
    with transaction():
        queue_email(TEST_KIND.name, 0, to="me@partnership.example", key="test:1", now=MONDAY_MORNING)
    assert claiming.requeue_email(claimed(), 450, "greylisted", now=MONDAY_MORNING)
    assert (mail().state, mail().last_code, mail().last_text) == ("failed", 450, "greylisted")
    post.queue()
    assert claiming.requeue_email(claimed(), 450, "greylisted", now=MONDAY_MORNING)
    assert mail().state == "queued"
