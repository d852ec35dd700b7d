"""When mail waits as a whole: the server is away, a person stopped it, or the date looks wrong."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.models import Switches

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60))
# While one message tries a server that failed, the others wait this long for its answer.
PROBE_WAIT = timedelta(minutes=2)
CLOCK_AHEAD = timedelta(minutes=5)
LONGEST_ABSENCE = timedelta(days=7)
LONGEST_REASON = 500


def switches(*, lock: bool = False) -> Switches:
    """The one row on which all workers agree; locked until the commit, if asked."""
    chosen = select(Switches).where(Switches.id == 1).execution_options(populate_existing=True)
    found = session.scalar(chosen.with_for_update() if lock else chosen)
    if found is None:
        found = Switches(id=1, tick_owner="", mail_held=False, mail_reason="", mail_failures=0)
        session.add(found)
    return found


def clock_is_doubtful(found: Switches, now: datetime) -> bool:
    """Whether the date looks wrong: the last tick lies ahead, or over a week behind (promises T1, T2)."""
    last = found.last_tick_at
    return last is not None and not -LONGEST_ABSENCE <= last - now <= CLOCK_AHEAD


def trip_breaker(reason: str, *, probing: bool, now: datetime) -> None:
    """Let all mail wait because the server failed: 1, 5, 15, 30 minutes, then an hour at a time."""
    found = switches(lock=True)
    already = found.mail_paused_until is not None and found.mail_paused_until > now
    if found.mail_held or (already and not probing):
        return
    found.mail_paused_until = now + PAUSES[min(found.mail_failures, len(PAUSES) - 1)]
    found.mail_failures += 1
    found.mail_failing_since = found.mail_failing_since or now
    found.mail_reason = reason[:LONGEST_REASON]
    record_event("worker", "broke_off_mail", "mail server", now=now)


def hold_mail(reason: str, *, now: datetime) -> None:
    """Let all mail wait until a person resumes it: one more wrong password could lock the mailbox."""
    found = switches(lock=True)
    found.mail_held, found.mail_paused_until = True, None
    found.mail_failures += 1
    found.mail_failing_since = found.mail_failing_since or now
    found.mail_reason = reason[:LONGEST_REASON]
    record_event("worker", "held_mail", "mail server", now=now)


def reset_breaker(*, probing: bool) -> None:
    """Let mail go on: the server has answered. What a person stopped stays stopped.

    A message that was already on its way does not lift a hold that came after it; a probe or a test does.
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
    """Stop all mail until a person resumes it."""
    found = switches(lock=True)
    if found.mail_held and not found.mail_failures:
        raise Refused("Mail is stopped already.", way_on="Resume it on the mail page when it may go on.")
    found.mail_held, found.mail_paused_until, found.mail_failures = True, None, 0
    found.mail_failing_since = now
    found.mail_reason = (reason or f"{actor} stopped it")[:LONGEST_REASON]
    record_event(actor, "paused_mail", "mail", now=now)


def resume_mail(*, actor: str, now: datetime) -> None:
    """Let mail go on at once, whatever made it wait."""
    found = switches(lock=True)
    found.mail_held, found.mail_paused_until, found.mail_failures = False, None, 0
    found.mail_failing_since, found.mail_reason = None, ""
    record_event(actor, "resumed_mail", "mail", now=now)


def confirm_clock(*, actor: str, now: datetime) -> None:
    """Take the date as right: what waited for that goes on."""
    found = switches(lock=True)
    # Ends that were set by the other date would hold for as long as the two dates are apart.
    found.last_tick_at, found.tick_until, found.mail_paused_until = now, None, None
    record_event(actor, "confirmed_clock", "clock", now=now)
