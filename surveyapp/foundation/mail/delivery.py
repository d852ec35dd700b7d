"""Delivery of one email: checked and worded at the last moment, and the outcome stored at once."""

import logging
import time
import traceback
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select

from surveyapp.foundation.errors import CouldNotSave
from surveyapp.foundation.mail import leases
from surveyapp.foundation.mail.circuit_breaker import hold_mail, trip_breaker
from surveyapp.foundation.mail.compose import InvalidMessage, compose_message
from surveyapp.foundation.mail.leases import ClaimedEmail, lease_conditions, lease_time
from surveyapp.foundation.mail.outbox import is_of_example, mail_kinds
from surveyapp.foundation.mail.outcomes import (
    record_doubtful,
    record_refused,
    record_sent,
    record_withheld,
    release_email,
    requeue_email,
)
from surveyapp.foundation.mail.transport import (
    SMTP_OK,
    MailTransport,
    MessageRejected,
    ServerReply,
    ServerUnavailable,
)
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.models import Outbox

log = logging.getLogger("surveyapp.mail")

Clock = Callable[[], datetime]
T = TypeVar("T")
# Seconds between attempts to store an outcome, so that a short database failure makes no email doubtful.
STORE_RETRY_SECONDS = (0.2, 1, 5, 15, 30)
# The outcome for a worker that should leave the server to other workers for a while.
CROWDED_OUT = "crowded out"
OF_THE_EXAMPLE = "It is about the example audit, of which no email goes to anybody."
NO_LONGER_DUE = "No longer due when it was about to leave."


class EmailNotRendered(Exception):
    """Rendering failed; `reason` names the class of the error and not its message, which may hold answers."""

    def __init__(self, reason: str) -> None:
        """Keep the reason, which may be shown."""
        super().__init__(reason)
        self.reason = reason


def deliver_email(transport: MailTransport, claimed: ClaimedEmail, clock: Clock) -> str:
    """Deliver one claimed email and store the outcome, which is returned.

    Outcomes: "sent", "refused", "deferred", "cancelled", "doubtful", "waiting" or CROWDED_OUT. No
    transaction is open while the server is contacted. Until the final dot is sent, the message was certainly
    not accepted; it is doubtful only if no reply comes after the dot.
    """
    if _store_with_retries(lambda: _is_withheld(claimed)):
        _store_with_retries(lambda: record_withheld(claimed, OF_THE_EXAMPLE, now=clock()))
        return "cancelled"
    try:
        transport.open()
    except ServerUnavailable as trouble:
        return _wait_for_server(claimed, trouble, clock)
    try:
        transport.offer(claimed.to_addr)
    except MessageRejected as rejection:
        transport.withdraw()
        return _store_rejection(claimed, rejection.answer, clock)
    except ServerUnavailable as trouble:
        transport.close()
        return _wait_for_server(claimed, trouble, clock)
    except OSError:
        transport.drop()
        return _store_lost_connection(claimed, clock)
    return _send_message(transport, claimed, clock)


def _is_withheld(claimed: ClaimedEmail) -> bool:
    """Whether an email is of the example, whose people are invented: a server is not even told the address.

    The mail folder takes it, so that its links can be followed.
    """
    if settings().mail_folder:
        return False
    with transaction():
        return is_of_example(claimed.kind, claimed.subject_id)


def _send_message(transport: MailTransport, claimed: ClaimedEmail, clock: Clock) -> str:
    try:
        message = _store_with_retries(lambda: begin_delivery(claimed, now=clock()))
    except (InvalidMessage, EmailNotRendered) as error:
        transport.withdraw()
        return _store_render_failure(claimed, error, clock)
    if message is None:
        transport.withdraw()
        return "cancelled"
    try:
        transport.give(message, claimed.id)
    except MessageRejected as rejection:
        return _store_rejection(claimed, rejection.answer, clock)
    except ServerUnavailable as trouble:
        transport.close()
        return _wait_for_server(claimed, trouble, clock)
    except OSError:
        transport.drop()
        return _store_lost_connection(claimed, clock)
    return _store_reply(transport, claimed, clock)


def begin_delivery(claimed: ClaimedEmail, *, now: datetime) -> bytes | None:
    """Check the email once more and render it; None if the lease was lost or it is no longer due.

    The subject is locked first, so that a return confirmed at this moment either cancels it or comes after
    it. Raises EmailNotRendered or InvalidMessage without changing anything.
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
        mail.handed_over_at, mail.lease_until = now, moment + leases.MAIL_LEASE
        return message


def _rendered_message(claimed: ClaimedEmail) -> bytes | None:
    try:
        kind = mail_kinds()[claimed.kind]
        email = kind.worded(claimed.subject_id, claimed.to_addr, key=claimed.key)
        if email is None or email.to != claimed.to_addr:
            return None
        return compose_message(email, message_id=claimed.message_id, date_header=claimed.date_header)
    except InvalidMessage:
        raise
    except Exception as error:
        # The error's message may hold text that must not be logged (promises P9); the traceback suffices.
        where = "".join(traceback.format_tb(error.__traceback__))
        log.error("mail %s could not be worded: %s\n%s", claimed.id, type(error).__name__, where)  # noqa: TRY400 — see above
        raise EmailNotRendered(
            "It could not be worded. Whoever runs surveyapp finds the reason in its log."
        ) from error


def _store_render_failure(
    claimed: ClaimedEmail, error: InvalidMessage | EmailNotRendered, clock: Clock
) -> str:
    if isinstance(error, InvalidMessage):
        text = f"It could not be written: {error}"
        _store_with_retries(lambda: record_refused(claimed, None, text, now=clock()))
        return "refused"
    # It can be rendered later, once the template or its facts are corrected.
    reason = error.reason
    _store_with_retries(lambda: requeue_email(claimed, None, reason, now=clock(), answered=False))
    return "deferred"


def _store_reply(transport: MailTransport, claimed: ClaimedEmail, clock: Clock) -> str:
    try:
        answer = transport.answer()
    except OSError:
        answer = ServerReply(0, "The connection was lost after the message was handed over.")
    if answer.code == SMTP_OK:
        _store_with_retries(lambda: record_sent(claimed, answer.code, answer.text, now=clock()))
        return "sent"
    if answer.is_permanent or answer.is_temporary:
        return _store_rejection(claimed, answer, clock)
    transport.drop()
    _store_with_retries(lambda: record_doubtful(claimed, answer.code or None, answer.text, now=clock()))
    _trip("the server stopped answering", claimed, clock)
    return "doubtful"


def _store_rejection(claimed: ClaimedEmail, answer: ServerReply, clock: Clock) -> str:
    if answer.is_permanent:
        _store_with_retries(lambda: record_refused(claimed, answer.code, answer.text, now=clock()))
        return "refused"
    _store_with_retries(lambda: requeue_email(claimed, answer.code, answer.text, now=clock()))
    return "deferred"


def _store_lost_connection(claimed: ClaimedEmail, clock: Clock) -> str:
    """Queue an email again after a lost connection; the attempt counts, so that it cannot block others."""
    text = "The connection was lost before the message was handed over."
    _store_with_retries(lambda: requeue_email(claimed, None, text, now=clock(), answered=False))
    _trip("the server stopped answering", claimed, clock)
    return "deferred"


def _wait_for_server(claimed: ClaimedEmail, trouble: ServerUnavailable, clock: Clock) -> str:
    _store_with_retries(lambda: release_email(claimed, f"Not tried: {trouble.reason}.", now=clock()))
    if trouble.is_connection_limit:
        return CROWDED_OUT
    if trouble.needs_person:
        with transaction():
            hold_mail(trouble.reason, now=clock())
    else:
        _trip(trouble.reason, claimed, clock)
    return "waiting"


def _trip(reason: str, claimed: ClaimedEmail, clock: Clock) -> None:
    with transaction():
        trip_breaker(reason, probing=claimed.probing, now=clock())


def _store_with_retries(store: Callable[[], T]) -> T:
    """Store an outcome, trying again while the database is busy or out of reach."""
    for seconds in STORE_RETRY_SECONDS:
        try:
            return store()
        except CouldNotSave:
            log.warning("the database did not store the outcome of an email; trying again")
            time.sleep(seconds)
    return store()
