"""Emails of one source take turns with those of others: a hundred from one link hold nobody back."""

from datetime import timedelta

from sqlalchemy import select

from surveyapp.foundation.mail.leases import claim_email
from surveyapp.foundation.mail.outcomes import record_refused, record_sent
from surveyapp.foundation.mail.worker import drain
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import Outbox
from tests.conftest import MONDAY_MORNING
from tests.foundation.conftest import Post

SECOND = timedelta(seconds=1)


def sources_sent() -> list[str]:
    """The sources of the emails that have been sent, in the order in which they left."""
    sent = select(Outbox.source).where(Outbox.state == "sent").order_by(Outbox.handed_over_at, Outbox.id)
    session.rollback()
    return list(session.scalars(sent))


def leave_one_by_one(number: int) -> list[str]:
    """The sources of the next emails that workers begin to send, a second apart, each sent at once."""
    sources = []
    for second in range(number):
        now = MONDAY_MORNING + second * SECOND
        claimed = claim_email(now=now)
        assert claimed is not None
        sources.append(session.get_one(Outbox, claimed.id).source)
        session.rollback()
        record_sent(claimed, 250, "taken", now=now)
    return sources


def test_one_email_queued_after_a_hundred_of_another_link_leaves_in_the_first_batch(post: Post) -> None:
    for subject in range(1, 101):
        post.queue(subject, source="grant 1")
    post.queue(101, source="grant 2", now=MONDAY_MORNING + SECOND)
    drain(lambda: MONDAY_MORNING + SECOND)
    # Twenty may leave in a minute.
    assert len(sources_sent()) == 20
    assert sources_sent().count("grant 2") == 1
    assert len(post.folder) == 20


def test_sources_take_turns_and_each_keeps_its_own_order(post: Post) -> None:
    for subject, source in enumerate(["grant 1"] * 5 + [""] * 3 + ["grant 2"] * 2, 1):
        post.queue(subject, source=source)
    assert leave_one_by_one(10) == [
        *("grant 1", "", "grant 2", "grant 1", "", "grant 2", "grant 1", "", "grant 1", "grant 1")
    ]
    handed = session.scalars(select(Outbox.subject_id).order_by(Outbox.claimed_at)).all()
    assert [subject for subject in handed if subject <= 5] == [1, 2, 3, 4, 5]


def test_a_source_whose_emails_are_all_refused_holds_back_nobody_either(post: Post) -> None:
    for subject in range(1, 11):
        post.queue(subject, source="grant 1")
    post.queue(11, source="grant 2")
    refused = claim_email(now=MONDAY_MORNING)
    assert refused is not None
    record_refused(refused, 550, "unknown", now=MONDAY_MORNING)
    following = claim_email(now=MONDAY_MORNING + SECOND)
    assert following is not None
    assert following.subject_id == 11


def test_workers_at_the_same_moment_take_different_sources(post: Post) -> None:
    for subject in range(1, 11):
        post.queue(subject, source="grant 1")
    post.queue(11, source="grant 2")
    first, second = claim_email(now=MONDAY_MORNING), claim_email(now=MONDAY_MORNING)
    assert first is not None
    assert second is not None
    assert {first.subject_id, second.subject_id} == {1, 11}


def test_a_source_that_was_served_long_ago_has_lost_no_turn(post: Post) -> None:
    post.queue(1, source="grant 1")
    assert leave_one_by_one(1) == ["grant 1"]
    later = MONDAY_MORNING + timedelta(hours=2)
    post.queue(2, source="grant 1", now=later)
    post.queue(3, source="grant 2", now=later + SECOND)
    claimed = claim_email(now=later + SECOND)
    assert claimed is not None
    assert claimed.subject_id == 2
