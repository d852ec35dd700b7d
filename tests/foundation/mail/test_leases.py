from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from surveyapp.foundation.mail.leases import claim_email
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
