"""Reads the mailbox for bounces, and stores what comes of each."""

import logging
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select, update

from surveyapp.foundation.bounces.mailbox import Mailbox, MailboxUnavailable, open_mailbox
from surveyapp.foundation.bounces.models import Bounce, BounceMailbox
from surveyapp.foundation.bounces.reports import MailReport, read_report
from surveyapp.foundation.errors import NotFound, Refused
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import insert_once, session, transaction
from surveyapp.foundation.store.models import Outbox
from surveyapp.foundation.store.row_locks import lock_row_if_there

log = logging.getLogger("surveyapp.bounces")

Clock = Callable[[], datetime]
LEASE = timedelta(minutes=15)
# A slow server keeps nobody's mail waiting: the rest is read a minute later.
LONGEST_READING = timedelta(minutes=1)
# How long the mailbox waits after each failure in a row; a refused password waits longest at once, because
# one more wrong password could lock the mailbox.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60))
MOST_AT_ONCE = 50


def read_bounces(clock: Clock) -> int:
    """Read what is new in the mailbox of the settings, if there is one; returns how many marks are new.

    A worker reads it alone. No transaction is open while the server is contacted. Each message is stored
    before it is put away, so that one read twice changes nothing the second time.
    """
    if not settings().bounce_host:
        return 0
    owner = _claim(clock())
    if not owner:
        return 0
    try:
        with open_mailbox() as mailbox:
            found, begun_at = 0, clock()
            for number in _new_numbers(mailbox):
                if clock() - begun_at > LONGEST_READING:
                    break
                found += _read(mailbox, number, clock())
    except MailboxUnavailable as trouble:
        _pause(owner, trouble, now=clock())
        return 0
    with transaction():
        _release(owner, read_at=clock(), failures=0, paused_until=None, reason="")
    return found


def mailbox_row(*, lock: bool = False) -> BounceMailbox:
    """The row of the mailbox's state; made if it is missing, and locked until the commit if `lock`."""
    chosen = select(BounceMailbox).where(BounceMailbox.id == 1).execution_options(populate_existing=True)
    row = session.scalar(chosen.with_for_update() if lock else chosen)
    if row is None:
        row = BounceMailbox(id=1, lease_owner="", validity=0, last_number=0, failures=0, reason="")
        session.add(row)
    return row


def _claim(now: datetime) -> str:
    """Take the lease and return its owner's token; empty while another worker reads or the mailbox waits."""
    owner = secrets.token_hex(16)
    with transaction():
        row = mailbox_row(lock=True)
        is_taken = row.lease_until is not None and row.lease_until > now
        if is_taken or (row.paused_until is not None and row.paused_until > now):
            return ""
        row.lease_owner, row.lease_until = owner, now + LEASE
    return owner


def _new_numbers(mailbox: Mailbox) -> list[int]:
    with transaction():
        row = mailbox_row(lock=True)
        if row.validity != mailbox.validity:
            row.validity, row.last_number = mailbox.validity, 0
        last = row.last_number
    return mailbox.numbers_after(last, most=MOST_AT_ONCE)


def _read(mailbox: Mailbox, number: int, now: datetime) -> int:
    """Read one message and store what comes of it; then put it away if it was a report or a reply."""
    report = read_report(mailbox.first_bytes(number), host=settings().host)
    with transaction():
        marks = store_report(report, now=now) if report else 0
        mailbox_row(lock=True).last_number = number
    if report is not None:
        mailbox.put_away(number)
    return marks


def store_report(report: MailReport, *, now: datetime) -> int:
    """Store a mark for each email that a report is about; returns how many are new."""
    if report.kind == "delayed":
        return 0
    about = select(Outbox.id).where(Outbox.message_id.in_(report.message_ids)).order_by(Outbox.id)
    rows = [
        insert_once(
            Bounce,
            unique=["mail_id", "kind"],
            mail_id=mail_id,
            kind=report.kind,
            status=report.status,
            said=report.said,
            read_at=now,
            settled_as="",
        )
        for mail_id in session.scalars(about).all()
    ]
    return sum(row is not None for row in rows)


def settle_bounce(bounce_id: int, *, arrived: bool, now: datetime) -> Bounce:
    """Store a person's decision on a report of non-delivery. Raises NotFound, or Refused if it is settled."""
    bounce = lock_row_if_there(select(Bounce).where(Bounce.id == bounce_id))
    if bounce is None:
        raise NotFound
    if bounce.settled_at is not None or bounce.kind != "bounce":
        raise Refused("This has been decided already.", way_on="Go back to Mail: it shows how it stands now.")
    bounce.settled_at, bounce.settled_as = now, "arrived" if arrived else "not_delivered"
    return bounce


def _pause(owner: str, trouble: MailboxUnavailable, *, now: datetime) -> None:
    log.warning("The mailbox for bounces is not read: %s.", trouble.reason)
    with transaction():
        row = mailbox_row(lock=True)
        pause = PAUSES[-1] if trouble.is_refusal else PAUSES[min(row.failures, len(PAUSES) - 1)]
        _release(owner, failures=row.failures + 1, paused_until=now + pause, reason=trouble.reason)


def _release(owner: str, **values: object) -> None:
    ours = update(BounceMailbox).where(BounceMailbox.id == 1, BounceMailbox.lease_owner == owner)
    session.execute(
        ours.values(lease_owner="", lease_until=None, **values),
        execution_options={"synchronize_session": False},
    )
