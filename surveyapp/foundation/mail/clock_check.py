"""Checks the clock against the worker’s last tick: a wrong date would send, chase and close wrongly."""

from datetime import datetime, timedelta

from surveyapp.foundation.mail.circuit_breaker import switches
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.models import Switches

CLOCK_AHEAD = timedelta(minutes=5)
LONGEST_ABSENCE = timedelta(days=7)


def clock_is_doubtful(row: Switches, now: datetime) -> bool:
    """Whether the last tick is over five minutes in the future or over a week ago (promises T1, T2)."""
    last_tick = row.last_tick_at
    return last_tick is not None and not -LONGEST_ABSENCE <= last_tick - now <= CLOCK_AHEAD


def confirm_clock(*, actor: str, now: datetime) -> None:
    """Accept the current date as right, so that sending, chasing and closing go on."""
    row = switches(lock=True)
    # Times set under the wrong date would otherwise keep mail waiting.
    row.last_tick_at, row.tick_until, row.mail_paused_until = now, None, None
    record_event(actor, "confirmed_clock", "clock", now=now)
