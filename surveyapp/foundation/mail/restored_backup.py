"""The hold after a restored backup: nothing is sent, chased or closed until a person confirms it.

See promises 3.11.
"""

from datetime import datetime

from surveyapp.foundation.errors import Refused
from surveyapp.foundation.mail.circuit_breaker import switches
from surveyapp.foundation.mail.outbox import cancel_waiting
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.dates_and_lists import moment_in_words
from surveyapp.foundation.words.shares import counted

CANCELLED = "Cancelled after a backup was restored."


class NotRestored(Refused):
    """Nothing waits for a confirmation: no backup was restored, or somebody has confirmed it."""

    way_on = "Go back to the page Mail: it shows how mail stands now."

    def __init__(self) -> None:
        """Set the message."""
        super().__init__("No restored backup waits to be confirmed.")


def restored_words(taken_at: datetime) -> str:
    """That the database is that of an older moment, as a clause: “this is the backup of Monday …”."""
    return f"this is the backup of {moment_in_words(taken_at)}"


def hold_after_restore(*, taken_at: datetime, actor: str, now: datetime) -> None:
    """Hold mail, chasing and closing in a database restored from a backup made at `taken_at` (UTC)."""
    row = switches(lock=True)
    row.restored_backup_at = taken_at
    # Leases of workers that no longer run.
    row.tick_owner, row.tick_until, row.mail_paused_until = "", None, None
    record_event(actor, "restored_backup", "database", f"of {taken_at.isoformat()}", now=now)


def confirm_restored_backup(*, cancel_queued: bool, actor: str, now: datetime) -> int:
    """Let mail, chasing and closing go on; returns how many emails were cancelled.

    With `cancel_queued`, what was queued when the backup was made, or since, is cancelled first. The person
    also vouches for the date, as for `confirm_clock`. Raises NotRestored.
    """
    row = switches(lock=True)
    if row.restored_backup_at is None:
        raise NotRestored
    row.restored_backup_at, row.last_tick_at, row.tick_until = None, now, None
    cancelled = cancel_waiting(now=now, why=CANCELLED) if cancel_queued else 0
    words = f"{counted(cancelled, 'message')} cancelled" if cancel_queued else ""
    record_event(actor, "confirmed_restored_backup", "database", words, now=now)
    return cancelled
