from collections.abc import Callable
from datetime import timedelta

from surveyapp.foundation.mail.circuit_breaker import hold_mail, pause_mail, trip_breaker
from surveyapp.foundation.mail.leases import claim_email
from surveyapp.foundation.mail.outbox import TEST_KIND, queue_email
from surveyapp.foundation.mail.outcomes import record_sent, release_email
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.models import Outbox
from tests.conftest import MONDAY_MORNING
from tests.foundation.conftest import Post
from tests.foundation.mail.claims import claim

MINUTE = timedelta(minutes=1)
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
