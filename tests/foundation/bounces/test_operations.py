"""The mailbox is read on a real IMAP server: each message once, whatever it holds, and only as a mark."""

import socket
import threading
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from surveyapp.foundation import clock as the_clock
from surveyapp.foundation.bounces import operations
from surveyapp.foundation.bounces.models import Bounce
from surveyapp.foundation.bounces.operations import mailbox_row, read_bounces, settle_bounce, store_report
from surveyapp.foundation.bounces.queries import unsettled_bounces
from surveyapp.foundation.bounces.reports import MailReport
from surveyapp.foundation.errors import NotFound, Refused
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.models import Outbox
from tests.conftest import MONDAY_MORNING
from tests.foundation.bounces.conftest import set_mailbox
from tests.foundation.bounces.dovecot import PASSWORD, ImapServer
from tests.foundation.bounces.messages import REPLY, away, dsn


def read() -> int:
    return read_bounces(the_clock.now)


def bounces(session: Session) -> list[Bounce]:
    session.rollback()
    return list(session.scalars(select(Bounce).order_by(Bounce.id)))


def test_a_report_is_marked_once_and_put_away(imap: ImapServer, sent: Outbox, session: Session) -> None:
    imap.append(dsn(sent.message_id))
    imap.append(dsn(sent.message_id))
    assert imap.unread() == 2
    assert read() == 1
    assert imap.unread() == 0
    assert read() == 0
    [bounce] = bounces(session)
    assert (bounce.mail_id, bounce.kind, bounce.status) == (sent.id, "bounce", "5.1.1")
    # A report may be forged: the email itself counts as before.
    assert session.get_one(Outbox, sent.id).state == "sent"


def test_what_people_write_stays_unread_and_is_not_read_again(
    imap: ImapServer, sent: Outbox, session: Session
) -> None:
    imap.append(REPLY.format(id=sent.message_id).encode())
    imap.append(away(sent.message_id))
    assert read() == 1
    assert imap.unread() == 1
    assert [bounce.kind for bounce in bounces(session)] == ["away"]
    assert mailbox_row().last_number == 2
    assert unsettled_bounces() == []


def test_reports_are_moved_where_a_folder_is_set(imap: ImapServer, sent: Outbox, app: Flask) -> None:
    imap.create("Done")
    set_mailbox(app, bounce_port=imap.port, bounce_user=imap.user, bounce_done_folder="Done")
    imap.append(dsn(sent.message_id))
    imap.append(REPLY.format(id=sent.message_id).encode())
    assert read() == 1
    assert (imap.count("INBOX"), imap.count("Done")) == (1, 1)


def test_a_message_whose_mark_was_stored_but_not_put_away_changes_nothing_when_it_is_read_again(
    imap: ImapServer, sent: Outbox, session: Session
) -> None:
    with transaction():
        store_report(MailReport("bounce", (sent.message_id,), "5.1.1"), now=MONDAY_MORNING)
    imap.append(dsn(sent.message_id))
    assert read() == 0
    assert imap.unread() == 0
    assert len(bounces(session)) == 1


def test_hostile_messages_are_passed_over_and_the_next_is_read(
    imap: ImapServer, sent: Outbox, session: Session
) -> None:
    nested = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(4_000))
    imap.append(b"Subject: large\n\n" + b"x" * 70 + b"\n" * 10_000_000)
    imap.append(b"MIME-Version: 1.0\n" + nested.encode())
    imap.append(b"\xff\xfe\n\n\x80" + b"Content-Type: text/plain; charset=\xff\n\n")
    imap.append(dsn("<0b5a3a4e-0a63-4a10-9d9a-3f9c58a3a6c1@localhost>"))
    imap.append(dsn(sent.message_id))
    assert read() == 1
    assert [bounce.mail_id for bounce in bounces(session)] == [sent.id]


def test_a_few_are_read_at_a_time_and_the_rest_the_next_time(
    imap: ImapServer, sent: Outbox, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "MOST_AT_ONCE", 2)
    for _ in range(2):
        imap.append(REPLY.format(id=sent.message_id).encode())
    imap.append(dsn(sent.message_id))
    assert read() == 0
    assert read() == 1
    assert len(bounces(session)) == 1


def test_a_refused_password_waits_an_hour_and_is_told(
    imap: ImapServer, app: Flask, sent: Outbox, clock: time_machine.Traveller
) -> None:
    set_mailbox(app, bounce_port=imap.port, bounce_user=imap.user, bounce_password=PASSWORD.upper())
    imap.append(dsn(sent.message_id))
    assert read() == 0
    row = mailbox_row()
    assert row.reason == "it refuses the user or the password"
    assert row.paused_until == MONDAY_MORNING + timedelta(hours=1)
    set_mailbox(app, bounce_port=imap.port, bounce_user=imap.user)
    assert read() == 0
    clock.shift(timedelta(hours=1, seconds=1))
    assert read() == 1
    assert (mailbox_row().failures, mailbox_row().reason) == (0, "")


def test_a_server_that_cannot_be_reached_is_tried_ever_later(
    app: Flask, clock: time_machine.Traveller
) -> None:
    set_mailbox(app, bounce_port=1)
    pauses = []
    for _ in range(3):
        assert read() == 0
        row = mailbox_row()
        assert row.paused_until is not None
        pauses.append(row.paused_until - the_clock.now())
        clock.move_to(row.paused_until + timedelta(seconds=1))
    assert pauses == [timedelta(minutes=minutes) for minutes in (1, 5, 15)]


def test_a_server_that_says_nothing_is_given_up(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("surveyapp.foundation.bounces.mailbox.TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        set_mailbox(app, bounce_port=silent.getsockname()[1])
        accepted: list[socket.socket] = []
        thread = threading.Thread(target=lambda: accepted.append(silent.accept()[0]))
        thread.start()
        assert read() == 0
        thread.join()
        accepted[0].close()
    assert "cannot be reached" in mailbox_row().reason


def test_one_worker_reads_at_a_time(imap: ImapServer, sent: Outbox, clock: time_machine.Traveller) -> None:
    imap.append(dsn(sent.message_id))
    with transaction():
        row = mailbox_row(lock=True)
        row.lease_owner, row.lease_until = "another", MONDAY_MORNING + timedelta(minutes=1)
    assert read() == 0
    clock.shift(timedelta(minutes=2))
    assert read() == 1


def test_without_a_mailbox_nothing_is_read(app: Flask, session: Session) -> None:
    assert app.extensions["survey"].settings.reads_bounces is False
    assert read() == 0
    assert session.scalar(select(func.count()).select_from(Bounce)) == 0


def test_a_report_is_settled_once(sent: Outbox) -> None:
    with transaction():
        store_report(MailReport("bounce", (sent.message_id,), "5.1.1"), now=MONDAY_MORNING)
        store_report(MailReport("away", (sent.message_id,)), now=MONDAY_MORNING)
        store_report(MailReport("delayed", (sent.message_id,)), now=MONDAY_MORNING)
    [bounce] = unsettled_bounces()
    with transaction():
        settle_bounce(bounce.id, arrived=True, now=MONDAY_MORNING)
    assert unsettled_bounces() == []
    with pytest.raises(Refused), transaction():
        settle_bounce(bounce.id, arrived=False, now=MONDAY_MORNING)
    with pytest.raises(NotFound), transaction():
        settle_bounce(99, arrived=False, now=MONDAY_MORNING)
