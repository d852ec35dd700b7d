"""Circuit breaker for outgoing mail: pauses after server failures, and holds until a person resumes it."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.models import Switches

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60))
# While one message probes a server that failed, the others wait this long for the result.
PROBE_WAIT = timedelta(minutes=2)
LONGEST_REASON = 500


class RestoredBackupWaits(Refused):
    """A backup was restored, and nobody has confirmed it: more than a pause has to be decided."""

    def __init__(self) -> None:
        """Set the message."""
        super().__init__(
            "A backup was restored, and emails from after it may have gone already.",
            way_on="Decide on the page Mail what becomes of those that are queued.",
        )


def switches(*, lock: bool = False) -> Switches:
    """The row of state shared by all workers; created if missing, and locked until the commit if `lock`."""
    query = select(Switches).where(Switches.id == 1).execution_options(populate_existing=True)
    row = session.scalar(query.with_for_update() if lock else query)
    if row is None:
        row = Switches(id=1, tick_owner="", mail_held=False, mail_reason="", mail_failures=0)
        session.add(row)
    return row


def trip_breaker(reason: str, *, probing: bool, now: datetime) -> None:
    """Pause all mail because the server failed: for 1, 5, 15, 30 minutes, then an hour each time.

    Does nothing while mail is held, or paused already unless `probing`: this message tested the server.
    """
    row = switches(lock=True)
    is_paused = row.mail_paused_until is not None and row.mail_paused_until > now
    if row.mail_held or (is_paused and not probing):
        return
    row.mail_paused_until = now + PAUSES[min(row.mail_failures, len(PAUSES) - 1)]
    row.mail_failures += 1
    row.mail_failing_since = row.mail_failing_since or now
    row.mail_reason = reason[:LONGEST_REASON]
    record_event("worker", "broke_off_mail", "mail server", now=now)


def hold_mail(reason: str, *, now: datetime) -> None:
    """Hold all mail until a person resumes it: one more wrong password could lock the mailbox."""
    row = switches(lock=True)
    row.mail_held, row.mail_paused_until = True, None
    row.mail_failures += 1
    row.mail_failing_since = row.mail_failing_since or now
    row.mail_reason = reason[:LONGEST_REASON]
    record_event("worker", "held_mail", "mail server", now=now)


def reset_breaker(*, probing: bool) -> None:
    """Let mail go on after the server has answered; mail that a person stopped stays stopped.

    A message that was under way already does not lift a hold; a probe or a test message does (`probing`).
    """
    failing = update(Switches).where(Switches.id == 1, Switches.mail_failures > 0)
    if not probing:
        failing = failing.where(Switches.mail_held.is_(False))
    session.execute(
        failing.values(
            mail_failures=0, mail_paused_until=None, mail_held=False, mail_reason="", mail_failing_since=None
        ),
        execution_options={"synchronize_session": False},
    )


def pause_mail(reason: str = "", *, actor: str, now: datetime) -> None:
    """Stop all mail until a person resumes it. Raises Refused if a person has stopped it already."""
    row = switches(lock=True)
    if row.mail_held and not row.mail_failures:
        raise Refused("Mail is stopped already.", way_on="Resume it on the mail page when it may go on.")
    row.mail_held, row.mail_paused_until, row.mail_failures = True, None, 0
    row.mail_failing_since = now
    row.mail_reason = (reason or f"stopped by {actor}")[:LONGEST_REASON]
    record_event(actor, "paused_mail", "mail", now=now)


def resume_mail(*, actor: str, now: datetime) -> None:
    """Let mail go on at once, whatever paused it. Raises RestoredBackupWaits after a restore."""
    row = switches(lock=True)
    if row.restored_backup_at is not None:
        raise RestoredBackupWaits
    row.mail_held, row.mail_paused_until, row.mail_failures = False, None, 0
    row.mail_failing_since, row.mail_reason = None, ""
    record_event(actor, "resumed_mail", "mail", now=now)
