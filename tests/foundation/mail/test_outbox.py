import contextvars
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from surveyapp.foundation.errors import NotFound, Refused
from surveyapp.foundation.mail import outbox as rows
from surveyapp.foundation.mail.leases import claim_email
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.models import Outbox
from tests.conftest import MONDAY_MORNING
from tests.foundation.conftest import Post

HOUR = timedelta(hours=1)
Mail = Callable[[], Outbox]
Rows = Callable[[], list[Outbox]]


def test_a_key_queues_one_email_however_often_it_is_pressed(post: Post, outbox: Rows) -> None:
    assert post.queue(1, key="letter:1:2026-11-30")
    assert not post.queue(1, key="letter:1:2026-11-30")
    assert not post.queue(2, key="letter:1:2026-11-30")
    assert [mail.subject_id for mail in outbox()] == [1]


def test_an_email_keeps_the_message_id_and_date_it_was_queued_with(post: Post, mail: Mail) -> None:
    post.queue()
    assert mail().message_id.endswith("@127.0.0.1>")
    assert mail().date_header == "Mon, 30 Nov 2026 09:00:00 +0000"


def test_an_email_expires_after_three_days_by_default(post: Post, mail: Mail) -> None:
    post.queue()
    assert mail().expires_at == MONDAY_MORNING + timedelta(hours=72)


def test_a_queued_email_is_cancelled_with_its_subject_and_no_other(post: Post, outbox: Rows) -> None:
    post.queue(1)
    post.queue(2)
    with transaction():
        assert rows.cancel_emails(["letter"], 1, now=MONDAY_MORNING, why="returned") == 1
    assert [(mail.state, mail.last_text) for mail in outbox()] == [("cancelled", "returned"), ("queued", "")]


def test_mark_as_sent_changes_only_queued_emails_of_the_subjects(post: Post, outbox: Rows) -> None:
    for subject in (1, 2, 3):
        post.queue(subject)
    with transaction():
        outbox()[1].state = "failed"
    first_two = select(Outbox.subject_id).where(Outbox.subject_id < 3)
    with transaction():
        assert rows.mark_as_sent("letter", first_two, at=MONDAY_MORNING + HOUR) == 1
    assert [(mail.state, mail.handed_over_at) for mail in outbox()] == [
        ("sent", MONDAY_MORNING + HOUR),
        ("failed", None),
        ("queued", None),
    ]


def test_an_email_can_be_cancelled_until_it_is_handed_over(post: Post, mail: Mail) -> None:
    post.queue()
    claim_email(now=MONDAY_MORNING)
    with transaction():
        mail().handed_over_at = MONDAY_MORNING
    with transaction():
        assert rows.cancel_emails(["letter"], 1, now=MONDAY_MORNING) == 0
    with transaction():
        mail().handed_over_at = None
    with transaction():
        assert rows.cancel_emails(["letter"], 1, now=MONDAY_MORNING) == 1


def test_an_email_past_its_expiry_is_expired_or_failed_by_its_policy(post: Post, outbox: Rows) -> None:
    post.queue(1, expires_at=MONDAY_MORNING + HOUR)
    post.queue(2, kind="parcel", expires_at=MONDAY_MORNING + HOUR)
    post.queue(3, expires_at=MONDAY_MORNING + 2 * HOUR)
    with transaction():
        assert rows.expire_emails(now=MONDAY_MORNING + HOUR) == 2
    assert [mail.state for mail in outbox()] == ["expired", "failed", "queued"]


def test_a_person_sends_a_doubtful_email_again_under_the_same_message_id(post: Post, mail: Mail) -> None:
    post.queue()
    before = mail().message_id
    _set(mail(), "doubtful")
    with transaction():
        rows.send_again(mail().id, actor="Manager", now=MONDAY_MORNING + HOUR)
    assert (mail().state, mail().message_id, mail().handed_over_at) == ("queued", before, None)
    assert [event.action for event in session.query(Event)] == ["sent_mail_again"]


def test_an_expired_email_that_is_sent_again_gets_a_new_expiry(post: Post, mail: Mail) -> None:
    post.queue(expires_at=MONDAY_MORNING + HOUR)
    _set(mail(), "failed")
    with transaction():
        rows.send_again(mail().id, actor="Manager", now=MONDAY_MORNING + 2 * HOUR)
    assert mail().expires_at == MONDAY_MORNING + 74 * HOUR


def test_a_person_treats_a_doubtful_email_as_sent_once(post: Post, mail: Mail) -> None:
    post.queue()
    _set(mail(), "doubtful")
    with transaction():
        rows.treat_as_sent(mail().id, actor="Manager", now=MONDAY_MORNING)
    assert mail().state == "sent"
    with pytest.raises(Refused), transaction():
        rows.treat_as_sent(mail().id, actor="Manager", now=MONDAY_MORNING)
    with pytest.raises(Refused), transaction():
        rows.send_again(mail().id, actor="Manager", now=MONDAY_MORNING)


@pytest.mark.usefixtures("post")
def test_an_unknown_email_cannot_be_sent_again() -> None:
    with pytest.raises(NotFound), transaction():
        rows.send_again(4711, actor="Manager", now=MONDAY_MORNING)


def _set(mail: Outbox, state: str) -> None:
    with transaction():
        mail.state = state
        mail.handed_over_at = MONDAY_MORNING


def test_an_email_sent_again_begins_with_no_attempt_and_is_due_at_once(post: Post, mail: Mail) -> None:
    post.queue()
    tried = mail()
    with transaction():
        tried.attempts, tried.not_before = 6, MONDAY_MORNING + 5 * HOUR
    _set(tried, "failed")
    with transaction():
        rows.send_again(mail().id, actor="Manager", now=MONDAY_MORNING + HOUR)
    assert (mail().attempts, mail().not_before) == (0, MONDAY_MORNING + HOUR)


def test_an_email_planned_for_later_is_tried_for_three_days_from_then(post: Post, mail: Mail) -> None:
    post.queue(not_before=MONDAY_MORNING + 10 * HOUR)
    assert mail().expires_at == MONDAY_MORNING + 82 * HOUR


def test_only_the_kinds_that_are_named_are_cancelled(post: Post, outbox: Rows) -> None:
    for kind in ("letter", "parcel"):
        post.queue(1, kind=kind)
    with transaction():
        assert rows.cancel_emails(["parcel"], 1, now=MONDAY_MORNING) == 1
    assert [(mail.kind, mail.state) for mail in outbox()] == [("letter", "queued"), ("parcel", "cancelled")]


def test_a_cancelled_email_has_no_lease(post: Post, mail: Mail) -> None:
    post.queue()
    claim_email(now=MONDAY_MORNING)
    assert mail().lease_owner
    with transaction():
        rows.cancel_emails(["letter"], 1, now=MONDAY_MORNING)
    assert (mail().lease_owner, mail().lease_until, mail().finished_at) == ("", None, MONDAY_MORNING)


@pytest.mark.parametrize("state", ["queued", "sending", "sent", "cancelled", "expired"])
def test_a_person_decides_only_about_doubtful_and_refused_emails(post: Post, mail: Mail, state: str) -> None:
    post.queue()
    _set(mail(), state)
    for decide in (rows.send_again, rows.treat_as_sent):
        with pytest.raises(Refused), transaction():
            decide(mail().id, actor="Manager", now=MONDAY_MORNING)
    assert mail().state == state


def test_a_refused_email_cannot_be_treated_as_sent(post: Post, mail: Mail) -> None:
    post.queue()
    _set(mail(), "failed")
    with pytest.raises(Refused), transaction():
        rows.treat_as_sent(mail().id, actor="Manager", now=MONDAY_MORNING)
    assert mail().state == "failed"


def test_an_email_sent_again_in_its_time_keeps_its_end(post: Post, mail: Mail) -> None:
    post.queue(expires_at=MONDAY_MORNING + 2 * HOUR)
    _set(mail(), "doubtful")
    with transaction():
        rows.send_again(mail().id, actor="Manager", now=MONDAY_MORNING + HOUR)
    assert mail().expires_at == MONDAY_MORNING + 2 * HOUR


def test_only_one_of_four_people_who_decide_at_once_succeeds(app: Flask, post: Post, mail: Mail) -> None:
    post.queue()
    _set(mail(), "doubtful")
    mail_id, start = mail().id, threading.Barrier(4)
    session.rollback()
    refused: list[str] = []

    def decide(act: Callable[..., None]) -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    act(mail_id, actor="Manager", now=MONDAY_MORNING)
            except Refused as error:
                refused.append(error.message)
            app.extensions["sqlalchemy"].session.remove()

    acts = [rows.send_again, rows.treat_as_sent] * 2
    threads = [threading.Thread(target=contextvars.Context().run, args=(decide, act)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["This message has been decided already."] * 3
    assert session.scalar(select(func.count()).select_from(Event)) == 1
