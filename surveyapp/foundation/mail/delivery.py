"""Handing one email over: checked and worded at the last moment, and what came of it is stored at once."""

import logging
import time
import traceback
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select

from surveyapp.foundation.errors import CouldNotSave
from surveyapp.foundation.mail import circuit_breaker as breaker
from surveyapp.foundation.mail import leases as claiming
from surveyapp.foundation.mail.compose import InvalidMessage, compose_message
from surveyapp.foundation.mail.leases import ClaimedEmail, lease_conditions, lease_time
from surveyapp.foundation.mail.outbox import mail_kinds
from surveyapp.foundation.mail.transport import (
    SMTP_OK,
    MailTransport,
    MessageRejected,
    ServerReply,
    ServerUnavailable,
)
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.models import Outbox

log = logging.getLogger("surveyapp.mail")

Clock = Callable[[], datetime]
T = TypeVar("T")
# Seconds between tries to store an outcome: a database away for a moment must not turn it into doubt.
STORE_RETRY_SECONDS = (0.2, 1, 5, 15, 30)
# What a worker hears that should leave the server to the others for a while.
CROWDED_OUT = "crowded out"
NO_LONGER_DUE = "No longer due when it was about to leave."


class EmailNotRendered(Exception):
    """A template or a fact under it failed; `reason` says which kind of error, never its words."""

    def __init__(self, reason: str) -> None:
        """Keep what may be shown."""
        super().__init__(reason)
        self.reason = reason


def deliver_email(carrier: MailTransport, claimed: ClaimedEmail, clock: Clock) -> str:
    """Hand one claimed email over, and store what came of it; the word for that, "sent" or another.

    No transaction is open while the mail server is spoken to. Until its last dot is out, the message was
    certainly not taken; only silence after the dot is doubt.
    """
    try:
        carrier.open()
    except ServerUnavailable as trouble:
        return _wait_for_server(claimed, trouble, clock)
    try:
        carrier.offer(claimed.to_addr)
    except MessageRejected as declined:
        carrier.withdraw()
        return _store_rejection(claimed, declined.answer, clock)
    except ServerUnavailable as trouble:
        carrier.close()
        return _wait_for_server(claimed, trouble, clock)
    except OSError:
        carrier.drop()
        return _store_lost_connection(claimed, clock)
    return _send_message(carrier, claimed, clock)


def _send_message(carrier: MailTransport, claimed: ClaimedEmail, clock: Clock) -> str:
    try:
        message = _store_with_retries(lambda: begin_delivery(claimed, now=clock()))
    except (InvalidMessage, EmailNotRendered) as error:
        carrier.withdraw()
        return _store_render_failure(claimed, error, clock)
    if message is None:
        carrier.withdraw()
        return "cancelled"
    try:
        carrier.give(message, claimed.id)
    except MessageRejected as declined:
        return _store_rejection(claimed, declined.answer, clock)
    except ServerUnavailable as trouble:
        carrier.close()
        return _wait_for_server(claimed, trouble, clock)
    except OSError:
        carrier.drop()
        return _store_lost_connection(claimed, clock)
    return _store_reply(carrier, claimed, clock)


def begin_delivery(claimed: ClaimedEmail, *, now: datetime) -> bytes | None:
    """Check everything once more and word the message; None when it is no longer ours or no longer due.

    The subject is locked first: a return confirmed at this moment comes before, and cancels it, or after.
    Raises CouldNotBeWorded or CannotBeWritten, having changed nothing.
    """
    kind = mail_kinds()[claimed.kind]
    with transaction():
        kind.lock(claimed.subject_id)
        moment = lease_time(now)
        mail = session.scalar(
            select(Outbox)
            .where(*lease_conditions(claimed), Outbox.lease_until > moment)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if mail is None:
            return None
        if mail.expires_at is not None and mail.expires_at <= now:
            mail.state, mail.finished_at = "failed" if mail.on_doubt == "resend" else "expired", now
            return None
        message = _rendered_message(claimed)
        if message is None:
            mail.state, mail.finished_at, mail.last_text = "cancelled", now, NO_LONGER_DUE
            return None
        mail.handed_over_at, mail.lease_until = now, moment + claiming.MAIL_LEASE
        return message


def _rendered_message(claimed: ClaimedEmail) -> bytes | None:
    try:
        email = mail_kinds()[claimed.kind].word(claimed.subject_id, claimed.to_addr)
        if email is None or email.to != claimed.to_addr:
            return None
        return compose_message(email, message_id=claimed.message_id, date_header=claimed.date_header)
    except InvalidMessage:
        raise
    except Exception as error:
        # The error's own words may hold what no log may (promises P9): where it was is enough to find it.
        where = "".join(traceback.format_tb(error.__traceback__))
        log.error("mail %s could not be worded: %s\n%s", claimed.id, type(error).__name__, where)  # noqa: TRY400 — as said above
        raise EmailNotRendered(
            f"It could not be worded ({type(error).__name__}). The log says where."
        ) from error


def _store_render_failure(
    claimed: ClaimedEmail, error: InvalidMessage | EmailNotRendered, clock: Clock
) -> str:
    if isinstance(error, InvalidMessage):
        text = f"It could not be written: {error}"
        _store_with_retries(lambda: claiming.record_refused(claimed, None, text, now=clock()))
        return "refused"
    # A template or a fact that is mended later words it then.
    reason = error.reason
    _store_with_retries(lambda: claiming.requeue_email(claimed, None, reason, now=clock(), answered=False))
    return "deferred"


def _store_reply(carrier: MailTransport, claimed: ClaimedEmail, clock: Clock) -> str:
    try:
        answer = carrier.answer()
    except OSError:
        answer = ServerReply(0, "The connection was lost after the message was handed over.")
    if answer.code == SMTP_OK:
        _store_with_retries(lambda: claiming.record_sent(claimed, answer.code, answer.text, now=clock()))
        return "sent"
    if answer.is_permanent or answer.is_temporary:
        return _store_rejection(claimed, answer, clock)
    carrier.drop()
    _store_with_retries(
        lambda: claiming.record_doubtful(claimed, answer.code or None, answer.text, now=clock())
    )
    _trip("the server stopped answering", claimed, clock)
    return "doubtful"


def _store_rejection(claimed: ClaimedEmail, answer: ServerReply, clock: Clock) -> str:
    if answer.is_permanent:
        _store_with_retries(lambda: claiming.record_refused(claimed, answer.code, answer.text, now=clock()))
        return "refused"
    _store_with_retries(lambda: claiming.requeue_email(claimed, answer.code, answer.text, now=clock()))
    return "deferred"


def _store_lost_connection(claimed: ClaimedEmail, clock: Clock) -> str:
    """Put a message back whose connection broke; it counts, so that one cannot hold up all others."""
    text = "The connection was lost before the message was handed over."
    _store_with_retries(lambda: claiming.requeue_email(claimed, None, text, now=clock(), answered=False))
    _trip("the server stopped answering", claimed, clock)
    return "deferred"


def _wait_for_server(claimed: ClaimedEmail, trouble: ServerUnavailable, clock: Clock) -> str:
    _store_with_retries(lambda: claiming.release_email(claimed, f"Not tried: {trouble.reason}.", now=clock()))
    if trouble.is_connection_limit:
        return CROWDED_OUT
    if trouble.needs_person:
        with transaction():
            breaker.hold_mail(trouble.reason, now=clock())
    else:
        _trip(trouble.reason, claimed, clock)
    return "waiting"


def _trip(reason: str, claimed: ClaimedEmail, clock: Clock) -> None:
    with transaction():
        breaker.trip_breaker(reason, probing=claimed.probing, now=clock())


def _store_with_retries(store: Callable[[], T]) -> T:
    """Store an outcome, trying again while the database is busy or away."""
    for seconds in STORE_RETRY_SECONDS:
        try:
            return store()
        except CouldNotSave:
            log.warning("the database did not take what came of an email; trying again")
            time.sleep(seconds)
    return store()
