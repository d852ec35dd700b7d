from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import time_machine

from surveyapp.foundation import clock
from surveyapp.foundation.mail import circuit_breaker as breaker
from surveyapp.foundation.mail.worker import drain, tick
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.models import MAIL_STATE_WORDS, Outbox
from tests.conftest import MONDAY_MORNING
from tests.foundation.conftest import Post
from tests.page_client import PageClient

Mail = Callable[[], Outbox]
Queries = Callable[[int], AbstractContextManager[list[str]]]


def page(client: PageClient, path: str = "/mail") -> str:
    return client.get(path).get_data(as_text=True)


def put(mail: Outbox, state: str, text: str = "") -> int:
    with transaction():
        mail.state, mail.last_text = state, text
    return mail.id


def test_a_stranger_sees_no_mail(stranger: PageClient) -> None:
    assert "/sign-in" in stranger.get("/mail", status=302).headers["Location"]


def test_an_empty_outbox_says_so(client: PageClient) -> None:
    assert "No mail yet." in page(client)


def test_the_state_of_mail_is_at_the_top(client: PageClient, post: Post) -> None:
    post.queue()
    drain(clock.now)
    shown = page(client)
    assert "1 message put into the folder." in shown
    assert "Put into the folder." in shown
    assert "Taken by the mail server" not in shown
    assert "a1@agency.example" in shown


def test_the_list_is_filtered_by_the_state_in_the_url(client: PageClient, post: Post, mail: Mail) -> None:
    post.queue(1)
    put(mail(), "failed", "5.1.1 unknown")
    post.queue(2)
    shown = page(client, "/mail?state=failed")
    assert "5.1.1 unknown" in shown
    assert "a1@agency.example" in shown
    assert "a2@agency.example" not in shown
    assert "a2@agency.example" in page(client, "/mail?state=nonsense")


def test_every_state_has_the_words_it_has_on_a_request_page(client: PageClient, post: Post) -> None:
    post.queue()
    session.rollback()
    shown = page(client)
    assert [words for words in MAIL_STATE_WORDS.values() if words not in shown] == []


def test_only_the_newest_200_are_listed_and_the_page_says_so(
    client: PageClient, post: Post, queries: Queries
) -> None:
    for subject in range(1, 206):
        post.queue(subject)
    session.rollback()
    with queries(12):
        shown = page(client)
    assert "The newest 200 of 205 messages." in shown
    assert "a205@agency.example" in shown
    assert "a5@agency.example" not in shown


def test_a_doubtful_message_is_sent_again_or_counts_as_sent(
    client: PageClient, post: Post, mail: Mail
) -> None:
    post.queue()
    number = put(mail(), "doubtful", "No answer")
    assert "Treat as sent" in page(client)
    client.post(f"/mail/{number}/send-again")
    assert mail().state == "queued"
    put(mail(), "doubtful")
    client.post(f"/mail/{number}/treat-as-sent")
    assert mail().state == "sent"
    refused = client.post(f"/mail/{number}/treat-as-sent", status=409).get_data(as_text=True)
    assert "This message has been decided already" in refused
    acts = [event.action for event in session.query(Event).order_by(Event.id)]
    assert acts[-2:] == ["sent_mail_again", "treated_mail_as_sent"]


def test_an_unknown_message_is_not_found(client: PageClient) -> None:
    page(client)
    client.post("/mail/4711/send-again", status=404)


def test_mail_is_stopped_and_resumed(client: PageClient, post: Post) -> None:
    post.queue()
    page(client)
    client.post("/mail/pause")
    assert "No mail leaves: stopped by " in page(client)
    assert drain(clock.now) == {}
    client.post("/mail/pause", status=409)
    client.post("/mail/resume")
    assert drain(clock.now) == {"sent": 1}


def test_a_test_message_goes_to_the_address_given(client: PageClient, post: Post) -> None:
    page(client)
    client.post("/mail/test", {"to": " me@partnership.example "})
    assert drain(clock.now) == {"sent": 1}
    assert post.folder[-1]["To"] == "me@partnership.example"


def test_a_test_message_needs_an_address_and_keeps_what_was_typed(client: PageClient) -> None:
    page(client)
    refused = client.post("/mail/test", {"to": "me at work"}, status=422).get_data(as_text=True)
    assert "“me at work” is not an email address. Enter one, like name@agency.example" in refused
    assert 'value="me at work"' in refused
    assert "Enter an email address" in client.post("/mail/test", {"to": ""}, status=422).get_data(
        as_text=True
    )


def test_a_date_that_looks_wrong_is_confirmed_by_a_person(
    client: PageClient, post: Post, clock: time_machine.Traveller
) -> None:
    tick(MONDAY_MORNING - timedelta(days=8))
    post.queue()
    assert "Yes, that date is right" in page(client)
    client.post("/mail/confirm-date")
    assert breaker.switches().last_tick_at == MONDAY_MORNING
    assert "1 message on the way" in page(client)
    assert clock is not None


def test_a_deferred_message_says_when_it_is_tried_next(client: PageClient, post: Post, mail: Mail) -> None:
    post.queue()
    row = mail()
    with transaction():
        row.attempts, row.last_code, row.last_text = 1, 450, "greylisted"
        row.not_before = MONDAY_MORNING + timedelta(minutes=5)
    shown = page(client)
    assert "Deferred" in shown
    assert "450 greylisted" in shown
    assert "Next try from Monday 30 November 2026 at 9:05am" in shown
