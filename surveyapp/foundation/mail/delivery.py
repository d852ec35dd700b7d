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
from surveyapp.foundation.mail.compose import CannotBeWritten, compose
from surveyapp.foundation.mail.leases import Claim, lease_clock, still_ours
from surveyapp.foundation.mail.outbox import mail_kinds
from surveyapp.foundation.mail.transport import TAKEN, Answer, Carrier, Declined, ServerTrouble
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.models import Outbox

log = logging.getLogger("surveyapp.mail")

Clock = Callable[[], datetime]
T = TypeVar("T")
# Seconds between tries to store an outcome: a database away for a moment must not turn it into doubt.
PATIENCE = (0.2, 1, 5, 15, 30)
# What a worker hears that should leave the server to the others for a while.
CROWDED_OUT = "crowded out"
NO_LONGER_DUE = "No longer due when it was about to leave."


class CouldNotBeWorded(Exception):
    """A template or a fact under it failed; `reason` says which kind of error, never its words."""

    def __init__(self, reason: str) -> None:
        """Keep what may be shown."""
        super().__init__(reason)
        self.reason = reason


def hand_over(carrier: Carrier, claimed: Claim, clock: Clock) -> str:
    """Hand one claimed email over, and store what came of it; the word for that, "sent" or another.

    No transaction is open while the mail server is spoken to. Until its last dot is out, the message was
    certainly not taken; only silence after the dot is doubt.
    """
    try:
        carrier.open()
    except ServerTrouble as trouble:
        return _wait_for_server(claimed, trouble, clock)
    try:
        carrier.offer(claimed.to_addr)
    except Declined as declined:
        carrier.withdraw()
        return _declined(claimed, declined.answer, clock)
    except ServerTrouble as trouble:
        carrier.close()
        return _wait_for_server(claimed, trouble, clock)
    except OSError:
        carrier.drop()
        return _lost(claimed, clock)
    return _give(carrier, claimed, clock)


def _give(carrier: Carrier, claimed: Claim, clock: Clock) -> str:
    try:
        message = _stored(lambda: begin_hand_over(claimed, now=clock()))
    except (CannotBeWritten, CouldNotBeWorded) as error:
        carrier.withdraw()
        return _unworded(claimed, error, clock)
    if message is None:
        carrier.withdraw()
        return "cancelled"
    try:
        carrier.give(message, claimed.id)
    except Declined as declined:
        return _declined(claimed, declined.answer, clock)
    except ServerTrouble as trouble:
        carrier.close()
        return _wait_for_server(claimed, trouble, clock)
    except OSError:
        carrier.drop()
        return _lost(claimed, clock)
    return _answered(carrier, claimed, clock)


def begin_hand_over(claimed: Claim, *, now: datetime) -> bytes | None:
    """Check everything once more and word the message; None when it is no longer ours or no longer due.

    The subject is locked first: a return confirmed at this moment comes before, and cancels it, or after.
    Raises CouldNotBeWorded or CannotBeWritten, having changed nothing.
    """
    kind = mail_kinds()[claimed.kind]
    with transaction():
        kind.lock(claimed.subject_id)
        moment = lease_clock(now)
        mail = session.scalar(
            select(Outbox)
            .where(*still_ours(claimed), Outbox.lease_until > moment)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if mail is None:
            return None
        if mail.expires_at is not None and mail.expires_at <= now:
            mail.state, mail.finished_at = "failed" if mail.on_doubt == "resend" else "expired", now
            return None
        message = _worded(claimed)
        if message is None:
            mail.state, mail.finished_at, mail.last_text = "cancelled", now, NO_LONGER_DUE
            return None
        mail.handed_over_at, mail.lease_until = now, moment + claiming.LEASE
        return message


def _worded(claimed: Claim) -> bytes | None:
    try:
        email = mail_kinds()[claimed.kind].word(claimed.subject_id, claimed.to_addr)
        if email is None or email.to != claimed.to_addr:
            return None
        return compose(email, message_id=claimed.message_id, date_header=claimed.date_header)
    except CannotBeWritten:
        raise
    except Exception as error:
        # The error's own words may hold what no log may (promises P9): where it was is enough to find it.
        where = "".join(traceback.format_tb(error.__traceback__))
        log.error("mail %s could not be worded: %s\n%s", claimed.id, type(error).__name__, where)  # noqa: TRY400 — as said above
        raise CouldNotBeWorded(
            f"It could not be worded ({type(error).__name__}). The log says where."
        ) from error


def _unworded(claimed: Claim, error: CannotBeWritten | CouldNotBeWorded, clock: Clock) -> str:
    if isinstance(error, CannotBeWritten):
        text = f"It could not be written: {error}"
        _stored(lambda: claiming.refuse(claimed, None, text, now=clock()))
        return "refused"
    # A template or a fact that is mended later words it then.
    reason = error.reason
    _stored(lambda: claiming.requeue(claimed, None, reason, now=clock(), answered=False))
    return "deferred"


def _answered(carrier: Carrier, claimed: Claim, clock: Clock) -> str:
    try:
        answer = carrier.answer()
    except OSError:
        answer = Answer(0, "The connection was lost after the message was handed over.")
    if answer.code == TAKEN:
        _stored(lambda: claiming.finish(claimed, answer.code, answer.text, now=clock()))
        return "sent"
    if answer.is_for_good or answer.is_for_now:
        return _declined(claimed, answer, clock)
    carrier.drop()
    _stored(lambda: claiming.doubt(claimed, answer.code or None, answer.text, now=clock()))
    _trip("the server stopped answering", claimed, clock)
    return "doubtful"


def _declined(claimed: Claim, answer: Answer, clock: Clock) -> str:
    if answer.is_for_good:
        _stored(lambda: claiming.refuse(claimed, answer.code, answer.text, now=clock()))
        return "refused"
    _stored(lambda: claiming.requeue(claimed, answer.code, answer.text, now=clock()))
    return "deferred"


def _lost(claimed: Claim, clock: Clock) -> str:
    """Put a message back whose connection broke; it counts, so that one cannot hold up all others."""
    text = "The connection was lost before the message was handed over."
    _stored(lambda: claiming.requeue(claimed, None, text, now=clock(), answered=False))
    _trip("the server stopped answering", claimed, clock)
    return "deferred"


def _wait_for_server(claimed: Claim, trouble: ServerTrouble, clock: Clock) -> str:
    _stored(lambda: claiming.release(claimed, f"Not tried: {trouble.reason}.", now=clock()))
    if trouble.only_ours:
        return CROWDED_OUT
    if trouble.for_a_person:
        with transaction():
            breaker.hold(trouble.reason, now=clock())
    else:
        _trip(trouble.reason, claimed, clock)
    return "waiting"


def _trip(reason: str, claimed: Claim, clock: Clock) -> None:
    with transaction():
        breaker.trip(reason, probing=claimed.probing, now=clock())


def _stored(store: Callable[[], T]) -> T:
    """Store an outcome, trying again while the database is busy or away."""
    for seconds in PATIENCE:
        try:
            return store()
        except CouldNotSave:
            log.warning("the database did not take what came of an email; trying again")
            time.sleep(seconds)
    return store()
