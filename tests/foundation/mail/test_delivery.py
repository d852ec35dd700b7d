from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from surveyapp.foundation import clock
from surveyapp.foundation.mail import circuit_breaker as breaker
from surveyapp.foundation.mail.delivery import begin_delivery
from surveyapp.foundation.mail.leases import claim_email
from surveyapp.foundation.mail.outbox import Email, cancel_emails
from surveyapp.foundation.mail.worker import drain
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.models import Outbox
from tests.conftest import MONDAY_MORNING
from tests.foundation.conftest import Post

Mail = Callable[[], Outbox]


def test_a_folder_takes_a_message_as_a_mail_server_would(post: Post, mail: Mail) -> None:
    post.queue()
    assert drain(clock.now) == {"sent": 1}
    assert [(letter["To"], letter["Message-ID"]) for letter in post.folder] == [
        ("a1@agency.example", mail().message_id)
    ]
    assert (mail().state, mail().handed_over_at, mail().finished_at) == (
        "sent",
        MONDAY_MORNING,
        MONDAY_MORNING,
    )
    assert (mail().last_code, mail().last_text) == (250, "Put into the folder.")


def test_an_email_that_is_no_longer_due_cancels_itself(post: Post, mail: Mail) -> None:
    post.queue()
    post.due.clear()
    assert drain(clock.now) == {"cancelled": 1}
    assert (mail().state, post.folder) == ("cancelled", [])


def test_an_email_to_an_old_address_cancels_itself(post: Post, mail: Mail) -> None:
    post.queue(1)
    post.due[1] = "moved@agency.example"
    assert drain(clock.now) == {"cancelled": 1}
    assert (mail().state, post.folder) == ("cancelled", [])


def test_a_message_cancelled_after_it_was_claimed_is_not_delivered(post: Post) -> None:
    post.queue()
    claimed = claim_email(now=MONDAY_MORNING)
    assert claimed is not None
    with transaction():
        cancel_emails(["letter"], 1, now=MONDAY_MORNING)
    assert begin_delivery(claimed, now=MONDAY_MORNING) is None


def test_a_worker_whose_lease_has_lapsed_delivers_nothing(post: Post, mail: Mail) -> None:
    post.queue()
    claimed = claim_email(now=MONDAY_MORNING)
    assert claimed is not None
    post.lapse()
    assert begin_delivery(claimed, now=MONDAY_MORNING) is None
    assert mail().handed_over_at is None


@pytest.mark.parametrize(("kind", "state"), [("letter", "expired"), ("parcel", "failed")])
def test_a_message_that_expires_after_it_was_claimed_is_not_delivered(
    post: Post, mail: Mail, kind: str, state: str
) -> None:
    end = MONDAY_MORNING + timedelta(seconds=30)
    post.queue(kind=kind, expires_at=end)
    claimed = claim_email(now=MONDAY_MORNING)
    assert claimed is not None
    assert begin_delivery(claimed, now=end) is None
    assert mail().state == state


def test_a_rendering_error_is_tried_again_and_logged_without_its_message(
    post: Post, mail: Mail, caplog: pytest.LogCaptureFixture
) -> None:
    post.queue(1)
    post.broken = True
    assert drain(clock.now) == {"deferred": 1}
    assert (mail().state, mail().attempts) == ("queued", 1)
    assert mail().last_text == "It could not be worded. Whoever runs surveyapp finds the reason in its log."
    assert "conftest.py" in caplog.text
    assert "a1@agency.example" not in caplog.text


def test_one_message_that_cannot_be_rendered_delays_no_other(post: Post) -> None:
    post.queue(1)
    post.queue(2)
    post.due[1] = "no address"
    assert drain(clock.now) == {"cancelled": 1, "sent": 1}


def test_a_folder_that_cannot_be_made_pauses_mail(app: Flask, post: Post, mail: Mail) -> None:
    folder = app.extensions["survey"].settings.mail_folder
    with open(folder, "w", encoding="utf-8"):  # noqa: PTH123 — a file where the folder should be
        pass
    post.queue()
    assert drain(clock.now) == {"waiting": 1}
    assert (mail().state, mail().attempts) == ("queued", 0)


def test_the_subject_is_locked_before_its_message_is_worded(app: Flask, post: Post) -> None:
    kinds, order = app.extensions["survey"].mail_kinds, []

    def word(subject_id: int, to: str) -> Email | None:
        order.append(f"worded {subject_id}")
        return post.word(subject_id, to)

    def lock(subject_id: int) -> None:
        order.append(f"locked {subject_id}")

    kinds["letter"] = replace(kinds["letter"], lock=lock, word=word)
    post.queue(7)
    assert drain(clock.now) == {"sent": 1}
    assert order == ["locked 7", "worded 7"]


def test_a_message_that_cannot_be_rendered_does_not_count_as_success_of_the_server(post: Post) -> None:
    post.queue()
    with transaction():
        breaker.trip_breaker("server not reachable", probing=False, now=MONDAY_MORNING - timedelta(minutes=1))
    post.broken = True
    assert drain(clock.now) == {"deferred": 1}
    assert breaker.switches().mail_failures == 1
