from collections.abc import Callable
from datetime import timedelta

import pytest

from surveyapp.foundation.mail.leases import claim_email
from surveyapp.foundation.mail.outbox import cancel_emails
from surveyapp.foundation.mail.outcomes import record_doubtful, record_sent, release_email, requeue_email
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.models import Outbox
from tests.conftest import MONDAY_MORNING
from tests.foundation.conftest import Post
from tests.foundation.mail.claims import claim

MINUTE = timedelta(minutes=1)
Mail = Callable[[], Outbox]


def test_the_delay_grows_with_each_attempt(post: Post, mail: Mail) -> None:
    post.queue(expires_at=MONDAY_MORNING + timedelta(days=9))
    now, waits = MONDAY_MORNING, []
    for _ in range(8):
        claimed = claim_email(now=now)
        assert claimed is not None
        assert requeue_email(claimed, 450, "greylisted", now=now)
        waits.append((mail().not_before - now) / MINUTE)
        now = mail().not_before
    assert waits == [1, 5, 15, 30, 60, 120, 240, 240]
    assert (mail().last_code, mail().last_text, mail().attempts) == (450, "greylisted", 8)


def test_a_worker_cannot_requeue_an_email_that_was_cancelled_meanwhile(post: Post, mail: Mail) -> None:
    post.queue()
    claimed = claim()
    with transaction():
        cancel_emails(["letter"], 1, now=MONDAY_MORNING)
    assert not requeue_email(claimed, 450, "later", now=MONDAY_MORNING)
    assert not release_email(claimed, "away", now=MONDAY_MORNING)
    assert not record_sent(claimed, 250, "taken", now=MONDAY_MORNING)
    assert mail().state == "cancelled"


def test_an_unavailable_server_counts_as_no_attempt(post: Post, mail: Mail) -> None:
    post.queue()
    assert release_email(claim(), "away", now=MONDAY_MORNING)
    assert (mail().state, mail().attempts, mail().not_before) == ("queued", 0, MONDAY_MORNING)


@pytest.mark.parametrize(("kind", "state"), [("letter", "doubtful"), ("parcel", "queued")])
def test_a_doubtful_email_is_held_or_repeated_by_its_policy(
    post: Post, mail: Mail, kind: str, state: str
) -> None:
    post.queue(kind=kind)
    assert record_doubtful(claim(), None, "no answer", now=MONDAY_MORNING)
    assert (mail().state, mail().last_text) == (state, "no answer")
