"""The outbox as it truly is, in sentences: for the top of the mail page and for the banner on the others."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from surveyapp.foundation.clock import local_day
from surveyapp.foundation.mail.chosen_transport import is_mail_switched_off
from surveyapp.foundation.mail.circuit_breaker import clock_is_doubtful, switches
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import MAIL_STATES, Outbox, Switches
from surveyapp.foundation.words.dates_and_lists import clock_time, moment_in_words
from surveyapp.foundation.words.shares import counted

# What is due and has lain this long while nothing stops it tells that no worker is running.
NO_WORKER_AFTER = timedelta(minutes=5)
MINUTE = timedelta(minutes=1)
WAITING = ("queued", "sending")
OPEN_STATES = (*WAITING, "doubtful", "failed")


@dataclass(frozen=True)
class MailTrouble:
    """What keeps mail from leaving."""

    # With its reason and its count, for staff.
    words: str
    # Without: the health page gives no name, no address and no number away.
    public_words: str


@dataclass(frozen=True)
class MailState:
    """How mail stands: how many are in each state, and the sentences that say so."""

    counts: dict[str, int]
    # What keeps mail from leaving, in one sentence; empty when nothing does.
    trouble: str
    # What a person has to decide or correct; each a sentence.
    decisions_needed: tuple[str, ...]
    # How it goes, when nothing keeps it.
    progress: str
    is_held: bool
    clock_is_doubtful: bool
    last_tick_at: datetime | None
    # Since when the longest waiting could have left.
    oldest_due_since: datetime | None

    @property
    def sentences(self) -> tuple[str, ...]:
        """All there is to say, what matters most first."""
        return tuple(each for each in (self.trouble, *self.decisions_needed, self.progress) if each)

    @property
    def waiting(self) -> int:
        """How many have not left yet."""
        return sum(self.counts[state] for state in WAITING)


def mail_state(now: datetime) -> MailState:
    """Say how mail stands at `now`."""
    found = switches()
    counts = _counts()
    trouble = _trouble(found, counts, now)
    return MailState(
        counts=counts,
        trouble=trouble.words if trouble else "",
        decisions_needed=tuple(_decisions_needed(counts)),
        progress="" if trouble else _progress(counts, now),
        is_held=found.mail_held,
        clock_is_doubtful=clock_is_doubtful(found, now),
        last_tick_at=found.last_tick_at,
        oldest_due_since=_oldest_due_since(now),
    )


def mail_banner(now: datetime) -> str:
    """What every page of the desk says while mail cannot leave (promises P20); else empty.

    It counts only what is not finished, so that a million emails of the past cost nothing.
    """
    trouble = _trouble(switches(), _counts(OPEN_STATES), now)
    return trouble.words if trouble else ""


def public_mail_trouble(now: datetime) -> str:
    """What keeps mail from leaving, as a page may say it that everybody can read; else empty."""
    trouble = _trouble(switches(), _counts(OPEN_STATES), now)
    return trouble.public_words if trouble else ""


def _counts(states: tuple[str, ...] = MAIL_STATES) -> dict[str, int]:
    grouped = select(Outbox.state, func.count()).where(Outbox.state.in_(states))
    grouped = grouped.group_by(Outbox.state).order_by(Outbox.state)
    found: Counter[str] = Counter(dict(session.execute(grouped).all()))
    return {state: found[state] for state in MAIL_STATES}


def _trouble(found: Switches, counts: dict[str, int], now: datetime) -> MailTrouble | None:
    queued = f"{counted(sum(counts[state] for state in WAITING), 'message')} queued"
    if clock_is_doubtful(found, now) and found.last_tick_at is not None:
        last = moment_in_words(found.last_tick_at)
        words = f"Sending, chasing and closing wait: the last look at the clock was on {last}"
        return MailTrouble(
            f"{words}. Is today’s date right? {queued}.", "Mail waits until a person has confirmed the date."
        )
    if found.mail_held:
        waiting = f"Mail is waiting{_since(found, now)}: {found.mail_reason}"
        return MailTrouble(
            f"{waiting}. {queued}. Nothing leaves until you resume it.",
            "Mail is held until a person resumes it on the mail page.",
        )
    if found.mail_paused_until is not None and found.mail_failures:
        again = (
            f", next try {_time_or_day(found.mail_paused_until, now)}"
            if found.mail_paused_until > now
            else ", trying now"
        )
        return MailTrouble(
            f"Mail is waiting: {found.mail_reason}{_since(found, now)}, {queued}{again}.",
            f"The mail server has not taken mail{_since(found, now)}. It is tried again.",
        )
    if counts["queued"] and is_mail_switched_off():
        return MailTrouble(
            f"Mail is switched off (setting MAIL_SUPPRESS_SEND). {queued}.",
            "Mail is switched off.",
        )
    oldest = _oldest_due_since(now)
    if oldest is not None and oldest < now - NO_WORKER_AFTER and not _left_lately(now):
        waiting = f"Mail is waiting since {_time_or_day(oldest, now)}: no worker is sending"
        return MailTrouble(
            f"{waiting}. {queued}. Start “flask survey work”.", "Mail is waiting, and no worker is sending."
        )
    return None


def _decisions_needed(counts: dict[str, int]) -> list[str]:
    said = []
    if counts["doubtful"]:
        said.append(f"{counted(counts['doubtful'], 'message')} not certain: decide below.")
    if counts["failed"]:
        said.append(f"{counted(counts['failed'], 'message')} refused or not delivered: see why below.")
    return said


def _progress(counts: dict[str, int], now: datetime) -> str:
    taken, waiting = counts["sent"], sum(counts[state] for state in WAITING)
    where = "put into the folder" if settings().mail_folder else "taken by your mail server"
    if waiting:
        due = (
            session.scalar(select(func.count()).where(Outbox.state.in_(WAITING), Outbox.not_before <= now))
            or 0
        )
        rate = max(settings().mail_per_minute, 1)
        last = (
            f"; at {rate} a minute the last leaves about {_time_or_day(now + MINUTE * (due // rate), now)}"
            if due > rate
            else ""
        )
        later = f", {waiting - due:,} of them later" if waiting > due else ""
        return f"{counted(waiting, 'message')} on the way{later}{last}. {taken:,} {where} so far."
    if not taken:
        return "No mail yet."
    return f"All {taken:,} messages {where}." if taken > 1 else f"1 message {where}."


def _oldest_due_since(now: datetime) -> datetime | None:
    due = select(Outbox.not_before).where(Outbox.state == "queued", Outbox.not_before <= now)
    return session.scalar(due.order_by(Outbox.not_before, Outbox.id).limit(1))


def _left_lately(now: datetime) -> bool:
    """Whether anything was handed over in the last minutes, so that what is due only waits its turn."""
    return (
        session.scalar(select(Outbox.id).where(Outbox.handed_over_at > now - NO_WORKER_AFTER).limit(1))
        is not None
    )


def _since(found: Switches, now: datetime) -> str:
    return (
        f" since {_time_or_day(found.mail_failing_since, now)}"
        if found.mail_failing_since is not None
        else ""
    )


def _time_or_day(moment: datetime, now: datetime) -> str:
    """Give a time of today by its hour, another by its day too."""
    return clock_time(moment) if local_day(moment) == local_day(now) else moment_in_words(moment)
