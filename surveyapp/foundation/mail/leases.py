"""Leases on queued emails: one worker at a time, and every change checks that the lease is still held."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

from sqlalchemy import ColumnElement, func, or_, select

from surveyapp.foundation.mail.circuit_breaker import PROBE_WAIT, switches
from surveyapp.foundation.mail.clock_check import clock_is_doubtful
from surveyapp.foundation.mail.outbox import TEST_KIND, mail_kinds, urgent_kinds
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import engine, session, transaction
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.models import Outbox

# Longer than all time-outs of one message together (smtp_transport.py).
MAIL_LEASE = timedelta(minutes=15)
MINUTE = timedelta(minutes=1)
# A source that has had no email tried for as long as this has waited as long as any other.
TURN_MEMORY = timedelta(hours=1)
# Urgent emails may use this multiple of the rate.
URGENT_RATE_FACTOR = 2
STOPPED = "The worker stopped after handing it over, before it read the mail server’s answer."


@dataclass(frozen=True)
class ClaimedEmail:
    """An email as a worker claimed it; a plain value, so that reading it opens no transaction."""

    id: int
    kind: str
    key: str
    subject_id: int
    to_addr: str
    message_id: str
    date_header: str
    on_doubt: str
    attempts: int
    owner: str
    # Whether its outcome decides if the circuit breaker is reset.
    probing: bool


def lease_time(now: datetime) -> datetime:
    """The current time for leases, by the database's clock, since machines' clocks may differ (promises T9).

    With SQLite, which is a file on this machine, it is `now`.
    """
    if engine().dialect.name != "postgresql":
        return now
    return cast("datetime", session.scalar(select(func.clock_timestamp()))).astimezone(UTC)


def claim_email(*, now: datetime) -> ClaimedEmail | None:
    """Claim the email whose turn it is, and commit; None if none may leave now."""
    with transaction():
        # Locked, so that the rate holds for all workers together.
        row = switches(lock=True)
        if clock_is_doubtful(row, now) or row.restored_backup_at is not None:
            return None
        waiting = row.mail_held or (row.mail_paused_until is not None and row.mail_paused_until > now)
        moment = lease_time(now)
        _doubt_lapsed_leases(moment, now=now)
        # While mail waits, only a test message may be tried.
        kinds = {TEST_KIND.name} if waiting else set(mail_kinds())
        mail = _next(kinds, moment, now)
        if mail is None:
            return None
        probing = waiting or row.mail_failures > 0
        if probing and not row.mail_held:
            row.mail_paused_until = now + PROBE_WAIT
        mail.attempts += mail.state == "sending"
        mail.state, mail.lease_owner = "sending", secrets.token_hex(16)
        mail.lease_until, mail.handed_over_at, mail.claimed_at = moment + MAIL_LEASE, None, now
        return _as_claimed(mail, probing=probing)


def _as_claimed(mail: Outbox, *, probing: bool) -> ClaimedEmail:
    return ClaimedEmail(
        id=mail.id,
        kind=mail.kind,
        key=mail.dedupe_key,
        subject_id=mail.subject_id,
        to_addr=mail.to_addr,
        message_id=mail.message_id,
        date_header=mail.date_header,
        on_doubt=mail.on_doubt,
        attempts=mail.attempts,
        owner=mail.lease_owner,
        probing=probing,
    )


def _next(kinds: set[str], moment: datetime, now: datetime) -> Outbox | None:
    """The next email that the rate allows, urgent ones first.

    Urgent emails may use twice the rate, so that three hundred requests do not hold up a code. They count
    towards the rate, so the others wait longer.
    """
    rate, sent_count = settings().mail_per_minute, _sent_in_last_minute(moment, now=now)
    mail = (
        _first_in_turn(kinds & urgent_kinds(), moment, now)
        if sent_count < URGENT_RATE_FACTOR * rate
        else None
    )
    return mail or (_first_in_turn(kinds, moment, now) if sent_count < rate else None)


def _first_in_turn(kinds: set[str], moment: datetime, now: datetime) -> Outbox | None:
    """The email of these kinds whose turn it is: one whose lease has lapsed, else a queued one.

    Sources take turns, so that a hundred emails from one link hold back nobody else's: first comes the source
    whose last email was tried longest ago, with the email of it that has been due longest.
    """
    queued = (
        Outbox.state == "queued",
        Outbox.not_before <= now,
        or_(Outbox.expires_at.is_(None), Outbox.expires_at > now),
    )
    lapsed = (Outbox.state == "sending", Outbox.lease_until <= moment)
    last_turns = (
        select(Outbox.source, func.max(Outbox.claimed_at).label("at"))
        .where(Outbox.claimed_at > now - TURN_MEMORY)
        .group_by(Outbox.source)
        .subquery()
    )
    for conditions in (lapsed, queued):
        query = (
            select(Outbox)
            .outerjoin(last_turns, last_turns.c.source == Outbox.source)
            .where(*conditions, Outbox.kind.in_(kinds))
            .order_by(last_turns.c.at.nulls_first(), Outbox.not_before, Outbox.id)
        )
        mail = session.scalar(query.limit(1).with_for_update(skip_locked=True, of=Outbox))
        if mail is not None:
            return mail
    return None


def _doubt_lapsed_leases(moment: datetime, *, now: datetime) -> None:
    """Mark emails as doubtful that were handed over under a lapsed lease, if they must not be repeated."""
    lapsed = select(Outbox).where(
        Outbox.state == "sending",
        Outbox.lease_until <= moment,
        Outbox.handed_over_at.is_not(None),
        Outbox.on_doubt == "hold",
    )
    for mail in session.scalars(lapsed.order_by(Outbox.id).with_for_update(skip_locked=True)).all():
        mail.state, mail.finished_at, mail.last_code, mail.last_text = "doubtful", now, None, STOPPED
        record_event("worker", "doubted_mail", f"mail {mail.id}", now=now)


def _sent_in_last_minute(moment: datetime, *, now: datetime) -> int:
    """How many emails all workers together handed over in the last minute or are about to hand over."""
    handed_over = select(func.count()).where(Outbox.handed_over_at > now - MINUTE)
    in_progress = select(func.count()).where(
        Outbox.state == "sending", Outbox.handed_over_at.is_(None), Outbox.lease_until > moment
    )
    return (session.scalar(handed_over) or 0) + (session.scalar(in_progress) or 0)


def lease_conditions(claimed: ClaimedEmail) -> tuple[ColumnElement[bool], ...]:
    """Conditions that match only while the lease is held and the email has not been cancelled."""
    return (Outbox.id == claimed.id, Outbox.lease_owner == claimed.owner, Outbox.state == "sending")
