"""After a restore the page Mail says what may have gone already, and a person decides what is queued."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.foundation.errors import Refused
from surveyapp.foundation.mail import circuit_breaker as breaker
from surveyapp.foundation.mail.outbox import send_test
from surveyapp.foundation.mail.restored_backup import hold_after_restore
from surveyapp.foundation.mail.worker import drain, tick
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.lasting_record import record_link
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.lasting_links.operations import end_links_again
from tests.conftest import MONDAY_MORNING
from tests.foundation.conftest import Post
from tests.page_client import PageClient
from tests.row_maker import Maker

BACKUP_AT = MONDAY_MORNING - timedelta(days=9)


def restore() -> None:
    with transaction():
        hold_after_restore(taken_at=BACKUP_AT, actor="command", now=MONDAY_MORNING)


def states(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(Outbox.state).order_by(Outbox.id)))


def test_the_page_says_what_may_have_gone_and_every_page_that_mail_waits(
    client: PageClient, post: Post
) -> None:
    post.queue()
    restore()
    page = client.get("/mail").text
    assert "Emails from after Saturday 21 November 2026 at 9:00am may have gone already" in page
    assert "Send the 1 queued message and go on" in page
    assert "Cancel it and go on" in page
    assert "Let mail go on" not in page
    assert (
        "this is the backup of Saturday 21 November 2026 at 9:00am. 1 message queued"
        in client.get("/audits").text
    )


def test_nothing_but_the_confirmation_lets_mail_go_on(post: Post, session: Session) -> None:
    post.queue()
    restore()
    with transaction():
        send_test("me@partnership.example", now=MONDAY_MORNING)
    with transaction(), pytest.raises(Refused, match="A backup was restored"):
        breaker.resume_mail(actor="Ann Lee", now=MONDAY_MORNING)
    assert drain(lambda: MONDAY_MORNING).total() == 0
    assert not tick(MONDAY_MORNING)
    assert states(session) == ["queued", "queued"]


def test_who_confirms_sends_what_is_queued_and_vouches_for_the_date(
    client: PageClient, post: Post, session: Session
) -> None:
    post.queue()
    with transaction():
        breaker.switches().last_tick_at = BACKUP_AT
    restore()
    client.post("/mail/confirm-restore")
    assert "Sending, chasing and closing go on." in client.get("/mail").text
    assert tick(MONDAY_MORNING)
    assert drain(lambda: MONDAY_MORNING).total() == 1
    assert states(session) == ["sent"]
    assert "confirmed_restored_backup" in session.scalars(select(Event.action)).all()


def test_who_confirms_may_cancel_what_is_queued(client: PageClient, post: Post, session: Session) -> None:
    post.queue()
    restore()
    client.post("/mail/confirm-restore", {"queued": "cancel"})
    assert "1 message cancelled. Sending, chasing and closing go on." in client.get("/mail").text
    assert states(session) == ["cancelled"]


def test_a_second_press_cancels_nothing(client: PageClient, post: Post, session: Session) -> None:
    restore()
    client.post("/mail/confirm-restore")
    post.queue()
    client.post("/mail/confirm-restore", {"queued": "cancel"}, status=409)
    assert states(session) == ["queued"]


def test_the_contacts_whose_links_ended_are_named_with_their_addresses(
    client: PageClient, make: Maker
) -> None:
    grant, other = make.grants(make.audit(title="Neglect", cases=1, agencies=2))
    name, address, kept = grant.contact.name, grant.contact.email, other.contact.email
    record_link(grant.public_id, 2, is_withdrawn=False)
    with transaction():
        assert end_links_again(MONDAY_MORNING) == 1
    restore()
    page = client.get("/mail").text
    listed = page.partition("1 link was replaced or withdrawn after the backup")[2].partition("</ul>")[0]
    assert name in listed
    assert address in listed
    assert "replaced in Neglect" in listed
    assert kept not in listed
