import re
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import timedelta

import time_machine
from flask import Flask
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from surveyapp.foundation import clock
from surveyapp.foundation.mail import circuit_breaker as breaker
from surveyapp.foundation.mail.worker import drain, tick
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.models import MAIL_STATE_WORDS, Outbox
from surveyapp.mailing.subjects import SUBJECTS
from tests.accounts import staff_row
from tests.conftest import MONDAY_MORNING
from tests.foundation.conftest import Post
from tests.page_client import PageClient
from tests.row_maker import Maker

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


def store(session: Session, emails: Iterable[tuple[str, int, str, str]]) -> None:
    """Store emails, each a kind, the id of its subject, an address and a state; a minute after each other."""
    session.execute(
        insert(Outbox),
        [
            {
                "dedupe_key": f"{kind}:{number}",
                "kind": kind,
                "subject_id": subject_id,
                "to_addr": to,
                "state": state,
                "on_doubt": "resend",
                "message_id": f"<{number}@example.org>",
                "date_header": "",
                "not_before": MONDAY_MORNING,
                "created_at": MONDAY_MORNING + timedelta(minutes=number),
            }
            for number, (kind, subject_id, to, state) in enumerate(emails)
        ],
    )
    session.commit()


def addresses(shown: str) -> list[str]:
    """The addresses of the list, in its order."""
    return re.findall(r'class="survey-address">([^<]+)<', shown)


def test_ten_thousand_messages_take_as_many_statements_as_ten(
    client: PageClient, make: Maker, session: Session, queries: Queries
) -> None:
    audit = make.audit(cases=2, agencies=2)
    grants, kept = make.grants(audit), make.returned(make.requests(audit)[0])
    kinds = (("request", grants[0].id), ("chaser", grants[1].id), ("receipt", kept.id))
    ids = [(kinds[number % 3], number) for number in range(10_000)]
    store(session, ((*kind, f"m{number}@a.example", "sent") for kind, number in ids[:10]))
    client.get("/mail")
    with queries(40) as ten:
        client.get("/mail?receipts=1")
    store_more = ((*kind, f"n{number}@a.example", "sent") for kind, number in ids)
    session.execute(delete(Outbox))
    store(session, store_more)
    with queries(len(ten)):
        shown = page(client, "/mail?receipts=1")
    assert len(ten) <= 15
    assert addresses(shown) == [f"n{number}@a.example" for number in range(9_999, 9_979, -1)]
    assert "Page 1 of 500" in shown
    assert addresses(page(client, "/mail?receipts=1&page=500"))[-1] == "n0@a.example"


def test_problems_come_first_then_the_latest(client: PageClient, session: Session) -> None:
    states = ("failed", "sent", "doubtful", "queued", "failed")
    store(session, (("test", 0, f"{number}@a.example", state) for number, state in enumerate(states)))
    assert addresses(page(client)) == [f"{number}@a.example" for number in (2, 4, 0, 3, 1)]
    assert addresses(page(client, "/mail?state=problems")) == [f"{number}@a.example" for number in (2, 4, 0)]


def test_receipts_are_folded_unless_they_failed(client: PageClient, make: Maker, session: Session) -> None:
    audit = make.audit(cases=2, agencies=1)
    returns = make.returned_all(make.requests(audit))
    store(
        session,
        [
            ("receipt", returns[0].id, "arrived@a.example", "sent"),
            ("receipt", returns[1].id, "refused@a.example", "failed"),
        ],
    )
    shown = page(client)
    assert addresses(shown) == ["refused@a.example"]
    assert "1 receipt is not listed" in shown
    assert addresses(page(client, "/mail?receipts=1")) == ["refused@a.example", "arrived@a.example"]


def test_mail_is_filtered_by_audit_and_agency_and_each_row_leads_to_its_request(
    client: PageClient, make: Maker, session: Session
) -> None:
    police, health = make.agency("Police"), make.agency("Health", kind="health")
    audit, other = make.audit(cases=1, agencies=[police, health]), make.audit(cases=1, agencies=[police])
    mine, theirs = make.grants(audit), make.grants(other)
    store(
        session,
        [
            ("request", mine[0].id, "police@a.example", "sent"),
            ("chaser", mine[1].id, "health@a.example", "sent"),
            ("request", theirs[0].id, "other@a.example", "sent"),
            ("test", 0, "test@a.example", "sent"),
            ("concern", 99, "gone@a.example", "sent"),
        ],
    )
    assert len(addresses(page(client))) == 5
    shown = page(client, f"/mail?audit={audit.id}")
    assert addresses(shown) == ["health@a.example", "police@a.example"]
    for audit_request in make.requests(audit):
        assert f'href="/audits/{audit.id}/requests/{audit_request.id}"' in shown
    assert f"Health: {audit.title}" in shown
    assert addresses(page(client, f"/mail?agency={police.id}")) == ["other@a.example", "police@a.example"]
    both = f"/mail?audit={audit.id}&agency={police.id}&state=sent"
    assert addresses(page(client, both)) == ["police@a.example"]
    assert addresses(page(client, "/mail?audit=x&agency=99999999999&page=x&state=no"))


def test_an_administrator_reads_what_an_email_is_about_without_a_link_to_the_request(
    app: Flask, make: Maker, session: Session
) -> None:
    audit = make.audit(cases=1, agencies=[make.agency("Police")])
    store(session, [("request", make.grants(audit)[0].id, "police@a.example", "sent")])
    administrator = staff_row(roles="administrator")
    session.add(administrator)
    session.commit()
    browser = PageClient(app)
    browser.sign_in_as(administrator)
    shown = page(browser)
    assert f"<span data-typed>Police: {audit.title}</span>" in shown
    assert f'href="/audits/{audit.id}' not in shown


def test_every_kind_of_email_can_be_filtered(client: PageClient, make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1)
    kinds = [kind for subject in SUBJECTS for kind in subject.kinds]
    store(session, ((kind, 0, f"{kind}@a.example", "sent") for kind in kinds))
    assert len(addresses(page(client, "/mail?receipts=1"))) == len(kinds)
    assert addresses(page(client, f"/mail?audit={audit.id}&receipts=1")) == []


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
