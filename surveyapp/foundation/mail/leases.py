"""An email belongs to one worker at a time: claimed under a lease, and every change says whose it is."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, func, or_, select, update

from surveyapp.foundation.mail.circuit_breaker import PROBE_WAIT, clock_is_doubtful, reset_breaker, switches
from surveyapp.foundation.mail.outbox import TEST_KIND, mail_kinds, urgent_kinds
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import engine, session, transaction, update_rows
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.models import Outbox

# Longer than every time-out of one message together (carrying_by_smtp.py).
MAIL_LEASE = timedelta(minutes=15)
MINUTE = timedelta(minutes=1)
RETRY_DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240))
LONGEST_TEXT = 1000
# How far beyond the rate what is urgent may go.
URGENT_RATE_FACTOR = 2
STOPPED = "The worker stopped after handing it over, before it read the mail server’s answer."


@dataclass(frozen=True)
class ClaimedEmail:
    """One email as it was when one worker took it; a value, so that reading it opens no transaction."""

    id: int
    kind: str
    subject_id: int
    to_addr: str
    message_id: str
    date_header: str
    on_doubt: str
    attempts: int
    owner: str
    # Whether its answer decides if mail goes on as a whole.
    probing: bool


def lease_time(now: datetime) -> datetime:
    """The clock by which leases run: the database's own, so that machines may disagree (promises T9).

    SQLite is a file on this machine, so there it is `now`.
    """
    if engine().dialect.name != "postgresql":
        return now
    return cast("datetime", session.scalar(select(func.clock_timestamp()))).astimezone(UTC)


def claim_email(*, now: datetime) -> ClaimedEmail | None:
    """Take the message that has been due longest, or None when none may leave now; committed at once."""
    with transaction():
        # Locked, so that the rate holds for all workers together.
        found = switches(lock=True)
        if clock_is_doubtful(found, now):
            return None
        waiting = found.mail_held or (found.mail_paused_until is not None and found.mail_paused_until > now)
        moment = lease_time(now)
        _doubt_lapsed_leases(moment, now=now)
        # While mail waits, only a test message may try the server.
        kinds = {TEST_KIND.name} if waiting else set(mail_kinds())
        mail = _next(kinds, moment, now)
        if mail is None:
            return None
        probing = waiting or found.mail_failures > 0
        if probing and not found.mail_held:
            found.mail_paused_until = now + PROBE_WAIT
        mail.attempts += mail.state == "sending"
        mail.state, mail.lease_owner = "sending", secrets.token_hex(16)
        mail.lease_until, mail.handed_over_at = moment + MAIL_LEASE, None
        return _as_claimed(mail, probing=probing)


def _as_claimed(mail: Outbox, *, probing: bool) -> ClaimedEmail:
    return ClaimedEmail(
        id=mail.id,
        kind=mail.kind,
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
    """Give what somebody waits for before all else, and what the rate leaves room for.

    Twice the rate is open to what is urgent, so that three hundred requests do not hold up a code; it counts
    towards the rate, and the others wait the longer.
    """
    rate, taken = settings().mail_per_minute, _sent_in_last_minute(moment, now=now)
    mail = _longest_due(kinds & urgent_kinds(), moment, now) if taken < URGENT_RATE_FACTOR * rate else None
    return mail or (_longest_due(kinds, moment, now) if taken < rate else None)


def _longest_due(kinds: set[str], moment: datetime, now: datetime) -> Outbox | None:
    """Give the next message: one whose worker has gone, else one that is due; of kinds this release knows."""
    queued = (
        Outbox.state == "queued",
        Outbox.not_before <= now,
        or_(Outbox.expires_at.is_(None), Outbox.expires_at > now),
    )
    lapsed = (Outbox.state == "sending", Outbox.lease_until <= moment)
    for conditions in (lapsed, queued):
        chosen = select(Outbox).where(*conditions, Outbox.kind.in_(kinds))
        first = chosen.order_by(Outbox.not_before, Outbox.id).limit(1).with_for_update(skip_locked=True)
        mail = session.scalar(first)
        if mail is not None:
            return mail
    return None


def _doubt_lapsed_leases(moment: datetime, *, now: datetime) -> None:
    """Show a person what was handed over by a worker that is gone, where a repeat is worse than none."""
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
    """How many have gone in the last minute, or are about to, from all workers together."""
    handed_over = select(func.count()).where(Outbox.handed_over_at > now - MINUTE)
    on_the_way = select(func.count()).where(
        Outbox.state == "sending", Outbox.handed_over_at.is_(None), Outbox.lease_until > moment
    )
    return (session.scalar(handed_over) or 0) + (session.scalar(on_the_way) or 0)


def lease_conditions(claimed: ClaimedEmail) -> tuple[ColumnElement[bool], ...]:
    """The fence: a worker that slept past its lease, or whose message was cancelled, changes nothing."""
    return (Outbox.id == claimed.id, Outbox.lease_owner == claimed.owner, Outbox.state == "sending")


def record_sent(claimed: ClaimedEmail, code: int, text: str, *, now: datetime) -> bool:
    """Store that the mail server took it; False when it was no longer ours."""
    return _record_outcome(claimed, "sent", code, text, now=now)


def record_refused(claimed: ClaimedEmail, code: int | None, text: str, *, now: datetime) -> bool:
    """Store that it was refused for good, with the mail server's words; False when it was no longer ours."""
    return _record_outcome(claimed, "failed", code, text, now=now, action="recorded_refusal")


def record_doubtful(claimed: ClaimedEmail, code: int | None, text: str, *, now: datetime) -> bool:
    """Store that nobody can know whether it was taken: a person decides, or it goes again, by its policy."""
    if claimed.on_doubt == "resend":
        return requeue_email(claimed, code, text, now=now, answered=False)
    return _record_outcome(claimed, "doubtful", code, text, now=now, action="doubted_mail", answered=False)


def requeue_email(
    claimed: ClaimedEmail, code: int | None, text: str, *, now: datetime, answered: bool = True
) -> bool:
    """Store that it was certainly not taken, or may be repeated: it waits longer each time, until it expires.

    `answered` says that the server spoke of this message, so that it is well itself.
    """
    if claimed.kind == TEST_KIND.name:
        # Whoever pressed the button wants to read what happened, not to wait.
        return _record_outcome(claimed, "failed", code, text, now=now, answered=answered)
    with transaction():
        if answered:
            reset_breaker(probing=claimed.probing)
        return _update_under_lease(
            claimed,
            state="queued",
            attempts=claimed.attempts + 1,
            not_before=now + RETRY_DELAYS[min(claimed.attempts, len(RETRY_DELAYS) - 1)],
            last_code=code,
            last_text=text[:LONGEST_TEXT],
            lease_owner="",
            lease_until=None,
        )


def release_email(claimed: ClaimedEmail, text: str, *, now: datetime) -> bool:
    """Give it back untried, because the server is not there for any message: no attempt is counted."""
    if claimed.kind == TEST_KIND.name:
        return _record_outcome(claimed, "failed", None, text, now=now, answered=False)
    with transaction():
        return _update_under_lease(
            claimed, state="queued", last_text=text[:LONGEST_TEXT], lease_owner="", lease_until=None
        )


def _record_outcome(  # noqa: PLR0913 — what the server said, and what it means
    claimed: ClaimedEmail,
    state: str,
    code: int | None,
    text: str,
    *,
    now: datetime,
    action: str = "",
    answered: bool = True,
) -> bool:
    with transaction():
        if answered:
            reset_breaker(probing=claimed.probing)
        ours = _update_under_lease(
            claimed,
            state=state,
            last_code=code,
            last_text=text[:LONGEST_TEXT],
            finished_at=now,
            lease_until=None,
        )
        if ours and action:
            record_event("worker", action, f"mail {claimed.id}", now=now)
        return ours


def _update_under_lease(claimed: ClaimedEmail, **values: Any) -> bool:  # noqa: ANN401 — columns of any type
    return update_rows(update(Outbox).where(*lease_conditions(claimed)).values(**values)) == 1
