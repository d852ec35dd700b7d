"""The state of mail in sentences, for the mail page, the banner on other pages and the health page."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from surveyapp.foundation.clock import local_day
from surveyapp.foundation.mail.chosen_transport import held_by_example_text, is_mail_switched_off
from surveyapp.foundation.mail.circuit_breaker import switches
from surveyapp.foundation.mail.clock_check import clock_is_doubtful
from surveyapp.foundation.mail.restored_backup import restored_words
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import MAIL_STATES, Outbox, Switches
from surveyapp.foundation.words.dates_and_lists import clock_time, moment_in_words
from surveyapp.foundation.words.shares import counted

# An email due for this long, with nothing to stop it, means that no worker is running.
NO_WORKER_AFTER = timedelta(minutes=5)
MINUTE = timedelta(minutes=1)
WAITING = ("queued", "sending")
OPEN_STATES = (*WAITING, "doubtful", "failed")


@dataclass(frozen=True)
class MailTrouble:
    """The reason why mail does not leave."""

    # For staff: with the cause and counts.
    words: str
    # For the health page, which is public: without names, addresses and numbers.
    public_words: str
    # Whether a person stopped mail, so that a person starts it again.
    is_stopped: bool = False


@dataclass(frozen=True)
class MailState:
    """The state of mail: how many emails are in each state, and sentences about them."""

    counts: dict[str, int]
    # Why mail does not leave, in one sentence; empty when it does.
    trouble: str
    # Sentences on what a person has to decide or correct.
    decisions_needed: tuple[str, ...]
    # The progress of delivery; empty while there is trouble.
    progress: str
    is_held: bool
    # When the backup was made that was restored and that nobody has confirmed; None otherwise.
    restored_backup_at: datetime | None
    clock_is_doubtful: bool
    last_tick_at: datetime | None
    # Since when the email that waits longest has been due.
    oldest_due_since: datetime | None

    @property
    def sentences(self) -> tuple[str, ...]:
        """All sentences, the most important first."""
        sentences = (self.trouble, *self.decisions_needed, self.progress)
        return tuple(sentence for sentence in sentences if sentence)

    @property
    def waiting(self) -> int:
        """How many emails are queued or being sent."""
        return sum(self.counts[state] for state in WAITING)


def mail_state(now: datetime) -> MailState:
    """The state of mail at `now`, UTC."""
    row = switches()
    counts = _counts()
    trouble = _trouble(row, counts, now)
    return MailState(
        counts=counts,
        trouble=trouble.words if trouble else "",
        decisions_needed=tuple(_decisions_needed(counts)),
        progress="" if trouble else _progress(counts, now),
        is_held=row.mail_held,
        restored_backup_at=row.restored_backup_at,
        clock_is_doubtful=clock_is_doubtful(row, now),
        last_tick_at=row.last_tick_at,
        oldest_due_since=_oldest_due_since(now),
    )


def mail_trouble(now: datetime) -> MailTrouble | None:
    """Why mail does not leave, for the banner on staff pages (promises P20); None while it does.

    Counts only unfinished emails, so that a million past ones cost nothing.
    """
    return _trouble(switches(), _counts(OPEN_STATES), now)


def public_mail_trouble(now: datetime) -> str:
    """Why mail does not leave, worded for a public page; empty when it does."""
    trouble = mail_trouble(now)
    return trouble.public_words if trouble else ""


def _counts(states: tuple[str, ...] = MAIL_STATES) -> dict[str, int]:
    grouped = select(Outbox.state, func.count()).where(Outbox.state.in_(states))
    grouped = grouped.group_by(Outbox.state).order_by(Outbox.state)
    by_state: Counter[str] = Counter(dict(session.execute(grouped).all()))
    return {state: by_state[state] for state in MAIL_STATES}


def _trouble(row: Switches, counts: dict[str, int], now: datetime) -> MailTrouble | None:
    waiting_count = sum(counts[state] for state in WAITING)
    queued = f"{counted(waiting_count, 'message')} queued"
    awaited = _awaited_confirmation(row, queued, now)
    if awaited is not None:
        return awaited
    if row.mail_held:
        return _held(row, queued, now)
    if held_by_example_text():
        held = held_by_example_text()
        return MailTrouble(
            f"{held} {queued}." if waiting_count else held, "Mail is held: settings still hold example text."
        )
    if row.mail_paused_until is not None and row.mail_failures:
        next_try = (
            f", next try {_time_or_day(row.mail_paused_until, now)}"
            if row.mail_paused_until > now
            else ", trying now"
        )
        return MailTrouble(
            f"Mail is waiting: {row.mail_reason}{_since(row, now)}, {queued}{next_try}.",
            f"The mail server has not taken mail{_since(row, now)}. It is tried again.",
        )
    if counts["queued"] and is_mail_switched_off():
        return MailTrouble(
            f"Mail is switched off in the settings. {queued}.",
            "Mail is switched off.",
        )
    return _trouble_without_worker(queued, now)


def _awaited_confirmation(row: Switches, queued: str, now: datetime) -> MailTrouble | None:
    """What a person has to confirm before anything is sent, chased or closed; None if nothing."""
    if row.restored_backup_at is not None:
        return MailTrouble(
            f"Sending, chasing and closing wait: {restored_words(row.restored_backup_at)}. {queued}.",
            "Mail waits: a backup was restored, and a person confirms it on the mail page.",
        )
    if clock_is_doubtful(row, now) and row.last_tick_at is not None:
        last = moment_in_words(row.last_tick_at)
        words = f"Sending, chasing and closing wait: the last look at the clock was on {last}"
        return MailTrouble(
            f"{words}. Is today’s date right? {queued}.", "Mail waits until a person has confirmed the date."
        )
    return None


def _held(row: Switches, queued: str, now: datetime) -> MailTrouble:
    if not row.mail_failures:
        return MailTrouble(
            f"No mail leaves: {row.mail_reason}{_stopped_at(row, now)}. {queued}.",
            "Mail is held until a person resumes it on the mail page.",
            is_stopped=True,
        )
    waiting = f"Mail is waiting{_since(row, now)}: {row.mail_reason}"
    return MailTrouble(
        f"{waiting}. {queued}. Nothing leaves until you resume it.",
        "Mail is held until a person resumes it on the mail page.",
    )


def _trouble_without_worker(queued: str, now: datetime) -> MailTrouble | None:
    oldest = _oldest_due_since(now)
    if oldest is not None and oldest < now - NO_WORKER_AFTER and not _left_lately(now):
        waiting = f"Mail is waiting since {_time_or_day(oldest, now)}: no worker is sending"
        return MailTrouble(
            f"{waiting}. {queued}. Start “flask survey work”.", "Mail is waiting, and no worker is sending."
        )
    return None


def _decisions_needed(counts: dict[str, int]) -> list[str]:
    sentences = []
    if counts["doubtful"]:
        sentences.append(f"{counted(counts['doubtful'], 'message')} not certain: decide below.")
    if counts["failed"]:
        sentences.append(f"{counted(counts['failed'], 'message')} refused or not delivered: see why below.")
    return sentences


def _progress(counts: dict[str, int], now: datetime) -> str:
    sent, waiting = counts["sent"], sum(counts[state] for state in WAITING)
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
        return f"{counted(waiting, 'message')} on the way{later}{last}. {sent:,} {where} so far."
    if not sent:
        return "No mail yet."
    return f"All {sent:,} messages {where}." if sent > 1 else f"1 message {where}."


def _oldest_due_since(now: datetime) -> datetime | None:
    due = select(Outbox.not_before).where(Outbox.state == "queued", Outbox.not_before <= now)
    return session.scalar(due.order_by(Outbox.not_before, Outbox.id).limit(1))


def _left_lately(now: datetime) -> bool:
    """Whether an email was handed over in the last minutes, so that due ones are only waiting their turn."""
    return (
        session.scalar(select(Outbox.id).where(Outbox.handed_over_at > now - NO_WORKER_AFTER).limit(1))
        is not None
    )


def _since(row: Switches, now: datetime) -> str:
    return f" since {_time_or_day(row.mail_failing_since, now)}" if row.mail_failing_since is not None else ""


def _stopped_at(row: Switches, now: datetime) -> str:
    moment = row.mail_failing_since
    if moment is None:
        return ""
    return f" {'at' if local_day(moment) == local_day(now) else 'on'} {_time_or_day(moment, now)}"


def _time_or_day(moment: datetime, now: datetime) -> str:
    """The time alone if the moment is today, otherwise the day and the time."""
    return clock_time(moment) if local_day(moment) == local_day(now) else moment_in_words(moment)
